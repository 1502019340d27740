#include "timeline/changed_history.h"

#include <algorithm>
#include <deque>
#include <ranges>
#include <utility>

#include "timeline/column_history.h"
#include "timeline/memory_history.h"
#include "timeline/standing.h"
#include "timeline/value_numbers.h"

namespace timeline {
namespace {

std::span<event_log::KnownProperty> properties_of(const RowEvent& event, Rows& rows) {
  return std::span(rows.properties).subspan(event.first_property, event.property_count);
}

// All events of the row, base and delta.
std::unique_ptr<MemoryHistory> whole_history_of(const BlockState& block, std::size_t row,
                                                const HistoryMeans& means) {
  Rows rows;
  block.read_row(row, means.publication, rows);
  const PersonRow& person = rows.rows.front();
  MemoryHistory::Builder build(person.person);
  build.known_since(person.created_at);
  for (const RowEvent& event : rows.events) {
    const auto properties = properties_of(event, rows);
    if (means.changes->is_change(event.type)) {
      const auto change = means.changes->change_of(event.type, properties);
      if (change) add_change(build, event.time, *change);
    }
    auto added = build.event(event.type, event.time);
    added.source(means.origins->source_name(event.origin));
    for (event_log::KnownProperty& property : properties) {
      added.property(property.id, std::move(property.value));
    }
  }
  return build.finish();
}

// A row of the base and what has arrived. An arrived event stands behind all of the base's of the
// same millisecond, since its slot is greater.
class ChangedHistory final : public History {
 public:
  ChangedHistory(const BlockState& block, std::size_t row, HistoryMeans means)
      : block_(block),
        row_(row),
        means_(std::move(means)),
        base_(history_of(block.base, row, means_.origins)) {
    block.read_arrived(row, means_.publication, arrived_);
    known_since_ = base_->known_since();
    const base::Moment last = last_time();
    const std::uint32_t all = block.base->event_count(row);
    orders_.reserve(arrived_.events.size());
    for (const RowEvent& event : arrived_.events) {
      known_since_ = std::min(known_since_, event.time);
      const std::uint32_t before = event.time >= last ? all : base_events_until(event.time);
      is_late_ = is_late_ || before < all;
      orders_.push_back(before + static_cast<std::uint32_t>(orders_.size()));
      note_change(event);
    }
  }

  base::CustomerId customer() const override { return base_->customer(); }
  base::Moment known_since() const override { return known_since_; }

  std::span<const EventAt> events(base::EventTypeId type) const override {
    if (!is_late_ && !has_arrived(type)) return base_->events(type);
    const auto known = std::ranges::find(events_, type, &Events::type);
    if (known != events_.end()) return known->events;
    Events& made = events_.emplace_back();
    made.type = type;
    const auto of_base = base_->events(type);
    auto next = of_base.begin();
    for (std::size_t i = 0; i <= orders_.size(); ++i) {
      // The base's between the arrived i - 1 and i have moved on by i.
      const std::uint32_t end = i < orders_.size() ? orders_[i] : UINT32_MAX;
      const auto moved = static_cast<std::uint32_t>(i);
      for (; next != of_base.end() && next->order + moved < end; ++next) {
        made.events.push_back({next->time, next->order + moved});
      }
      if (i == orders_.size() || arrived_.events[i].type != type) continue;
      made.events.push_back({arrived_.events[i].time, orders_[i]});
    }
    return made.events;
  }

  const base::Value* property(std::uint32_t order, base::PropertyId property) const override {
    const Place place = place_of(order);
    if (place.arrived == nullptr) return base_->property(place.base_order, property);
    const auto properties =
        std::span(arrived_.properties)
            .subspan(place.arrived->first_property, place.arrived->property_count);
    const auto found = std::ranges::find(properties, property, &event_log::KnownProperty::id);
    return found == properties.end() ? nullptr : &found->value;
  }

  std::vector<std::uint32_t> value_numbers(base::EventTypeId type, base::PropertyId property,
                                           std::size_t first) const override {
    if (!has_arrived(type)) return base_->value_numbers(type, property, first);
    ValueNumbers numbers;
    std::vector<std::uint32_t> found;
    for (const EventAt& event : events(type).subspan(first)) {
      found.push_back(numbers.of(this->property(event.order, property)));
    }
    return found;
  }

  std::string_view source(std::uint32_t order) const override {
    const Place place = place_of(order);
    if (place.arrived == nullptr) return base_->source(place.base_order);
    return means_.origins->source_name(place.arrived->origin);
  }

  std::span<const AttributeChange> attribute(base::AttributeId attribute) const override {
    const auto known = std::ranges::find(attributes_, attribute, &Attribute::id);
    if (known == attributes_.end()) return base_->attribute(attribute);
    if (!known->is_whole) {
      const auto of_base = base_->attribute(attribute);
      known->changes.insert(known->changes.begin(), of_base.begin(), of_base.end());
      known->changes.resize(keep_last_of_each_moment(known->changes));
      known->is_whole = true;
    }
    return known->changes;
  }

  std::span<const Span> membership(MembershipKey key) const override {
    if (std::ranges::find(changed_, key) == changed_.end()) return base_->membership(key);
    const auto known = std::ranges::find(memberships_, key, &Membership::key);
    if (known != memberships_.end()) return known->spans;
    return memberships_.emplace_back(Membership{key, spans_with_arrived(key)}).spans;
  }

 private:
  struct Events {
    base::EventTypeId type;
    std::vector<EventAt> events;
  };
  struct Attribute {
    base::AttributeId id;
    std::vector<AttributeChange> changes;  // until it is whole: what has arrived
    bool is_whole = false;
  };
  struct Membership {
    MembershipKey key;
    std::vector<Span> spans;
  };
  struct Place {
    const RowEvent* arrived = nullptr;  // null: in the base
    std::uint32_t base_order = 0;
  };

  Place place_of(std::uint32_t order) const {
    const auto at = std::ranges::lower_bound(orders_, order);
    const auto before = static_cast<std::size_t>(at - orders_.begin());
    if (at != orders_.end() && *at == order) return {&arrived_.events[before], 0};
    return {nullptr, order - static_cast<std::uint32_t>(before)};
  }

  bool has_arrived(base::EventTypeId type) const {
    return std::ranges::find(arrived_.events, type, &RowEvent::type) != arrived_.events.end();
  }

  base::Moment last_time() const {
    base::Moment last = base::kMomentMin;
    for (const base::EventTypeId type : block_.base->event_types()) {
      const Stream& stream = *block_.base->events(type);
      const EntryRange range = stream.range(row_);
      if (!range.empty()) last = std::max(last, stream.time(range.end - 1));
    }
    return last;
  }

  // How many of the base's are at or before `time`.
  std::uint32_t base_events_until(base::Moment time) const {
    std::uint32_t count = 0;
    for (const base::EventTypeId type : block_.base->event_types()) {
      const Stream& stream = *block_.base->events(type);
      const EntryRange range = stream.range(row_);
      const auto entries = std::views::iota(range.begin, range.end);
      const auto time_of = [&](std::uint32_t entry) { return stream.time(entry); };
      const auto end = std::ranges::upper_bound(entries, time, {}, time_of);
      count += static_cast<std::uint32_t>(end - entries.begin());
    }
    return count;
  }

  // Out of the events of the names that switch this kind, base and delta.
  std::vector<Span> spans_with_arrived(MembershipKey key) const {
    std::vector<std::pair<std::uint32_t, Switch>> found;
    for (const auto& [type, ref, on] : means_.changes->switch_types(key.kind)) {
      for (const EventAt& event : events(type)) {
        const base::Value* value = property(event.order, ref);
        const auto* id = value == nullptr ? nullptr : std::get_if<std::int64_t>(value);
        if (id != nullptr && *id == key.id) found.push_back({event.order, {event.time, on}});
      }
    }
    std::ranges::sort(found, {}, &std::pair<std::uint32_t, Switch>::first);
    std::vector<Switch> switches;
    for (const auto& [order, at] : found) switches.push_back(at);
    return spans_of(key.kind, switches);
  }

  void note_change(const RowEvent& event) {
    if (!means_.changes->is_change(event.type)) return;
    auto change = means_.changes->change_of(event.type, properties_of(event, arrived_));
    if (!change) return;
    if (change->kind != ChangeKind::attribute) {
      changed_.push_back(change->membership);
      return;
    }
    auto known = std::ranges::find(attributes_, change->attribute, &Attribute::id);
    if (known == attributes_.end()) {
      known = attributes_.insert(attributes_.end(), {change->attribute, {}, false});
    }
    known->changes.push_back({event.time, std::move(change->value)});
  }

  const BlockState block_;
  const std::size_t row_;
  const HistoryMeans means_;
  const std::unique_ptr<History> base_;
  Rows arrived_;                       // by (time, slot)
  std::vector<std::uint32_t> orders_;  // of the arrived, among all
  bool is_late_ = false;               // one stands before one of the base's
  base::Moment known_since_;
  std::vector<MembershipKey> changed_;  // since the base was made
  // What has been put together. Deques: others point into them.
  mutable std::deque<Attribute> attributes_;
  mutable std::deque<Events> events_;
  mutable std::deque<Membership> memberships_;
};

}  // namespace

std::unique_ptr<History> changed_history_of(const BlockState& block, std::size_t row,
                                            const HistoryMeans& means) {
  const bool is_new = row >= block.delta->first_row();
  if (is_new || block.hidden != nullptr) return whole_history_of(block, row, means);
  return std::make_unique<ChangedHistory>(block, row, means);
}

}  // namespace timeline
