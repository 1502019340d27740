// One connection to a SQLite file: statements, their cache, and error kinds from result codes.
//
// Not thread safe: one thread at a time. Every member throws Failure.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/database.h"

struct sqlite3;

namespace store {

// Prepared statements kept by a connection; one more and all are dropped.
inline constexpr std::size_t kStatementsMax = 256;
// How long a connection waits for another process that holds the file (a plain sqlite3 shell).
inline constexpr int kBusyMillisecondsMax = 5000;

struct SqlitePlace {
  std::string path;  // of the database file
  std::string vfs;   // "": the operating system's
};

enum class SqliteAccess : std::uint8_t { write, read };

class SqliteStatement;
struct RowInsert;

class SqliteConnection {
 public:
  SqliteConnection(const SqlitePlace& place, SqliteAccess access);
  ~SqliteConnection();
  SqliteConnection(const SqliteConnection&) = delete;
  SqliteConnection& operator=(const SqliteConnection&) = delete;

  void query(std::string_view sql, std::span<const Param> params,
             const std::function<void(const Row&)>& each);
  // Rows inserted, updated or deleted by this statement; 0 for any other.
  std::int64_t execute(std::string_view sql, std::span<const Param> params);
  // The same for every row of parameters; the sum.
  std::int64_t execute_batch(std::string_view sql, std::span<const std::vector<Param>> rows);
  // A statement without parameters and answer that is not kept: a PRAGMA, VACUUM.
  void control(std::string_view sql);
  // The same, kept for the next time: BEGIN, SAVEPOINT, COMMIT and the like, of every transaction.
  void transact(std::string_view sql);

  // Whether a transaction is open: false after an error that took the whole group away.
  bool in_transaction() const;

  // The number in the file's header that no table holds (PRAGMA user_version): part of the
  // transaction like a row, there before the first migration, readable with plain SQL.
  std::int32_t group_number();
  void set_group_number(std::int32_t number);

  // Statements still running at this time fail with FailureKind::timeout; nothing: no limit.
  void set_deadline(std::optional<std::chrono::steady_clock::time_point> deadline);

  // Pages in the write-ahead log when this connection last committed.
  int log_pages() const { return log_pages_; }
  // Copies the write-ahead log into the database file. `wait`: also waits for readers (up to the
  // busy limit) and empties the log. Answers whether all of it was copied.
  bool checkpoint(bool wait);
  // Copies the whole database, as of one moment, into a new file.
  void backup_to(const std::string& path);

 private:
  class Statements;
  void configure(SqliteAccess access);
  std::int64_t execute(SqliteStatement& statement, std::span<const Param> params);
  std::int64_t insert_rows(const RowInsert& insert, std::span<const std::vector<Param>>& rows);

  sqlite3* handle_ = nullptr;
  int log_pages_ = 0;
  std::unique_ptr<Statements> statements_;
  std::optional<std::chrono::steady_clock::time_point> deadline_;
};

}  // namespace store
