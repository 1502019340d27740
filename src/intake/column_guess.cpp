#include "intake/column_guess.h"

#include <algorithm>

#include "base/calendar.h"
#include "customer/telling_identity.h"

namespace intake {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// A number that is no id: without leading zeros, of at most kGuessedDigitsMax digits.
bool is_countable(std::string_view cell) {
  if (cell.starts_with('-')) cell.remove_prefix(1);
  const bool leading_zero = cell.size() > 1 && cell[0] == '0' && is_digit(cell[1]);
  const auto digits = static_cast<std::size_t>(std::ranges::count_if(cell, is_digit));
  return !leading_zero && digits <= kGuessedDigitsMax;
}

std::string_view trimmed(std::string_view cell) {
  const std::size_t first = cell.find_first_not_of(" \t\r\n");
  return cell.substr(first, cell.find_last_not_of(" \t\r\n") - first + 1);
}

}  // namespace

void ColumnGuess::add(std::string_view cell) {
  if (cell.find_first_not_of(" \t\r\n") == std::string_view::npos || is_damaged(cell)) return;
  has_values_ = true;
  mobile_ = mobile_ && customer::is_mobile(trimmed(cell));
  const auto is = [&](base::ValueType type) {
    return base::parse_value(type, cell, nullptr).has_value();
  };
  if (integer_ || decimal_) {
    const bool number = is_countable(cell.substr(cell.find_first_not_of(" \t\r\n")));
    integer_ = integer_ && number && is(base::ValueType::integer);
    decimal_ = decimal_ && number && is(base::ValueType::decimal);
  }
  boolean_ = boolean_ && is(base::ValueType::boolean);
  if (date_ || time_) add_moment(cell);
}

void ColumnGuess::add_moment(std::string_view cell) {
  const auto written = base::read_moment(trimmed(cell));
  if (!written && written.error() == base::MomentFault::impossible) return;
  date_ = date_ && written && !written->ms_of_day;
  time_ = time_ && written && written->date.year != 0;
  dated_ = dated_ || written.has_value();
}

base::ValueType ColumnGuess::type() const {
  if (!has_values_ || mobile_) return base::ValueType::text;
  if (integer_) return base::ValueType::integer;
  if (decimal_) return base::ValueType::decimal;
  if (boolean_) return base::ValueType::boolean;
  if (date_ && dated_) return base::ValueType::date;
  if (time_ && dated_) return base::ValueType::time;
  return base::ValueType::text;
}

bool is_damaged(std::string_view cell) {
  const bool marked =
      cell.find("E+") != std::string_view::npos || cell.find("e+") != std::string_view::npos;
  if (!marked) return false;
  const auto number = base::parse_value(base::ValueType::integer, cell, nullptr);
  return !number && number.error() == base::ValueFault::scientific_notation;
}

}  // namespace intake
