// Rule -> text in canonical spelling (docs/rule_language.md): one space between words, the fewest
// parentheses, names without quotes where possible, numbers, durations and moments as written.
//
// The printed text parses to the same tree. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "audience/rule.h"

namespace audience {

class Names;

std::string print(const Rule& rule);
// One part of a rule, as explanations name it.
std::string print(const Node& node);

// With today's names (todays_names.h).
std::string print(const Rule& rule, const Names& names);

// "等级" -> "\"等级\""; quotes and backslashes escaped.
std::string quoted(std::string_view text);

}  // namespace audience
