// Inside the module: a change as its event in the log and its row in the audit, and how the last
// one of several is told.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/id.h"
#include "base/moment.h"
#include "customer/writing.h"
#include "log/position.h"

namespace customer {

// The order of changes: by their own time, then by their place in the log.
struct Stamp {
  base::Moment since;
  event_log::Position position;
  friend constexpr auto operator<=>(const Stamp&, const Stamp&) = default;
};
// Columns `first` … first + 3: since, at_epoch, at_unit, at_sequence.
Stamp stamp_at(const store::Row& row, int first);

struct Change {
  base::CustomerId customer;
  std::string_view event;  // "tag_added": outlives the call
  base::Moment time;       // from time_of()
  std::string changed;     // what: "等级/VIP", "city", "marketing/sms"; empty: left out
  std::optional<std::string> from = std::nullopt;
  std::optional<std::string> to = std::nullopt;
  std::int64_t ref = 0;                                             // its id
  std::vector<std::pair<std::string_view, std::string>> more = {};  // further texts
};

// The time the log will give a change, or time_refused.
[[nodiscard]] base::Result<base::Moment, Error> time_of(const Writing& writing,
                                                        std::optional<base::Moment> given);

// What the log would say against the change: text_too_long; asked before anything is written.
[[nodiscard]] base::Result<void, Error> check(const Writing& writing, const Change& change);

// Appends the events and writes the audit. The position of each, in the order given.
[[nodiscard]] base::Result<std::vector<event_log::Position>, Error> append(
    Writing& writing, std::span<const Change> changes);
[[nodiscard]] base::Result<event_log::Position, Error> append(Writing& writing,
                                                              const Change& change);

// The same of any number of changes.
struct ChangeError {
  std::size_t index;  // of the change
  Error error;
};
[[nodiscard]] base::Result<std::vector<event_log::Position>, ChangeError> append_all(
    Writing& writing, std::span<const Change> changes);

std::optional<std::int64_t> batch_of(const Writing& writing);

// A row that stands: when it was written, and whether it says what the new change says.
struct Standing {
  Stamp stamp;
  bool same = false;
};
struct Judgement {
  bool change = false;  // has to be recorded
  bool today = false;   // changes what the person has today
};
// The new change: its time from time_of(), whether the caller gave one, and whether it says what no
// row at all says.
struct Said {
  base::Moment time;
  bool dated = false;
  bool same_as_nothing = false;
};
// `own`: the row of the customer written on; `person`: the last of all customers merged with it.
//
// What is said again without a time of its own is no change. With one it is, unless it stands
// exactly so: "still Hangzhou on Friday" counts against a Thursday's Shanghai that arrives later,
// and history is the same in whatever order its pieces come.
Judgement judge(const std::optional<Standing>& own, const std::optional<Standing>& person,
                const Said& said);

// Names of attributes, tags, lists, purposes, channels, kinds: NFC with outer spaces dropped, or
// name_invalid. `slash` answers whether "/" may be part of it.
enum class Slash : std::uint8_t { refused, allowed };
[[nodiscard]] base::Result<std::string, Error> name_from(std::string_view text,
                                                         Slash slash = Slash::refused);

// The row of the audit for a name that was made or changed: noun "tag", verb "declared", the id,
// and the name before (empty: it did not exist) and after. Nothing for an import.
struct NameChange {
  std::string_view noun;
  std::string_view verb;
  std::int64_t id = 0;
  std::string before = {};
  std::string after = {};
};
void audit(Writing& writing, const NameChange& change);

// Tells memories of the log who has become another person, or nobody, by what this unit has done;
// behind it what the unit knew of persons is asked for again.
void tell_persons_changed(Writing& writing, std::initializer_list<base::CustomerId> customers);

// Held by whatever changes who is who, before it locks persons: one at a time, so that nobody's
// person changes between being asked for and being locked by it, and two of them never wait for
// each other's persons.
void lock_merges(Writing& writing);

// Held by whatever removes customers, first of all its locks: it waits for units that
// Writing::hold_customers(), and they for it.
void lock_removals(Writing& writing);

// Ids of names are small and dense: the next one, under a lock that is held until the unit ends.
void lock_names(Writing& writing);

}  // namespace customer
