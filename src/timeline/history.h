// Histories: what is known today about each customer's past, as the rules see it.
//
// A History is one person: the events and changes of every customer id that is merged into them
// today, in the order (time, log position); events of undone imports and of erased persons are not
// in it; an attribute or membership change counts from its own time until the next. ColumnHistories
// holds everybody's in memory; SqlHistories reads them from the log with plain SQL, its naive twin.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/id.h"
#include "base/moment.h"
#include "base/value.h"
#include "log/position.h"
#include "timeline/fitted_attribute.h"

namespace timeline {

// One event of a history. `order` numbers all events of the history by (time, position): two
// events of whatever name compare by it, also within one millisecond.
struct EventAt {
  base::Moment time;
  std::uint32_t order = 0;
};

struct AttributeChange {
  base::Moment since;
  std::optional<base::Value> value;  // nothing: unknown from here on (wrong type, cleared)
};

// A thing that is on or off for a customer.
enum class MembershipKind : std::uint8_t {
  tag,       // id: TagId
  list,      // id: ListId
  consent,   // id: the consent's purpose and channel (customer::consent_key)
  identity,  // id: the identity's kind (customer::IdentityKindId)
};
struct MembershipKey {
  MembershipKind kind;
  std::int64_t id;
  friend constexpr auto operator<=>(const MembershipKey&, const MembershipKey&) = default;
};
// On in [from, to); spans of one key are in order, disjoint and do not touch.
struct Span {
  base::Moment from;
  base::Moment to = base::kMomentMax;
  friend constexpr auto operator<=>(const Span&, const Span&) = default;
};

class FittedColumn;

// What was computed of everybody (timeline/fitted_values.h); in tests something made by hand. Any
// thread.
class FittedReader {
 public:
  virtual ~FittedReader() = default;
  // The change that holds at `from`, if there is one, and all after it, by moment; the value is
  // unknown before the first.
  virtual std::vector<AttributeChange> changes(FittedAttribute attribute, base::CustomerId person,
                                               base::Moment from) const = 0;
  // Of everybody at a moment.
  virtual FittedColumn column(FittedAttribute attribute, base::Moment at) const = 0;
};

// Immutable and consistent; may be used from any thread, and outlives what made it.
class History {
 public:
  virtual ~History() = default;

  virtual base::CustomerId customer() const = 0;  // the survivor
  // The earlier of creation and first event (also one that lies ahead counts from its own time).
  virtual base::Moment known_since() const = 0;

  // All events of one name in order; none for a name this person never did.
  virtual std::span<const EventAt> events(base::EventTypeId type) const = 0;
  // The property of the event with this `order`; null when unknown (missing or of a wrong type).
  virtual const base::Value* property(std::uint32_t order, base::PropertyId property) const = 0;
  // The values of one property as numbers, for the events(type) from place `first` on, one each: 0
  // is unknown, and two of them are equal exactly when the values are. None is greater than how
  // many there are.
  virtual std::vector<std::uint32_t> value_numbers(base::EventTypeId type,
                                                   base::PropertyId property,
                                                   std::size_t first) const = 0;
  // `source` of the event with this `order`: what wrote it.
  virtual std::string_view source(std::uint32_t order) const = 0;

  // In order of `since`; of two changes in one millisecond only the later in the log is here.
  virtual std::span<const AttributeChange> attribute(base::AttributeId attribute) const = 0;
  virtual std::span<const Span> membership(MembershipKey key) const = 0;

  // What was computed of the person, as FittedReader::changes; none where nobody computes. The one
  // thing that is not part of the history's moment: runs that are stored later are seen, too.
  std::vector<AttributeChange> fitted(FittedAttribute attribute, base::Moment from) const {
    return fitted_ ? fitted_->changes(attribute, customer(), from) : std::vector<AttributeChange>();
  }
  // By whoever makes the history, before anybody reads it.
  void set_fitted(std::shared_ptr<const FittedReader> fitted) { fitted_ = std::move(fitted); }

 private:
  std::shared_ptr<const FittedReader> fitted_;
};

class Histories {
 public:
  virtual ~Histories() = default;

  // Waits until everything at or before `position` is visible to the calls that follow; false when
  // that takes longer than `patience`.
  virtual bool await(const event_log::Position& position, base::Duration patience) const = 0;

  // The person `customer` belongs to today; null when there is none or they were erased.
  virtual std::unique_ptr<History> of(base::CustomerId customer) const = 0;

  // Every person not erased, each once, over one consistent moment, in ascending id of the
  // survivor. `visit` answers whether to go on.
  virtual void each(const std::function<bool(const History&)>& visit) const = 0;

  // For progress: how many persons `each` will visit, about.
  virtual std::int64_t persons() const = 0;
};

}  // namespace timeline
