// PostgreSQL: units at once on a pool of connections, run again after 40001 and 40P01.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>

#include "base/check.h"
#include "store/database.h"
#include "store/guarded_unit.h"
#include "store/list_text.h"
#include "store/nesting.h"
#include "store/postgresql_pool.h"
#include "store/unit_pace.h"

namespace store {
namespace {

inline constexpr int kRerunsMax = 5;

// One after the other, in the order of the list.
constexpr std::string_view kLock =
    "select pg_advisory_xact_lock(number) from unnest($1::bigint[]) as number";

// The advisory lock of a key. There are kLockBuckets for each space, so that a unit which touches
// ten thousand customers does not fill the server's table of locks; two keys that share one wait
// for each other without need and nothing else.
std::int64_t advisory_lock(LockKey key) {
  // The finaliser of MurmurHash3 spreads ids that follow each other.
  auto mixed = static_cast<std::uint64_t>(key.id);
  mixed = (mixed ^ (mixed >> 33)) * 0xff51afd7ed558ccdULL;
  mixed = (mixed ^ (mixed >> 33)) * 0xc4ceb9fe1a85ec53ULL;
  mixed ^= mixed >> 33;
  return key.space * kLockBuckets + static_cast<std::int64_t>(mixed % kLockBuckets);
}

class PostgresqlUnit final : public GuardedUnit {
 public:
  explicit PostgresqlUnit(PostgresqlConnection& connection) : connection_(connection) {}

  Dialect dialect() const override { return Dialect::postgresql; }
  void query(std::string_view sql, std::span<const Param> params,
             const std::function<void(const Row&)>& each) override {
    guard([&] { connection_.query(sql, params, each); });
  }
  std::int64_t execute(std::string_view sql, std::span<const Param> params) override {
    return guard([&] { return connection_.execute(sql, params); });
  }
  std::int64_t execute_batch(std::string_view sql,
                             std::span<const std::vector<Param>> rows) override {
    return guard([&] { return connection_.execute_batch(sql, rows); });
  }
  // Sorted by the lock, not by the key: the order in which everybody takes them.
  void lock(std::vector<LockKey> keys) override {
    std::vector<std::int64_t> locks;
    for (const LockKey key : keys) locks.push_back(advisory_lock(key));
    std::ranges::sort(locks);
    const auto repeated = std::ranges::unique(locks);
    locks.erase(repeated.begin(), repeated.end());
    const std::string list = list_text(dialect(), locks);
    const std::array<Param, 1> params = {list};
    guard([&] { connection_.execute(kLock, params); });
  }

 private:
  PostgresqlConnection& connection_;
};

class PostgresqlSession final : public Session {
 public:
  explicit PostgresqlSession(PostgresqlConnection& connection) : connection_(connection) {}
  Dialect dialect() const override { return Dialect::postgresql; }
  void query(std::string_view sql, std::span<const Param> params,
             const std::function<void(const Row&)>& each) override {
    connection_.query(sql, params, each);
  }

 private:
  PostgresqlConnection& connection_;
};

// Ends the transaction, if the connection still has one. A connection on which that fails is not
// given back to the pool.
void roll_back(PostgresqlConnection& connection) {
  if (connection.usable()) return;
  try {
    connection.control("ROLLBACK");
  } catch (const Failure&) {
    CHECK(!connection.usable());
  }
}

class PostgresqlDatabase final : public Database {
 public:
  explicit PostgresqlDatabase(const PostgresqlOptions& options)
      : pool_(options.url, options.connections,
              std::chrono::milliseconds(options.read_milliseconds_max)),
        read_milliseconds_max_(options.read_milliseconds_max),
        begin_read_(begin_of_read(options.read_milliseconds_max)),
        begin_whole_read_(begin_of_read(kWholeReadMillisecondsMax)) {
    PostgresqlPool::Loan(pool_).begin("BEGIN").control("ROLLBACK");  // can it be reached?
  }

  Dialect dialect() const override { return Dialect::postgresql; }

  void backup(const std::string&) override {
    throw Failure(FailureKind::misuse, "a PostgreSQL database is backed up with pg_dump");
  }
  void checkpoint() override {}
  void scrub() override {}

  Health health() const override {
    Health health;
    health.reason = pool_.reason();
    health.available = health.reason.empty();
    health.queued_units = pool_.waiting();
    health.units_committed = units_committed_;
    health.groups_committed = units_committed_;
    pace_.tell(health);
    return health;
  }

 protected:
  void run_unit(std::string_view name, const std::function<bool(Unit&)>& work) override {
    const Nesting nesting;
    for (int reruns = 0;; ++reruns) {
      try {
        run_once(name, work);
        return;
      } catch (const Failure& failure) {
        const bool again = failure.kind() == FailureKind::serialization && reruns < kRerunsMax;
        if (!again) throw;
      }
    }
  }

  void run_read(ReadLength length, const std::function<void(Session&)>& work) override {
    const Nesting nesting;
    PostgresqlPool::Loan loan(pool_);
    const bool brief = length == ReadLength::brief;
    const std::string& begin = brief ? begin_read_ : begin_whole_read_;
    const std::int64_t most = brief ? read_milliseconds_max_ : kWholeReadMillisecondsMax;
    PostgresqlConnection& connection = loan.begin(begin.c_str());
    connection.set_deadline(std::chrono::steady_clock::now() + std::chrono::milliseconds(most));
    struct End {
      PostgresqlConnection& connection;
      ~End() {
        connection.set_deadline(std::nullopt);
        roll_back(connection);
      }
    } const end{connection};
    PostgresqlSession session(connection);
    work(session);
  }

 private:
  static std::string begin_of_read(std::int64_t milliseconds_max) {
    return fmt::format(
        "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = {}",
        milliseconds_max);
  }
  void run_once(std::string_view name, const std::function<bool(Unit&)>& work) {
    PostgresqlPool::Loan loan(pool_);
    PostgresqlConnection& connection = loan.begin("BEGIN ISOLATION LEVEL READ COMMITTED");
    PostgresqlUnit unit(connection);
    bool happened = false;
    try {
      const UnitPace::Run run(pace_, name);
      happened = work(unit);
    } catch (...) {
      roll_back(connection);
      if (unit.failure()) throw named(name, *unit.failure());
      throw;
    }
    if (unit.failure() || !happened) {
      roll_back(connection);
      if (unit.failure()) throw named(name, *unit.failure());
      return;
    }
    commit(connection);
    units_committed_ += 1;
    for (const auto& effect : unit.take_effects()) [&]() noexcept { effect(); }();
  }

  void commit(PostgresqlConnection& connection) {
    if (!connection.in_good_transaction()) {
      throw Failure(FailureKind::misuse, "a unit went on after its own query was broken off");
    }
    try {
      CHECK(connection.control("COMMIT") == "COMMIT");  // of a failed one it answers ROLLBACK
    } catch (const Failure& failure) {
      if (failure.kind() != FailureKind::unavailable) throw;
      throw Failure(FailureKind::unavailable,
                    "PostgreSQL was lost during a COMMIT, which may have happened: try again "
                    "with the same key");
    }
  }

  PostgresqlPool pool_;
  const std::int64_t read_milliseconds_max_;
  const std::string begin_read_;
  const std::string begin_whole_read_;
  UnitPace pace_;
  std::atomic<std::int64_t> units_committed_ = 0;
};

}  // namespace

std::unique_ptr<Database> open_postgresql(const PostgresqlOptions& options) {
  return std::make_unique<PostgresqlDatabase>(options);
}

}  // namespace store
