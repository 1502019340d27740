#include "demo/plan.h"

#include "base/check.h"

namespace demo {

Plan::Plan(const Options& options, const base::Zone& zone) : options_(options) {
  CHECK(options.days >= 1 && options.days <= kOldestDays);
  const std::int64_t today = zone.day_of(options.now).days;
  for (std::int64_t ago = -1; ago <= kOldestDays; ++ago) {
    const base::Moment start = zone.start_of({static_cast<std::int32_t>(today - ago)});
    calendar_.push_back({start, zone.weekday_of(start)});
  }
}

const Plan::Day& Plan::day(std::int64_t days_ago) const {
  CHECK(days_ago >= -1 && days_ago <= kOldestDays);
  return calendar_[static_cast<std::size_t>(days_ago + 1)];
}

}  // namespace demo
