#include "audience/fault.h"

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace audience {
namespace {

std::string_view unknown_code_of(RuleFault fault) {
  static constexpr std::pair<RuleFault, std::string_view> kCodes[] = {
      {RuleFault::unknown_parameter, "audience.unknown_parameter"},
      {RuleFault::unknown_attribute, "audience.unknown_attribute"},
      {RuleFault::unknown_property, "audience.unknown_property"},
      {RuleFault::unknown_event, "audience.unknown_event"},
      {RuleFault::unknown_tag, "audience.unknown_tag"},
      {RuleFault::unknown_tag_group, "audience.unknown_tag_group"},
      {RuleFault::unknown_audience, "audience.unknown_audience"},
      {RuleFault::unknown_purpose, "audience.unknown_purpose"},
      {RuleFault::unknown_channel, "audience.unknown_channel"},
      {RuleFault::unknown_identity_kind, "audience.unknown_identity_kind"},
      {RuleFault::unknown_model, "audience.unknown_model"},
      {RuleFault::unknown_stage, "audience.unknown_stage"},
  };
  return std::ranges::find(kCodes, fault, &std::pair<RuleFault, std::string_view>::first)->second;
}

}  // namespace

std::string_view code_of(RuleFault fault) {
  switch (fault) {
    case RuleFault::text_too_long:
      return "audience.text_too_long";
    case RuleFault::not_utf8:
      return "audience.not_utf8";
    case RuleFault::nul_character:
      return "audience.nul_character";
    case RuleFault::too_deep:
      return "audience.too_deep";
    case RuleFault::too_many_tests:
      return "audience.too_many_tests";
    case RuleFault::unfinished_string:
      return "audience.unfinished_string";
    case RuleFault::bad_escape:
      return "audience.bad_escape";
    case RuleFault::line_end_in_string:
      return "audience.line_end_in_string";
    case RuleFault::unknown_character:
      return "audience.unknown_character";
    case RuleFault::expected_test:
      return "audience.expected_test";
    case RuleFault::expected_name:
      return "audience.expected_name";
    case RuleFault::expected_comparison:
      return "audience.expected_comparison";
    case RuleFault::expected_value:
      return "audience.expected_value";
    case RuleFault::expected_integer:
      return "audience.expected_integer";
    case RuleFault::expected_number:
      return "audience.expected_number";
    case RuleFault::expected_string:
      return "audience.expected_string";
    case RuleFault::expected_duration:
      return "audience.expected_duration";
    case RuleFault::expected_moment:
      return "audience.expected_moment";
    case RuleFault::expected_unit:
      return "audience.expected_unit";
    case RuleFault::expected_parenthesis:
      return "audience.expected_parenthesis";
    case RuleFault::expected_comma:
      return "audience.expected_comma";
    case RuleFault::expected_with:
      return "audience.expected_with";
    case RuleFault::expected_known_or_unknown:
      return "audience.expected_known_or_unknown";
    case RuleFault::expected_next_or_last:
      return "audience.expected_next_or_last";
    case RuleFault::expected_word:
      return "audience.expected_word";
    case RuleFault::expected_end:
      return "audience.expected_end";
    case RuleFault::reserved_name:
      return "audience.reserved_name";
    case RuleFault::impossible_moment:
      return "audience.impossible_moment";
    case RuleFault::number_out_of_range:
      return "audience.number_out_of_range";
    case RuleFault::duration_too_long:
      return "audience.duration_too_long";
    case RuleFault::not_whole_days:
      return "audience.not_whole_days";
    case RuleFault::no_entry_here:
      return "audience.no_entry_here";
    case RuleFault::no_parameters_here:
      return "audience.no_parameters_here";
    case RuleFault::ambiguous_tag:
      return "audience.ambiguous_tag";
    case RuleFault::unknown_parameter:
    case RuleFault::unknown_attribute:
    case RuleFault::unknown_property:
    case RuleFault::unknown_event:
    case RuleFault::unknown_tag:
    case RuleFault::unknown_tag_group:
    case RuleFault::unknown_audience:
    case RuleFault::unknown_purpose:
    case RuleFault::unknown_channel:
    case RuleFault::unknown_identity_kind:
    case RuleFault::unknown_model:
    case RuleFault::unknown_stage:
      return unknown_code_of(fault);
    case RuleFault::circle:
      return "audience.circle";
    case RuleFault::mentions_own_changes:
      return "audience.mentions_own_changes";
    case RuleFault::not_ordered:
      return "audience.not_ordered";
    case RuleFault::not_a_text:
      return "audience.not_a_text";
    case RuleFault::not_a_time:
      return "audience.not_a_time";
    case RuleFault::not_a_number:
      return "audience.not_a_number";
    case RuleFault::not_comparable:
      return "audience.not_comparable";
    case RuleFault::wrong_literal:
      return "audience.wrong_literal";
    case RuleFault::window_in_filter:
      return "audience.window_in_filter";
    case RuleFault::not_available_yet:
      return "audience.not_available_yet";
    case RuleFault::bad_tree:
      return "audience.bad_tree";
  }
  base::unreachable();
}

void locate(RuleError& error, std::string_view text) {
  const std::string_view before = text.substr(0, std::min(error.offset, text.size()));
  error.line = 1 + static_cast<std::size_t>(std::ranges::count(before, '\n'));
  const std::size_t line_end = before.rfind('\n');
  const std::string_view line =
      line_end == std::string_view::npos ? before : before.substr(line_end + 1);
  const auto begins_code_point = [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  };
  error.column = 1 + static_cast<std::size_t>(std::ranges::count_if(line, begins_code_point));
}

}  // namespace audience
