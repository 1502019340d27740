// Moments and durations in whole milliseconds.
//
// A Moment counts milliseconds from 1970-01-01T00:00:00.000Z and may be negative. kMomentMin and
// kMomentMax stand for "always before" and "never": they are ends of intervals, not times.
#pragma once

#include <algorithm>
#include <compare>
#include <cstdint>
#include <limits>

namespace base {

struct Duration {
  std::int64_t ms = 0;
  friend constexpr auto operator<=>(Duration, Duration) = default;
};

struct Moment {
  std::int64_t ms = 0;
  friend constexpr auto operator<=>(Moment, Moment) = default;
};

inline constexpr Moment kMomentMin{std::numeric_limits<std::int64_t>::min()};
inline constexpr Moment kMomentMax{std::numeric_limits<std::int64_t>::max()};

inline constexpr Duration kMillisecond{1};
inline constexpr Duration kSecond{1000};
inline constexpr Duration kMinute{60 * 1000};
inline constexpr Duration kHour{60 * 60 * 1000};
inline constexpr Duration kDay{24 * 60 * 60 * 1000};  // exactly; calendar days are calendar.h's

// Saturates at kMomentMin and kMomentMax, which absorb: never plus a day is never.
constexpr Moment operator+(Moment moment, Duration by) {
  if (moment == kMomentMin || moment == kMomentMax) return moment;
  std::int64_t sum = 0;
  if (__builtin_add_overflow(moment.ms, by.ms, &sum)) return by.ms > 0 ? kMomentMax : kMomentMin;
  return Moment{sum};
}

constexpr Moment operator-(Moment moment, Duration by) { return moment + Duration{-by.ms}; }

constexpr Duration operator-(Moment later, Moment earlier) {
  return Duration{later.ms - earlier.ms};
}

}  // namespace base
