#include "operate/backup_plan.h"

#include <algorithm>
#include <functional>
#include <set>

namespace operate {

base::Moment due_at(const BackupPlan& plan, base::Moment now) {
  const base::LocalDay today = plan.zone.day_of(now);
  const auto of = [&](base::LocalDay day) {
    const auto ms = static_cast<std::int32_t>(plan.hour * base::kHour.ms);
    return plan.zone.moment_of({.day = day, .ms_of_day = ms});
  };
  const base::Moment at = of(today);
  return at <= now ? at : of({today.days - 1});
}

std::vector<base::Moment> retired(const BackupPlan& plan, std::vector<base::Moment> made,
                                  base::Moment now) {
  const base::Moment days_from = now - base::Duration{plan.keep_days * base::kDay.ms};
  const base::Moment weeks_from =
      plan.zone.period_start(now, base::CalendarUnit::week, -plan.keep_weeks);
  std::ranges::sort(made, std::greater{});
  std::vector<base::Moment> gone;
  std::set<base::Moment> weeks;  // that have theirs
  for (std::size_t i = 0; i < made.size(); ++i) {
    const base::Moment week = plan.zone.period_start(made[i], base::CalendarUnit::week, 0);
    const bool first_of_week = weeks.insert(week).second;
    if (i == 0 || made[i] >= days_from) continue;
    if (first_of_week && week >= weeks_from && plan.keep_weeks > 0) continue;
    gone.push_back(made[i]);
  }
  return gone;
}

std::string backup_name(base::Moment started) {
  std::string text = base::to_iso8601_utc(started);  // 2026-11-22T19:00:00.000Z
  std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
  return "siyu-" + text.substr(0, text.find('.')) + "Z.db";
}

}  // namespace operate
