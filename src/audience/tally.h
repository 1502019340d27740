// What a measure knows of the events inside its window, kept up to date as they come and go.
//
// Events enter in the order of the history and leave in the same order (windows are monotone, see
// window.h), so minimum and maximum need no search and everything costs O(1) or O(log n) an event.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "audience/rule.h"
#include "base/calendar.h"
#include "timeline/history.h"

namespace audience {

// 128 bits: sums of 64-bit values in millionths, and their products with counts.
__extension__ using Wide = __int128;

// An event as a measure sees it. Measures without a property look at neither value nor number.
struct Counted {
  timeline::EventAt event;
  // Of the measured property, known, and living as long as the event is inside.
  const base::Value* value = nullptr;
  // In its place where the measure counts_numbers: History::value_numbers, known.
  std::uint32_t number = 0;
};

class Tally {
 public:
  virtual ~Tally() = default;

  virtual void enter(const Counted& counted) = 0;
  // The event that entered first of those inside.
  virtual void leave(const Counted& counted) = 0;
  // Whether the comparison holds for what is inside now.
  virtual bool holds() const = 0;
  // What the measure comes to, as text: "3", "149.50"; nothing: unknown. An average is cut to six
  // places.
  virtual std::optional<std::string> reading() const = 0;
  // No event to come can change the answer as long as none leaves.
  virtual bool settled() const { return false; }
  // The sum is beyond 64 bits in the property's own unit, so that the measure is unknown.
  virtual bool overflowed() const { return false; }
};

// No measure: at least once. Borrows both arguments.
std::unique_ptr<Tally> tally_of(const std::optional<Measure>& measure, const base::Zone& zone);

// The property an aggregate looks at; null for counts and days.
const Subject* measured(const std::optional<Measure>& measure);

// Values that are equal to nothing count too: only `distinct` sees dates without a year.
bool counts_all_values(const std::optional<Measure>& measure);

// Whether it is enough for the tally to know which values are equal.
bool counts_numbers(const std::optional<Measure>& measure);

// The answers of a sum or an average over `count` values, and of so many distinct values.
struct SumOf {
  Wide micros = 0;
  std::int64_t count = 0;
};
bool holds(const AggregateOf& test, const SumOf& sum);
bool holds(const AggregateOf& test, std::size_t distinct);
// How many millionths one unit of a number's type is.
std::int64_t micros_per_unit(base::ValueType type);

// sum / count against the literal, exactly: sum × 1 against literal × count, with every digit of
// the literal. `sum_micros`: the sum in millionths. Requires count > 0 and a number.
int compare_average(Wide sum_micros, std::int64_t count, const Literal& literal);

}  // namespace audience
