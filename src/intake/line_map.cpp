#include "intake/line_map.h"

#include "base/check.h"

namespace intake {

void LineMap::add(std::int64_t text, std::int64_t shown) {
  CHECK(runs_.empty() || runs_.back().text < text);
  const bool goes_on = !runs_.empty() && runs_.back().shown - runs_.back().text == shown - text;
  if (!goes_on) runs_.push_back({text, shown});
}

std::int64_t LineMap::of(std::int64_t text) {
  while (runs_.size() > 1 && runs_[1].text <= text) runs_.pop_front();
  if (runs_.empty() || runs_.front().text > text) return text;
  return runs_.front().shown + (text - runs_.front().text);
}

}  // namespace intake
