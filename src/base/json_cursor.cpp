#include "base/json_cursor.h"

#include <array>
#include <charconv>

namespace base {
namespace {

constexpr bool ends_plain_run(unsigned char byte) {
  return byte == '"' || byte == '\\' || byte < 0x20;
}

// Looked up, since texts are most of what is read.
constexpr std::array<bool, 256> kEndsPlainRun = [] {
  std::array<bool, 256> table{};
  for (std::size_t byte = 0; byte < table.size(); ++byte) {
    table[byte] = ends_plain_run(static_cast<unsigned char>(byte));
  }
  return table;
}();

bool is_digit(char c) { return c >= '0' && c <= '9'; }

void append_utf8(std::string& out, char32_t code) {
  const auto tail = [&](unsigned shift) {
    out.push_back(static_cast<char>(0x80 | ((code >> shift) & 0x3F)));
  };
  if (code < 0x80) {
    out.push_back(static_cast<char>(code));
  } else if (code < 0x800) {
    out.push_back(static_cast<char>(0xC0 | (code >> 6)));
    tail(0);
  } else if (code < 0x10000) {
    out.push_back(static_cast<char>(0xE0 | (code >> 12)));
    tail(6);
    tail(0);
  } else {
    out.push_back(static_cast<char>(0xF0 | (code >> 18)));
    tail(12);
    tail(6);
    tail(0);
  }
}

// What stands behind a backslash for one character; '\0': it does not, or is \u.
char escaped(char letter) {
  switch (letter) {
    case '"':
    case '\\':
    case '/':
      return letter;
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return '\0';
  }
}

}  // namespace

char JsonCursor::next() {
  while (at_ < text_.size()) {
    const char c = text_[at_];
    if (c != ' ' && c != '\n' && c != '\t' && c != '\r') return c;
    ++at_;
  }
  return '\0';
}

bool JsonCursor::take(char token) {
  if (next() != token || at_ == text_.size()) return false;
  ++at_;
  return true;
}

bool JsonCursor::take_word(std::string_view word) {
  next();
  if (!text_.substr(at_).starts_with(word)) return false;
  at_ += word.size();
  return true;
}

std::optional<std::string_view> JsonCursor::text() {
  if (!take('"')) return std::nullopt;
  const std::size_t start = at_;
  while (at_ < text_.size() && !kEndsPlainRun[static_cast<unsigned char>(text_[at_])]) ++at_;
  if (at_ == text_.size()) return std::nullopt;
  if (text_[at_] == '\\') return text_with_escapes(start);
  if (text_[at_] != '"') return std::nullopt;
  return text_.substr(start, at_++ - start);
}

// What is read is never longer than what was given, so that the room never moves.
std::optional<std::string_view> JsonCursor::text_with_escapes(std::size_t start) {
  if (room_.capacity() < text_.size()) room_.reserve(text_.size());
  const std::size_t room_start = room_.size();
  room_.append(text_, start, at_ - start);
  while (at_ < text_.size()) {
    const char c = text_[at_++];
    if (c == '"') return std::string_view(room_).substr(room_start);
    if (static_cast<unsigned char>(c) < 0x20) return std::nullopt;
    if (c != '\\') {
      room_.push_back(c);
    } else if (!unescape()) {
      return std::nullopt;
    }
  }
  return std::nullopt;
}

// Behind the backslash.
bool JsonCursor::unescape() {
  if (at_ == text_.size()) return false;
  const char letter = text_[at_++];
  if (const char c = escaped(letter); c != '\0') {
    room_.push_back(c);
    return true;
  }
  if (letter != 'u') return false;
  const auto first = four_digits();
  if (!first || *first == 0) return false;
  if (*first < 0xD800 || *first > 0xDFFF) {
    append_utf8(room_, *first);
    return true;
  }
  if (*first > 0xDBFF || !text_.substr(at_).starts_with("\\u")) return false;
  at_ += 2;
  const auto second = four_digits();
  if (!second || *second < 0xDC00 || *second > 0xDFFF) return false;
  append_utf8(room_, 0x10000 + ((*first - 0xD800) << 10) + (*second - 0xDC00));
  return true;
}

std::optional<char32_t> JsonCursor::four_digits() {
  constexpr std::size_t kDigits = 4;
  if (text_.size() - at_ < kDigits) return std::nullopt;
  const char* const end = text_.data() + at_ + kDigits;
  std::uint32_t code = 0;
  const auto [read_end, error] = std::from_chars(text_.data() + at_, end, code, 16);
  if (error != std::errc() || read_end != end) return std::nullopt;
  at_ += kDigits;
  return code;
}

std::optional<JsonCursor::Number> JsonCursor::number() {
  next();
  const std::size_t start = at_;
  const auto pass_digits = [&] {
    const std::size_t from = at_;
    while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
    return at_ - from;
  };
  const bool is_negative = at_ < text_.size() && text_[at_] == '-';
  if (is_negative) ++at_;
  const std::size_t first = at_;
  const std::size_t whole = pass_digits();
  if (whole == 0 || (whole > 1 && text_[first] == '0')) return std::nullopt;
  const std::size_t whole_end = at_;
  std::size_t places = 0;
  const bool has_point = at_ < text_.size() && text_[at_] == '.';
  if (has_point) {
    ++at_;
    places = pass_digits();
    if (places == 0) return std::nullopt;
  }
  const bool goes_on = at_ < text_.size() && (text_[at_] == 'e' || text_[at_] == 'E');
  const std::size_t digits_max = has_point ? kPlainDigitsMax : kPlainWholeDigitsMax;
  if (goes_on || whole + places > digits_max) return std::nullopt;
  std::size_t end = at_;
  if (has_point) {
    while (text_[end - 1] == '0') --end;
    if (text_[end - 1] == '.') end = whole_end;
  }
  const bool is_minus_zero = is_negative && text_[first] == '0' && end == whole_end;
  if (is_minus_zero) return std::nullopt;
  return Number{text_.substr(start, end - start), has_point};
}

}  // namespace base
