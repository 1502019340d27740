// The rhythm of a customer's purchases: attributes that are functions of time and of their events
// order_paid, computed at the moment and exactly.
//
//   recency_days   int      whole days of 24 h since the last order_paid; unknown before the first
//   usual_gap      decimal  days: the median of the gaps between purchase days; unknown before the
//                           third purchase day
//   overdue        decimal  the time since the last order_paid ÷ usual_gap, rounded down to six
//                           places; unknown where usual_gap is
//
// A purchase day is a calendar day of the workspace's zone with an order_paid: several on one day
// are one purchase. A gap is the difference of two neighbouring purchase days in calendar days, so
// at least 1. Of an even number of gaps the median is the mean of the two in the middle: with two
// gaps, one of them short, the lower one would call nearly everybody overdue. So usual_gap is a
// multiple of half a day, and everything below is arithmetic of integers:
//
//   overdue >= c  is true from  last + c · usual_gap  on, rounded up to the next millisecond
//
// An order counts as bought when it is paid; one refunded later stays a purchase. All values rise
// with time until the next order_paid or stay as they are, so a test is true on few intervals.
// Pure; a Gaps belongs to one thread.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "audience/rule.h"
#include "base/calendar.h"
#include "base/moment.h"
#include "base/value.h"
#include "timeline/history.h"

namespace audience {

inline constexpr std::string_view kBoughtEvent = "order_paid";
inline constexpr std::size_t kPurchaseDaysMin = 3;  // from which a gap is usual

base::ValueType type_of(Rhythm rhythm);

// The gaps between purchases that are told in the order of time.
class Gaps {
 public:
  explicit Gaps(const base::Zone& zone) : days_(zone) {}
  void add(base::Moment paid);
  void clear();
  // Twice the median gap in days; nothing: there are fewer than kPurchaseDaysMin purchase days.
  // Sorts what has come since it was asked last: one gap more costs a search and a move.
  std::optional<std::int64_t> usual_half_days();

 private:
  base::DayReader days_;
  std::optional<base::LocalDay> last_day_;
  std::vector<std::int32_t> gaps_;
  std::size_t sorted_ = 0;  // so many of gaps_ are in order
};

// Purchases up to a moment.
struct Bought {
  base::Moment last;                                           // the latest order_paid
  std::optional<std::int64_t> usual_half_days = std::nullopt;  // not looked at for recency_days
};

// The number of the value (int, or micros of a decimal) at a moment at or after the last purchase,
// if nothing is bought until then; nothing: unknown.
std::optional<std::int64_t> number_at(Rhythm rhythm, const Bought& bought, base::Moment at);

// The first moment at or after the last purchase at which that number is at least `number`;
// kMomentMax: never. Requires a value that is known.
base::Moment first_with(Rhythm rhythm, const Bought& bought, std::int64_t number);

// The value at a moment, from all that is known; nothing: unknown. `paid` in order.
std::optional<base::Value> value_at(Rhythm rhythm, std::span<const timeline::EventAt> paid,
                                    const base::Zone& zone, base::Moment at);

}  // namespace audience
