// What the log's events change beside happening: attributes, tags, lists, consents, identities.
//
// One table for all that read histories: SqlHistories, blocks, deltas. Immutable; any thread.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "base/id.h"
#include "base/value.h"
#include "log/event.h"
#include "log/event_type.h"
#include "store/database.h"
#include "timeline/history.h"
#include "timeline/memory_history.h"

namespace timeline {

enum class ChangeKind : std::uint8_t { attribute, on, off };

// One change as an event says it.
struct Change {
  ChangeKind kind = ChangeKind::attribute;
  base::AttributeId attribute{};          // of ChangeKind::attribute
  std::optional<base::Value> value = {};  // the same; nothing: unknown from here on
  MembershipKey membership{};             // of on and off
};

class ChangeTypes {
 public:
  // Reads the types of the attributes. The standard vocabulary is in `types` (CHECK).
  static std::shared_ptr<const ChangeTypes> of(store::Session& session,
                                               const event_log::EventTypes& types);
  // For tests without a database.
  ChangeTypes(const event_log::EventTypes& types,
              std::unordered_map<base::AttributeId, base::ValueType> attributes);

  bool is_change(base::EventTypeId type) const { return changes_.contains(type); }
  // Nothing: an event of another name, or one written by somebody else under a standard name.
  std::optional<Change> change_of(base::EventTypeId type,
                                  std::span<const event_log::KnownProperty> properties) const;
  std::vector<base::EventTypeId> types() const;  // those that are changes, in no order
  // The events that turn memberships of a kind on and off.
  struct SwitchType {
    base::EventTypeId type;
    base::PropertyId ref;  // whose value is the id of what changes
    bool on = false;
  };
  std::vector<SwitchType> switch_types(MembershipKind kind) const;
  // Nothing: an attribute made since this was read.
  std::optional<base::ValueType> type_of(base::AttributeId attribute) const;

 private:
  struct ChangeType {
    ChangeKind kind = ChangeKind::attribute;
    MembershipKind membership = MembershipKind::tag;  // of on and off
    base::PropertyId ref{};                           // whose value is the id of what changes
    base::PropertyId to{};                            // of attribute
  };
  std::unordered_map<base::EventTypeId, ChangeType> changes_;
  std::unordered_map<base::AttributeId, base::ValueType> attributes_;
};

// Tells the builder of a history what an event of this time changes.
void add_change(MemoryHistory::Builder& build, base::Moment time, Change change);

}  // namespace timeline
