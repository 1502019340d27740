// Answers of libpq: rows, errors, ownership. Included by postgresql_*.cpp alone.
#pragma once

#include <libpq-fe.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "store/database.h"

namespace store {

// Types as PostgreSQL numbers them (pg_type.oid, the same in every database).
inline constexpr unsigned kBoolType = 16;
inline constexpr unsigned kByteaType = 17;
inline constexpr unsigned kBigintType = 20;
inline constexpr unsigned kTextType = 25;

struct ClearResult {
  void operator()(PGresult* result) const { PQclear(result); }
};
using ResultPtr = std::unique_ptr<PGresult, ClearResult>;

// Throws the Failure for a result that is an error, or for no result: the connection is lost.
[[noreturn]] void throw_postgresql_failure(const PGresult* result);
// Throws unless the result is a success.
void require_success(const PGresult* result);

// Rows inserted, updated or deleted; 0 for any other statement.
std::int64_t rows_changed(PGresult* result);

// One row of a result in text form.
class PostgresqlRow final : public Row {
 public:
  PostgresqlRow(const PGresult* result, int row) : result_(result), row_(row) {}
  bool is_null(int column) const override;
  std::int64_t integer(int column) const override;
  std::string_view text(int column) const override { return blob(column); }
  std::string_view blob(int column) const override;

 private:
  std::string_view raw(int column) const;

  const PGresult* result_;
  int row_;
  mutable std::vector<std::string> decoded_;  // by column, of bytea
};

}  // namespace store
