#include "timeline/memory_history.h"

#include <algorithm>
#include <limits>
#include <numeric>

#include "base/check.h"
#include "timeline/value_numbers.h"

namespace timeline {

std::span<const EventAt> MemoryHistory::events(base::EventTypeId type) const {
  const auto found = events_.find(type);
  return found == events_.end() ? std::span<const EventAt>() : std::span(found->second);
}

const base::Value* MemoryHistory::property(std::uint32_t order, base::PropertyId property) const {
  CHECK(order < details_.size());
  const Detail& detail = details_[order];
  const std::span stored =
      std::span(properties_).subspan(detail.first_property, detail.property_count);
  const auto found = std::ranges::find(stored, property, &StoredProperty::id);
  return found == stored.end() ? nullptr : &found->value;
}

std::vector<std::uint32_t> MemoryHistory::value_numbers(base::EventTypeId type,
                                                        base::PropertyId property,
                                                        std::size_t first) const {
  const auto wanted = events(type).subspan(first);
  ValueNumbers numbers;
  std::vector<std::uint32_t> found;
  found.reserve(wanted.size());
  for (const EventAt& event : wanted) {
    found.push_back(numbers.of(this->property(event.order, property)));
  }
  return found;
}

std::string_view MemoryHistory::source(std::uint32_t order) const {
  CHECK(order < details_.size());
  return sources_[details_[order].source];
}

std::span<const AttributeChange> MemoryHistory::attribute(base::AttributeId attribute) const {
  const auto found = attributes_.find(attribute);
  return found == attributes_.end() ? std::span<const AttributeChange>() : std::span(found->second);
}

std::span<const Span> MemoryHistory::membership(MembershipKey key) const {
  const auto found = memberships_.find(key);
  return found == memberships_.end() ? std::span<const Span>() : std::span(found->second);
}

MemoryHistory::Builder::Builder(base::CustomerId customer)
    : history_(new MemoryHistory()), source_ids_{{std::string(), 0}} {
  history_->customer_ = customer;
  history_->sources_.emplace_back();
}

MemoryHistory::Builder::EventRef& MemoryHistory::Builder::EventRef::property(base::PropertyId id,
                                                                             base::Value value) {
  builder_.history_->properties_.push_back({id, std::move(value)});
  ++builder_.pending_.back().detail.property_count;
  return *this;
}

MemoryHistory::Builder::EventRef& MemoryHistory::Builder::EventRef::source(std::string_view name) {
  std::vector<std::string>& sources = builder_.history_->sources_;
  const auto [entry, added] = builder_.source_ids_.try_emplace(
      std::string(name), static_cast<std::uint32_t>(sources.size()));
  if (added) sources.emplace_back(name);
  builder_.pending_.back().detail.source = entry->second;
  return *this;
}

MemoryHistory::Builder& MemoryHistory::Builder::known_since(base::Moment moment) {
  history_->known_since_ = std::min(history_->known_since_, moment);
  return *this;
}

MemoryHistory::Builder::EventRef MemoryHistory::Builder::event(base::EventTypeId type,
                                                               base::Moment time) {
  CHECK(pending_.size() < std::numeric_limits<std::uint32_t>::max());
  known_since(time);
  const auto first = static_cast<std::uint32_t>(history_->properties_.size());
  pending_.push_back({type, time, {first, 0, 0}});
  return EventRef(*this);
}

MemoryHistory::Builder& MemoryHistory::Builder::attribute(base::AttributeId id, base::Moment since,
                                                          std::optional<base::Value> value) {
  history_->attributes_[id].push_back({since, std::move(value)});
  return *this;
}

MemoryHistory::Builder& MemoryHistory::Builder::on(MembershipKey key, base::Moment since) {
  switches_[key].push_back({since, true});
  return *this;
}

MemoryHistory::Builder& MemoryHistory::Builder::off(MembershipKey key, base::Moment since) {
  switches_[key].push_back({since, false});
  return *this;
}

void MemoryHistory::Builder::order_events() {
  std::vector<std::uint32_t> by_time(pending_.size());
  std::iota(by_time.begin(), by_time.end(), std::uint32_t{0});
  std::ranges::stable_sort(by_time, {},
                           [this](std::uint32_t index) { return pending_[index].time; });
  history_->entries_.reserve(by_time.size());
  history_->details_.reserve(by_time.size());
  for (std::uint32_t order = 0; order < by_time.size(); ++order) {
    const PendingEvent& event = pending_[by_time[order]];
    history_->entries_.push_back({event.type, event.time, order});
    history_->details_.push_back(event.detail);
    history_->events_[event.type].push_back({event.time, order});
  }
}

std::unique_ptr<MemoryHistory> MemoryHistory::Builder::finish() {
  CHECK(history_ != nullptr);
  order_events();
  for (auto& [id, changes] : history_->attributes_) {
    changes.resize(keep_last_of_each_moment(changes));
  }
  for (auto& [key, switches] : switches_) {
    std::vector<Span> spans = spans_of(key.kind, switches);
    if (!spans.empty()) history_->memberships_.emplace(key, std::move(spans));
  }
  pending_.clear();
  switches_.clear();
  return std::move(history_);
}

}  // namespace timeline
