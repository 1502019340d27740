// The parser's machine, for parse.h alone: recursive descent over tokens for tests, an explicit
// stack for and, or, not, held and parentheses (parse.cpp).
//
// The first mistake is latched: it moves the cursor to the end, so that every production runs out
// without looking at what it got; only the caller of the whole asks whether there was one.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audience/fault.h"
#include "audience/lexer.h"
#include "audience/rule.h"

namespace audience {

class Parser {
 public:
  // `tokens` and the text they look into outlive the parser.
  explicit Parser(const std::vector<Token>& tokens) : tokens_(tokens) {}

  // The whole text; `error` afterwards says whether the tree is one.
  Node parse_whole();
  const std::optional<RuleError>& error() const { return error_; }

 private:
  // Which names stand in tests: attributes of customers, or properties of an event in a filter,
  // where nothing but attribute tests may stand.
  enum class Scope : std::uint8_t { customer, event };

  struct Frame;

  // parse.cpp: connectives. `above`: levels of the tree above this rule.
  Node parse_rule(Scope scope, std::size_t above);
  void open_factor(Scope scope, std::vector<Frame>& frames);
  std::optional<Node> close_factor(std::vector<Frame>& frames);
  Node parse_held_end(Frame& frame);
  Node parse_test(Scope scope, std::size_t depth);
  bool is_too_deep(std::size_t depth);

  // parse_attribute.cpp: tests over attributes and properties, values, windows.
  Node parse_attribute();
  NodeForm parse_comparison(Subject subject);
  NodeForm parse_in(Subject subject);
  NodeForm parse_text_match(Subject subject);
  NodeForm parse_anniversary(Subject subject);
  Literal parse_value();
  Literal parse_moment();
  std::vector<Literal> parse_values();
  std::optional<Window> parse_window();
  WindowForm parse_in_window();

  // parse_event.cpp: did, first and last, sequences.
  Node parse_did(std::size_t depth);
  Node parse_first_last(std::size_t depth);
  Step parse_step(std::size_t depth);
  std::unique_ptr<Node> parse_filter(std::size_t depth);
  std::optional<Measure> parse_measure();
  Measure parse_aggregate(Aggregate aggregate);
  Sequence parse_sequence(Step first, std::size_t depth);
  Then parse_then(bool negated, std::size_t depth);

  // parse_membership.cpp
  bool at_membership() const;
  Node parse_membership();
  NodeForm parse_relation(RelationKind kind);
  NodeForm parse_stage();
  NodeForm parse_balance();
  NodeForm parse_consents();

  // parse_token.cpp: the cursor and what one token can be.
  const Token& peek(std::size_t by = 0) const;
  const Token& next();
  bool at_word(std::string_view word, std::size_t by = 0) const;
  bool at_symbol(std::string_view symbol, std::size_t by = 0) const;
  bool at_comparison() const;
  bool take_word(std::string_view word);
  bool take_symbol(std::string_view symbol);
  void need_word(std::string_view word);
  void need_open();
  void need_close();
  Subject need_subject();
  std::string need_string();
  template <typename Id>
  Named<Id> need_named_string() {
    Named<Id> named;
    named.offset = peek().offset;
    named.text = need_string();
    return named;
  }
  Comparison need_comparison();
  std::int64_t need_integer();
  WrittenDuration need_duration();
  base::CalendarUnit need_unit();
  // Latches a mistake at the next token. `candidates`: words it might have been meant for.
  void fail(RuleFault fault, std::string expected,
            std::initializer_list<std::string_view> candidates = {});

  const std::vector<Token>& tokens_;
  std::size_t at_ = 0;
  std::size_t tests_ = 0;
  std::optional<RuleError> error_;
};

}  // namespace audience
