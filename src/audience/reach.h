// How far the beginnings of a sequence have come: the part of its evaluation that must not be
// quadratic.
//
// A *source* is an event at which a chain stands, with the values it must keep (its key) and the
// chain's first event. Between two steps that look at keys lie *free* steps, which any source may
// take. For every source and free step only the latest event reached matters: it leaves the most
// time for what follows. Sources are in the order of events; of two that can go on at all, the
// later one is never behind, neither in which steps it has reached first (the earlier one reaches a
// step before or with it) nor in the event reached (its is the same or later). So the sources that
// have reached a step are a prefix, their latest events never decrease, and taking a step gives one
// event to a range that ends where the prefix ends: a stack of groups, popped once each.
//
//   sources      a1   a2   a3   a4   a5       step 2 within 1h at event e
//   step 1 at    t1   t1   t4   t6            those within 1h of e: [a3, a5)
//   step 2 at    t3   t3   e    e             popped: groups beginning in there; pushed: (a3, e)
//
// Sources that can never take all free steps are dropped first; this makes "prefix" true.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/moment.h"
#include "timeline/history.h"

namespace audience {

struct Source {
  timeline::EventAt event;
  std::uint32_t key = 0;
  std::uint32_t first =
      0;  // the number of its first event: the greater, the longer it stays inside
};

struct FreeStep {
  std::vector<timeline::EventAt> events;  // in order
  std::optional<base::Duration> within;
};

// Sources [begin, end) by their place in Reach::sources().
struct SourceRange {
  std::size_t begin = 0;
  std::size_t end = 0;
};

class Reach {
 public:
  // Sources in the order of their events; several may stand at one event.
  Reach(std::vector<Source> sources, std::vector<FreeStep> steps);

  // Those that are left.
  const std::vector<Source>& sources() const { return sources_; }

  // The sources whose chain can take `event` as its next step, at most `within` after the last free
  // step. To be asked in the order of events.
  SourceRange reaching(const timeline::EventAt& event, std::optional<base::Duration> within);

 private:
  struct Group {
    std::size_t begin;  // sources from here to the next group
    base::Moment time;  // stand at an event of this time
  };
  struct Level {
    std::vector<timeline::EventAt> events;
    std::optional<base::Duration> within;
    std::size_t next = 0;       // the first event not taken yet
    std::vector<Group> groups;  // times never decrease
    std::size_t end = 0;        // sources before this one have come here
  };
  void drop_dead_ends();
  void advance(std::size_t level, const timeline::EventAt& event);
  static SourceRange within_reach(const Level& level, base::Moment time,
                                  std::optional<base::Duration> within);

  std::vector<Source> sources_;
  std::vector<Level> levels_;  // the sources, then the free steps
};

// Numbers by place, with the greatest of a range in logarithmic time. 0: nothing there.
class GreatestOf {
 public:
  explicit GreatestOf(std::size_t places);
  void set(std::size_t place, std::uint32_t number);
  std::uint32_t greatest(std::size_t begin, std::size_t end) const;

 private:
  std::size_t places_;
  std::vector<std::uint32_t> tree_;
};

}  // namespace audience
