#include "store/sqlite_statement.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <charconv>
#include <cstring>

#include "base/check.h"

namespace store {
namespace {

FailureKind kind_of(int code) {
  switch (code & 0xff) {
    case SQLITE_FULL:
      return FailureKind::full;
    case SQLITE_CONSTRAINT:
      return FailureKind::constraint;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_INTERRUPT:
      return FailureKind::timeout;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return FailureKind::corrupt;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_NOMEM:
    case SQLITE_PROTOCOL:
      return FailureKind::unavailable;
    default:
      return FailureKind::misuse;
  }
}

class SqliteRow final : public Row {
 public:
  explicit SqliteRow(sqlite3_stmt* statement)
      : statement_(statement), columns_(sqlite3_column_count(statement)) {}

  bool is_null(int column) const override {
    return sqlite3_value_type(value(column)) == SQLITE_NULL;
  }
  std::int64_t integer(int column) const override {
    sqlite3_value* at = value(column);
    CHECK(sqlite3_value_type(at) == SQLITE_INTEGER);
    return sqlite3_value_int64(at);
  }
  std::string_view text(int column) const override { return blob(column); }
  std::string_view blob(int column) const override {
    sqlite3_value* at = value(column);
    const int type = sqlite3_value_type(at);
    if (type == SQLITE_NULL) return {};
    // An integer read as text becomes its digits, on PostgreSQL too.
    const void* bytes = type == SQLITE_BLOB ? sqlite3_value_blob(at)
                                            : static_cast<const void*>(sqlite3_value_text(at));
    const int size = sqlite3_value_bytes(at);
    if (bytes == nullptr || size == 0) return {};
    return {static_cast<const char*>(bytes), static_cast<std::size_t>(size)};
  }

 private:
  // Looked up once for a column's type and content. Values of a connection without a mutex of its
  // own (NOMUTEX) may be read like this; each sqlite3_column_… would take and leave a lock.
  sqlite3_value* value(int column) const {
    CHECK(column >= 0 && column < columns_);
    return sqlite3_column_value(statement_, column);
  }
  sqlite3_stmt* statement_;
  const int columns_;
};

// COLLATE "C", PostgreSQL's name for byte order, is BINARY here. The schema then says BINARY too,
// so that any sqlite3 shell can read the tables. Texts in which it stands inside a string literal
// do not exist.
std::string in_sqlite(std::string_view sql) {
  static constexpr std::string_view kFrom = "COLLATE \"C\"";
  std::string text(sql);
  auto at = text.begin();
  while (true) {
    at = std::search(at, text.end(), kFrom.begin(), kFrom.end(), [](char left, char right) {
      return (left >= 'a' && left <= 'z' ? left - 'a' + 'A' : left) == right;
    });
    if (at == text.end()) return text;
    const auto offset = at - text.begin();
    text.replace(at, at + static_cast<std::ptrdiff_t>(kFrom.size()), "COLLATE BINARY");
    at = text.begin() + offset;
  }
}

// "$12" and "$12::bigint" are parameter 12: SQLite takes the cast for a part of the name.
std::size_t number_of_variable(const char* name) {
  std::size_t number = 0;
  if (name == nullptr || name[0] != '$') return 0;
  const char* const end = name + std::strlen(name);
  const auto [stop, failure] = std::from_chars(name + 1, end, number);
  const bool cast_or_end = stop == end || std::string_view(stop, end).starts_with("::");
  return failure == std::errc{} && cast_or_end ? number : 0;
}

// Whether nothing but spaces and comments is left behind a statement.
bool is_blank(sqlite3* handle, const char* tail) {
  sqlite3_stmt* more = nullptr;
  const int code = sqlite3_prepare_v3(handle, tail, -1, 0, &more, nullptr);
  sqlite3_finalize(more);
  return code == SQLITE_OK && more == nullptr;
}

}  // namespace

void throw_sqlite_failure(sqlite3* handle, int code) {
  // Read-only files, not a write in a read: the operator's disk was mounted anew after an error.
  const bool lost = (code & 0xff) == SQLITE_READONLY && handle != nullptr &&
                    sqlite3_db_readonly(handle, "main") == 1;
  const FailureKind kind = lost ? FailureKind::unavailable : kind_of(code);
  // Messages of these kinds name tables, columns and our own SQL, never values.
  const bool told = kind == FailureKind::constraint || kind == FailureKind::misuse;
  const char* text = told && handle != nullptr ? sqlite3_errmsg(handle) : sqlite3_errstr(code);
  throw Failure(kind, fmt::format("SQLite {}: {}", code, text));
}

SqliteStatement::SqliteStatement(sqlite3* handle, std::string_view sql) : handle_(handle) {
  const std::string text = in_sqlite(sql);
  const char* tail = nullptr;
  const int code = sqlite3_prepare_v3(handle_, text.c_str(), static_cast<int>(text.size()) + 1,
                                      SQLITE_PREPARE_PERSISTENT, &statement_, &tail);
  if (code != SQLITE_OK) throw_sqlite_failure(handle_, code);
  if (statement_ == nullptr || !is_blank(handle_, tail)) {
    sqlite3_finalize(statement_);
    throw Failure(FailureKind::misuse, "a text of SQL is exactly one statement");
  }
  for (int index = 1; index <= sqlite3_bind_parameter_count(statement_); ++index) {
    numbers_.push_back(number_of_variable(sqlite3_bind_parameter_name(statement_, index)));
    if (numbers_.back() == 0) {
      sqlite3_finalize(statement_);
      throw Failure(FailureKind::misuse, "parameters are written $1, $2, …");
    }
    params_count_ = std::max(params_count_, numbers_.back());
  }
}

SqliteStatement::~SqliteStatement() { sqlite3_finalize(statement_); }

void SqliteStatement::bind(std::span<const Param> params) {
  if (params.size() != params_count_) {
    throw Failure(FailureKind::misuse, fmt::format("{} parameters given to a statement with {}",
                                                   params.size(), params_count_));
  }
  for (std::size_t i = 0; i < numbers_.size(); ++i) {
    const Param& param = params[numbers_[i] - 1];
    const int index = static_cast<int>(i) + 1;
    int code = SQLITE_OK;
    if (const auto* integer = std::get_if<std::int64_t>(&param)) {
      code = sqlite3_bind_int64(statement_, index, *integer);
    } else if (const auto* text = std::get_if<std::string_view>(&param)) {
      // PostgreSQL has no U+0000 in text, so nobody may.
      if (text->find('\0') != std::string_view::npos) {
        throw Failure(FailureKind::misuse, "a text holds U+0000");
      }
      const char* bytes = text->empty() ? "" : text->data();
      code =
          sqlite3_bind_text64(statement_, index, bytes, text->size(), SQLITE_STATIC, SQLITE_UTF8);
    } else if (const auto* blob = std::get_if<Blob>(&param)) {
      const char* bytes = blob->bytes.empty() ? "" : blob->bytes.data();
      code = sqlite3_bind_blob64(statement_, index, bytes, blob->bytes.size(), SQLITE_STATIC);
    } else {
      code = sqlite3_bind_null(statement_, index);
    }
    if (code != SQLITE_OK) throw_sqlite_failure(handle_, code);
  }
}

void SqliteStatement::run(std::span<const Param> params,
                          const std::function<void(const Row&)>* each) {
  CHECK(!running_);
  running_ = true;
  struct Reset {
    SqliteStatement& self;
    ~Reset() {
      sqlite3_reset(self.statement_);
      sqlite3_clear_bindings(self.statement_);
      self.running_ = false;
    }
  } const reset{*this};
  bind(params);
  const SqliteRow row(statement_);
  while (true) {
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_DONE) return;
    if (code != SQLITE_ROW) throw_sqlite_failure(handle_, sqlite3_extended_errcode(handle_));
    if (each != nullptr) (*each)(row);
  }
}

SqliteStatement& SqliteConnection::Statements::get(sqlite3* handle, std::string_view sql) {
  const auto found = by_text_.find(sql);
  if (found != by_text_.end()) return *found->second;
  if (by_text_.size() >= kStatementsMax) by_text_.clear();
  auto statement = std::make_unique<SqliteStatement>(handle, sql);
  return *by_text_.emplace(std::string(sql), std::move(statement)).first->second;
}

const RowInsert* SqliteConnection::Statements::many(std::string_view sql) {
  const auto found = inserts_.find(sql);
  if (found != inserts_.end()) return found->second ? &*found->second : nullptr;
  if (inserts_.size() >= kStatementsMax) inserts_.clear();
  const auto added = inserts_.emplace(std::string(sql), insert_of_rows(sql, kRowsOfInsert)).first;
  return added->second ? &*added->second : nullptr;
}

}  // namespace store
