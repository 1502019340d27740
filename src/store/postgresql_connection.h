// One connection to PostgreSQL: statements, their cache, and error kinds from SQLSTATE.
//
// Parameters carry their types (bigint, text, bytea; null: what the statement makes of it), so a
// text is prepared once for every row of types it is used with.
//
// Not thread safe: one thread at a time. Every member but usable() throws Failure.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "store/database.h"
#include "store/row_insert.h"

struct pg_conn;
struct pg_result;

namespace store {

// Prepared statements kept by a connection; one more and all are dropped.
inline constexpr std::size_t kPreparedMax = 256;
// Statements sent before their answers are read: few enough that neither side fills the other's
// buffers and both wait.
inline constexpr std::size_t kPipelinedMax = 256;

class PostgresqlConnection {
 public:
  explicit PostgresqlConnection(const std::string& url);
  ~PostgresqlConnection();
  PostgresqlConnection(const PostgresqlConnection&) = delete;
  PostgresqlConnection& operator=(const PostgresqlConnection&) = delete;

  void query(std::string_view sql, std::span<const Param> params,
             const std::function<void(const Row&)>& each);
  // Rows inserted, updated or deleted; 0 for any other statement.
  std::int64_t execute(std::string_view sql, std::span<const Param> params);
  std::int64_t execute_batch(std::string_view sql, std::span<const std::vector<Param>> rows);
  // Statements without parameters and answer: BEGIN, SET. Answers the last one's tag ("COMMIT").
  std::string control(const char* sql);

  // Connected, and in no transaction.
  bool usable() const;
  // A transaction is open and no statement of it has failed.
  bool in_good_transaction() const;

  // Queries from this time on fail with FailureKind::timeout; nothing: no limit.
  void set_deadline(std::optional<std::chrono::steady_clock::time_point> deadline) {
    deadline_ = deadline;
  }

 private:
  const std::string& prepared(std::string_view sql, std::span<const unsigned> types);
  std::int64_t pipeline(const std::string& name, std::span<const std::vector<Param>> rows);
  // As many as go together; they are taken from `rows`.
  std::int64_t insert_rows(const RowInsert& insert, std::span<const unsigned> types,
                           std::span<const std::vector<Param>>& rows);
  void stop_query();

  pg_conn* handle_ = nullptr;
  bool busy_ = false;  // a query is on its way: `each` must not use the session
  std::unordered_map<std::string, std::string> prepared_;              // text and types -> name
  std::unordered_map<std::string, std::optional<RowInsert>> inserts_;  // by the text of one row's
  std::int64_t prepared_count_ = 0;
  std::optional<std::chrono::steady_clock::time_point> deadline_;
};

}  // namespace store
