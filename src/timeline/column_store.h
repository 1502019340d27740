// All persons in blocks, with what has arrived since: the memory columns without the log.
//
// One writer adds events in log order and publishes; questions pin. A pin is one consistent moment:
// everything up to the last publication, nothing after, however long it is held. Neither waits for
// the other (a mutex is held for copying some hundred pointers).
//
//   block i   base: an immutable Block          delta: events in the order they arrived
//             read as columns                   read up to the pinned slot
//
// Folding makes a new base of a base and its delta; a pin that holds the old one keeps it. Rows
// whose truth is not in the base alone are `changed`, and are asked through history().
//
// Persons. A row is a person: all customers merged into one. Whatever changes who is who, or takes
// a person away (merge, its undo, erase), replaces whole rows at one publication; an import that is
// undone is hidden at one.
//
// Memory: the images, the deltas (some 100 bytes an event; folding is the caller's: see
// column_histories.h), 15 to 30 bytes a customer for finding their row; what a pin holds that has
// been replaced since, as long as it lives. Threads: one writer; any number of pins and of fold()
// callers.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "log/position.h"
#include "timeline/block.h"
#include "timeline/change.h"
#include "timeline/history.h"
#include "timeline/origins.h"
#include "timeline/rows.h"

namespace timeline {

class ColumnState;  // one publication's blocks and deltas

// What a rule looks at, so that a row changed elsewhere need not be asked apart. Sorted.
struct Mentions {
  std::vector<base::EventTypeId> events;
  std::vector<base::AttributeId> attributes;
  std::vector<MembershipKey> memberships;
};

// One consistent moment of all histories. Cheap to copy; keeps its blocks alive.
class Pin {
 public:
  struct Place {
    std::uint32_t block = 0;
    std::uint32_t row = 0;
  };

  const event_log::Position& position() const;
  std::size_t blocks() const;
  // Never null. May have fewer rows than rows(i) names: those are new and all `changed`.
  const Block& block(std::size_t block) const;
  // The persons there are.
  RowMask rows(std::size_t block) const;
  // Of rows(block), those with anything in the delta that `mentions` names, that are new, or whose
  // known_since is another one than the block's.
  RowMask changed(std::size_t block, const Mentions& mentions) const;
  // Those with anything in the delta.
  RowMask changed(std::size_t block) const;
  base::CustomerId person(std::size_t block, std::size_t row) const;
  base::Moment created_at(std::size_t block, std::size_t row) const;  // PersonRow::created_at
  // Base and delta together. Requires rows(block).has(row).
  std::unique_ptr<History> history(std::size_t block, std::size_t row) const;

  // The row with all its events, base and delta, appended to `rows`. Requires rows(block).has(row).
  void read_row(std::size_t block, std::size_t row, Rows& rows) const;
  // The slots of its events of this name at this time, appended; fast, also when it has many.
  struct At {
    base::EventTypeId type;
    base::Moment time;
  };
  void read_slots_at(const Place& place, const At& at, std::vector<Slot>& slots) const;
  std::shared_ptr<const Origins> origins() const;
  const std::shared_ptr<const FittedReader>& fitted() const;  // null: nobody computes

  std::int64_t persons() const;
  std::int64_t events() const;
  // Where the person `customer` belongs to today stands; nothing: unknown or erased.
  std::optional<Place> place_of(base::CustomerId customer) const;

 private:
  friend class ColumnStore;
  explicit Pin(std::shared_ptr<const ColumnState> state) : state_(std::move(state)) {}
  std::shared_ptr<const ColumnState> state_;
};

inline constexpr std::size_t kDeltaEventsMax = 2'000'000;  // in all blocks; then folding pays

// Persons as they are from one publication on, in place of others.
struct Replacement {
  std::vector<base::CustomerId> gone;  // persons whose rows are emptied
  Rows rows;                           // each row gets a place of its own
  // Whom each customer belongs to: (customer, person) of every customer of `rows`; those of `gone`
  // that are not named here are unknown from now on.
  std::vector<std::pair<base::CustomerId, base::CustomerId>> members;
};

struct StoreBytes {
  BlockBytes blocks;
  std::size_t deltas = 0;
  std::size_t customers = 0;
};

class ColumnStore {
 public:
  explicit ColumnStore(std::shared_ptr<const ChangeTypes> changes);
  ~ColumnStore();
  ColumnStore(const ColumnStore&) = delete;
  ColumnStore& operator=(const ColumnStore&) = delete;

  // --- the writer: one thread. Nothing of it can be seen before publish().
  // What attributes there are today; read again when an event names one that is not there.
  void set_changes(std::shared_ptr<const ChangeTypes> changes);
  void set_origins(std::shared_ptr<const Origins> origins);
  // What histories and pins answer of fitted attributes.
  void set_fitted(std::shared_ptr<const FittedReader> fitted);
  bool knows(base::CustomerId customer) const;  // also before it is published
  // A person of one customer, without events. Requires !knows(person).
  void add_person(base::CustomerId person, base::Moment created_at);
  // Requires knows(customer) and a slot greater than any before. first_property and property_count
  // are not looked at.
  void add(base::CustomerId customer, const RowEvent& event,
           std::span<const event_log::KnownProperty> properties);
  // Takes time in the events of `rows` alone. Persons of `gone` that are none are passed over.
  // Requires that no customer of `members` belongs to a person who stays, and that `rows` holds
  // whatever was added of its persons before.
  void replace(const Replacement& replacement);
  // The events of these origins are gone from all rows. They are hidden: blocks that have any are
  // asked row by row until each has been folded, so no more than one block is in memory twice.
  void drop(std::span<const OriginNumber> origins);
  // Moves persons out of blocks whose rows are mostly empty to the end, some thousand at most, and
  // leaves blocks that take next to nothing once they are folded: without this every merge and
  // every erasure would take room for ever. False: there are none. Costs nothing when asked for
  // nothing.
  bool give_back_rows();
  void publish(const event_log::Position& position);
  // What publish() would make visible, for the writer to read; true until its next call.
  Pin unpublished() const;
  // Every customer of the person who stands there, also before it is published. Requires one.
  std::vector<base::CustomerId> customers_at(const Pin::Place& place) const;
  // Takes the blocks of a snapshot, in place of everything. `customers`: (customer, place).
  void load(std::vector<std::shared_ptr<const Block>> blocks,
            std::span<const std::pair<base::CustomerId, Pin::Place>> customers,
            const event_log::Position& position);

  // --- any thread
  Pin pin() const;
  // Every customer with its place, ascending by id, as of the same publication as the pin's.
  std::vector<std::pair<base::CustomerId, Pin::Place>> customers(const Pin& pin) const;
  // Makes a new base of what is published of a block, without the rows that were emptied. False:
  // there is nothing to fold, the writer has dropped something of it and not published, or somebody
  // else is folding it.
  bool fold(std::size_t block);
  // Copies a block's image that lies in what load() was given, so that it can be let go when no pin
  // holds it any more. False: to be tried again.
  bool take_over(std::size_t block);
  // Blocks with at least `events_min` events in the delta, the most first.
  std::vector<std::size_t> changed_blocks(std::size_t events_min) const;
  std::size_t delta_events() const;
  // Of one block: events in the delta, persons that are new, events of rows that were emptied.
  std::size_t delta_events(std::size_t block) const;
  std::size_t base_events(std::size_t block) const;
  StoreBytes bytes() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace timeline
