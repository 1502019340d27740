// What all customers of a demo brand share: the seed, the moment it was made at, and its calendar.
//
// Days are counted back from the day the brand was made on: 0 is that day, 1 the one before, −1 the
// one after, on which the brand goes on living (living.h). What comes round comes round for ever:
//
//   campaigns   the days of texts.tsv, then every kCampaignEvery
//   festival    three days, as texts.tsv says, then every kFestivalEvery
//   check-in    kCheckInDays, as texts.tsv says, then every kCheckInEvery
//
// Pure after construction; any thread.
#pragma once

#include <cstdint>
#include <vector>

#include "base/calendar.h"
#include "base/moment.h"
#include "demo/text.h"

namespace demo {

inline constexpr std::uint64_t kSeed = 20'260'131;
inline constexpr std::int64_t kDays = 180;
inline constexpr std::int64_t kOldestDays = 1500;    // before the brand was made
inline constexpr std::int64_t kNewestDays = 36'500;  // behind it
inline constexpr std::int64_t kCampaignEvery = 18;
inline constexpr std::int64_t kFestivalDays = 3;
inline constexpr std::int64_t kFestivalEvery = 91;
inline constexpr std::int64_t kCheckInDays = 14;
inline constexpr std::int64_t kCheckInEvery = 42;

class Plan {
 public:
  struct Options {
    std::uint64_t seed = kSeed;
    base::Moment now;           // when it was made: what lies behind is still to come
    std::int64_t days = kDays;  // 1 … kOldestDays; the last of them is today
  };
  Plan(const Options& options, const base::Zone& zone);

  std::uint64_t seed() const { return options_.seed; }
  base::Moment now() const { return options_.now; }
  std::int64_t days() const { return options_.days; }

  // Of the day that lies so many days before: −kNewestDays … kOldestDays.
  base::Moment start_of(std::int64_t days_ago) const { return day(days_ago).start; }
  int weekday_of(std::int64_t days_ago) const { return day(days_ago).weekday; }  // 1 = Monday
  // How many days before lies the day of this moment.
  std::int64_t days_ago_of(base::Moment moment) const;

  bool is_festival(std::int64_t days_ago) const;
  bool begins_festival(std::int64_t days_ago) const;
  bool is_check_in(std::int64_t days_ago) const;
  // The campaign whose messages go out on this day; null: none.
  const Text* campaign_on(std::int64_t days_ago) const;

 private:
  struct Day {
    base::Moment start;
    int weekday = 1;
  };
  Day day(std::int64_t days_ago) const;
  Day day_from_zone(std::int64_t days_ago) const;

  Options options_;
  base::Zone zone_;
  std::int64_t today_ = 0;     // as a day of the zone
  std::vector<Day> calendar_;  // from kCalendarDays ahead back
};

}  // namespace demo
