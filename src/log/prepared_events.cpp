#include "log/prepared_events.h"

#include <xxhash.h>

#include <algorithm>
#include <unordered_map>

#include "log/event_type.h"

namespace event_log {
namespace {

constexpr std::size_t kPlacesMin = 1024;

EventShape shape_of(const NewEvent& event, const EventType* type) {
  EventShape shape{event.name, {}};
  for (const auto& member : event.properties) {
    const auto first = first_type(member.value());
    if (!first) continue;
    const Property* known = type == nullptr ? nullptr : type->find(member.key());
    const base::ValueType expected = known == nullptr ? *first : known->type;
    ShapedProperty& made = shape.properties.emplace_back();
    made.name = member.key();
    made.first = *first;
    if (read_value(expected, member.value())) made.reads_as = expected;
  }
  std::ranges::sort(shape.properties, {}, &ShapedProperty::name);
  return shape;
}

void append_bytes(std::string& out, std::int64_t number) {
  out.append(reinterpret_cast<const char*>(&number), sizeof number);
}

void append_part(std::string& out, std::string_view part) {
  append_bytes(out, static_cast<std::int64_t>(part.size()));
  out += part;
}

// Two shapes are one when their keys are.
std::string key_of(const EventShape& shape) {
  std::string key;
  append_part(key, shape.event);
  for (const ShapedProperty& property : shape.properties) {
    append_part(key, property.name);
    key.push_back(static_cast<char>(property.first));
    key.push_back(property.reads_as ? static_cast<char>(*property.reads_as) : '-');
  }
  return key;
}

}  // namespace

base::Result<PreparedEvents, AppendError> prepare(std::span<const NewEvent> events,
                                                  const EventTypes& types, base::Moment now) {
  PreparedEvents prepared;
  prepared.events.reserve(events.size());
  std::unordered_map<std::string, std::uint32_t> indexes;
  for (const NewEvent& event : events) {
    std::string stored = to_stored(event.properties);
    if (const auto error = error_of(event, stored, now)) {
      const auto index = static_cast<std::size_t>(&event - events.data());
      return base::unexpected(AppendError{error->fault, index, error->name});
    }
    EventShape shape = shape_of(event, types.find(event.name));
    const auto next = static_cast<std::uint32_t>(prepared.shapes.size());
    const auto [known, is_new] = indexes.try_emplace(key_of(shape), next);
    if (is_new) prepared.shapes.push_back(std::move(shape));
    PreparedEvent& made = prepared.events.emplace_back();
    made.shape = known->second;
    made.time = event.time;
    made.properties = std::move(stored);
    if (event.key) made.key = hash_of(*event.key);
    made.ordinal = event.ordinal;
  }
  return prepared;
}

void join(PreparedEvents& events, const PreparedEvents& more) {
  const auto shapes_before = static_cast<std::uint32_t>(events.shapes.size());
  const std::size_t events_before = events.events.size();
  events.shapes.insert(events.shapes.end(), more.shapes.begin(), more.shapes.end());
  events.events.insert(events.events.end(), more.events.begin(), more.events.end());
  for (std::size_t i = events_before; i < events.events.size(); ++i) {
    events.events[i].shape += shapes_before;
  }
}

RowOrdinals::Seen& RowOrdinals::place_of(std::uint64_t high, std::uint32_t low) {
  const std::size_t mask = seen_.size() - 1;
  std::size_t at = high & mask;
  while (seen_[at].count != 0 && (seen_[at].high != high || seen_[at].low != low)) {
    at = (at + 1) & mask;
  }
  return seen_[at];
}

void RowOrdinals::grow() {
  std::vector<Seen> old(std::max(kPlacesMin, 2 * seen_.size()));
  old.swap(seen_);
  for (const Seen& each : old) {
    if (each.count != 0) place_of(each.high, each.low) = each;
  }
}

std::uint32_t RowOrdinals::next(const FileRow& row) {
  // Two thirds full, a row that is new looks at four places or so.
  if (3 * used_ >= 2 * seen_.size()) grow();
  parts_.clear();
  append_part(parts_, row.customer);
  append_part(parts_, row.event);
  append_bytes(parts_, row.time.ms);
  parts_ += row.properties;
  const XXH128_hash_t hash = XXH3_128bits(parts_.data(), parts_.size());
  const auto low = static_cast<std::uint32_t>(hash.low64);
  Seen& seen = place_of(hash.high64, low);
  if (seen.count == 0) {
    seen = {hash.high64, low, 0};
    ++used_;
  }
  return seen.count++;
}

}  // namespace event_log
