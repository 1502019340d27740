// The inside of ColumnStore (timeline/column_store.h): the writer's half is in column_store.cpp,
// what rewrites blocks beside it in column_fold.cpp.
#pragma once

#include <atomic>
#include <boost/unordered/unordered_flat_map.hpp>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "timeline/column_state.h"
#include "timeline/column_store.h"

namespace timeline {

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
  void set_fitted(std::shared_ptr<const FittedReader> fitted) { fitted_ = std::move(fitted); }
  void set_origins(std::shared_ptr<const Origins> origins) { origins_ = std::move(origins); }
  bool knows(base::CustomerId customer) const;
  void add_person(base::CustomerId person, base::Moment created_at);
  void add(base::CustomerId customer, const RowEvent& event,
           std::span<const event_log::KnownProperty> properties);
  void replace(const Replacement& replacement);
  void drop(std::span<const OriginNumber> origins);
  bool give_back_rows();
  void publish(const event_log::Position& position);
  Pin unpublished() const;
  std::vector<base::CustomerId> customers_at(const Pin::Place& place) const;
  void load(std::vector<std::shared_ptr<const Block>> blocks,
            std::span<const CustomerPlace> customers, const event_log::Position& position);

  std::shared_ptr<const ColumnState> state() const {
    const std::lock_guard lock(publishing_);
    return state_;
  }
  bool fold(std::size_t block);
  bool take_over(std::size_t block);
  std::size_t delta_events() const { return delta_events_.load(std::memory_order_relaxed); }

 private:
  // What a function that must be called with writing_ held is given.
  using Held = std::unique_lock<std::mutex>;

  std::optional<Pin::Place> place_of(base::CustomerId customer, const Held& held) const;
  Pin::Place place_person(const PersonRow& person, const Held& held);
  struct NewEvent {
    const RowEvent& event;
    std::span<const event_log::KnownProperty> properties;
    std::optional<Change> change;
  };
  NewEvent new_event(const RowEvent& event,
                     std::span<const event_log::KnownProperty> properties) const;
  void append(const Pin::Place& place, const NewEvent& event, const Held& held);
  void empty(base::CustomerId person, const Held& held);
  ColumnState::Parts parts(const event_log::Position& position) const {
    return {blocks_,  places_, changes_, origins_, publication_,
            position, counts_, nullptr,  fitted_};
  }
  // What was published before: for the caller to let go when no mutex is held, since it may be the
  // last to hold its blocks.
  [[nodiscard]] std::shared_ptr<const ColumnState> exchange(
      std::shared_ptr<const ColumnState> state) {
    const std::lock_guard lock(publishing_);
    state_.swap(state);
    return state;
  }
  std::vector<std::size_t> sparse_blocks(const Held& held) const;
  void move_persons(std::size_t block, Replacement& to, const Held& held) const;
  std::vector<base::CustomerId> customers_at(const Pin::Place& place, const Held& held) const;
  void replace(const Replacement& replacement, const Held& held);
  static BlockState state_of(std::shared_ptr<const Block> base) {
    auto delta = std::make_shared<Delta>(base->row_count());
    return {std::move(base), std::move(delta)};
  }

  // Claims a block to be rewritten; whoever has it is alone.
  bool claim(std::size_t block);
  void release(std::size_t block);
  bool fold_claimed(std::size_t block);
  bool put_folded(std::size_t block, const ColumnState& seen, std::shared_ptr<const Block> base);
  // What `change` makes of a block, in what is published and what is not. Answers what was
  // published before.
  using BlockChange = std::function<void(BlockState&)>;
  [[nodiscard]] std::shared_ptr<const ColumnState> change_everywhere(std::size_t block,
                                                                     const BlockChange& change,
                                                                     const Held& held);
  bool take_over_claimed(std::size_t block);

  // The writer's.
  std::shared_ptr<const ChangeTypes> changes_;
  std::shared_ptr<const Origins> origins_;
  std::shared_ptr<const FittedReader> fitted_;
  std::shared_ptr<CustomerPlaces> places_;
  CustomerPlaces::Moved moved_;  // since the last publication
  Publication publication_ = 0;  // the next
  ColumnState::Counts counts_;
  Slot next_slot_ = 0;     // after every slot there has been
  std::size_t ended_ = 0;  // rows emptied since sparse blocks were last looked for
  // By row, the customers of a person who is more than one, without the one the person is named by.
  boost::unordered_flat_map<std::uint64_t, std::vector<base::CustomerId>> merged_;

  mutable std::mutex writing_;
  std::shared_ptr<const Blocks> blocks_;  // with what is not published
  std::set<std::size_t> claimed_;
  std::atomic<std::size_t> delta_events_ = 0;

  mutable std::mutex publishing_;
  std::shared_ptr<const ColumnState> state_;
};

}  // namespace timeline
