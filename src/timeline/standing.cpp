#include "timeline/standing.h"

#include <algorithm>

namespace timeline {

std::size_t keep_last_of_each_moment(std::span<AttributeChange> changes) {
  std::ranges::stable_sort(changes, {}, &AttributeChange::since);
  std::size_t kept = 0;
  for (std::size_t i = 0; i < changes.size(); ++i) {
    if (i + 1 < changes.size() && changes[i + 1].since == changes[i].since) continue;
    if (kept != i) changes[kept] = std::move(changes[i]);
    ++kept;
  }
  return kept;
}

std::vector<Span> spans_of(MembershipKind kind, std::span<Switch> switches) {
  std::ranges::stable_sort(switches, {}, &Switch::since);
  std::vector<Span> spans;
  std::int64_t held = 0;
  for (std::size_t i = 0; i < switches.size(); ++i) {
    if (kind == MembershipKind::identity) {
      held = std::max<std::int64_t>(0, held + (switches[i].on ? 1 : -1));
    } else {
      held = switches[i].on ? 1 : 0;
    }
    if (i + 1 < switches.size() && switches[i + 1].since == switches[i].since) continue;
    const bool open = !spans.empty() && spans.back().to == base::kMomentMax;
    if (held > 0 && !open) {
      spans.push_back({switches[i].since, base::kMomentMax});
    } else if (held == 0 && open) {
      spans.back().to = switches[i].since;
    }
  }
  return spans;
}

}  // namespace timeline
