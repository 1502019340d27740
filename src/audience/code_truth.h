// What a test on a value says of the codes of a column, so that thousands of values are compared as
// integers.
//
//   ValueTruth   one test of a rule, made once a question: for numbers, times and dates the values
//               for which it holds are ranges, found with compare.h and window.h
//   CodeTruth    the same for the column of one block: ranges of codes; for a dictionary one answer
//               an entry; otherwise value by value
//
// One thread at a time: both remember what they have found out.
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "audience/rule.h"
#include "base/calendar.h"
#include "base/moment.h"
#include "timeline/block.h"

namespace audience {

class ValueTruth {
 public:
  // `test` has a subject. With a moment it is asked of an attribute at that moment, without one of
  // an event's property. Borrows both.
  ValueTruth(const Node& test, const base::Zone& zone, std::optional<base::Moment> at);

  // Null: unknown. Exact for every type.
  bool of(const base::Value* value) const;
  bool of_unknown() const { return of_unknown_; }

  // The number of a date for which the answer is the same as for this one, if it can be without a
  // year: of an anniversary the year does not matter to those that are over.
  std::int64_t number_alike(std::int64_t number) const;

  // The numbers (ValueColumn::number_of) in [from, to) for which it holds, or for which it does
  // not. A missing `from` is before, a missing `to` behind all numbers.
  struct Range {
    std::optional<std::int64_t> from;
    std::optional<std::int64_t> to;
  };
  struct Ranges {
    std::vector<Range> ranges;  // may overlap
    bool holds_inside = true;
  };
  // Null: of this type there are none, each value has to be asked for.
  const Ranges* ranges_of(base::ValueType type);

 private:
  std::optional<Ranges> find_ranges(base::ValueType type) const;

  const Node* test_;
  const base::Zone* zone_;
  std::optional<base::Moment> at_;
  bool of_unknown_;
  std::int64_t first_year_ = 0;                 // of an anniversary: dates before it are alike
  std::optional<base::ValueType> ranges_type_;  // whose ranges_ are known
  std::optional<Ranges> ranges_;
};

class CodeTruth {
 public:
  // To be asked about entries of this column until the next open(); null: all are unknown. Borrows
  // both.
  void open(ValueTruth& test, const timeline::ValueColumn* column);

  bool operator()(std::uint64_t code) {
    if (code == 0) return of_unknown_;
    switch (way_) {
      case Way::constant:
        return inside_;
      case Way::range:
        return (code - from_ < width_) == inside_;
      case Way::ranges:
        return in_ranges(code) == inside_;
      case Way::table:
        return table_[code] == kUnseen ? look_up(code) : table_[code] == kTrue;
      case Way::memory:
        return remembered(code);
    }
    return false;
  }
  // Bit i: the answer for entry begin + i. `count` ≤ 64.
  std::uint64_t of_entries(std::uint32_t begin, unsigned count);
  bool of_unknown() const { return of_unknown_; }

 private:
  enum class Way : std::uint8_t { constant, range, ranges, table, memory };
  static constexpr std::uint8_t kUnseen = 0;
  static constexpr std::uint8_t kFalse = 1;
  static constexpr std::uint8_t kTrue = 2;
  struct Codes {
    std::uint64_t from;
    std::uint64_t width;
  };

  void open_ranges(const ValueTruth::Ranges& ranges);
  bool in_ranges(std::uint64_t code) const;
  bool look_up(std::uint64_t code);
  bool remembered(std::uint64_t code);
  bool remembered_day(std::int64_t number);

  ValueTruth* test_ = nullptr;
  const timeline::ValueColumn* column_ = nullptr;
  Way way_ = Way::constant;
  bool of_unknown_ = false;
  bool inside_ = false;
  std::uint64_t from_ = 0;
  std::uint64_t width_ = 0;
  std::vector<Codes> ranges_;
  std::vector<std::uint8_t> table_;
  // Answers by number: good for every block whose column has this type.
  std::unordered_map<std::int64_t, bool> memory_;
  base::ValueType memory_type_ = base::ValueType::text;
  std::vector<std::uint8_t> days_;  // the same of dates without a year
};

// A number of a column (ValueColumn::number_of) as a value of the type.
base::Value value_of_number(base::ValueType type, std::int64_t number);

}  // namespace audience
