#include "column_lives.h"

#include <algorithm>
#include <utility>

namespace random_life {

using base::Moment;

namespace {

constexpr std::size_t kRowsPerBlock = 13;
constexpr timeline::OriginNumber kTakenBack = 2;

Moment time_of(const Fact& fact) {
  if (fact.event) return fact.event->time;
  return fact.attribute ? fact.attribute->since : fact.membership->since;
}

base::CustomerId id_of(std::size_t life) { return {static_cast<std::int64_t>(1000 + life * 7)}; }

}  // namespace

ColumnLives::ColumnLives(const audience::MemoryNames& names, std::vector<Life> lives,
                         const Making& making)
    : making_(making),
      random_(lives.size()),
      lives_(std::move(lives)),
      in_base_(lives_.size()),
      loaded_(lives_.size()),
      types_(names),
      store_(std::make_unique<timeline::ColumnStore>(types_.changes())) {
  std::erase_if(lives_, [](const Life& life) { return life.traits.erased; });
  make_origins();
  load_base();
  add_rest();
  fold(making.folding);
  for (std::size_t i = 0; i < lives_.size(); ++i) {
    Life life = lives_[i];
    life.traits.merged = false;  // one row from the beginning
    // In the log every change is an event, from which its customer is known.
    for (const Fact& fact : life.facts) life.created[0] = std::min(life.created[0], time_of(fact));
    people_.push_back({id_of(i), history_of(life, id_of(i))});
  }
}

void ColumnLives::make_origins() {
  std::shared_ptr<const timeline::Origins> origins = std::make_shared<const timeline::Origins>();
  origins = origins->with({1, std::nullopt}, "a");
  origins = origins->with({2, std::nullopt}, "b");
  origins = origins->with({2, base::BatchId{1}}, "b");  // kTakenBack
  store_->set_origins(origins);
}

audience::MemoryTypes::Said ColumnLives::told(const Fact& fact) {
  Told told;
  if (fact.event) {
    std::vector<event_log::KnownProperty> properties;
    for (const auto& [property, value] : fact.event->properties) {
      properties.push_back({property, value});
    }
    told = audience::MemoryTypes::event(fact.event->type, fact.event->time, std::move(properties));
    told.event.origin = fact.event->source == "a" ? 0 : 1;
  } else if (fact.attribute) {
    told =
        types_.attribute(fact.attribute->attribute, fact.attribute->since, fact.attribute->value);
  } else {
    told = types_.membership(fact.membership->key, fact.membership->since, fact.membership->on);
  }
  told.event.slot = ++last_slot_;
  return told;
}

std::vector<ColumnLives::Told> ColumnLives::taken_back() {
  std::vector<Told> events;
  if (!making_.takes_back) return events;
  const Life& other = lives_[random_() % lives_.size()];
  for (const Fact& fact : other.facts) {
    if (random_() % 4 != 0) continue;
    events.push_back(told(fact));
    events.back().event.origin = kTakenBack;
  }
  return events;
}

void ColumnLives::load_base() {
  std::vector<std::shared_ptr<const timeline::Block>> blocks;
  std::vector<std::pair<base::CustomerId, timeline::Pin::Place>> customers;
  timeline::Rows rows;
  const auto finish = [&] {
    blocks.push_back(timeline::make_block(rows, *types_.changes()));
    rows = {};
  };
  for (std::size_t i = 0; i < lives_.size(); ++i) {
    if (random_() % 5 == 0) continue;                  // comes later
    if (random_() % 11 == 0) rows.rows.push_back({});  // somebody was here
    loaded_[i] = true;
    const Life& life = lives_[i];
    in_base_[i] = random_() % 3 == 0 ? life.facts.size() : random_() % (life.facts.size() + 1);
    std::vector<Told> events = taken_back();
    for (std::size_t j = 0; j < in_base_[i]; ++j) events.push_back(told(life.facts[j]));
    std::ranges::stable_sort(events, {}, [](const Told& each) { return each.event.time; });
    customers.push_back({id_of(i),
                         {static_cast<std::uint32_t>(blocks.size()),
                          static_cast<std::uint32_t>(rows.rows.size())}});
    rows.rows.push_back({id_of(i), life.created[0], static_cast<std::uint32_t>(rows.events.size()),
                         static_cast<std::uint32_t>(events.size())});
    for (Told& each : events) {
      each.event.first_property = static_cast<std::uint32_t>(rows.properties.size());
      each.event.property_count = static_cast<std::uint32_t>(each.properties.size());
      rows.events.push_back(each.event);
      for (auto& property : each.properties) rows.properties.push_back(std::move(property));
    }
    if (rows.rows.size() >= kRowsPerBlock) finish();
  }
  finish();
  store_->load(std::move(blocks), customers, {});
}

void ColumnLives::add_rest() {
  for (std::size_t i = 0; i < lives_.size(); ++i) {
    if (!loaded_[i]) store_->add_person(id_of(i), lives_[i].created[0]);
    for (std::size_t j = in_base_[i]; j < lives_[i].facts.size(); ++j) {
      const Told told = this->told(lives_[i].facts[j]);
      store_->add(id_of(i), told.event, told.properties);
    }
    for (const Told& told : taken_back()) store_->add(id_of(i), told.event, told.properties);
  }
  if (making_.takes_back) store_->drop(std::span(&kTakenBack, 1));
  store_->publish({});
}

void ColumnLives::fold(Folding folding) {
  const std::size_t blocks = store_->pin().blocks();
  for (std::size_t block = 0; folding != Folding::none && block < blocks; ++block) {
    if (folding == Folding::all || block % 2 == 0) store_->fold(block);
  }
}

}  // namespace random_life
