// What all customers of a demo brand share: the seed, now, and the days up to today.
//
// Pure after construction; any thread.
#pragma once

#include <cstdint>
#include <vector>

#include "base/calendar.h"
#include "base/moment.h"

namespace demo {

inline constexpr std::uint64_t kSeed = 20'260'131;
inline constexpr std::int64_t kDays = 180;
inline constexpr std::int64_t kOldestDays = 900;  // before today, of becoming a customer

class Plan {
 public:
  struct Options {
    std::uint64_t seed = kSeed;
    base::Moment now;           // nothing happens after it
    std::int64_t days = kDays;  // 1 … kOldestDays; the last of them is today
  };
  Plan(const Options& options, const base::Zone& zone);

  std::uint64_t seed() const { return options_.seed; }
  base::Moment now() const { return options_.now; }
  std::int64_t days() const { return options_.days; }

  // Of the day that lies so many days before today: −1 … kOldestDays.
  base::Moment start_of(std::int64_t days_ago) const { return day(days_ago).start; }
  int weekday_of(std::int64_t days_ago) const { return day(days_ago).weekday; }  // 1 = Monday

 private:
  struct Day {
    base::Moment start;
    int weekday = 1;
  };
  const Day& day(std::int64_t days_ago) const;

  Options options_;
  std::vector<Day> calendar_;  // from tomorrow back
};

}  // namespace demo
