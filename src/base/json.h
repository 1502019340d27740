// JSON in: strict reading of untrusted bytes, and mapping onto described structs with the path of
// the first error. JSON out: boost::json::serialize of a value made by to_json.
//
//   struct TagBody { std::string group; std::string name; std::optional<std::string> color; };
//   BOOST_DESCRIBE_STRUCT(TagBody, (), (group, name, color))
//   auto body = base::from_json<TagBody>(value);   // error: {"json.wrong_type", "/name"}
//
// Members: std::string, bool, std::int64_t, boost::json::value (anything), boost::json::object,
// std::vector<T>, std::optional<T> (may be missing or null; left out by to_json when empty), other
// described structs. A missing member that is no optional keeps its default if the struct has
// `static constexpr std::array kDefaults = {std::string_view("limit"), …}` naming it, else it is
// json.missing_member. Unknown members are json.unknown_member.
// Pure; any thread.
#pragma once

#include <boost/describe.hpp>
#include <boost/json/value.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace base {

// Room for the tree of a rule with 64 levels, of an object and an array each.
inline constexpr std::size_t kJsonDepthMax = 160;

enum class JsonFault : std::uint8_t {
  too_large,
  not_utf8,
  nul_character,  // U+0000 in a string or a name
  syntax,
  too_deep,  // more than kJsonDepthMax arrays and objects inside each other
  duplicate_key,
  wrong_type,
  out_of_range,  // a number beyond the member's type, a fraction for an integer
  missing_member,
  unknown_member,
};
std::string_view code_of(JsonFault fault);  // "json.syntax", …

struct JsonError {
  JsonFault fault;
  std::string path;        // JSON pointer of the place, "" for the whole
  std::size_t offset = 0;  // bytes from the start, for faults of the text; else 0
};

// Strict RFC 8259. Integers beyond 64 bits, and fractions, become doubles: callers that need exact
// decimals read strings. The offset of a fault is where reading stopped: exact for not_utf8, within
// the offending token else.
[[nodiscard]] Result<boost::json::value, JsonError> parse_json(std::string_view bytes,
                                                               std::size_t bytes_max);

// Of JSON the program wrote itself: stored properties and trees, its own answers. An explanation
// nests several levels a node.
inline constexpr std::size_t kStoredJsonDepthMax = 100'000;

// JSON the program wrote itself, so only its form is looked at; nothing when it has none.
std::optional<boost::json::value> parse_stored_json(std::string_view text);

}  // namespace base

#include "base/json_describe.h"
