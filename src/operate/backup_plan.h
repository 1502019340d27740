// When a backup is due and which ones are kept. Pure; any thread.
//
// Kept are all of the last `keep_days` days; before these the newest of each calendar week (from
// Monday, in the workspace's zone) that began in the last `keep_weeks` weeks; and always the newest
// of all.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/calendar.h"
#include "base/moment.h"

namespace operate {

struct BackupPlan {
  base::Zone zone;
  std::int64_t hour = 0;  // 0 … 23 of the zone
  std::int64_t keep_days = 0;
  std::int64_t keep_weeks = 0;
};

// The last time at or before `now` when one was to begin.
base::Moment due_at(const BackupPlan& plan, base::Moment now);

// Which of those made at `made`, in any order, are to go.
std::vector<base::Moment> retired(const BackupPlan& plan, std::vector<base::Moment> made,
                                  base::Moment now);

// "siyu-20261122T190000Z.db": the second of UTC.
std::string backup_name(base::Moment started);

}  // namespace operate
