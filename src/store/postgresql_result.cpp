#include "store/postgresql_result.h"

#include <fmt/format.h>

#include <charconv>

#include "base/check.h"

namespace store {
namespace {

FailureKind kind_of(std::string_view state) {
  if (state == "40001" || state == "40P01") return FailureKind::serialization;
  if (state == "55P03" || state == "57014") return FailureKind::timeout;
  if (state == "53100") return FailureKind::full;
  if (state == "XX001" || state == "XX002") return FailureKind::corrupt;
  if (state == "08P01") return FailureKind::misuse;  // another number of parameters
  const std::string_view type = state.substr(0, 2);
  if (type == "23") return FailureKind::constraint;
  // Connections, resources, an administrator's shutdown, the system around the server.
  if (type == "08" || type == "53" || type == "57" || type == "58") {
    return FailureKind::unavailable;
  }
  return FailureKind::misuse;
}

std::string_view field(const PGresult* result, int code) {
  const char* text = PQresultErrorField(result, code);
  return text == nullptr ? std::string_view{} : std::string_view(text);
}

int nibble(char digit) { return digit <= '9' ? digit - '0' : digit - 'a' + 10; }

// "\x0aff", the only form a session of ours is given.
std::string from_bytea(std::string_view text) {
  CHECK(text.starts_with("\\x"));
  std::string bytes;
  bytes.reserve(text.size() / 2);
  for (std::size_t i = 2; i + 1 < text.size(); i += 2) {
    bytes.push_back(static_cast<char>(nibble(text[i]) * 16 + nibble(text[i + 1])));
  }
  return bytes;
}

}  // namespace

void throw_postgresql_failure(const PGresult* result) {
  const std::string_view state =
      result == nullptr ? std::string_view{} : field(result, PG_DIAG_SQLSTATE);
  if (state.empty()) {
    throw Failure(FailureKind::unavailable, "the connection to PostgreSQL is lost");
  }
  // Class 42 speaks of our SQL; other messages may hold values, so the names must do.
  const bool told = state.starts_with("42");
  throw Failure(
      kind_of(state),
      fmt::format("PostgreSQL {} {}{}", state,
                  field(result, told ? PG_DIAG_MESSAGE_PRIMARY : PG_DIAG_TABLE_NAME),
                  told ? "" : fmt::format(" {}", field(result, PG_DIAG_CONSTRAINT_NAME))));
}

void require_success(const PGresult* result) {
  const ExecStatusType status = PQresultStatus(result);  // of null: a fatal error
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) throw_postgresql_failure(result);
}

std::int64_t rows_changed(PGresult* result) {
  // SELECT counts its rows there too.
  if (std::string_view(PQcmdStatus(result)).starts_with("SELECT")) return 0;
  const std::string_view digits = PQcmdTuples(result);
  std::int64_t rows = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), rows);
  return rows;
}

std::string_view PostgresqlRow::raw(int column) const {
  return {PQgetvalue(result_, row_, column),
          static_cast<std::size_t>(PQgetlength(result_, row_, column))};
}

bool PostgresqlRow::is_null(int column) const {
  CHECK(column >= 0 && column < PQnfields(result_));
  return PQgetisnull(result_, row_, column) == 1;
}

std::int64_t PostgresqlRow::integer(int column) const {
  CHECK(!is_null(column));
  const unsigned type = PQftype(result_, column);
  CHECK(type != kTextType && type != kByteaType);
  const std::string_view digits = blob(column);
  std::int64_t value = 0;
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  CHECK(failure == std::errc{} && end == digits.data() + digits.size());
  return value;
}

std::string_view PostgresqlRow::blob(int column) const {
  if (is_null(column)) return {};
  const unsigned type = PQftype(result_, column);
  if (type == kBoolType) return raw(column) == "t" ? "1" : "0";  // as SQLite has it
  if (type != kByteaType) return raw(column);
  if (decoded_.empty()) decoded_.resize(static_cast<std::size_t>(PQnfields(result_)));
  std::string& bytes = decoded_[static_cast<std::size_t>(column)];
  if (bytes.empty()) bytes = from_bytea(raw(column));
  return bytes;
}

}  // namespace store
