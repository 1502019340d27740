// A history decoded by itself: what SqlHistories gives out, and what tests build by hand.
//
//   MemoryHistory::Builder build(customer);
//   build.known_since(created);
//   build.event(order_paid, time).property(amount, base::Money{1250}).source("csv");
//   build.attribute(age, since, base::Value(std::int64_t{30}));
//   build.on({MembershipKind::tag, vip}, from); build.off({MembershipKind::tag, vip}, to);
//   std::unique_ptr<MemoryHistory> history = build.finish();
//
// Calls come in log order; finish() puts events and changes in the order (time, call). Events count
// towards known_since, changes of attributes and memberships by themselves do not (in the log each
// of them is an event). What changes come to is told in standing.h.
// Cost: the person's own events, once.
// Threads: a builder belongs to one thread, a finished history is immutable.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/id.h"
#include "base/moment.h"
#include "base/value.h"
#include "timeline/history.h"
#include "timeline/standing.h"

namespace timeline {

class MemoryHistory final : public History {
 public:
  class Builder;

  base::CustomerId customer() const override { return customer_; }
  base::Moment known_since() const override { return known_since_; }
  std::span<const EventAt> events(base::EventTypeId type) const override;
  const base::Value* property(std::uint32_t order, base::PropertyId property) const override;
  std::vector<std::uint32_t> value_numbers(base::EventTypeId type, base::PropertyId property,
                                           std::size_t first) const override;
  std::string_view source(std::uint32_t order) const override;
  std::span<const AttributeChange> attribute(base::AttributeId attribute) const override;
  std::span<const Span> membership(MembershipKey key) const override;

  // Every event in order, for pages that show a person's past.
  struct Entry {
    base::EventTypeId type;
    base::Moment time;
    std::uint32_t order = 0;
  };
  std::span<const Entry> all() const { return entries_; }

 private:
  MemoryHistory() = default;

  struct StoredProperty {
    base::PropertyId id;
    base::Value value;
  };
  struct Detail {  // of one event, by order
    std::uint32_t first_property = 0;
    std::uint32_t property_count = 0;
    std::uint32_t source = 0;
  };

  base::CustomerId customer_;
  base::Moment known_since_ = base::kMomentMax;
  std::vector<Entry> entries_;
  std::vector<Detail> details_;
  std::vector<StoredProperty> properties_;
  std::vector<std::string> sources_;
  std::unordered_map<base::EventTypeId, std::vector<EventAt>> events_;
  std::unordered_map<base::AttributeId, std::vector<AttributeChange>> attributes_;
  std::map<MembershipKey, std::vector<Span>> memberships_;
};

class MemoryHistory::Builder {
 public:
  explicit Builder(base::CustomerId customer);

  // The last event added; valid until the next call on the builder.
  class EventRef {
   public:
    EventRef& property(base::PropertyId id, base::Value value);
    EventRef& source(std::string_view name);

   private:
    friend class Builder;
    explicit EventRef(Builder& builder) : builder_(builder) {}
    Builder& builder_;
  };

  // The earliest of all calls and of all events counts.
  Builder& known_since(base::Moment moment);
  EventRef event(base::EventTypeId type, base::Moment time);
  // No value: unknown from then on.
  Builder& attribute(base::AttributeId id, base::Moment since, std::optional<base::Value> value);
  Builder& on(MembershipKey key, base::Moment since);
  Builder& off(MembershipKey key, base::Moment since);

  // Once; the builder is empty afterwards.
  std::unique_ptr<MemoryHistory> finish();

 private:
  struct PendingEvent {
    base::EventTypeId type;
    base::Moment time;
    Detail detail;
  };
  void order_events();

  std::unique_ptr<MemoryHistory> history_;
  std::vector<PendingEvent> pending_;
  std::map<MembershipKey, std::vector<Switch>> switches_;
  std::unordered_map<std::string, std::uint32_t> source_ids_;
};

}  // namespace timeline
