#include "demo/plan.h"

#include "base/check.h"

namespace demo {
namespace {

constexpr std::int64_t kCalendarDays = 400;  // ahead; the zone is asked for what lies behind

// How many days something that began `begins` days before has gone on for by this day, in the round
// it is in; −1: it has not begun.
std::int64_t day_of_round(std::int64_t begins, std::int64_t every, std::int64_t days_ago) {
  return days_ago > begins ? -1 : (begins - days_ago) % every;
}

}  // namespace

Plan::Plan(const Options& options, const base::Zone& zone)
    : options_(options), zone_(zone), today_(zone.day_of(options.now).days) {
  CHECK(options.days >= 1 && options.days <= kOldestDays);
  for (std::int64_t ago = -kCalendarDays; ago <= kOldestDays; ++ago) {
    calendar_.push_back(day_from_zone(ago));
  }
}

Plan::Day Plan::day_from_zone(std::int64_t days_ago) const {
  const base::Moment start = zone_.start_of({static_cast<std::int32_t>(today_ - days_ago)});
  return {start, zone_.weekday_of(start)};
}

Plan::Day Plan::day(std::int64_t days_ago) const {
  CHECK(days_ago >= -kNewestDays && days_ago <= kOldestDays);
  if (days_ago < -kCalendarDays) return day_from_zone(days_ago);
  return calendar_[static_cast<std::size_t>(days_ago + kCalendarDays)];
}

std::int64_t Plan::days_ago_of(base::Moment moment) const {
  return today_ - zone_.day_of(moment).days;
}

bool Plan::is_festival(std::int64_t days_ago) const {
  const std::int64_t day = day_of_round(text("festival").number, kFestivalEvery, days_ago);
  return day >= 0 && day < kFestivalDays;
}

bool Plan::begins_festival(std::int64_t days_ago) const {
  return day_of_round(text("festival").number, kFestivalEvery, days_ago) == 0;
}

bool Plan::is_check_in(std::int64_t days_ago) const {
  const std::int64_t day = day_of_round(text("checkin").number, kCheckInEvery, days_ago);
  return day >= 0 && day < kCheckInDays;
}

const Text* Plan::campaign_on(std::int64_t days_ago) const {
  const std::span<const Text> campaigns = texts("campaign");
  const std::int64_t last = campaigns.back().number;
  if (days_ago < last) {
    const std::int64_t behind = last - days_ago;
    if (behind % kCampaignEvery != 0) return nullptr;
    const auto round = static_cast<std::size_t>(behind / kCampaignEvery);
    return &campaigns[(round - 1) % campaigns.size()];
  }
  for (const Text& campaign : campaigns) {
    if (campaign.number == days_ago) return &campaign;
  }
  return nullptr;
}

}  // namespace demo
