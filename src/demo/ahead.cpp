#include "demo/ahead.h"

#include <utility>

#include "base/check.h"
#include "demo/dice.h"

namespace demo {

Ahead::Ahead(const Origin& origin, const base::Zone& zone, const Begin& begin)
    : origin_(origin),
      plan_({.seed = origin.seed, .now = begin.made, .days = origin.days}, zone),
      told_(begin.told) {
  walks_.reserve(static_cast<std::size_t>(origin.customers));
  for (std::int64_t number = 0; number < origin.customers; ++number) {
    LifeWalk& walk = walks_.emplace_back(plan_, number);
    walk.walk(0);
    tell(number, walk.take());
  }
}

std::optional<base::Moment> Ahead::next() {
  // Whatever a day brings lies on it or behind it: the first is known when its day was walked.
  while (ahead_.empty() || ahead_.begin()->first >= plan_.start_of(walked_ago_ - 1)) {
    if (walked_ago_ - 1 <= -kNewestDays) return std::nullopt;
    walk_a_day();
  }
  return ahead_.begin()->first;
}

Happening Ahead::take() {
  CHECK(!ahead_.empty());
  auto first = ahead_.extract(ahead_.begin());
  return std::move(first.mapped());
}

void Ahead::walk_a_day() {
  --walked_ago_;
  be_born();
  for (std::size_t i = 0; i < walks_.size(); ++i) {
    walks_[i].walk(walked_ago_);
    tell(static_cast<std::int64_t>(i), walks_[i].take());
  }
}

void Ahead::be_born() {
  Dice dice(origin_.seed, kNobody, static_cast<std::uint64_t>(kOldestDays - walked_ago_));
  const double mean = kBornADay * static_cast<double>(origin_.customers);
  auto born = static_cast<std::int64_t>(2 * mean * dice.unit() + dice.unit());
  for (; born > 0; --born) {
    const auto number = static_cast<std::int64_t>(walks_.size());
    if (number >= kCustomersMax) return;
    Life life = walks_.emplace_back(plan_, number, walked_ago_).life();
    // What is known of them is told by the walk.
    Life record;
    record.kind = life.kind;
    record.id = life.id;
    record.key = std::move(life.key);
    record.phone = std::move(life.phone);
    record.created_at = life.created_at;
    const Whose whose{number, record.id};
    add(life.created_at, whose, std::move(record));
  }
}

void Ahead::tell(std::int64_t number, Life life) {
  const Whose whose{number, life.id};
  for (customer::NewValue& value : life.attributes) {
    const base::Moment since = *value.since;
    add(since, whose, std::move(value));
  }
  const auto add_all = [&](auto& changes) {
    for (auto& change : changes) add(change.since, whose, std::move(change));
  };
  add_all(life.tags);
  add_all(life.consents);
  add_all(life.lists);
  add_all(life.looked_after);
  for (event_log::NewEvent& event : life.events) {
    const base::Moment time = event.time;
    add(time, whose, std::move(event));
  }
}

template <typename What>
void Ahead::add(base::Moment time, const Whose& whose, What what) {
  if (time <= told_) return;
  ahead_.emplace(time, Happening{time, whose.number, whose.id, std::move(what)});
}

}  // namespace demo
