#include "audience/reach.h"

#include <algorithm>
#include <utility>

#include "audience/event_stream.h"
#include "base/check.h"

namespace audience {

using base::Duration;
using base::Moment;
using timeline::EventAt;

Reach::Reach(std::vector<Source> sources, std::vector<FreeStep> steps)
    : sources_(std::move(sources)), levels_(1 + steps.size()) {
  for (std::size_t step = 0; step < steps.size(); ++step) {
    levels_[step + 1].events = std::move(steps[step].events);
    levels_[step + 1].within = steps[step].within;
  }
  drop_dead_ends();
  levels_[0].events.reserve(sources_.size());
  for (const Source& source : sources_) levels_[0].events.push_back(source.event);
}

namespace {

// Keeps what has an event of `later` after it, at most `within` on. Both in order of events.
template <typename Item, typename EventOf>
void keep_leading(std::vector<Item>& items, std::span<const EventAt> later,
                  std::optional<Duration> within, EventOf event_of) {
  std::size_t next = 0;
  std::erase_if(items, [&](const Item& item) {
    const EventAt& event = event_of(item);
    while (next < later.size() && !comes_after(later[next], event)) ++next;
    if (next == later.size()) return true;
    return within && later[next].time > event.time + *within;
  });
}

}  // namespace

void Reach::drop_dead_ends() {
  for (std::size_t level = levels_.size() - 1; level > 0; --level) {
    const Level& later = levels_[level];
    if (level == 1) {
      keep_leading(sources_, later.events, later.within,
                   [](const Source& source) { return source.event; });
    } else {
      keep_leading(levels_[level - 1].events, later.events, later.within,
                   [](const EventAt& event) { return event; });
    }
  }
}

SourceRange Reach::reaching(const EventAt& event, std::optional<Duration> within) {
  advance(levels_.size() - 1, event);
  return within_reach(levels_.back(), event.time, within);
}

SourceRange Reach::within_reach(const Level& level, Moment time, std::optional<Duration> within) {
  if (!within) return {0, level.end};
  const Moment earliest = time - *within;
  const auto first = std::ranges::partition_point(
      level.groups, [earliest](const Group& group) { return group.time < earliest; });
  return {first == level.groups.end() ? level.end : first->begin, level.end};
}

void Reach::advance(std::size_t number, const EventAt& event) {
  Level& level = levels_[number];
  while (level.next < level.events.size() && comes_after(event, level.events[level.next])) {
    const EventAt taken = level.events[level.next++];
    if (number == 0) {
      level.groups.push_back({level.end++, taken.time});
      continue;
    }
    advance(number - 1, taken);
    const SourceRange range = within_reach(levels_[number - 1], taken.time, level.within);
    if (range.begin == range.end) continue;
    CHECK(range.begin <= level.end && range.end >= level.end);
    while (!level.groups.empty() && level.groups.back().begin >= range.begin) {
      level.groups.pop_back();
    }
    level.groups.push_back({range.begin, taken.time});
    level.end = range.end;
  }
}

GreatestOf::GreatestOf(std::size_t places) : places_(places), tree_(2 * places, 0) {}

void GreatestOf::set(std::size_t place, std::uint32_t number) {
  std::size_t node = place + places_;
  tree_[node] = number;
  while (node > 1) {
    node /= 2;
    tree_[node] = std::max(tree_[2 * node], tree_[2 * node + 1]);
  }
}

std::uint32_t GreatestOf::greatest(std::size_t begin, std::size_t end) const {
  std::uint32_t greatest = 0;
  for (begin += places_, end += places_; begin < end; begin /= 2, end /= 2) {
    if (begin % 2 == 1) greatest = std::max(greatest, tree_[begin++]);
    if (end % 2 == 1) greatest = std::max(greatest, tree_[--end]);
  }
  return greatest;
}

}  // namespace audience
