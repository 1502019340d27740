// For tests: a vocabulary without a database, rows made by hand or by a seed, and the MemoryHistory
// that the same rows come to.
//
//   RowsBuilder build;
//   build.person({7}, created).event(kOpened, time, slot);
//   build.event(kPaid, time, slot, {{kAmount, base::Money{1250}}});
//   const auto block = make_block(build.rows(), *test_changes());
//
// Events of a person come in any order, rows() puts them into that of (time, slot).
#pragma once

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "log/event_type.h"
#include "timeline/change.h"
#include "timeline/memory_history.h"
#include "timeline/origins.h"
#include "timeline/rows.h"

namespace timeline {

inline constexpr base::EventTypeId kPaid{20};
inline constexpr base::PropertyId kItems{201};
inline constexpr base::PropertyId kWeight{202};
inline constexpr base::PropertyId kAmount{203};
inline constexpr base::PropertyId kSku{204};
inline constexpr base::PropertyId kGift{205};
inline constexpr base::PropertyId kDue{206};
inline constexpr base::PropertyId kBirthday{207};
inline constexpr base::PropertyId kLabels{208};
inline constexpr base::EventTypeId kViewed{21};
inline constexpr base::PropertyId kPage{211};
inline constexpr base::EventTypeId kOpened{22};

// Attributes 1 to 8, one of each type, in the order of base::ValueType.
inline constexpr std::int64_t kAttributeTypes = base::kValueTypeCount;

// The standard names that change something have the ids 1 to 9, `ref` of id n is property 10n + 1,
// `to` 10n + 2.
inline constexpr std::array<std::string_view, 9> kChangeEvents = {
    "attribute_changed", "consent_given", "consent_withdrawn", "identity_added", "identity_removed",
    "list_joined",       "list_left",     "tag_added",         "tag_removed"};
inline base::EventTypeId change_event(std::string_view name) {
  const auto at = std::ranges::find(kChangeEvents, name);
  return {at - kChangeEvents.begin() + 1};
}
inline event_log::KnownProperty ref_of(base::EventTypeId type, std::int64_t id) {
  return {{type.value * 10 + 1}, base::Value(id)};
}
inline event_log::KnownProperty to_of(base::EventTypeId type, std::string text) {
  return {{type.value * 10 + 2}, base::Value(std::move(text))};
}

inline const event_log::EventTypes& test_types() {
  using base::ValueType;
  static const event_log::EventTypes types = [] {
    std::vector<event_log::EventType> list;
    for (std::int64_t id = 1; const std::string_view name : kChangeEvents) {
      list.push_back(
          {{id},
           std::string(name),
           true,
           false,
           {{{id * 10 + 1}, "ref", ValueType::integer}, {{id * 10 + 2}, "to", ValueType::text}}});
      ++id;
    }
    list.push_back({kPaid,
                    "order_paid",
                    true,
                    false,
                    {{kAmount, "amount", ValueType::money},
                     {kBirthday, "birthday", ValueType::date},
                     {kDue, "due", ValueType::time},
                     {kGift, "gift", ValueType::boolean},
                     {kItems, "items", ValueType::integer},
                     {kLabels, "labels", ValueType::text_list},
                     {kSku, "sku", ValueType::text},
                     {kWeight, "weight", ValueType::decimal}}});
    list.push_back({kViewed, "page_viewed", true, false, {{kPage, "page", ValueType::text}}});
    list.push_back({kOpened, "store_opened", true, false, {}});
    std::ranges::sort(list, {}, &event_log::EventType::name);
    return event_log::EventTypes(1, std::move(list));
  }();
  return types;
}

inline std::shared_ptr<const ChangeTypes> test_changes() {
  static const auto changes = [] {
    std::unordered_map<base::AttributeId, base::ValueType> attributes;
    for (std::int64_t type = 0; type < kAttributeTypes; ++type) {
      attributes.emplace(base::AttributeId{type + 1}, static_cast<base::ValueType>(type));
    }
    return std::make_shared<const ChangeTypes>(test_types(), std::move(attributes));
  }();
  return changes;
}

// Origins 0 to 3: two sources, with and without a batch.
inline std::shared_ptr<const Origins> test_origins() {
  static const auto origins = std::make_shared<const Origins>()
                                  ->with({1, std::nullopt}, "shop")
                                  ->with({2, std::nullopt}, "csv")
                                  ->with({2, base::BatchId{55}}, "csv")
                                  ->with({2, base::BatchId{56}}, "csv");
  return origins;
}

class RowsBuilder {
 public:
  struct At {
    base::Moment time;
    Slot slot = 0;
    OriginNumber origin = 0;
  };

  // The events that follow are theirs. Id 0: an empty row.
  RowsBuilder& person(base::CustomerId id, base::Moment created_at = base::kMomentMax) {
    finish_row();
    rows_.rows.push_back({id, created_at, static_cast<std::uint32_t>(rows_.events.size()), 0});
    return *this;
  }
  RowsBuilder& event(base::EventTypeId type, const At& at,
                     std::vector<event_log::KnownProperty> properties = {}) {
    std::ranges::sort(properties, {}, &event_log::KnownProperty::id);
    pending_.push_back({type, at, std::move(properties)});
    return *this;
  }
  Rows rows() {
    finish_row();
    return std::move(rows_);
  }

 private:
  struct Pending {
    base::EventTypeId type;
    At at;
    std::vector<event_log::KnownProperty> properties;
  };
  void finish_row() {
    std::ranges::stable_sort(
        pending_, {}, [](const Pending& event) { return std::pair(event.at.time, event.at.slot); });
    for (Pending& event : pending_) {
      rows_.events.push_back({event.type, event.at.time, event.at.slot, event.at.origin,
                              static_cast<std::uint32_t>(rows_.properties.size()),
                              static_cast<std::uint32_t>(event.properties.size())});
      std::ranges::move(event.properties, std::back_inserter(rows_.properties));
      ++rows_.rows.back().event_count;
    }
    pending_.clear();
  }

  Rows rows_;
  std::vector<Pending> pending_;
};

// What the row comes to by the naive way.
inline std::unique_ptr<MemoryHistory> memory_of(const Rows& rows, std::size_t row) {
  const PersonRow& person = rows.rows[row];
  MemoryHistory::Builder build(person.person);
  build.known_since(person.created_at);
  const auto events = std::span(rows.events).subspan(person.first_event, person.event_count);
  std::vector<const RowEvent*> in_log_order;
  for (const RowEvent& event : events) in_log_order.push_back(&event);
  std::ranges::stable_sort(in_log_order, {}, [](const RowEvent* event) { return event->slot; });
  for (const RowEvent* event : in_log_order) {
    const auto properties =
        std::span(rows.properties).subspan(event->first_property, event->property_count);
    if (auto change = test_changes()->change_of(event->type, properties)) {
      if (change->kind == ChangeKind::attribute) {
        build.attribute(change->attribute, event->time, std::move(change->value));
      } else if (change->kind == ChangeKind::on) {
        build.on(change->membership, event->time);
      } else {
        build.off(change->membership, event->time);
      }
    }
    auto added = build.event(event->type, event->time);
    added.source(test_origins()->source_name(event->origin));
    for (const auto& property : properties) added.property(property.id, property.value);
  }
  return build.finish();
}

}  // namespace timeline
