// A prepared SQLite statement and the cache of them. Included by sqlite_connection.cpp and
// sqlite_statement.cpp alone.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "store/database.h"
#include "store/row_insert.h"
#include "store/sqlite_connection.h"

struct sqlite3_stmt;

namespace store {

// Throws the Failure for what the connection reports. `code`: a SQLite result code.
[[noreturn]] void throw_sqlite_failure(sqlite3* handle, int code);

class SqliteStatement {
 public:
  SqliteStatement(sqlite3* handle, std::string_view sql);
  ~SqliteStatement();
  SqliteStatement(const SqliteStatement&) = delete;
  SqliteStatement& operator=(const SqliteStatement&) = delete;

  // Binds, steps to the end and resets, also when `each` throws.
  void run(std::span<const Param> params, const std::function<void(const Row&)>* each);

 private:
  void bind(std::span<const Param> params);

  sqlite3* handle_;
  sqlite3_stmt* statement_ = nullptr;
  std::vector<std::size_t> numbers_;  // SQLite's i-th variable is parameter $numbers_[i]
  std::size_t params_count_ = 0;      // the highest $n
  bool running_ = false;
};

class SqliteConnection::Statements {
 public:
  // The statement of this text, prepared at first sight. Valid until the next call.
  SqliteStatement& get(sqlite3* handle, std::string_view sql);
  // The text that inserts kRowsOfInsert rows at once; null: there is none.
  const RowInsert* many(std::string_view sql);
  void clear() { by_text_.clear(); }

  bool busy = false;  // a query is on its way: `each` must not use the session

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>{}(text);
    }
  };
  std::unordered_map<std::string, std::unique_ptr<SqliteStatement>, Hash, std::equal_to<>> by_text_;
  std::unordered_map<std::string, std::optional<RowInsert>, Hash, std::equal_to<>> inserts_;
};

}  // namespace store
