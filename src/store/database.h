// The database: the truth of the program, on SQLite in one folder or on PostgreSQL.
//
// A *unit* is one transaction: state, ledger, appended events and outgoing intents together. All
// writing goes through units, all reading through reads; no SQL runs outside.
//
//   auto done = database.write("customer.tag", [&](store::Unit& unit) -> base::Result<T, Error> {
//     unit.lock({store::lock_key(customer)});
//     unit.execute(sql::kInsertTag, {id.value, name});
//     return ...;             // an error value rolls the unit back and is handed to the caller
//   });
//
// SQL. The same text runs on both databases: parameters are $1, $2, …; times are bigint ms UTC,
// money bigint cents, booleans 0/1, ids made by the program, text order COLLATE "C". Expected
// conflicts use ON CONFLICT … DO … RETURNING or a row count; any error of the database throws
// Failure and ends the unit.
//
// Units are short (those beyond kUnitMillisecondsMax are counted in health()) and draw clock,
// randomness and ids from outside the lambda, since it may run twice (lost group, 40001, 40P01).
//
// SQLite: one writer thread runs the units in the order they came, each in a savepoint, and commits
// up to kGroupUnitsMax of them, or what came within kGroupMillisecondsMax, at once (WAL,
// synchronous=FULL). write() returns after the group's COMMIT returned. Reads run on a pool of
// connections. PostgreSQL: units run at once on a pool of connections in READ COMMITTED.
//
// Threads: every member of Database may be called from any thread. A Unit or Session belongs to the
// lambda it was given to. write() or read() inside a unit, a read or an effect is a CHECK failure
// (it would deadlock); so is a Session used by the `each` of its own query.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "base/id.h"
#include "base/result.h"
#include "store/failure.h"

namespace store {

inline constexpr std::size_t kGroupUnitsMax = 1000;
inline constexpr std::int64_t kGroupMillisecondsMax = 5;
inline constexpr std::int64_t kUnitMillisecondsMax = 1000;
inline constexpr std::int64_t kReadMillisecondsMax = 5000;
inline constexpr std::int64_t kWholeReadMillisecondsMax = 120'000;
inline constexpr std::int64_t kDoubtMillisecondsMax = 5000;
inline constexpr std::size_t kQueuedUnitsMax = 10'000;  // beyond: Failure{overloaded}

enum class Dialect : std::uint8_t { sqlite, postgresql };

struct Blob {
  std::string_view bytes;
};

// A parameter; views must live until the call returns. A text with U+0000 is Failure{misuse}.
using Param = std::variant<std::monostate, std::int64_t, std::string_view, Blob>;

inline Param param(std::optional<std::int64_t> value) {
  return value ? Param(*value) : Param(std::monostate{});
}

// One row of an answer; views live until the callback returns.
class Row {
 public:
  virtual ~Row() = default;
  virtual bool is_null(int column) const = 0;
  virtual std::int64_t integer(int column) const = 0;   // null, text, fractions: CHECK
  virtual std::string_view text(int column) const = 0;  // null: ""; of an integer: its digits
  virtual std::string_view blob(int column) const = 0;  // null: ""
  std::optional<std::int64_t> optional_integer(int column) const {
    return is_null(column) ? std::nullopt : std::optional(integer(column));
  }
};

// Statements within one transaction. The text of a statement is the key of the statement cache.
class Session {
 public:
  virtual ~Session() = default;
  virtual Dialect dialect() const = 0;

  // Calls `each` for every row in order. `each` must not use the session.
  virtual void query(std::string_view sql, std::span<const Param> params,
                     const std::function<void(const Row&)>& each) = 0;
  void query(std::string_view sql, std::initializer_list<Param> params,
             const std::function<void(const Row&)>& each) {
    query(sql, std::span(params.begin(), params.size()), each);
  }
  // The first row mapped by `map`, or nothing.
  template <typename Map>
  auto one(std::string_view sql, std::initializer_list<Param> params, Map map)
      -> std::optional<std::invoke_result_t<Map, const Row&>> {
    std::optional<std::invoke_result_t<Map, const Row&>> found;
    query(sql, params, [&](const Row& row) {
      if (!found) found.emplace(map(row));
    });
    return found;
  }
};

// What a unit touches, named before it reads: under PostgreSQL transaction-scoped advisory locks,
// taken in sorted order; nothing under SQLite, whose units run one at a time.
struct LockKey {
  std::int64_t space;  // one per kind of thing, so that a customer is not a ledger account
  std::int64_t id;
  friend constexpr auto operator<=>(LockKey, LockKey) = default;
};
// PostgreSQL's advisory locks for each space: two keys may share one, so that a unit names all its
// keys in one call.
inline constexpr std::int64_t kLockBuckets = 1024;
inline LockKey lock_key(base::CustomerId customer) { return {1, customer.value}; }

class Unit : public Session {
 public:
  // Rows changed. Batch: runs the statement once for every row of parameters (pipelined on
  // PostgreSQL) and returns the sum.
  virtual std::int64_t execute(std::string_view sql, std::span<const Param> params) = 0;
  std::int64_t execute(std::string_view sql, std::initializer_list<Param> params) {
    return execute(sql, std::span(params.begin(), params.size()));
  }
  virtual std::int64_t execute_batch(std::string_view sql,
                                     std::span<const std::vector<Param>> rows) = 0;

  virtual void lock(std::vector<LockKey> keys) = 0;

  // Runs once the unit has happened, after its COMMIT returned and before write() returns; units of
  // a group in order. Not run when the unit is rolled back. Must not throw and must not use the
  // database. It owns what it needs or borrows what outlives the database: when a COMMIT fails on a
  // broken disk write() throws Failure{unavailable} after some seconds, and the effect runs later,
  // on the writer's thread, should the unit turn out to have happened.
  virtual void after_commit(std::function<void()> effect) = 0;
};

// Reads are brief: a long one holds SQLite's write-ahead log back, and PostgreSQL's vacuum. Those
// that must see all of a table in one moment are named in docs/decisions/0004.
enum class ReadLength : std::uint8_t { brief, whole };

class Database {
 public:
  virtual ~Database() = default;
  virtual Dialect dialect() const = 0;

  // Runs `work` as one unit and returns what it returned, once that is durable. When the returned
  // type has an error (base::Result holding one), the unit is rolled back. `name` is a noun and a
  // verb for metrics and the log. Throws Failure.
  template <typename Work>
  auto write(std::string_view name, Work&& work) -> std::invoke_result_t<Work&, Unit&> {
    using Answer = std::invoke_result_t<Work&, Unit&>;
    if constexpr (std::is_void_v<Answer>) {
      run_unit(name, [&](Unit& unit) {
        work(unit);
        return true;
      });
    } else {
      std::optional<Answer> answer;
      run_unit(name, [&](Unit& unit) {
        answer.emplace(work(unit));
        if constexpr (requires {
                        answer->error();
                        answer->has_value();
                      }) {
          return answer->has_value();
        } else {
          return true;
        }
      });
      return std::move(*answer);
    }
  }

  // Runs `work` over one consistent snapshot (SQLite: a read transaction; PostgreSQL: REPEATABLE
  // READ, READ ONLY). Read-only: a statement that writes throws Failure{misuse}. Throws Failure.
  template <typename Work>
  auto read(Work&& work) -> std::invoke_result_t<Work&, Session&> {
    return read_for(ReadLength::brief, work);
  }
  // The same, and may take kWholeReadMillisecondsMax.
  template <typename Work>
  auto read_whole(Work&& work) -> std::invoke_result_t<Work&, Session&> {
    return read_for(ReadLength::whole, work);
  }

  // A consistent copy of the whole database as a file at `path` (which must not exist): SQLite's
  // online backup. PostgreSQL: Failure{misuse} "use pg_dump".
  virtual void backup(const std::string& path) = 0;

  // Empties SQLite's write-ahead log into the database file, so that no file of the folder holds
  // what an erase took away. Throws Failure{timeout} when a long read is in the way. PostgreSQL:
  // nothing.
  virtual void checkpoint() = 0;

  // Rewrites SQLite's file and empties its write-ahead log, so that no file of the folder holds
  // anything that was deleted. Deleted bytes are overwritten in any case, but a page that was split
  // may keep a copy of a row that moved to another one; this is what takes those away. Takes as
  // long as copying the database (and as much room, twice, while it lasts); units wait, reads go
  // on. Throws Failure{timeout} when a long read is in the way, Failure{full}. PostgreSQL: nothing.
  virtual void scrub() = 0;

  struct Health {
    bool available = true;  // false: writes answer 503 until it recovers by itself
    std::string reason;     // what is wrong, for the operator
    std::int64_t queued_units = 0;
    std::int64_t wal_bytes = 0;  // SQLite
    std::int64_t groups_committed = 0;
    std::int64_t units_committed = 0;
    std::int64_t units_slow = 0;  // took longer than kUnitMillisecondsMax
    std::string unit_slow;        // the name of the last of them
  };
  virtual Health health() const = 0;

 protected:
  // `work` answers whether the unit shall happen (false: roll back).
  virtual void run_unit(std::string_view name, const std::function<bool(Unit&)>& work) = 0;
  virtual void run_read(ReadLength length, const std::function<void(Session&)>& work) = 0;

 private:
  template <typename Work>
  auto read_for(ReadLength length, Work& work) -> std::invoke_result_t<Work&, Session&> {
    using Answer = std::invoke_result_t<Work&, Session&>;
    if constexpr (std::is_void_v<Answer>) {
      run_read(length, [&](Session& session) { work(session); });
    } else {
      std::optional<Answer> answer;
      run_read(length, [&](Session& session) { answer.emplace(work(session)); });
      return std::move(*answer);
    }
  }
};

class Disk;  // store/disk.h: the seam under SQLite, through which tests fill the disk

struct SqliteOptions {
  std::string folder;  // siyu.db lies in it; a lock keeps a second server out
  std::size_t readers = 4;
  // Of a read, and of the wait for a connection before it.
  std::int64_t read_milliseconds_max = kReadMillisecondsMax;
  // How long units wait to be told whether a COMMIT that failed has happened.
  std::int64_t doubt_milliseconds_max = kDoubtMillisecondsMax;
  const Disk* disk = nullptr;  // null: the real one
};
struct PostgresqlOptions {
  std::string url;  // postgresql://…
  std::size_t connections = 16;
  // Of a read, and of the wait of a unit or read for a connection.
  std::int64_t read_milliseconds_max = kReadMillisecondsMax;
};

// Opens, or creates an empty database; does not migrate (store/migration.h). Throws
// Failure{misuse} when another process serves the folder, Failure{unavailable} when it cannot be
// reached.
std::unique_ptr<Database> open_sqlite(const SqliteOptions& options);
std::unique_ptr<Database> open_postgresql(const PostgresqlOptions& options);

}  // namespace store
