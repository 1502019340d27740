// A database for tests that counts its units and how often they were run, and may lose one: before
// its COMMIT, so that it has not happened, or after it, so that nobody was told. What else a test
// does between units it does in the same hooks.
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <string_view>

#include "store/database.h"

namespace store {

// Threads: any; the hooks are set while nothing runs.
class WatchedDatabase final : public Database {
 public:
  // Borrows it.
  explicit WatchedDatabase(Database& database) : database_(database) {}

  Dialect dialect() const override { return database_.dialect(); }
  void backup(const std::string& path) override { database_.backup(path); }
  void checkpoint() override { database_.checkpoint(); }
  void scrub() override { database_.scrub(); }
  Health health() const override { return database_.health(); }

  // May throw: then the unit is rolled back.
  std::function<void(std::string_view unit)> before_commit = [](std::string_view) {};
  // May throw: then it has happened all the same.
  std::function<void(std::string_view unit)> after_commit = [](std::string_view) {};
  // May throw: then nothing is read.
  std::function<void()> before_read = [] {};

  int units() const { return units_; }
  int runs() const { return runs_; }  // more than units: some were run again

 protected:
  void run_unit(std::string_view name, const std::function<bool(Unit&)>& work) override {
    struct RolledBack {};
    ++units_;
    try {
      database_.write(name, [&](Unit& unit) {
        ++runs_;
        if (!work(unit)) throw RolledBack{};
        before_commit(name);
      });
    } catch (const RolledBack&) {
      return;
    }
    after_commit(name);
  }
  void run_read(ReadLength, const std::function<void(Session&)>& work) override {
    before_read();
    database_.read([&](Session& session) { work(session); });
  }

 private:
  Database& database_;
  std::atomic<int> units_ = 0;
  std::atomic<int> runs_ = 0;
};

}  // namespace store
