// Inside the module: a statement that inserts many rows, out of one that inserts one. SQLite then
// finds the end of the table once for all of them, PostgreSQL begins one statement for them.
//
//   insert into t (a, b) values ($1, 0)             of one row
//   insert into t (a, b) values ($1, 0), ($2, 0)    of two
//
// Pure; any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace store {

// Row r's parameter $n is $(r * count + n), `count` the highest $n of the one. Nothing: the
// statement is no insert of one row of parameters and whole numbers, or goes on behind it with
// anything but "on conflict do nothing" (with or without columns).
struct RowInsert {
  std::string sql;
  std::size_t params_of_row = 0;
};
// How many go together.
inline constexpr std::size_t kRowsOfInsert = 25;
std::optional<RowInsert> insert_of_rows(std::string_view sql, std::size_t rows);

}  // namespace store
