#include "audience/lexer.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "audience/rule.h"
#include "base/calendar.h"
#include "base/text.h"
#include "base/value.h"

namespace audience {
namespace {

constexpr std::array<std::string_view, 15> kReserved = {
    "and",      "or",   "not",   "did", "then", "first",   "last", "held",
    "everyone", "true", "false", "in",  "is",   "between", "where"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_lower(char c) { return (c >= 'a' && c <= 'z') || c == '_'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool is_beyond_ascii(char c) { return static_cast<unsigned char>(c) >= 0x80; }
bool is_word_part(char c) {
  return is_lower(c) || is_upper(c) || is_digit(c) || is_beyond_ascii(c);
}
bool is_figure_part(char c) {
  return is_digit(c) || is_lower(c) || is_upper(c) || c == '.' || c == ':' || c == '+' || c == '-';
}

bool all_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, is_digit);
}

bool has_shape_of_number(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  const std::size_t point = text.find('.');
  if (point == std::string_view::npos) return all_digits(text);
  return all_digits(text.substr(0, point)) && all_digits(text.substr(point + 1));
}

bool is_duration_unit(std::string_view text) {
  return text == "ms" || text == "s" || text == "m" || text == "h" || text == "d" || text == "w";
}

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  std::vector<Token> run() {
    std::vector<Token> tokens;
    while (true) {
      while (at_ < text_.size() && is_space(text_[at_])) ++at_;
      tokens.push_back(next());
      if (tokens.back().kind == TokenKind::end) return tokens;
    }
  }

 private:
  char ahead(std::size_t by) const { return at_ + by < text_.size() ? text_[at_ + by] : ' '; }

  // The next `length` bytes as a token.
  Token take(TokenKind kind, std::size_t length) {
    Token token{kind, at_, text_.substr(at_, length), {}, {}};
    at_ += length;
    return token;
  }

  Token take_bad(RuleFault fault, std::size_t length) {
    Token token = take(TokenKind::bad, length);
    token.fault = fault;
    return token;
  }

  template <typename Accepts>
  std::size_t run_length(std::size_t from, Accepts accepts) const {
    std::size_t end = at_ + from;
    while (end < text_.size() && accepts(text_[end])) ++end;
    return end - at_;
  }

  Token next() {
    if (at_ == text_.size()) return take(TokenKind::end, 0);
    const char c = text_[at_];
    if (c == '"') return take_string();
    if (c == '$') return take_parameter();
    if (is_digit(c) || (c == '-' && (is_digit(ahead(1)) || ahead(1) == '-'))) return take_figure();
    if (is_word_part(c)) return take_word();
    if (c == '(' || c == ')' || c == ',' || c == '=') return take(TokenKind::symbol, 1);
    if (c == '<' || c == '>') return take(TokenKind::symbol, ahead(1) == '=' ? 2 : 1);
    if (c == '!' && ahead(1) == '=') return take(TokenKind::symbol, 2);
    return take_bad(RuleFault::unknown_character, 1);
  }

  Token take_word() {
    const std::size_t length = run_length(0, is_word_part);
    const bool plain = is_plain_name(text_.substr(at_, length));
    return take(plain ? TokenKind::word : TokenKind::other, length);
  }

  Token take_parameter() {
    const std::size_t length = run_length(1, is_word_part);
    if (!is_plain_name(text_.substr(at_ + 1, length - 1))) {
      return take_bad(RuleFault::unknown_character, length);
    }
    Token token = take(TokenKind::parameter, length);
    token.value = token.text.substr(1);
    return token;
  }

  Token take_string() {
    std::string value;
    std::size_t end = at_ + 1;
    bool escape_is_bad = false;
    for (; end < text_.size() && text_[end] != '"'; ++end) {
      char c = text_[end];
      if (c == '\n' || c == '\r') return take_bad(RuleFault::line_end_in_string, end - at_);
      if (c == '\\') {
        ++end;
        if (end == text_.size()) break;
        c = text_[end];
        if (c != '"' && c != '\\') escape_is_bad = true;
      }
      value.push_back(c);
    }
    if (end >= text_.size()) {
      return take_bad(RuleFault::unfinished_string, text_.size() - at_);
    }
    const std::size_t length = end + 1 - at_;
    if (escape_is_bad) return take_bad(RuleFault::bad_escape, length);
    Token token = take(TokenKind::string, length);
    token.value = base::to_nfc(value);
    return token;
  }

  // Whatever begins with a digit: number, duration, date, moment.
  Token take_figure() {
    const std::size_t length = run_length(1, is_figure_part);
    const std::string_view text = text_.substr(at_, length);
    if (has_shape_of_number(text)) {
      if (!base::parse_number(text)) return take_bad(RuleFault::number_out_of_range, length);
      return take(TokenKind::number, length);
    }
    const auto unit = std::ranges::find_if_not(text, is_digit);
    if (is_duration_unit(std::string_view(unit, text.end()))) return take_duration(length);
    const auto moment = base::parse_moment(text);
    if (moment) {
      if (moment->ms_of_day) return take(TokenKind::moment, length);
      return take(moment->date.year == 0 ? TokenKind::day : TokenKind::date, length);
    }
    if (moment.error() == base::MomentFault::impossible) {
      return take_bad(RuleFault::impossible_moment, length);
    }
    return take(TokenKind::other, length);
  }

  Token take_duration(std::size_t length) {
    WrittenDuration duration;
    const std::string_view text = text_.substr(at_, length);
    const auto parsed = std::from_chars(text.begin(), text.end(), duration.count);
    duration.unit = std::string(parsed.ptr, text.end());
    if (parsed.ec != std::errc{} || !is_within_limit(duration)) {
      return take_bad(RuleFault::duration_too_long, length);
    }
    return take(TokenKind::duration, length);
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

bool is_reserved(std::string_view word) {
  return std::ranges::find(kReserved, word) != kReserved.end();
}

bool is_plain_name(std::string_view text) {
  return !text.empty() && is_lower(text.front()) &&
         std::ranges::all_of(text, [](char c) { return is_lower(c) || is_digit(c); });
}

std::vector<Token> tokens_of(std::string_view text) { return Lexer(text).run(); }

}  // namespace audience
