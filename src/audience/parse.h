// Text -> Rule. docs/rule_language.md has the grammar.
//
// Names are not looked up and types not checked: bind.h does that. Every rule that parses prints
// (print.h), and the printed text parses to the same tree.
//
// Limits: kRuleBytesMax, kRuleTestsMax, kRuleDepthMax of the tree; parentheses are limited by the
// bytes alone, and nothing here recurses over them. The canonical spelling is held to
// kRuleBytesMax, too, so that what was accepted once is accepted again. Time and memory are linear
// in the text.
#pragma once

#include <string_view>

#include "audience/fault.h"
#include "audience/rule.h"
#include "base/result.h"

namespace audience {

// Errors: the leftmost. Its offset is the first byte of the first token after which no rule can
// follow what stands before; the length of the text when something is missing at the end.
[[nodiscard]] base::Result<Rule, RuleError> parse(std::string_view text);

}  // namespace audience
