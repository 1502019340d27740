// Threads of which one runs at a time, handed on at the borders of their statements to whoever the
// seed says. A thread whose statement does not come back (it waits for a lock that another one
// holds) is passed over until it does.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <random>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "store/database.h"

namespace simulation {

class Baton {
 public:
  // How long a statement may take before its thread is taken to wait for a lock. Only the order of
  // what happens depends on it, never whether it is right.
  static constexpr std::chrono::milliseconds kWaitsAfter{15};

  Baton(std::uint32_t seed, std::size_t threads)
      : random_(seed), states_(threads, State::outside) {}

  // Until it is this one's turn for the first time; leave() ends it.
  void enter(std::size_t me) {
    std::unique_lock lock(mutex_);
    states_[me] = State::ready;
    if (holder_ == kNobody) hand_on();
    wait(lock, me);
  }
  void leave(std::size_t me) {
    const std::scoped_lock lock(mutex_);
    states_[me] = State::outside;
    if (holder_ == me) hand_on();
  }

  // At a border between statements: perhaps another one goes on first.
  void pass(std::size_t me) {
    std::unique_lock lock(mutex_);
    states_[me] = State::ready;
    if (holder_ == me) hand_on();
    wait(lock, me);
  }
  // Around what may wait for a lock.
  template <typename Work>
  auto in_database(std::size_t me, const Work& work) {
    {
      const std::scoped_lock lock(mutex_);
      states_[me] = State::in_database;
      changed_.notify_all();
    }
    struct Back {
      Baton& baton;
      std::size_t me;
      ~Back() { baton.come_back(me); }
    } back{*this, me};
    return work();
  }

 private:
  enum class State : std::uint8_t { outside, ready, in_database };
  static constexpr std::size_t kNobody = ~std::size_t{0};

  void come_back(std::size_t me) {
    std::unique_lock lock(mutex_);
    states_[me] = State::ready;
    if (holder_ == kNobody) hand_on();
    wait(lock, me);
  }

  void hand_on() {
    std::vector<std::size_t> ready;
    for (std::size_t i = 0; i < states_.size(); ++i) {
      if (states_[i] == State::ready) ready.push_back(i);
    }
    holder_ = ready.empty() ? kNobody : ready[random_() % ready.size()];
    changed_.notify_all();
  }

  void wait(std::unique_lock<std::mutex>& lock, std::size_t me) {
    while (holder_ != me) {
      const std::size_t held_by = holder_;
      const bool told = changed_.wait_for(lock, kWaitsAfter, [&] { return holder_ != held_by; });
      if (told || holder_ == kNobody) {
        if (holder_ == kNobody) hand_on();
        continue;
      }
      if (states_[held_by] == State::in_database) hand_on();
    }
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::mt19937 random_;
  std::vector<State> states_;
  std::size_t holder_ = kNobody;
};

// One instance's view of a database: every statement of its units begins with a pass of the baton.
class InterleavedDatabase final : public store::Database {
 public:
  InterleavedDatabase(store::Database& database, Baton& baton, std::size_t me)
      : database_(database), baton_(baton), me_(me) {}

  store::Dialect dialect() const override { return database_.dialect(); }
  void backup(const std::string& path) override { database_.backup(path); }
  void checkpoint() override { database_.checkpoint(); }
  void scrub() override { database_.scrub(); }
  Health health() const override { return database_.health(); }

 protected:
  void run_unit(std::string_view name, const std::function<bool(store::Unit&)>& work) override {
    struct RolledBack {};
    baton_.pass(me_);
    try {
      database_.write(name, [&](store::Unit& unit) {
        PassingUnit passing(unit, *this);
        if (!work(passing)) throw RolledBack{};
        baton_.pass(me_);  // before its COMMIT
      });
    } catch (const RolledBack&) {
      return;
    }
  }
  void run_read(store::ReadLength, const std::function<void(store::Session&)>& work) override {
    baton_.pass(me_);
    database_.read([&](store::Session& session) { work(session); });
  }

 private:
  class PassingUnit final : public store::Unit {
   public:
    PassingUnit(store::Unit& unit, InterleavedDatabase& database)
        : unit_(unit), database_(database) {}
    store::Dialect dialect() const override { return unit_.dialect(); }
    void query(std::string_view sql, std::span<const store::Param> params,
               const std::function<void(const store::Row&)>& each) override {
      database_.at_border([&] { unit_.query(sql, params, each); });
    }
    std::int64_t execute(std::string_view sql, std::span<const store::Param> params) override {
      std::int64_t changed = 0;
      database_.at_border([&] { changed = unit_.execute(sql, params); });
      return changed;
    }
    std::int64_t execute_batch(std::string_view sql,
                               std::span<const std::vector<store::Param>> rows) override {
      std::int64_t changed = 0;
      for (const auto& row : rows) changed += execute(sql, row);
      return changed;
    }
    void lock(std::vector<store::LockKey> keys) override {
      database_.at_border([&] { unit_.lock(std::move(keys)); });
    }
    void after_commit(std::function<void()> effect) override {
      unit_.after_commit(std::move(effect));
    }

   private:
    store::Unit& unit_;
    InterleavedDatabase& database_;
  };

  template <typename Work>
  void at_border(const Work& work) {
    baton_.pass(me_);
    baton_.in_database(me_, work);
  }

  store::Database& database_;
  Baton& baton_;
  std::size_t me_;
};

}  // namespace simulation
