#include "random_life.h"

#include <algorithm>
#include <set>

#include "audience/random_rule.h"
#include "base/check.h"

namespace random_life {

using audience::Names;
using base::Moment;
using base::ValueType;

namespace {

Moment time_of(const Fact& fact) {
  if (fact.event) return fact.event->time;
  return fact.attribute ? fact.attribute->since : fact.membership->since;
}

}  // namespace

RandomLives::RandomLives(const audience::MemoryNames& names, const Period& period,
                         std::uint64_t seed)
    : names_(names), period_(period), random_(seed) {
  for (const std::string& name : names.all(Names::Kind::event)) {
    const base::EventTypeId type = *names.event(name);
    events_.push_back(type);
    for (const std::string& property : names.all(Names::Kind::property, type)) {
      if (const auto typed = names.property(type, property)) {
        properties_[type].push_back({base::PropertyId{typed->id}, typed->type});
      }
    }
  }
  for (const std::string& name : names.all(Names::Kind::attribute)) {
    const auto typed = *names.attribute(name);
    attributes_.push_back({base::AttributeId{typed.id}, typed.type});
  }
  for (const std::string& name : names.all(Names::Kind::tag)) {
    for (const base::TagId tag : names.tags(name)) {
      memberships_.push_back({timeline::MembershipKind::tag, tag.value});
    }
  }
  for (const std::string& name : names.all(Names::Kind::list)) {
    memberships_.push_back({timeline::MembershipKind::list, names.list(name)->value});
  }
  for (const std::string& name : names.all(Names::Kind::purpose)) {
    for (const std::int64_t key : names.consent_keys(name, std::nullopt)) {
      memberships_.push_back({timeline::MembershipKind::consent, key});
    }
  }
  for (const std::string& name : names.all(Names::Kind::identity_kind)) {
    memberships_.push_back({timeline::MembershipKind::identity, *names.identity_kind(name)});
  }
  CHECK(!events_.empty());
  CHECK(!attributes_.empty());
  CHECK(!memberships_.empty());
}

bool RandomLives::chance(int percent) { return below(100) < percent; }

std::int64_t RandomLives::below(std::int64_t count) {
  return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(count));
}

// Half of them on whole hours, so that windows end where events are.
Moment RandomLives::moment() {
  const std::int64_t span = period_.to.ms - period_.from.ms;
  if (!period_.clock_changes.empty() && chance(20)) {
    const auto& day = period_.clock_changes[static_cast<std::size_t>(
        below(static_cast<std::int64_t>(period_.clock_changes.size())))];
    return Moment{day.ms + below(23) * base::kHour.ms};
  }
  std::int64_t offset = below(span);
  if (chance(50)) offset -= offset % base::kHour.ms;
  return Moment{period_.from.ms + offset};
}

// A quarter of them at the very moment of something earlier.
Moment RandomLives::moment_among(const std::vector<Moment>& earlier) {
  if (earlier.empty() || !chance(25)) return moment();
  return earlier[static_cast<std::size_t>(below(static_cast<std::int64_t>(earlier.size())))];
}

base::Value RandomLives::value(ValueType type) {
  const auto text = [&] {
    return std::string(audience::kRandomTexts[below(std::size(audience::kRandomTexts))]);
  };
  switch (type) {
    case ValueType::integer:
      return below(7) - 1;
    case ValueType::decimal:
      return base::Decimal{(below(14) - 2) * 500'000};
    case ValueType::money:
      return base::Money{below(12) * 50};
    case ValueType::text:
      return text();
    case ValueType::boolean:
      return chance(50);
    case ValueType::time:
      return moment();
    case ValueType::date: {
      base::Date date = base::date_of(base::Zone::utc().day_of(moment()));
      if (chance(25)) date.year = static_cast<std::int16_t>(1990 + below(35));
      if (chance(10)) date = {static_cast<std::int16_t>(chance(50) ? 1992 : 2024), 2, 29};
      if (chance(25)) date.year = 0;
      return date;
    }
    case ValueType::text_list: {
      base::TextList list;
      for (std::int64_t count = below(3); count >= 0; --count) list.push_back(text());
      std::erase(list, "");
      return list;
    }
  }
  base::unreachable();
}

EventFact RandomLives::event(const std::vector<Moment>& earlier) {
  EventFact fact;
  fact.type = events_[static_cast<std::size_t>(below(static_cast<std::int64_t>(events_.size())))];
  fact.time = moment_among(earlier);
  for (const auto& [property, type] : properties_[fact.type]) {
    if (chance(75)) fact.properties[property] = value(type);
  }
  fact.source = chance(50) ? "a" : "b";
  return fact;
}

Fact RandomLives::fact(const std::vector<Moment>& earlier) {
  Fact fact;
  const std::int64_t kind = below(10);
  if (kind < 6) {
    fact.event = event(earlier);
  } else if (kind < 8) {
    const auto& [attribute, type] =
        attributes_[static_cast<std::size_t>(below(static_cast<std::int64_t>(attributes_.size())))];
    fact.attribute = AttributeFact{attribute, moment_among(earlier), std::nullopt};
    if (chance(85)) fact.attribute->value = value(type);
  } else {
    fact.membership = MembershipFact{memberships_[static_cast<std::size_t>(
                                         below(static_cast<std::int64_t>(memberships_.size())))],
                                     moment_among(earlier), chance(65)};
  }
  return fact;
}

Life RandomLives::next() {
  Life life;
  life.now = Moment{period_.from.ms + (period_.to.ms - period_.from.ms) * 7 / 10};
  life.created[0] = moment();
  life.created[1] = moment();
  life.traits.merged = chance(25);
  life.traits.erased = chance(10);
  std::vector<Moment> times;
  for (std::int64_t count = 2 + below(24); count > 0; --count) {
    Fact made = fact(times);
    if (life.traits.merged && chance(50)) made.who = 1;
    times.push_back(time_of(made));
    life.facts.push_back(std::move(made));
  }
  describe(life);
  return life;
}

void RandomLives::describe(Life& life) const {
  std::set<Moment> times;
  Moment latest = base::kMomentMin;
  for (const Fact& fact : life.facts) {
    if (!fact.event) continue;
    const Moment time = fact.event->time;
    if (!times.insert(time).second) life.traits.equal_times = true;
    if (time < latest) life.traits.late = true;
    if (time > life.now) life.traits.future = true;
    latest = std::max(latest, time);
    for (const Moment day : period_.clock_changes) {
      if (day <= time && time < day + base::Duration{23 * base::kHour.ms}) {
        life.traits.clock_change = true;
      }
    }
  }
}

std::unique_ptr<timeline::MemoryHistory> history_of(const Life& life, base::CustomerId survivor) {
  if (life.traits.erased) return nullptr;
  timeline::MemoryHistory::Builder builder(survivor);
  builder.known_since(life.created[0]);
  if (life.traits.merged) builder.known_since(life.created[1]);
  for (const Fact& fact : life.facts) {
    if (fact.event) {
      auto event = builder.event(fact.event->type, fact.event->time);
      event.source(fact.event->source);
      for (const auto& [property, value] : fact.event->properties) event.property(property, value);
    } else if (fact.attribute) {
      builder.attribute(fact.attribute->attribute, fact.attribute->since, fact.attribute->value);
    } else if (fact.membership->on) {
      builder.on(fact.membership->key, fact.membership->since);
    } else {
      builder.off(fact.membership->key, fact.membership->since);
    }
  }
  return builder.finish();
}

}  // namespace random_life
