// Any bytes as a JSON array of events' properties: what is read without a tree is what is made of
// the tree.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "base/json.h"
#include "base/text.h"
#include "log/plain_events.h"

namespace {

using namespace event_log;

constexpr std::size_t kBytesMax = 64 * 1024;
constexpr base::Moment kNow{1'760'000'000'000};

EventTypes types() {
  using base::ValueType;
  std::vector<Property> all = {{{1}, "a", ValueType::money},     {{2}, "b", ValueType::boolean},
                               {{3}, "d", ValueType::date},      {{4}, "i", ValueType::integer},
                               {{5}, "l", ValueType::text_list}, {{6}, "n", ValueType::decimal},
                               {{7}, "t", ValueType::time},      {{8}, "x", ValueType::text}};
  return EventTypes(1, {{{1}, "paid", false, false, std::move(all)}});
}

// Of the event at `index`: a known one and one that is new, in turn.
std::string_view name_of(std::size_t index) { return index % 2 == 0 ? "paid" : "visit"; }

std::optional<PreparedEvents> plainly(const EventTypes& types, std::string_view text) {
  if (!base::is_utf8(text)) return std::nullopt;
  base::JsonCursor cursor(text);
  PlainEvents events(types, kNow);
  if (!cursor.take('[')) return std::nullopt;
  do {
    const std::string_view name = name_of(events.size());
    const bool is_read = events.read_properties(cursor) && events.add({name, kNow, {}});
    if (!is_read) return std::nullopt;
  } while (cursor.take(','));
  if (!cursor.take(']') || !cursor.at_end()) return std::nullopt;
  return events.take();
}

PreparedEvents as_tree(const EventTypes& types, std::string_view text) {
  auto tree = base::parse_json(text, kBytesMax);
  CHECK(tree.has_value());
  std::vector<NewEvent> events;
  for (auto& each : tree->as_array()) {
    NewEvent& event = events.emplace_back();
    event.name = name_of(events.size() - 1);
    event.time = kNow;
    event.properties = std::move(each.as_object());
  }
  auto prepared = prepare(events, types, kNow);
  CHECK(prepared.has_value());
  return std::move(*prepared);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (size > kBytesMax) return 0;
  static const EventTypes kTypes = types();
  const auto plain = plainly(kTypes, text);
  if (plain) CHECK(*plain == as_tree(kTypes, text));
  return 0;
}
