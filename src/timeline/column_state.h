// One publication of a ColumnStore: what a Pin holds.
//
// Immutable. A publication that only added to deltas shares its blocks with the one before, so it
// costs the same whatever their number.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "base/id.h"
#include "log/position.h"
#include "timeline/block_state.h"
#include "timeline/change.h"
#include "timeline/customer_places.h"
#include "timeline/origins.h"

namespace timeline {

class ColumnState {
 public:
  struct Counts {
    std::int64_t persons = 0;
    std::int64_t events = 0;
  };
  struct Parts {
    std::shared_ptr<const Blocks> blocks;
    std::shared_ptr<CustomerPlaces> places;
    std::shared_ptr<const ChangeTypes> changes;
    std::shared_ptr<const Origins> origins;
    Publication publication = 0;
    event_log::Position position;
    Counts counts;
    // What is not in `places` yet; null in what is published. Outlives the state.
    const CustomerPlaces::Moved* moved = nullptr;
    std::shared_ptr<const FittedReader> fitted = nullptr;  // null: nobody computes
  };
  explicit ColumnState(const Parts& parts)
      : parts_(parts), hold_(parts.places, parts.publication) {}

  const Parts& parts() const { return parts_; }
  const Blocks& blocks() const { return *parts_.blocks; }
  Publication publication() const { return parts_.publication; }

  bool is_there(const Pin::Place& place) const {
    return place.block < blocks().size() && blocks()[place.block].has(place.row, publication());
  }
  std::optional<Pin::Place> place_of(base::CustomerId customer) const;

 private:
  Parts parts_;
  CustomerPlaces::Hold hold_;
};

}  // namespace timeline
