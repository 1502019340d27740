#include "timeline/column_store.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "timeline/column_store_impl.h"

namespace timeline {

using base::CustomerId;

namespace {

// A block with so few persons is mostly rows that were emptied.
constexpr std::size_t kSparsePersonsMax = kBlockRows / 2;
// So many are emptied at once: their persons take room twice until they are folded.
constexpr std::size_t kSparseBlocksMax = 8;

std::uint64_t number_of(const Pin::Place& place) {
  return std::uint64_t{place.block} * kBlockRows + place.row;
}

}  // namespace

// --- the writer

std::optional<Pin::Place> ColumnStore::Impl::place_of(CustomerId customer, const Held&) const {
  const auto moved = moved_.find(customer);
  const auto place =
      moved != moved_.end() ? std::optional(moved->second) : places_->latest(customer);
  if (!place || place->block == kNowhere.block) return std::nullopt;
  const BlockState& block = (*blocks_)[place->block];
  if (block.delta->ended().has(place->row)) return std::nullopt;
  const bool is_new = place->row >= block.delta->first_row();
  return is_new || block.base->persons().has(place->row) ? place : std::nullopt;
}

bool ColumnStore::Impl::knows(CustomerId customer) const {
  return place_of(customer, Held(writing_)).has_value();
}

// A new place, in the last block while it has room.
Pin::Place ColumnStore::Impl::place_person(const PersonRow& person, const Held&) {
  if (blocks_->empty() || blocks_->back().row_count(kEverything) == kBlockRows) {
    auto more = std::make_shared<Blocks>(*blocks_);
    more->push_back(state_of(make_block({}, *changes_)));
    blocks_ = std::move(more);
  }
  const BlockState& block = blocks_->back();
  const std::size_t row = block.row_count(kEverything);
  block.delta->append(Delta::Birth{person.person, person.created_at, publication_});
  ++counts_.persons;
  return {static_cast<std::uint32_t>(blocks_->size() - 1), static_cast<std::uint32_t>(row)};
}

ColumnStore::Impl::NewEvent ColumnStore::Impl::new_event(
    const RowEvent& event, std::span<const event_log::KnownProperty> properties) const {
  if (!changes_->is_change(event.type)) return {event, properties, std::nullopt};
  return {event, properties, changes_->change_of(event.type, properties)};
}

void ColumnStore::Impl::append(const Pin::Place& place, const NewEvent& event, const Held&) {
  const BlockState& block = (*blocks_)[place.block];
  block.delta->append(event.event, event.properties,
                      {place.row, publication_, event.change ? &*event.change : nullptr,
                       block.is_early(place.row, event.event.time)});
  next_slot_ = std::max(next_slot_, event.event.slot + 1);
  delta_events_.fetch_add(1, std::memory_order_relaxed);
  ++counts_.events;
}

void ColumnStore::Impl::add_person(CustomerId person, base::Moment created_at) {
  const Held held(writing_);
  CHECK(!place_of(person, held).has_value());
  moved_[person] = place_person({person, created_at, 0, 0}, held);
}

void ColumnStore::Impl::add(CustomerId customer, const RowEvent& event,
                            std::span<const event_log::KnownProperty> properties) {
  const NewEvent added = new_event(event, properties);
  const Held held(writing_);
  const auto place = place_of(customer, held);
  CHECK(place.has_value());
  append(*place, added, held);
}

// Nothing when the customer is no person (any more). All of its customers are nowhere then.
void ColumnStore::Impl::empty(CustomerId person, const Held& held) {
  const auto place = place_of(person, held);
  if (!place) return;
  const BlockState& block = (*blocks_)[place->block];
  if (block.person(place->row) != person) return;
  --counts_.persons;
  counts_.events -= static_cast<std::int64_t>(block.event_count(place->row, kEverything));
  block.delta->append(Delta::End{place->row, publication_});
  for (const CustomerId customer : customers_at(*place, held)) moved_[customer] = kNowhere;
  merged_.erase(number_of(*place));
  ++ended_;
}

void ColumnStore::Impl::replace(const Replacement& replacement) {
  replace(replacement, Held(writing_));
}

void ColumnStore::Impl::replace(const Replacement& replacement, const Held& held) {
  for (const CustomerId person : replacement.gone) empty(person, held);
  const Rows& rows = replacement.rows;
  CustomerPlaces::Moved places;
  for (const PersonRow& person : rows.rows) {
    const Pin::Place place = place_person(person, held);
    CHECK(places.emplace(person.person, place).second);
    const auto events = std::span(rows.events).subspan(person.first_event, person.event_count);
    for (const RowEvent& event : events) {
      const auto properties =
          std::span(rows.properties).subspan(event.first_property, event.property_count);
      append(place, new_event(event, properties), held);
    }
  }
  for (const auto& [customer, person] : replacement.members) {
    const bool is_free = !place_of(customer, held).has_value();
    CHECK(is_free);
    const Pin::Place place = places.at(person);
    moved_[customer] = place;
    if (customer != person) merged_[number_of(place)].push_back(customer);
  }
}

std::vector<CustomerId> ColumnStore::Impl::customers_at(const Pin::Place& place) const {
  return customers_at(place, Held(writing_));
}

std::vector<CustomerId> ColumnStore::Impl::customers_at(const Pin::Place& place,
                                                        const Held&) const {
  std::vector<CustomerId> customers{(*blocks_)[place.block].person(place.row)};
  const auto others = merged_.find(number_of(place));
  if (others != merged_.end()) {
    customers.insert(customers.end(), others->second.begin(), others->second.end());
  }
  return customers;
}

void ColumnStore::Impl::drop(std::span<const OriginNumber> origins) {
  const Held held(writing_);
  auto changed = std::make_shared<Blocks>(*blocks_);
  bool any = false;
  for (BlockState& block : *changed) {
    const std::int64_t gone = block.count_of(origins);
    if (gone == 0) continue;
    HiddenOrigins hidden = block.hidden == nullptr ? HiddenOrigins() : *block.hidden;
    for (const OriginNumber origin : origins) hidden.push_back({origin, next_slot_});
    block.hidden = std::make_shared<const HiddenOrigins>(std::move(hidden));
    counts_.events -= gone;
    any = true;
  }
  if (any) blocks_ = std::move(changed);
}

// Blocks whose rows are mostly empty, but for the last, which is being filled.
std::vector<std::size_t> ColumnStore::Impl::sparse_blocks(const Held&) const {
  std::vector<std::size_t> sparse;
  for (std::size_t block = 0; block + 1 < blocks_->size(); ++block) {
    const std::size_t persons = (*blocks_)[block].rows(kEverything).count();
    if (persons > 0 && persons <= kSparsePersonsMax) sparse.push_back(block);
    if (sparse.size() == kSparseBlocksMax) break;
  }
  return sparse;
}

void ColumnStore::Impl::move_persons(std::size_t block, Replacement& to, const Held& held) const {
  const BlockState& from = (*blocks_)[block];
  from.rows(kEverything).each([&](std::size_t row) {
    const CustomerId person = from.person(row);
    to.gone.push_back(person);
    from.read_row(row, kEverything, to.rows);
    const Pin::Place place{static_cast<std::uint32_t>(block), static_cast<std::uint32_t>(row)};
    for (const CustomerId customer : customers_at(place, held)) {
      to.members.emplace_back(customer, person);
    }
  });
}

bool ColumnStore::Impl::give_back_rows() {
  const Held held(writing_);
  if (ended_ < kSparsePersonsMax) return false;
  const std::vector<std::size_t> sparse = sparse_blocks(held);
  for (const std::size_t block : sparse) {
    Replacement moving;
    move_persons(block, moving, held);
    replace(moving, held);
  }
  if (sparse.size() < kSparseBlocksMax) ended_ = 0;
  return !sparse.empty();
}

void ColumnStore::Impl::publish(const event_log::Position& position) {
  if (!moved_.empty()) {
    places_->publish(publication_, moved_);
    moved_ = {};  // clear() would take time in the most there ever were
  }
  std::shared_ptr<const ColumnState> before;
  const Held held(writing_);
  before = exchange(std::make_shared<const ColumnState>(parts(position)));
  ++publication_;
}

Pin ColumnStore::Impl::unpublished() const {
  const Held held(writing_);
  ColumnState::Parts unpublished = parts(state()->parts().position);
  unpublished.moved = &moved_;
  return Pin(std::make_shared<const ColumnState>(unpublished));
}

void ColumnStore::Impl::load(std::vector<std::shared_ptr<const Block>> blocks,
                             std::span<const CustomerPlace> customers,
                             const event_log::Position& position) {
  auto loaded = std::make_shared<Blocks>();
  counts_ = {};
  for (std::shared_ptr<const Block>& block : blocks) {
    counts_.persons += static_cast<std::int64_t>(block->persons().count());
    counts_.events += block->event_count();
    loaded->push_back(state_of(std::move(block)));
  }
  next_slot_ = 0;
  merged_.clear();
  for (const BlockState& block : *loaded) {
    if (block.base->event_count() > 0) {
      next_slot_ = std::max(next_slot_, block.base->last_slot() + 1);
    }
  }
  for (const auto& [customer, place] : customers) {
    if ((*loaded)[place.block].base->person(place.row) == customer) continue;
    merged_[number_of(place)].push_back(customer);
  }
  ended_ = kSparsePersonsMax;  // what was emptied before is not known
  moved_.clear();
  places_ = std::make_shared<CustomerPlaces>(customers);
  {
    const Held held(writing_);
    blocks_ = std::move(loaded);
    delta_events_ = 0;
  }
  publish(position);
}

ColumnStore::ColumnStore(std::shared_ptr<const ChangeTypes> changes)
    : impl_(std::make_unique<Impl>(std::move(changes))) {}

ColumnStore::~ColumnStore() = default;

void ColumnStore::set_changes(std::shared_ptr<const ChangeTypes> changes) {
  impl_->set_changes(std::move(changes));
}
void ColumnStore::set_fitted(std::shared_ptr<const FittedReader> fitted) {
  impl_->set_fitted(std::move(fitted));
}

void ColumnStore::set_origins(std::shared_ptr<const Origins> origins) {
  impl_->set_origins(std::move(origins));
}
bool ColumnStore::knows(CustomerId customer) const { return impl_->knows(customer); }
void ColumnStore::add_person(CustomerId person, base::Moment created_at) {
  impl_->add_person(person, created_at);
}
void ColumnStore::add(CustomerId customer, const RowEvent& event,
                      std::span<const event_log::KnownProperty> properties) {
  impl_->add(customer, event, properties);
}
void ColumnStore::replace(const Replacement& replacement) { impl_->replace(replacement); }
void ColumnStore::drop(std::span<const OriginNumber> origins) { impl_->drop(origins); }
bool ColumnStore::give_back_rows() { return impl_->give_back_rows(); }
void ColumnStore::publish(const event_log::Position& position) { impl_->publish(position); }
Pin ColumnStore::unpublished() const { return impl_->unpublished(); }
std::vector<CustomerId> ColumnStore::customers_at(const Pin::Place& place) const {
  return impl_->customers_at(place);
}
void ColumnStore::load(std::vector<std::shared_ptr<const Block>> blocks,
                       std::span<const CustomerPlace> customers,
                       const event_log::Position& position) {
  impl_->load(std::move(blocks), customers, position);
}

Pin ColumnStore::pin() const { return Pin(impl_->state()); }

std::vector<CustomerPlace> ColumnStore::customers(const Pin& pin) const {
  const ColumnState& state = *pin.state_;
  std::vector<RowMask> rows;
  for (std::size_t block = 0; block < pin.blocks(); ++block) rows.push_back(pin.rows(block));
  return state.parts().places->all(state.publication(), [&](const Pin::Place& place) {
    return place.block < rows.size() && rows[place.block].has(place.row);
  });
}

bool ColumnStore::fold(std::size_t block) { return impl_->fold(block); }
bool ColumnStore::take_over(std::size_t block) { return impl_->take_over(block); }

std::vector<std::size_t> ColumnStore::changed_blocks(std::size_t events_min) const {
  const auto state = impl_->state();
  std::vector<std::pair<std::size_t, std::size_t>> found;  // events, block
  for (std::size_t block = 0; block < state->blocks().size(); ++block) {
    const BlockState& changed = state->blocks()[block];
    const std::size_t events = changed.waiting();
    if (events < events_min || changed.is_folded(state->publication())) continue;
    found.emplace_back(events, block);
  }
  std::ranges::stable_sort(found, std::greater(), &std::pair<std::size_t, std::size_t>::first);
  std::vector<std::size_t> blocks;
  for (const auto& [events, block] : found) blocks.push_back(block);
  return blocks;
}

std::size_t ColumnStore::delta_events() const { return impl_->delta_events(); }

std::size_t ColumnStore::delta_events(std::size_t block) const {
  const auto state = impl_->state();
  return block < state->blocks().size() ? state->blocks()[block].waiting() : 0;
}

std::size_t ColumnStore::base_events(std::size_t block) const {
  const auto state = impl_->state();
  return block < state->blocks().size() ? state->blocks()[block].base->event_count() : 0;
}

StoreBytes ColumnStore::bytes() const {
  const auto state = impl_->state();
  StoreBytes bytes;
  for (const BlockState& block : state->blocks()) {
    const BlockBytes of_base = block.base->bytes();
    bytes.blocks.order += of_base.order;
    bytes.blocks.properties += of_base.properties;
    bytes.blocks.side += of_base.side;
    bytes.blocks.histories += of_base.histories;
    bytes.blocks.rows += of_base.rows;
    bytes.deltas += block.delta->bytes();
  }
  bytes.customers = state->parts().places->bytes();
  return bytes;
}

}  // namespace timeline
