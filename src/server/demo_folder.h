// A folder with the demo brand in it: made when it is empty, known again by its mark, never put
// over anybody's own data.
//
//   no database, or an empty one      → filled (about ten seconds)
//   a demo                            → left as it is: served, it tells first what it has missed
//   one that can not be gone on with, since it was made by a version that told other lives or has
//   been off for more than demo::kGapMax → made anew, unless somebody has changed something in it
//   a demo whose making was cut short → made anew
//   anything else                     → OperateFailure{not_a_demo}
//
// Before an App opens the folder; SQLite only.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "base/clock.h"
#include "base/moment.h"
#include "server/app.h"

namespace server {

struct DemoOptions {
  std::int64_t customers = 0;  // 0: as many as it has
  // Told now and then how many customers of how many are there.
  std::function<void(std::int64_t done, std::int64_t of)> progress = {};
};
struct DemoFolder {
  base::Moment made_at;
  std::int64_t customers_made = 0;  // by this call; 0: it was there
};
// Throws store::Failure.
DemoFolder prepare_demo(const AppOptions& options, const base::Clock& clock, base::Random& random,
                        const DemoOptions& demo);

}  // namespace server
