#include "timeline/column_store.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <set>
#include <utility>

#include "base/check.h"
#include "timeline/column_state.h"

namespace timeline {

using base::CustomerId;

namespace {

// Takes the events of these origins out of all rows; how many.
std::int64_t take_out(Rows& rows, std::span<const OriginNumber> origins) {
  const auto is_taken = [&](const RowEvent& event) {
    return std::ranges::find(origins, event.origin) != origins.end();
  };
  std::vector<RowEvent> kept;
  kept.reserve(rows.events.size());
  for (PersonRow& row : rows.rows) {
    const auto events = std::span(rows.events).subspan(row.first_event, row.event_count);
    row.first_event = static_cast<std::uint32_t>(kept.size());
    std::ranges::remove_copy_if(events, std::back_inserter(kept), is_taken);
    row.event_count = static_cast<std::uint32_t>(kept.size()) - row.first_event;
  }
  const auto taken = static_cast<std::int64_t>(rows.events.size() - kept.size());
  rows.events = std::move(kept);
  return taken;
}

bool has_any(const BlockState& block, std::span<const OriginNumber> origins) {
  const auto in_base = [&](OriginNumber origin) { return block.base->has_origin(origin); };
  if (std::ranges::any_of(origins, in_base)) return true;
  bool found = false;
  block.delta->each(kEverything, [&](const Delta::Entry& entry) {
    found = found || std::ranges::find(origins, entry.origin) != origins.end();
  });
  return found;
}

BlockState state_of(std::shared_ptr<const Block> base) {
  auto delta = std::make_shared<Delta>(base->row_count());
  return {std::move(base), std::move(delta)};
}

}  // namespace

// Three kinds of calls meet here. The writer prepares in `blocks_` and in the deltas; folding
// replaces a block in `blocks_` and in what is published alike; pins copy `state_`.
//
// writing_ is held by the writer for one call and by fold() for the replacing of one block;
// publishing_ for exchanging and copying `state_` only. writing_ is taken first. Functions that
// say `Held` are called with writing_ held.
class ColumnStore::Impl {
 public:
  explicit Impl(std::shared_ptr<const ChangeTypes> changes)
      : changes_(std::move(changes)),
        origins_(std::make_shared<const Origins>()),
        places_(std::make_shared<CustomerPlaces>()),
        blocks_(std::make_shared<const Blocks>()),
        state_(std::make_shared<const ColumnState>(parts({}))) {
    ++publication_;
  }

  void set_changes(std::shared_ptr<const ChangeTypes> changes) { changes_ = std::move(changes); }
  void set_origins(std::shared_ptr<const Origins> origins) { origins_ = std::move(origins); }
  bool knows(CustomerId customer) const;
  void add_person(CustomerId person, base::Moment created_at);
  void add(CustomerId customer, const RowEvent& event,
           std::span<const event_log::KnownProperty> properties);
  void replace(const Replacement& replacement);
  void drop(std::span<const OriginNumber> origins);
  void publish(const event_log::Position& position);
  Pin unpublished() const;
  void load(std::vector<std::shared_ptr<const Block>> blocks,
            std::span<const CustomerPlace> customers, const event_log::Position& position);

  std::shared_ptr<const ColumnState> state() const {
    const std::lock_guard lock(publishing_);
    return state_;
  }
  bool fold(std::size_t block);
  std::size_t delta_events() const { return delta_events_.load(std::memory_order_relaxed); }

 private:
  // What a function that must be called with writing_ held is given.
  using Held = std::unique_lock<std::mutex>;

  std::optional<Pin::Place> place_of(CustomerId customer, const Held& held) const;
  Pin::Place place_person(const PersonRow& person, const Held& held);
  struct NewEvent {
    const RowEvent& event;
    std::span<const event_log::KnownProperty> properties;
    std::optional<Change> change;
  };
  NewEvent new_event(const RowEvent& event,
                     std::span<const event_log::KnownProperty> properties) const;
  void append(const Pin::Place& place, const NewEvent& event, const Held& held);
  void empty(CustomerId person, const Held& held);
  ColumnState::Parts parts(const event_log::Position& position) const {
    return {blocks_, places_, changes_, origins_, publication_, position, counts_, nullptr};
  }
  // What was published before: for the caller to let go when no mutex is held, since it may be the
  // last to hold its blocks.
  [[nodiscard]] std::shared_ptr<const ColumnState> exchange(
      std::shared_ptr<const ColumnState> state) {
    const std::lock_guard lock(publishing_);
    state_.swap(state);
    return state;
  }
  void put(std::size_t block, const BlockState& state, const Held& held);

  // Claims a block to be rewritten; whoever has it is alone. `wait`: until it can be had.
  bool claim(std::size_t block);
  void claim_waiting(std::size_t block);
  void release(std::size_t block);
  bool fold_claimed(std::size_t block);
  bool put_folded(std::size_t block, const ColumnState& seen, std::shared_ptr<const Block> base);

  // The writer's.
  std::shared_ptr<const ChangeTypes> changes_;
  std::shared_ptr<const Origins> origins_;
  std::shared_ptr<CustomerPlaces> places_;
  CustomerPlaces::Moved moved_;  // since the last publication
  Publication publication_ = 0;  // the next
  ColumnState::Counts counts_;

  mutable std::mutex writing_;
  std::shared_ptr<const Blocks> blocks_;  // with what is not published
  std::set<std::size_t> claimed_;
  std::condition_variable released_;
  std::atomic<std::size_t> delta_events_ = 0;

  mutable std::mutex publishing_;
  std::shared_ptr<const ColumnState> state_;
};

// --- the writer

std::optional<Pin::Place> ColumnStore::Impl::place_of(CustomerId customer, const Held&) const {
  const auto moved = moved_.find(customer);
  const auto place =
      moved != moved_.end() ? std::optional(moved->second) : places_->latest(customer);
  if (!place) return std::nullopt;
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
  (*blocks_)[place.block].delta->append(
      event.event, event.properties,
      {place.row, publication_, event.change ? &*event.change : nullptr});
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

// Nothing when the customer is no person (any more).
void ColumnStore::Impl::empty(CustomerId person, const Held& held) {
  const auto place = place_of(person, held);
  if (!place) return;
  const BlockState& block = (*blocks_)[place->block];
  if (block.person(place->row) != person) return;
  --counts_.persons;
  counts_.events -= static_cast<std::int64_t>(block.event_count(place->row, kEverything));
  block.delta->append(Delta::End{place->row, publication_});
}

void ColumnStore::Impl::replace(const Replacement& replacement) {
  const Held held(writing_);
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
    moved_[customer] = places.at(person);
  }
}

void ColumnStore::Impl::drop(std::span<const OriginNumber> origins) {
  const auto now = [this] {
    const Held held(writing_);
    return blocks_;
  };
  const std::size_t count = now()->size();
  for (std::size_t block = 0; block < count; ++block) {
    claim_waiting(block);
    const BlockState before = (*now())[block];
    if (has_any(before, origins)) {
      Rows rows = before.read_all(kEverything);
      counts_.events -= take_out(rows, origins);
      const BlockState after = state_of(make_block(rows, *changes_));
      const Held held(writing_);
      put(block, after, held);
      delta_events_.fetch_sub(before.delta->entries(), std::memory_order_relaxed);
    }
    release(block);
  }
}

void ColumnStore::Impl::put(std::size_t block, const BlockState& state, const Held&) {
  auto changed = std::make_shared<Blocks>(*blocks_);
  (*changed)[block] = state;
  blocks_ = std::move(changed);
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
  moved_.clear();
  places_ = std::make_shared<CustomerPlaces>(customers);
  {
    const Held held(writing_);
    blocks_ = std::move(loaded);
    delta_events_ = 0;
  }
  publish(position);
}

// --- any thread

bool ColumnStore::Impl::claim(std::size_t block) {
  const Held held(writing_);
  return claimed_.insert(block).second;
}

void ColumnStore::Impl::claim_waiting(std::size_t block) {
  Held held(writing_);
  released_.wait(held, [&] { return claimed_.insert(block).second; });
}

void ColumnStore::Impl::release(std::size_t block) {
  {
    const Held held(writing_);
    claimed_.erase(block);
  }
  released_.notify_all();
}

bool ColumnStore::Impl::fold(std::size_t block) {
  if (!claim(block)) return false;
  const bool folded = fold_claimed(block);
  release(block);
  return folded;
}

bool ColumnStore::Impl::fold_claimed(std::size_t block) {
  std::shared_ptr<const ColumnState> seen;
  {
    // Rows that the writer has rewritten and not published are not to be seen.
    const Held held(writing_);
    seen = state();
    if (block >= seen->blocks().size()) return false;
    if (seen->blocks()[block] != (*blocks_)[block]) return false;
  }
  const BlockState& before = seen->blocks()[block];
  if (before.delta->empty(seen->publication())) return false;
  const Rows rows = before.read_all(seen->publication());
  return put_folded(block, *seen, make_block(rows, *seen->parts().changes));
}

bool ColumnStore::Impl::put_folded(std::size_t block, const ColumnState& seen,
                                   std::shared_ptr<const Block> base) {
  const BlockState& before = seen.blocks()[block];
  const BlockState after = state_of(std::move(base));
  std::shared_ptr<const ColumnState> let_go;
  const Held held(writing_);
  const std::shared_ptr<const ColumnState> published = state();
  // Another store was loaded meanwhile.
  if (block >= blocks_->size() || (*blocks_)[block] != before) return false;
  before.delta->copy_after(seen.publication(), *after.delta);
  const bool is_shared = published->parts().blocks == blocks_;
  put(block, after, held);
  delta_events_.fetch_sub(before.delta->entries() - after.delta->entries(),
                          std::memory_order_relaxed);
  ColumnState::Parts folded = published->parts();
  if (is_shared) {
    folded.blocks = blocks_;
  } else {
    auto changed = std::make_shared<Blocks>(published->blocks());
    (*changed)[block] = after;
    folded.blocks = std::move(changed);
  }
  let_go = exchange(std::make_shared<const ColumnState>(folded));
  return true;
}

ColumnStore::ColumnStore(std::shared_ptr<const ChangeTypes> changes)
    : impl_(std::make_unique<Impl>(std::move(changes))) {}

ColumnStore::~ColumnStore() = default;

void ColumnStore::set_changes(std::shared_ptr<const ChangeTypes> changes) {
  impl_->set_changes(std::move(changes));
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
void ColumnStore::publish(const event_log::Position& position) { impl_->publish(position); }
Pin ColumnStore::unpublished() const { return impl_->unpublished(); }
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

std::vector<std::size_t> ColumnStore::changed_blocks(std::size_t events_min) const {
  const auto state = impl_->state();
  std::vector<std::pair<std::size_t, std::size_t>> found;  // events, block
  for (std::size_t block = 0; block < state->blocks().size(); ++block) {
    const BlockState& changed = state->blocks()[block];
    const std::size_t events = changed.waiting();
    if (events < events_min || changed.delta->empty(state->publication())) continue;
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
