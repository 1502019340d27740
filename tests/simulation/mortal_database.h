// A database whose units can die between any two statements, and after their COMMIT before the
// caller knows: what a kill -9 leaves, without a process.
#pragma once

#include <functional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "store/database.h"

namespace simulation {

// The instance dies here. No error of the store: nobody catches it but the simulation.
struct Death {};

class MortalDatabase final : public store::Database {
 public:
  // `dies`: asked before every statement of a unit, and after its COMMIT.
  MortalDatabase(store::Database& database, std::function<bool()> dies)
      : database_(database), dies_(std::move(dies)) {}

  store::Dialect dialect() const override { return database_.dialect(); }
  void backup(const std::string& path) override { database_.backup(path); }
  void checkpoint() override { database_.checkpoint(); }
  void scrub() override { database_.scrub(); }
  Health health() const override { return database_.health(); }

 protected:
  void run_unit(std::string_view name, const std::function<bool(store::Unit&)>& work) override {
    struct RolledBack {};
    try {
      database_.write(name, [&](store::Unit& unit) {
        MortalUnit mortal(unit, *this);
        if (!work(mortal)) throw RolledBack{};
      });
    } catch (const RolledBack&) {
      return;
    }
    die_perhaps();
  }
  void run_read(store::ReadLength, const std::function<void(store::Session&)>& work) override {
    database_.read([&](store::Session& session) { work(session); });
  }

 private:
  class MortalUnit final : public store::Unit {
   public:
    MortalUnit(store::Unit& unit, MortalDatabase& database) : unit_(unit), database_(database) {}
    store::Dialect dialect() const override { return unit_.dialect(); }
    void query(std::string_view sql, std::span<const store::Param> params,
               const std::function<void(const store::Row&)>& each) override {
      database_.die_perhaps();
      unit_.query(sql, params, each);
    }
    std::int64_t execute(std::string_view sql, std::span<const store::Param> params) override {
      database_.die_perhaps();
      return unit_.execute(sql, params);
    }
    // Row by row, so that it may die between two.
    std::int64_t execute_batch(std::string_view sql,
                               std::span<const std::vector<store::Param>> rows) override {
      std::int64_t changed = 0;
      for (const auto& row : rows) changed += execute(sql, row);
      return changed;
    }
    void lock(std::vector<store::LockKey> keys) override {
      database_.die_perhaps();
      unit_.lock(std::move(keys));
    }
    void after_commit(std::function<void()> effect) override {
      unit_.after_commit(std::move(effect));
    }

   private:
    store::Unit& unit_;
    MortalDatabase& database_;
  };

  void die_perhaps() {
    if (dies_()) throw Death{};
  }

  store::Database& database_;
  std::function<bool()> dies_;
};

}  // namespace simulation
