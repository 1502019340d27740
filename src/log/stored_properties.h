// Reading what to_stored wrote, for everybody who reads the log: nearly all events have a few
// plain values, which are read where they stand, without making a tree of them.
//
// known_properties (log/event.h) reads the plain way and, where a text is anything else, the tree.
// Pure; any thread.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "log/event.h"

namespace event_log {

struct EventType;

// Plain: names in byte order, each once; texts without a backslash; numbers of at most
// kPlainDigitsMax digits, without exponent and without a zero at the end of a fraction; true and
// false; no space anywhere. Nothing: the text is not plain (or no JSON at all).
inline constexpr std::size_t kPlainDigitsMax = 15;  // so many a double gives back
std::optional<std::vector<KnownProperty>> known_in_plain(const EventType& type,
                                                         std::string_view stored);

// Any JSON object, of the depth that is stored.
std::vector<KnownProperty> known_in_tree(const EventType& type, std::string_view stored);

}  // namespace event_log
