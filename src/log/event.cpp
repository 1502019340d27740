#include "log/event.h"

#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>
#include <cmath>

#include "base/check.h"
#include "base/json.h"
#include "base/text.h"
#include "base/value_json.h"
#include "log/event_type.h"

namespace event_log {
namespace {

// The longest double in fixed notation: a sign, "0." and 323 zeros, 17 digits.
constexpr std::size_t kFixedDoubleBytesMax = 400;

bool is_plain_text(std::string_view text) {
  return base::is_utf8(text) && text.find('\0') == std::string_view::npos;
}

bool is_all_text(const boost::json::value& value) {
  if (const auto* text = value.if_string()) return is_plain_text(*text);
  if (const auto* array = value.if_array()) return std::ranges::all_of(*array, is_all_text);
  if (const auto* object = value.if_object()) {
    return std::ranges::all_of(*object, [](const boost::json::key_value_pair& member) {
      return is_plain_text(member.key()) && is_all_text(member.value());
    });
  }
  return true;
}

// Fixed notation, as few digits as give the same number back: 12.5, not 1.25E1.
std::string fixed_text(double number) {
  std::array<char, kFixedDoubleBytesMax> buffer;
  const auto [end, error] =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), number, std::chars_format::fixed);
  CHECK(error == std::errc());
  return std::string(buffer.data(), end);
}

void write_value(const boost::json::value& value, std::string& out) {
  const double* number = value.if_double();
  if (number != nullptr && std::isfinite(*number)) {
    out += fixed_text(*number);
  } else if (number != nullptr) {
    out += "null";
  } else {
    out += boost::json::serialize(value);
  }
}

std::optional<EventError> error_of_properties(const boost::json::object& properties) {
  for (const auto& member : properties) {
    if (!is_name(member.key())) return EventError{EventFault::bad_property_name, member.key()};
  }
  for (const auto& member : properties) {
    if (is_reserved_property(member.key())) {
      return EventError{EventFault::reserved_property, member.key()};
    }
  }
  for (const auto& member : properties) {
    if (!is_all_text(member.value())) return EventError{EventFault::not_text, member.key()};
  }
  return std::nullopt;
}

}  // namespace

std::string_view code_of(EventFault fault) {
  switch (fault) {
    case EventFault::bad_name:
      return "log.bad_name";
    case EventFault::bad_key:
      return "log.bad_key";
    case EventFault::before_1970:
      return "log.before_1970";
    case EventFault::too_far_ahead:
      return "log.too_far_ahead";
    case EventFault::too_many_properties:
      return "log.too_many_properties";
    case EventFault::bad_property_name:
      return "log.bad_property_name";
    case EventFault::reserved_property:
      return "log.reserved_property";
    case EventFault::not_text:
      return "log.not_text";
    case EventFault::too_large:
      return "log.too_large";
    case EventFault::too_many_types:
      return "log.too_many_types";
    case EventFault::too_many_events:
      return "log.too_many_events";
    case EventFault::bad_source:
      return "log.bad_source";
    case EventFault::batch_closed:
      return "log.batch_closed";
  }
  base::unreachable();
}

std::optional<EventError> error_of(const NewEvent& event, base::Moment now) {
  return error_of(event, to_stored(event.properties), now);
}

std::optional<EventError> error_of(const NewEvent& event, std::string_view stored,
                                   base::Moment now) {
  const auto about_event = [&](EventFault fault) { return EventError{fault, event.name}; };
  if (!is_name(event.name)) return about_event(EventFault::bad_name);
  if (event.key && (event.key->empty() || event.key->size() > kKeyBytesMax)) {
    return about_event(EventFault::bad_key);
  }
  if (event.time < base::Moment{0}) return about_event(EventFault::before_1970);
  if (event.time > now + kAheadMax) return about_event(EventFault::too_far_ahead);
  if (event.properties.size() > kPropertiesMax) {
    return about_event(EventFault::too_many_properties);
  }
  if (auto error = error_of_properties(event.properties)) return error;
  if (stored.size() > kEventBytesMax) return about_event(EventFault::too_large);
  return std::nullopt;
}

std::string to_stored(const boost::json::object& properties) {
  std::vector<const boost::json::key_value_pair*> members;
  members.reserve(properties.size());
  for (const auto& member : properties) {
    if (!member.value().is_null()) members.push_back(&member);
  }
  std::ranges::sort(members, {},
                    [](const auto* member) { return std::string_view(member->key()); });
  std::string out = "{";
  for (const auto* member : members) {
    if (out.size() > 1) out += ',';
    out += boost::json::serialize(member->key());
    out += ':';
    write_value(member->value(), out);
  }
  out += '}';
  return out;
}

boost::json::object from_stored(std::string_view stored) {
  boost::json::parse_options options;
  options.max_depth = base::kStoredJsonDepthMax;
  boost::json::error_code error;
  boost::json::value value = boost::json::parse(stored, error, {}, options);
  CHECK(!error);
  return std::move(value.as_object());
}

std::optional<base::Value> read_value(base::ValueType type, const boost::json::value& value) {
  auto typed = base::value_from_json(type, value, nullptr);
  if (!typed) return std::nullopt;
  return std::move(*typed);
}

std::optional<base::ValueType> first_type(const boost::json::value& value) {
  switch (value.kind()) {
    case boost::json::kind::null:
      return std::nullopt;
    case boost::json::kind::bool_:
      return base::ValueType::boolean;
    case boost::json::kind::int64:
    case boost::json::kind::uint64:
      return base::ValueType::integer;
    case boost::json::kind::double_:
      return base::ValueType::decimal;
    case boost::json::kind::string:
    case boost::json::kind::object:
      return base::ValueType::text;
    case boost::json::kind::array:
      break;
  }
  const bool texts = std::ranges::all_of(
      value.get_array(), [](const boost::json::value& element) { return element.is_string(); });
  return texts ? base::ValueType::text_list : base::ValueType::text;
}

}  // namespace event_log
