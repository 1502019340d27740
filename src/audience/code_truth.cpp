#include "audience/code_truth.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <type_traits>
#include <variant>

#include "audience/attribute_stream.h"
#include "audience/compare.h"
#include "audience/window.h"
#include "base/check.h"

namespace audience {

using base::Moment;
using base::Value;
using base::ValueType;
using base::Zone;
using timeline::Span;
using timeline::ValueColumn;

namespace {

// Answers kept of values that are not compared as ranges (anniversaries): days of 270 years.
constexpr std::size_t kMemoryMax = 100'000;

constexpr std::int64_t kNumberMin = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kNumberMax = std::numeric_limits<std::int64_t>::max();

// The numbers of dates: see ValueColumn.
constexpr std::int64_t kYearStep = 512;
constexpr std::int64_t kMonthStep = 32;
constexpr base::Date kFirstDate{1, 1, 1};
constexpr base::Date kLastDate{9999, 12, 31};

std::int64_t number_of_date(base::Date date) {
  return date.year * kYearStep + date.month * kMonthStep + date.day;
}

// All values of a type that have an order among each other, by an index in that order.
struct Ordered {
  ValueType type;
  std::int64_t first = kNumberMin;
  std::int64_t last = kNumberMax;

  static std::optional<Ordered> of(ValueType type) {
    switch (type) {
      case ValueType::integer:
      case ValueType::decimal:
      case ValueType::money:
      case ValueType::time:
        return Ordered{type};
      case ValueType::boolean:
        return Ordered{type, 0, 1};
      case ValueType::date:
        return Ordered{type, base::day_of(kFirstDate).days, base::day_of(kLastDate).days};
      case ValueType::text:
      case ValueType::text_list:
        return std::nullopt;
    }
    base::unreachable();
  }
  std::int64_t number(std::int64_t index) const {
    if (type != ValueType::date) return index;
    return number_of_date(base::date_of(base::LocalDay{static_cast<std::int32_t>(index)}));
  }
  Value value(std::int64_t index) const { return value_of_number(type, number(index)); }
  // Where the ordered values begin: dates without a year stand before them.
  std::optional<std::int64_t> begin() const {
    return type == ValueType::date ? std::optional(number(first)) : std::nullopt;
  }

  // The number of the first value that `is_past`, which stays true for all after it; nothing: none.
  template <typename IsPast>
  std::optional<std::int64_t> first_that(IsPast is_past) const {
    if (!is_past(value(last))) return std::nullopt;
    std::int64_t low = first;
    std::int64_t high = last;
    while (low < high) {
      const std::int64_t middle = std::midpoint(low, high);
      if (is_past(value(middle))) {
        high = middle;
      } else {
        low = middle < high ? middle + 1 : high;
      }
    }
    return number(low);
  }
};

// Ranges of one test; an overload per production.
struct RangesOf {
  Ordered ordered;
  const Zone& zone;
  std::optional<Moment> at;

  using Range = ValueTruth::Range;
  using Ranges = ValueTruth::Ranges;
  static inline const Range kNone{0, 0};

  // Values whose order against the literal is at least `least`; nothing: none is.
  bool comparable(const Literal& literal) const {
    return order_against(ordered.value(ordered.last), literal, zone).has_value();
  }
  std::optional<std::int64_t> first_with_order(const Literal& literal, int least) const {
    return ordered.first_that(
        [&](const Value& value) { return *order_against(value, literal, zone) >= least; });
  }
  Range equal_to(const Literal& literal) const {
    const auto from = first_with_order(literal, 0);
    return from ? Range{from, first_with_order(literal, 1)} : kNone;
  }
  Range from_on(const std::optional<std::int64_t>& from) const {
    return from ? Range{from, std::nullopt} : kNone;
  }

  std::optional<Ranges> operator()(const Compare& test) const {
    const bool inside = test.comparison != Comparison::not_equal;
    if (!comparable(test.value)) return Ranges{{kNone}, inside};
    switch (test.comparison) {
      case Comparison::equal:
      case Comparison::not_equal:
        return Ranges{{equal_to(test.value)}, inside};
      case Comparison::greater:
        return Ranges{{from_on(first_with_order(test.value, 1))}};
      case Comparison::greater_equal:
        return Ranges{{from_on(first_with_order(test.value, 0))}};
      case Comparison::less:
        return Ranges{{{ordered.begin(), first_with_order(test.value, 0)}}};
      case Comparison::less_equal:
        return Ranges{{{ordered.begin(), first_with_order(test.value, 1)}}};
    }
    base::unreachable();
  }
  std::optional<Ranges> operator()(const InList& test) const {
    Ranges found;
    for (const Literal& literal : test.values) {
      if (comparable(literal)) found.ranges.push_back(equal_to(literal));
    }
    return found;
  }
  std::optional<Ranges> operator()(const BetweenValues& test) const {
    if (!comparable(test.low) || !comparable(test.high)) return Ranges{};
    const bool number = base::number_of(ordered.value(ordered.first)).has_value();
    const auto from = first_with_order(test.low, 0);
    if (!from) return Ranges{};
    return Ranges{{{from, first_with_order(test.high, number ? 1 : 0)}}};
  }
  std::optional<Ranges> operator()(const IsKnown& test) const {
    return Ranges{{Range{}}, test.known};
  }
  std::optional<Ranges> operator()(const InWindow& test) const {
    if (!moment_of_value(ordered.value(ordered.last), zone)) return std::nullopt;
    const Span inside = at ? values_inside_at(test.window, *at, zone) : fixed_window(test.window);
    const auto first_at = [&](Moment moment) {
      return ordered.first_that(
          [&](const Value& value) { return *moment_of_value(value, zone) >= moment; });
    };
    const auto from = first_at(inside.from);
    return from ? Ranges{{{from, first_at(inside.to)}}} : Ranges{};
  }
  template <typename Test>
  std::optional<Ranges> operator()(const Test&) const {
    return std::nullopt;
  }
};

}  // namespace

Value value_of_number(ValueType type, std::int64_t number) {
  switch (type) {
    case ValueType::integer:
      return number;
    case ValueType::decimal:
      return base::Decimal{number};
    case ValueType::money:
      return base::Money{number};
    case ValueType::boolean:
      return number != 0;
    case ValueType::time:
      return Moment{number};
    case ValueType::date:
      return base::Date{static_cast<std::int16_t>(number / kYearStep),
                        static_cast<std::uint8_t>(number % kYearStep / kMonthStep),
                        static_cast<std::uint8_t>(number % kMonthStep)};
    case ValueType::text:
    case ValueType::text_list:
      break;
  }
  base::unreachable();
}

ValueTruth::ValueTruth(const Node& test, const Zone& zone, std::optional<Moment> at)
    : test_(&test), zone_(&zone), at_(at), of_unknown_(of(nullptr)) {
  const auto* anniversary = std::get_if<Anniversary>(&test.form);
  if (anniversary != nullptr && at) first_year_ = first_year_kept(*anniversary, zone, *at);
}

std::int64_t ValueTruth::number_alike(std::int64_t number) const {
  const std::int64_t year = number / kYearStep;
  return year > 0 && year < first_year_ ? number % kYearStep : number;
}

bool ValueTruth::of(const Value* value) const {
  if (at_) return holds_for_value(*test_, value, {*zone_, *at_});
  return satisfies_test(*test_, value, *zone_);
}

std::optional<ValueTruth::Ranges> ValueTruth::find_ranges(ValueType type) const {
  const auto ordered = Ordered::of(type);
  if (!ordered) return std::nullopt;
  return std::visit(RangesOf{*ordered, *zone_, at_}, test_->form);
}

const ValueTruth::Ranges* ValueTruth::ranges_of(ValueType type) {
  if (ranges_type_ != type) {
    ranges_ = find_ranges(type);
    ranges_type_ = type;
  }
  return ranges_ ? &*ranges_ : nullptr;
}

void CodeTruth::open(ValueTruth& test, const ValueColumn* column) {
  test_ = &test;
  column_ = column;
  of_unknown_ = test.of_unknown();
  way_ = Way::constant;  // all are unknown
  inside_ = of_unknown_;
  if (column == nullptr) return;
  if (column->dictionary_size() > 0) {
    way_ = Way::table;
    table_.assign(std::size_t{column->dictionary_size()} + 1, kUnseen);
    table_[0] = of_unknown_ ? kTrue : kFalse;
    return;
  }
  if (const auto* ranges = test.ranges_of(column->type())) return open_ranges(*ranges);
  way_ = Way::memory;
  if (memory_type_ != column->type()) memory_.clear();
  days_.resize(kYearStep, kUnseen);
  memory_type_ = column->type();
}

void CodeTruth::open_ranges(const ValueTruth::Ranges& ranges) {
  inside_ = ranges.holds_inside;
  ranges_.clear();
  for (const ValueTruth::Range& range : ranges.ranges) {
    const std::uint64_t from = range.from ? column_->code_at_least(*range.from) : 1;
    const std::uint64_t to =
        range.to ? column_->code_at_least(*range.to) : std::numeric_limits<std::uint64_t>::max();
    if (from < to) ranges_.push_back({from, to - from});
  }
  if (ranges_.size() > 1) {
    way_ = Way::ranges;
    return;
  }
  way_ = Way::range;
  from_ = ranges_.empty() ? 1 : ranges_.front().from;
  width_ = ranges_.empty() ? 0 : ranges_.front().width;
}

bool CodeTruth::in_ranges(std::uint64_t code) const {
  return std::ranges::any_of(ranges_,
                             [&](const Codes& codes) { return code - codes.from < codes.width; });
}

bool CodeTruth::look_up(std::uint64_t code) {
  const Value value = column_->value_of(code);
  const bool answer = test_->of(&value);
  table_[code] = answer ? kTrue : kFalse;
  return answer;
}

bool CodeTruth::remembered(std::uint64_t code) {
  std::int64_t number = column_->number_of(code);
  if (memory_type_ == ValueType::date) {
    number = test_->number_alike(number);
    if (number >= 0 && number < kYearStep) return remembered_day(number);
  }
  if (const auto found = memory_.find(number); found != memory_.end()) return found->second;
  const Value value = value_of_number(column_->type(), number);
  const bool answer = test_->of(&value);
  if (memory_.size() >= kMemoryMax) memory_.clear();
  memory_.emplace(number, answer);
  return answer;
}

// Of a date without a year.
bool CodeTruth::remembered_day(std::int64_t number) {
  auto& known = days_.at(static_cast<std::size_t>(number));
  if (known == kUnseen) {
    const Value value = value_of_number(ValueType::date, number);
    known = test_->of(&value) ? kTrue : kFalse;
  }
  return known == kTrue;
}

std::uint64_t CodeTruth::of_entries(std::uint32_t begin, unsigned count) {
  std::uint64_t answers = 0;
  if (way_ == Way::constant) {
    return inside_ ? ~std::uint64_t{0} >> (64 - count) : 0;
  }
  if (way_ == Way::range) {
    for (unsigned i = 0; i < count; ++i) {
      const std::uint64_t code = column_->code(begin + i);
      const bool answer = code == 0 ? of_unknown_ : (code - from_ < width_) == inside_;
      answers |= std::uint64_t{answer} << i;
    }
    return answers;
  }
  if (way_ == Way::table) {
    for (unsigned i = 0; i < count; ++i) {
      const std::uint64_t code = column_->code(begin + i);
      if (table_[code] == kUnseen) look_up(code);
      answers |= std::uint64_t{table_[code] == kTrue} << i;
    }
    return answers;
  }
  for (unsigned i = 0; i < count; ++i) {
    answers |= std::uint64_t{(*this)(column_->code(begin + i))} << i;
  }
  return answers;
}

}  // namespace audience
