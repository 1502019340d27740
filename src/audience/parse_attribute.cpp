#include <utility>

#include "audience/parser.h"

namespace audience {

Node Parser::parse_attribute() {
  const std::size_t offset = peek().offset;
  const bool could_open_membership = at_word("tag") || at_word("audience") || at_word("group") ||
                                     at_word("follows") || at_word("coupon") || at_word("stage") ||
                                     at_word("balance");
  Subject subject = need_subject();
  if (at_comparison()) return Node{parse_comparison(std::move(subject)), offset};
  if (at_word("is")) {
    next();
    const bool known = at_word("known");
    if (!known && !at_word("unknown")) {
      fail(RuleFault::expected_known_or_unknown, "known unknown", {"known", "unknown"});
    }
    next();
    return Node{IsKnown{std::move(subject), known}, offset};
  }
  if (at_word("in") && !at_word("last", 1) && !at_word("this", 1) && !at_word("previous", 1)) {
    return Node{parse_in(std::move(subject)), offset};
  }
  if (at_word("between")) {
    BetweenValues test{std::move(subject), {}, {}, next().offset};
    test.low = parse_value();
    need_word("and");
    test.high = parse_value();
    return Node{std::move(test), offset};
  }
  if (at_word("contains") || at_word("starts") || at_word("ends")) {
    return Node{parse_text_match(std::move(subject)), offset};
  }
  if (at_word("anniversary")) return Node{parse_anniversary(std::move(subject)), offset};
  if (std::optional<Window> window = parse_window()) {
    return Node{InWindow{std::move(subject), std::move(*window)}, offset};
  }
  if (could_open_membership) {
    fail(RuleFault::expected_string, "a text in double quotes, or a comparison");
  } else {
    fail(RuleFault::expected_comparison,
         "= != > >= < <= in between is contains starts ends anniversary or a window",
         {"in", "between", "is", "contains", "starts", "ends", "anniversary", "today", "yesterday",
          "before", "since", "from"});
  }
  return Node{};
}

NodeForm Parser::parse_comparison(Subject subject) {
  Compare test{std::move(subject), Comparison::equal, {}, peek().offset};
  test.comparison = need_comparison();
  test.value = parse_value();
  return test;
}

// Behind a name: `in (…)` or `in next …`.
NodeForm Parser::parse_in(Subject subject) {
  const std::size_t offset = next().offset;
  if (take_word("next")) {
    return InWindow{std::move(subject), Window{InNext{need_duration()}, offset}};
  }
  if (!at_symbol("(")) {
    fail(RuleFault::expected_parenthesis, "( last next this previous",
         {"last", "next", "this", "previous"});
  }
  return InList{std::move(subject), parse_values(), offset};
}

std::vector<Literal> Parser::parse_values() {
  need_open();
  std::vector<Literal> values;
  do {
    values.push_back(parse_value());
  } while (take_symbol(","));
  need_close();
  return values;
}

NodeForm Parser::parse_text_match(Subject subject) {
  MatchText test{std::move(subject), TextMatch::contains, {}, peek().offset};
  const std::string_view word = next().text;
  if (word != "contains") {
    test.match = word == "starts" ? TextMatch::starts_with : TextMatch::ends_with;
    if (!take_word("with")) fail(RuleFault::expected_with, "with", {"with"});
  }
  test.value.kind = LiteralKind::text;
  test.value.offset = peek().offset;
  test.value.text = need_string();
  return test;
}

NodeForm Parser::parse_anniversary(Subject subject) {
  Anniversary test{std::move(subject), AnniversaryRange::today, std::nullopt, next().offset};
  if (take_word("today")) return test;
  need_word("in");
  if (at_word("next") || at_word("last")) {
    test.range = next().text == "next" ? AnniversaryRange::next : AnniversaryRange::last;
    test.duration = need_duration();
  } else {
    fail(RuleFault::expected_next_or_last, "next last", {"next", "last"});
  }
  return test;
}

Literal Parser::parse_value() {
  const Token& token = peek();
  Literal literal;
  literal.offset = token.offset;
  literal.text = token.text;
  switch (token.kind) {
    case TokenKind::number:
      literal.kind = LiteralKind::number;
      break;
    case TokenKind::string:
      literal.kind = LiteralKind::text;
      literal.text = token.value;
      break;
    case TokenKind::date:
    case TokenKind::day:
      literal.kind = LiteralKind::date;
      break;
    case TokenKind::moment:
      literal.kind = LiteralKind::moment;
      break;
    case TokenKind::parameter:
      literal.kind = LiteralKind::parameter;
      literal.text = token.value;
      break;
    case TokenKind::word:
    case TokenKind::duration:
    case TokenKind::symbol:
    case TokenKind::other:
    case TokenKind::bad:
    case TokenKind::end:
      if (at_word("true") || at_word("false")) {
        literal.kind = LiteralKind::boolean;
        break;
      }
      fail(RuleFault::expected_value,
           "a number, a text in double quotes, true, false, a date or a moment", {"true", "false"});
      return literal;
  }
  next();
  return literal;
}

Literal Parser::parse_moment() {
  const TokenKind kind = peek().kind;
  if (kind == TokenKind::date || kind == TokenKind::moment || kind == TokenKind::parameter) {
    return parse_value();
  }
  fail(RuleFault::expected_moment, "a moment such as 2026-01-31 or 2026-01-31T08:00");
  return {};
}

// Nothing when no window begins here.
std::optional<Window> Parser::parse_window() {
  const std::size_t offset = peek().offset;
  if (take_word("in")) return Window{parse_in_window(), offset};
  if (take_word("today")) return Window{Today{}, offset};
  if (take_word("yesterday")) return Window{Yesterday{}, offset};
  if (take_word("before")) return Window{Before{parse_moment()}, offset};
  if (take_word("since")) return Window{Since{parse_moment()}, offset};
  if (take_word("between")) {
    BetweenMoments form;
    form.from = parse_moment();
    need_word("and");
    form.to = parse_moment();
    return Window{std::move(form), offset};
  }
  if (take_word("from")) {
    FromToAgo form;
    form.from = need_duration();
    need_word("to");
    form.to = need_duration();
    need_word("ago");
    return Window{std::move(form), offset};
  }
  return std::nullopt;
}

WindowForm Parser::parse_in_window() {
  if (take_word("last")) return InLast{need_duration()};
  if (take_word("this")) return InThis{need_unit()};
  if (take_word("previous")) {
    InPrevious form{need_integer(), base::CalendarUnit::day};
    form.unit = need_unit();
    return form;
  }
  fail(RuleFault::expected_word, "last this previous", {"last", "this", "previous"});
  return Today{};
}

}  // namespace audience
