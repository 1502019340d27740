#include "store/row_insert.h"

#include <algorithm>
#include <charconv>

namespace store {
namespace {

constexpr std::string_view kInsert = "insert into ";
constexpr std::string_view kValues = "values (";

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// What stands in a row of values: "$1, 0, $2::bigint, null".
bool is_of_row(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || c == '$' || c == ':' || c == ',' || c == ' ' ||
         c == '\n';
}

bool is_allowed_tail(std::string_view tail) {
  while (!tail.empty() && (tail.back() == ' ' || tail.back() == '\n' || tail.back() == ';')) {
    tail.remove_suffix(1);
  }
  while (!tail.empty() && (tail.front() == ' ' || tail.front() == '\n')) tail.remove_prefix(1);
  const bool only_ignores = tail.starts_with("on conflict") && tail.ends_with("do nothing") &&
                            tail.find("where") == std::string_view::npos;
  return tail.empty() || only_ignores;
}

// Writes the row with its parameters moved up by so many; answers the highest as it stands.
std::size_t write_row(std::string_view row, std::size_t moved, std::string& out) {
  std::size_t highest = 0;
  for (std::size_t at = 0; at < row.size();) {
    out += row[at];
    if (row[at++] != '$') continue;
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(row.data() + at, row.data() + row.size(), number);
    if (error != std::errc()) continue;
    highest = std::max(highest, number);
    out += std::to_string(number + moved);
    at = static_cast<std::size_t>(end - row.data());
  }
  return highest;
}

}  // namespace

std::optional<RowInsert> insert_of_rows(std::string_view sql, std::size_t rows) {
  const std::size_t values = sql.find(kValues);
  if (!sql.starts_with(kInsert) || values == std::string_view::npos) return std::nullopt;
  const std::size_t first = values + kValues.size();
  const std::size_t last = sql.find(')', first);
  if (last == std::string_view::npos) return std::nullopt;
  const std::string_view row = sql.substr(first, last - first);
  const std::string_view tail = sql.substr(last + 1);
  if (!std::ranges::all_of(row, is_of_row) || !is_allowed_tail(tail)) return std::nullopt;
  RowInsert insert;
  insert.sql = sql.substr(0, values + kValues.size() - 1);
  for (std::size_t i = 0; i < rows; ++i) {
    insert.sql += i == 0 ? "(" : ", (";
    insert.params_of_row = write_row(row, i * insert.params_of_row, insert.sql);
    insert.sql += ')';
  }
  insert.sql += tail;
  return insert;
}

}  // namespace store
