// The vocabulary of names held in memory, for histories in columns: their events and properties,
// and the standard events that change attributes and memberships.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "audience/memory_names.h"
#include "log/event.h"
#include "log/event_type.h"
#include "timeline/change.h"
#include "timeline/rows.h"

namespace audience {

class MemoryTypes {
 public:
  explicit MemoryTypes(const MemoryNames& names);

  const std::shared_ptr<const timeline::ChangeTypes>& changes() const { return changes_; }

  // An event without its slot, and its properties by id.
  struct Said {
    timeline::RowEvent event;
    std::vector<event_log::KnownProperty> properties;
  };
  static Said event(base::EventTypeId type, base::Moment time,
                    std::vector<event_log::KnownProperty> properties = {});
  // No value: unknown from then on.
  Said attribute(base::AttributeId attribute, base::Moment since,
                 const std::optional<base::Value>& value) const;
  Said membership(timeline::MembershipKey key, base::Moment since, bool on) const;

 private:
  Said change(std::string_view name, std::int64_t ref) const;

  event_log::EventTypes types_;
  std::shared_ptr<const timeline::ChangeTypes> changes_;
};

}  // namespace audience
