#include <algorithm>

#include "base/check.h"
#include "timeline/changed_history.h"
#include "timeline/column_history.h"
#include "timeline/column_state.h"
#include "timeline/column_store.h"

namespace timeline {
std::optional<Pin::Place> ColumnState::place_of(base::CustomerId customer) const {
  const auto there = [this](const Pin::Place& place) { return is_there(place); };
  if (parts_.moved != nullptr) {
    const auto moved = parts_.moved->find(customer);
    if (moved != parts_.moved->end()) {
      return there(moved->second) ? std::optional(moved->second) : std::nullopt;
    }
  }
  return parts_.places->find(customer, publication(), there);
}

const event_log::Position& Pin::position() const { return state_->parts().position; }

std::size_t Pin::blocks() const { return state_->blocks().size(); }

const Block& Pin::block(std::size_t block) const { return *state_->blocks()[block].base; }

RowMask Pin::rows(std::size_t block) const {
  return state_->blocks()[block].rows(state_->publication());
}

RowMask Pin::changed(std::size_t block, const Mentions& mentions) const {
  return state_->blocks()[block].changed(state_->publication(), &mentions);
}

RowMask Pin::changed(std::size_t block) const {
  return state_->blocks()[block].changed(state_->publication(), nullptr);
}

base::CustomerId Pin::person(std::size_t block, std::size_t row) const {
  return state_->blocks()[block].person(row);
}

base::Moment Pin::created_at(std::size_t block, std::size_t row) const {
  return state_->blocks()[block].created_at(row);
}

std::unique_ptr<History> Pin::history(std::size_t block, std::size_t row) const {
  const BlockState& state = state_->blocks()[block];
  CHECK(state.has(row, state_->publication()));
  const ColumnState::Parts& parts = state_->parts();
  auto history =
      state.is_changed(row, parts.publication)
          ? changed_history_of(state, row, {parts.changes, parts.origins, parts.publication})
          : history_of(state.base, row, parts.origins);
  if (parts.fitted != nullptr) history->set_fitted(parts.fitted);
  return history;
}

void Pin::read_row(std::size_t block, std::size_t row, Rows& rows) const {
  const BlockState& state = state_->blocks()[block];
  CHECK(state.has(row, state_->publication()));
  state.read_row(row, state_->publication(), rows);
}

void Pin::read_slots_at(const Place& place, const At& at, std::vector<Slot>& slots) const {
  const BlockState& state = state_->blocks()[place.block];
  CHECK(state.has(place.row, state_->publication()));
  const auto first = static_cast<std::ptrdiff_t>(slots.size());
  state.read_slots_at(place.row, at, slots);
  state.delta->each_of_row(place.row, state_->publication(), [&](const Delta::Entry& entry) {
    const bool is_one = entry.type == at.type && entry.time == at.time;
    if (is_one && !state.hides(entry.origin, entry.slot)) slots.push_back(entry.slot);
  });
  std::sort(slots.begin() + first, slots.end());
}

std::shared_ptr<const Origins> Pin::origins() const { return state_->parts().origins; }

const std::shared_ptr<const FittedReader>& Pin::fitted() const { return state_->parts().fitted; }

std::int64_t Pin::persons() const { return state_->parts().counts.persons; }

std::int64_t Pin::events() const { return state_->parts().counts.events; }

std::optional<Pin::Place> Pin::place_of(base::CustomerId customer) const {
  return state_->place_of(customer);
}

}  // namespace timeline
