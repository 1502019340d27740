// What can be wrong with a rule. One stable code each ("audience.expected_test"): error code of the
// API and key of its translations, so a published code never changes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace audience {

enum class RuleFault : std::uint8_t {
  text_too_long,  // kRuleBytesMax
  not_utf8,
  nul_character,
  too_deep,        // kRuleDepthMax, or kExpandedDepthMax after expanding
  too_many_tests,  // kRuleTestsMax, or kExpandedTestsMax after expanding
  unfinished_string,
  bad_escape,
  line_end_in_string,
  unknown_character,
  expected_test,
  expected_name,
  expected_comparison,
  expected_value,
  expected_integer,
  expected_number,
  expected_string,
  expected_duration,
  expected_moment,
  expected_unit,
  expected_parenthesis,
  expected_comma,
  expected_with,
  expected_known_or_unknown,
  expected_next_or_last,
  expected_word,  // a fixed word such as "then", "times", "days", "ago"; named in `expected`
  expected_end,
  reserved_name,
  impossible_moment,
  number_out_of_range,
  duration_too_long,
  not_whole_days,
  no_entry_here,       // $entry outside a journey
  no_parameters_here,  // $name outside a journey
  unknown_parameter,
  unknown_attribute,
  unknown_property,
  unknown_event,
  unknown_tag,
  unknown_tag_group,
  ambiguous_tag,
  unknown_audience,
  unknown_purpose,
  unknown_channel,
  unknown_identity_kind,
  unknown_model,
  unknown_stage,
  circle,                // the circle is in `expected`: "a → b → a"
  mentions_own_changes,  // did audience_entered … of what depends on it
  not_ordered,           // < on text or bool, between on text
  not_a_text,            // contains, starts with, ends with on another type or a list
  not_a_time,            // a window or anniversary on what is no time or date
  not_a_number,          // sum, avg
  not_comparable,        // min, max on text; distinct on a list
  wrong_literal,         // a literal of another kind than the type
  window_in_filter,
  not_available_yet,
  bad_tree,  // JSON that is no rule
};

// "audience.expected_test".
std::string_view code_of(RuleFault fault);

struct RuleError {
  RuleFault fault;
  std::size_t offset = 0;              // bytes from 0 of the first token that cannot be accepted
  std::size_t line = 1;                // from 1
  std::size_t column = 1;              // from 1, in code points
  std::string expected;                // what would have been accepted, in tokens of the language
  std::optional<std::string> nearest;  // "order_paid"
  std::string path;  // JSON pointer into the tree a rule was read from; "" for a text
};

// Fills in line and column of `error.offset` in the text of the rule (valid UTF-8 or not).
void locate(RuleError& error, std::string_view text);

}  // namespace audience
