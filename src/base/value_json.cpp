#include "base/value_json.h"

#include <array>
#include <boost/json/array.hpp>
#include <boost/json/string.hpp>
#include <charconv>
#include <cmath>

#include "base/check.h"
#include "base/text.h"

namespace base {
namespace {

namespace json = boost::json;

std::string_view view_of(const json::string& text) { return {text.data(), text.size()}; }

// The number without an exponent; nothing for other kinds.
std::optional<std::string> number_text(const json::value& value) {
  if (value.is_int64()) return std::to_string(value.get_int64());
  if (value.is_uint64()) return std::to_string(value.get_uint64());
  if (!value.is_double()) return std::nullopt;
  std::array<char, 512>
      digits;  // the longest double has 309 digits before the point, or 325 behind
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(),
                                          value.get_double(), std::chars_format::fixed);
  CHECK(error == std::errc());
  return std::string(digits.data(), end);
}

Result<Value, ValueFault> list_from(const json::value& value) {
  if (!value.is_array()) return unexpected(ValueFault::wrong_type);
  if (value.get_array().size() > kTextListElementsMax) return unexpected(ValueFault::too_long);
  TextList list;
  std::size_t bytes = 0;
  for (const json::value& element : value.get_array()) {
    if (!element.is_string()) return unexpected(ValueFault::wrong_type);
    const auto text = parse_value(ValueType::text, view_of(element.get_string()), nullptr);
    if (!text) return text;
    const std::string& kept = std::get<std::string>(*text);
    if (kept.empty()) continue;
    list.push_back(kept);
    bytes += kept.size() + 1;
  }
  // The separators and escapes of the joined text count as well.
  if (bytes > kValueTextBytesMax || to_text(Value(list)).size() > kValueTextBytesMax) {
    return unexpected(ValueFault::too_long);
  }
  return Value(std::move(list));
}

}  // namespace

json::value value_to_json(const Value& value) {
  switch (type_of(value)) {
    case ValueType::integer:
      return std::get<std::int64_t>(value);
    case ValueType::boolean:
      return std::get<bool>(value);
    case ValueType::text_list: {
      json::array out;
      for (const std::string& element : std::get<TextList>(value)) {
        out.push_back(json::string(element));
      }
      return out;
    }
    case ValueType::decimal:
    case ValueType::money:
    case ValueType::text:
    case ValueType::time:
    case ValueType::date:
      return json::string(to_text(value));
  }
  unreachable();
}

Result<Value, ValueFault> value_from_json(ValueType type, const json::value& value,
                                          const Zone* zone) {
  switch (type) {
    case ValueType::boolean:
      if (!value.is_bool()) return unexpected(ValueFault::wrong_type);
      return Value(value.get_bool());
    case ValueType::text_list:
      return list_from(value);
    case ValueType::integer:
    case ValueType::decimal:
    case ValueType::money:
    case ValueType::time:
      if (const auto number = number_text(value)) {
        if (type == ValueType::time && number->find('.') != std::string::npos) {
          return unexpected(ValueFault::not_a_time);
        }
        return parse_value(type, *number, zone);
      }
      break;
    case ValueType::text:
    case ValueType::date:
      break;
  }
  if (!value.is_string()) return unexpected(ValueFault::wrong_type);
  return parse_value(type, view_of(value.get_string()), zone);
}

}  // namespace base
