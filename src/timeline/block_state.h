// One block with what has arrived for it: its rows as of a publication.
//
// Rows are never moved or used again, so a row belongs to one person from its birth to its end.
// Requires a row that is there at the publication, where a row is given.
// Cheap to copy. Any thread may read.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "base/id.h"
#include "base/moment.h"
#include "timeline/block.h"
#include "timeline/column_store.h"
#include "timeline/delta.h"
#include "timeline/row_mask.h"
#include "timeline/rows.h"

namespace timeline {

// Events that are taken out at the next fold and seen by nobody until then: those of an origin
// before a slot.
struct HiddenOrigin {
  OriginNumber origin = 0;
  Slot before = 0;
  friend bool operator==(const HiddenOrigin&, const HiddenOrigin&) = default;
};
using HiddenOrigins = std::vector<HiddenOrigin>;

struct BlockState {
  std::shared_ptr<const Block> base;
  std::shared_ptr<Delta> delta;
  // Null: none. While there are some the base alone is true of no row.
  std::shared_ptr<const HiddenOrigins> hidden = nullptr;

  // Empty rows included.
  std::size_t row_count(Publication publication) const;
  bool has(std::size_t row, Publication publication) const;
  RowMask rows(Publication publication) const;
  // Pin::changed; null: whatever it is.
  RowMask changed(Publication publication, const Mentions* mentions) const;
  base::CustomerId person(std::size_t row) const;
  base::Moment created_at(std::size_t row) const;
  std::size_t event_count(std::size_t row, Publication publication) const;
  bool is_changed(std::size_t row, Publication publication) const;
  bool hides(OriginNumber origin, Slot slot) const;
  // Of the rows that are there, how many events `hides` would become true of if these were hidden
  // from here on.
  std::int64_t count_of(std::span<const OriginNumber> origins) const;
  // Whether the base alone is true of every row.
  bool is_folded(Publication publication) const {
    return hidden == nullptr && delta->empty(publication);
  }
  // What a fold would take in: events that have come, persons, and events of rows emptied; all
  // that there are where some are hidden.
  std::size_t waiting() const;
  // Appended to `to`: the row with its events by (time, slot), late ones in their place.
  void read_row(std::size_t row, Publication publication, Rows& to) const;
  // Appended to `to.events`: what the delta has for the row, by (time, slot).
  void read_arrived(std::size_t row, Publication publication, Rows& to) const;
  // Of the base alone, appended: the slots of the row's events of this name at this time.
  void read_slots_at(std::size_t row, const Pin::At& at, std::vector<Slot>& slots) const;
  // All rows, those that are not there as empty ones; those at the end are left out when
  // `rows_are_final`: no more persons will be born here.
  Rows read_all(Publication publication, bool rows_are_final) const;

  // Whether something at this time lies before the known_since that the base has for the row.
  bool is_early(std::size_t row, base::Moment time) const;
  bool is_early(const Delta::Entry& entry) const { return is_early(entry.row, entry.time); }

  friend bool operator==(const BlockState&, const BlockState&) = default;

  bool is_changed_in(std::size_t row, Publication publication, const Mentions* mentions) const;
};

// One publication's blocks. Shared between publications that have the same.
using Blocks = std::vector<BlockState>;

}  // namespace timeline
