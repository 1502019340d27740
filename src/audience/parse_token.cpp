#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "audience/parser.h"
#include "base/check.h"
#include "base/text.h"

namespace audience {
namespace {

struct UnitWord {
  std::string_view singular;
  std::string_view plural;
  base::CalendarUnit unit;
};
constexpr std::array<UnitWord, 5> kUnitWords = {{
    {"day", "days", base::CalendarUnit::day},
    {"week", "weeks", base::CalendarUnit::week},
    {"month", "months", base::CalendarUnit::month},
    {"quarter", "quarters", base::CalendarUnit::quarter},
    {"year", "years", base::CalendarUnit::year},
}};

struct ComparisonSymbol {
  std::string_view symbol;
  Comparison comparison;
};
constexpr std::array<ComparisonSymbol, 6> kComparisons = {{
    {"=", Comparison::equal},
    {"!=", Comparison::not_equal},
    {">", Comparison::greater},
    {">=", Comparison::greater_equal},
    {"<", Comparison::less},
    {"<=", Comparison::less_equal},
}};

const ComparisonSymbol* comparison_of(const Token& token) {
  if (token.kind != TokenKind::symbol) return nullptr;
  const auto found = std::ranges::find(kComparisons, token.text, &ComparisonSymbol::symbol);
  return found == kComparisons.end() ? nullptr : &*found;
}

std::optional<std::string> nearest_of(const Token& token,
                                      std::initializer_list<std::string_view> candidates) {
  if (token.kind != TokenKind::word && token.kind != TokenKind::other) return std::nullopt;
  const std::vector<std::string> names(candidates.begin(), candidates.end());
  return base::nearest(token.text, names);
}

}  // namespace

const Token& Parser::peek(std::size_t by) const {
  return tokens_[std::min(at_ + by, tokens_.size() - 1)];
}

const Token& Parser::next() {
  const Token& token = peek();
  at_ = std::min(at_ + 1, tokens_.size() - 1);
  return token;
}

bool Parser::at_word(std::string_view word, std::size_t by) const {
  return peek(by).kind == TokenKind::word && peek(by).text == word;
}

bool Parser::at_symbol(std::string_view symbol, std::size_t by) const {
  return peek(by).kind == TokenKind::symbol && peek(by).text == symbol;
}

bool Parser::at_comparison() const { return comparison_of(peek()) != nullptr; }

bool Parser::take_word(std::string_view word) {
  if (!at_word(word)) return false;
  next();
  return true;
}

bool Parser::take_symbol(std::string_view symbol) {
  if (!at_symbol(symbol)) return false;
  next();
  return true;
}

void Parser::need_word(std::string_view word) {
  if (!take_word(word)) fail(RuleFault::expected_word, std::string(word), {word});
}

void Parser::need_open() {
  if (!take_symbol("(")) fail(RuleFault::expected_parenthesis, "(");
}

void Parser::need_close() {
  if (!take_symbol(")")) fail(RuleFault::expected_parenthesis, ")");
}

Subject Parser::need_subject() {
  const Token& token = peek();
  Subject subject;
  subject.offset = token.offset;
  if (token.kind == TokenKind::string) {
    subject.text = next().value;
  } else if (token.kind == TokenKind::word && is_reserved(token.text)) {
    fail(RuleFault::reserved_name, "\"" + std::string(token.text) + "\" in quotes");
  } else if (token.kind == TokenKind::word) {
    subject.text = next().text;
  } else {
    fail(RuleFault::expected_name, "a name; other than a-z, 0-9 and _ in double quotes");
  }
  return subject;
}

std::string Parser::need_string() {
  if (peek().kind == TokenKind::string) return next().value;
  fail(RuleFault::expected_string, "a text in double quotes");
  return {};
}

Comparison Parser::need_comparison() {
  if (const ComparisonSymbol* found = comparison_of(peek())) {
    next();
    return found->comparison;
  }
  fail(RuleFault::expected_comparison, "= != > >= < <=");
  return Comparison::equal;
}

std::int64_t Parser::need_integer() {
  const Token& token = peek();
  const bool whole =
      token.kind == TokenKind::number && token.text.find_first_of("-.") == std::string_view::npos;
  if (!whole) {
    fail(RuleFault::expected_integer, "a whole number");
    return 0;
  }
  std::int64_t value = 0;
  const auto parsed = std::from_chars(token.text.begin(), token.text.end(), value);
  if (parsed.ec != std::errc{}) {
    fail(RuleFault::number_out_of_range, "a number below 2^63");
    return 0;
  }
  next();
  return value;
}

WrittenDuration Parser::need_duration() {
  WrittenDuration duration;
  if (peek().kind != TokenKind::duration) {
    fail(RuleFault::expected_duration, "a duration such as 30d (ms, s, m, h, d, w)");
    return duration;
  }
  const Token& token = next();
  const auto parsed = std::from_chars(token.text.begin(), token.text.end(), duration.count);
  duration.unit = std::string(parsed.ptr, token.text.end());
  duration.offset = token.offset;
  return duration;
}

base::CalendarUnit Parser::need_unit() {
  for (const UnitWord& word : kUnitWords) {
    if (take_word(word.singular) || take_word(word.plural)) return word.unit;
  }
  fail(RuleFault::expected_unit, "day week month quarter year",
       {"day", "week", "month", "quarter", "year"});
  return base::CalendarUnit::day;
}

void Parser::fail(RuleFault fault, std::string expected,
                  std::initializer_list<std::string_view> candidates) {
  if (error_) return;
  const Token& token = peek();
  error_ = RuleError{};
  error_->fault = token.kind == TokenKind::bad ? token.fault : fault;
  error_->offset = token.offset;
  error_->expected = std::move(expected);
  error_->nearest = nearest_of(token, candidates);
  at_ = tokens_.size() - 1;
}

}  // namespace audience
