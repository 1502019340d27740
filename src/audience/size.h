// Sizes of audiences at past moments that have been counted, kept for kSizeKept so that a page is
// not counted again each time it is looked at. Late events, undone imports and other audiences that
// a rule nests may change what was: a kept size is of the position it tells.
//
// Functions over a Session or Unit; any thread.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/id.h"
#include "base/moment.h"
#include "log/position.h"
#include "store/database.h"

namespace audience {

inline constexpr base::Duration kSizeKept{base::kHour.ms};

struct SizesOf {
  base::AudienceId audience;
  std::int64_t version = 1;  // of its name and rule
  base::Moment now;
};
struct Size {
  base::Moment at;
  std::int64_t customers = 0;
  event_log::Position position;  // of the log it was counted over
  base::Moment computed_at;
};

// Those counted within kSizeKept before `now`, by `at`.
std::vector<Size> sizes_of(store::Session& session, const SizesOf& asked);
// Keeps them, and drops what is too old or of another version.
void keep_sizes(store::Unit& unit, const SizesOf& of, std::span<const Size> sizes);

// All of them are to be counted again: who counts at all has changed.
void forget_sizes(store::Unit& unit);

}  // namespace audience
