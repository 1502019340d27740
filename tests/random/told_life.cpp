#include "told_life.h"

#include <algorithm>
#include <array>
#include <set>
#include <span>
#include <stdexcept>
#include <utility>

#include "audience/audience.h"
#include "audience/print.h"
#include "base/check.h"
#include "customer/attribute.h"
#include "customer/consent.h"
#include "customer/identity.h"
#include "customer/import_undo.h"
#include "customer/merge.h"
#include "customer/static_list.h"
#include "customer/tag.h"
#include "fact_writer.h"
#include "intake/import_undo.h"
#include "lifecycle/model.h"
#include "log/batch.h"

namespace random_life {
namespace {

using audience::Names;
using base::Moment;
using timeline::MembershipKind;

class StandingClock final : public base::Clock {
 public:
  explicit StandingClock(Moment at) : at_(at) {}
  Moment now() const override { return at_; }

 private:
  Moment at_;
};

// Every change with a time of its own is kept, but for identities: one is there or not, and what
// says so again is none.
class Identities {
 public:
  bool is_change(const Fact& fact) {
    if (!fact.membership || fact.membership->key.kind != MembershipKind::identity) return true;
    const std::pair one{fact.who, fact.membership->key.id};
    return fact.membership->on ? held_.insert(one).second : held_.erase(one) > 0;
  }

 private:
  std::set<std::pair<int, std::int64_t>> held_;  // each customer has one value of a kind
};

std::unique_ptr<timeline::MemoryHistory> history_of(const Told& told, std::optional<int> who) {
  Life life = told.life;
  life.traits.erased = false;
  life.traits.merged = !who && life.traits.merged;
  if (who) {
    std::erase_if(life.facts, [&](const Fact& fact) { return fact.who != *who; });
    life.created[0] = life.created[*who];
  }
  Identities identities;
  std::erase_if(life.facts, [&](const Fact& fact) { return !identities.is_change(fact); });
  // In the log every change is an event, from which its customer is known.
  for (const Fact& fact : life.facts) {
    if (fact.event) continue;
    const Moment since = fact.attribute ? fact.attribute->since : fact.membership->since;
    life.created[0] = std::min(life.created[0], since);
  }
  return random_life::history_of(life, told.ids[who.value_or(0)]);
}

}  // namespace

std::vector<Expected> expected_of(const Told& told) {
  std::vector<Expected> people;
  std::vector<base::CustomerId> ids = {told.ids[0]};
  if (told.life.traits.merged) ids.push_back(told.ids[1]);
  if (told.life.traits.merged && told.ending.unmerged) {
    for (const int who : {0, 1}) {
      const bool erased = told.ending.erased && who == 0;
      people.push_back({{told.ids[who]}, erased ? nullptr : history_of(told, who)});
    }
    return people;
  }
  people.push_back({ids, told.ending.erased ? nullptr : history_of(told, std::nullopt)});
  return people;
}

Teller::Teller(store::Database& database, event_log::Log& log, const audience::MemoryNames& names,
               customer::ErasedHashes& hashes)
    : database_(database), log_(log), names_(names), hashes_(hashes) {}

template <typename Work>
void Teller::write(Moment now, base::BatchId batch, const Work& work) {
  database_.write("random.tell", [&](store::Unit& unit) {
    customer::WritingOptions options;
    options.actor = {.kind = batch ? rights::ActorKind::import : rights::ActorKind::system,
                     .id = batch.value};
    options.now = now;
    options.source = "told";
    options.live = false;
    options.batch = batch;
    customer::Writing writing(unit, log_, options);
    work(writing);
  });
  between_();
}

// In the order they were declared, too: one may name another.
void Teller::declare_models(customer::Writing& writing, const base::Zone& zone, Moment now) {
  const auto label = [](const std::vector<std::string>& names, std::size_t place) {
    return lifecycle::Text{names[place * 3 + 1], names[place * 3 + 2]};
  };
  const std::vector<std::string> models = names_.all(Names::Kind::model);
  const lifecycle::Stages known;
  for (std::size_t i = 0; i < models.size() / 3; ++i) {
    const audience::ModelId model = *names_.model(models[i * 3]);
    lifecycle::NewModel given{.key = models[i * 3], .label = label(models, i)};
    const std::vector<std::string> stages = names_.stage_names(model);
    for (std::size_t j = 0; j < stages.size() / 3; ++j) {
      const auto stage = *names_.stage(model, stages[j * 3]);
      const audience::Rule* rule = names_.definition(audience::definition_of(stage));
      lifecycle::GivenStage& one = given.stages.emplace_back();
      one.key = stages[j * 3];
      one.label = label(stages, j);
      one.rule.text = audience::print(*rule);
    }
    must(lifecycle::create({writing.unit(), log_.catalog(), zone, writing.actor(), now, &known},
                           lifecycle::FreshIds::draw(random_), given));
  }
}

void Teller::declare(Moment now, const base::Zone& zone) {
  write(now, {}, [&](customer::Writing& writing) {
    for (const std::string& name : names_.all(Names::Kind::attribute)) {
      must(customer::declare_attribute(writing, name, names_.attribute(name)->type));
    }
    for (const std::string& name : names_.all(Names::Kind::event)) {
      const base::EventTypeId type = *names_.event(name);
      std::vector<event_log::TypedName> typed;
      for (const std::string& property : names_.all(Names::Kind::property, type)) {
        if (event_log::is_reserved_property(property)) continue;
        typed.push_back({property, names_.property(type, property)->type});
      }
      must(log_.catalog().declare(writing.unit(), name, typed));
    }
    for (const std::string& name : names_.all(Names::Kind::tag)) {
      must(customer::declare_tag(writing, name));
    }
    for (const std::string& name : names_.all(Names::Kind::purpose)) {
      must(customer::declare_purpose(writing, name));
    }
    for (const std::string& name : names_.all(Names::Kind::channel)) {
      must(customer::declare_channel(writing, name));
    }
    for (const std::string& name : names_.all(Names::Kind::list)) {
      must(customer::declare_list(writing, name));
    }
    // In the order they were declared: one that nests another comes after it.
    for (const std::string& name : names_.all(Names::Kind::audience)) {
      const audience::Rule* rule = names_.definition(*names_.audience(name));
      must(audience::create({writing.unit(), log_.catalog(), zone, writing.actor(), now},
                            {random_.id()}, {name, {audience::print(*rule)}}));
    }
    declare_models(writing, zone, now);
  });
}

void Teller::undo(base::BatchId batch, Moment now) {
  const StandingClock clock(now);
  customer::ImportUndo follower(log_, {.actor = {}, .now = now, .source = "told"});
  const std::array<event_log::BatchFollower*, 1> followers = {&follower};
  if (!intake::undo_import({database_, log_, clock, followers}, batch)) {
    throw std::runtime_error("the import cannot be undone");
  }
}

void Teller::tell_noise(const std::vector<Told>& people, bool after_merge) {
  const Moment now = people.front().life.now;
  const base::BatchId batch{++last_batch_};
  write(now, batch, [&](customer::Writing& writing) {
    event_log::begin_batch(writing.unit(), {batch, "events", "noise.csv", "command line", now});
    FactWriter writer(names_, writing);
    for (const Told& told : people) {
      if (told.ending.noise_after_merge != after_merge) continue;
      for (const Fact& fact : told.ending.noise) writer.write(fact, told.ids[fact.who]);
    }
    if (!event_log::finish_batch(writing.unit(), batch, {now})) throw std::runtime_error("batch");
  });
  undo(batch, now);
}

Told Teller::numbered(Life life, Ending ending) {
  Told told{std::move(life), std::move(ending), {{++last_id_}, {}}};
  if (told.life.traits.merged) told.ids[1] = {++last_id_};
  for (Moment& created : told.life.created) created = std::min(created, told.life.now);
  return told;
}

std::vector<Told> Teller::tell(std::vector<Life> lives, std::vector<Ending> endings) {
  CHECK(!lives.empty() && lives.size() == endings.size());
  std::vector<Told> people;
  for (std::size_t i = 0; i < lives.size(); ++i) {
    people.push_back(numbered(std::move(lives[i]), std::move(endings[i])));
  }
  const Moment now = people.front().life.now;
  write(now, {}, [&](customer::Writing& writing) {
    FactWriter writer(names_, writing);
    for (const Told& told : people) {
      must(customer::create(writing, told.ids[0], told.life.created[0]));
      if (told.ids[1]) must(customer::create(writing, told.ids[1], told.life.created[1]));
      const std::span facts(told.life.facts);
      for (const Fact& fact : facts.first(told.ending.facts_before_merge)) {
        writer.write(fact, told.ids[fact.who]);
      }
    }
  });
  tell_noise(people, false);
  write(now, {}, [&](customer::Writing& writing) {
    FactWriter writer(names_, writing);
    for (const Told& told : people) {
      if (told.ids[1]) must(customer::merge(writing, told.ids[0], told.ids[1]));
      const std::span facts(told.life.facts);
      for (const Fact& fact : facts.subspan(told.ending.facts_before_merge)) {
        writer.write(fact, told.ids[fact.who]);
      }
    }
  });
  tell_noise(people, true);
  write(now, {}, [&](customer::Writing& writing) {
    for (const Told& told : people) {
      if (told.ids[1] && told.ending.unmerged) {
        const auto survivor = must(writing.lock(told.ids[0]));
        must(customer::unmerge(writing, told.ids[survivor == told.ids[0] ? 1 : 0]));
      }
      if (told.ending.erased) must(customer::erase(writing, hashes_, random_, told.ids[0]));
    }
  });
  return people;
}

}  // namespace random_life
