// JSON text read from front to back, without a tree, by somebody who knows what should stand there.
//
//   JsonCursor cursor(body);
//   if (!cursor.take('{')) …
//   const auto name = cursor.text();
//
// It reads what is plain and answers "no" to everything else, be it wrong or only unusual; it does
// not tell which. Whoever meets a "no" reads the whole text again with parse_json (base/json.h),
// which says what is wrong and where. What both read they read alike: the tree is the test.
//
// Plain are texts (with escapes, without U+0000), true, false, null, and numbers without an
// exponent that are not -0: of at most kPlainDigitsMax digits, whole ones of kPlainWholeDigitsMax.
//
// Views point into the text, or, of texts with escapes, into room of the cursor's own: both must
// outlive them. Not thread safe.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace base {

inline constexpr std::size_t kPlainDigitsMax = 15;       // so many a double gives back
inline constexpr std::size_t kPlainWholeDigitsMax = 18;  // so many fit 64 bits

class JsonCursor {
 public:
  // `text` is valid UTF-8 (is_utf8) and outlives the cursor.
  explicit JsonCursor(std::string_view text) : text_(text) {}
  JsonCursor(const JsonCursor&) = delete;
  JsonCursor& operator=(const JsonCursor&) = delete;

  // The next character that is no space, which stays; '\0' at the end.
  char next();
  // Whether that is `token`; then it is passed.
  bool take(char token);
  // The same of true, false and null.
  bool take_word(std::string_view word);
  bool at_end() { return next() == '\0' && at_ == text_.size(); }

  // Nothing: there is no plain text, or no plain number.
  std::optional<std::string_view> text();
  // As it is written when it is stored: without zeros at the end of a fraction ("12.50" is "12.5",
  // "12.0" is "12").
  struct Number {
    std::string_view text;
    bool has_point = false;  // as given
  };
  std::optional<Number> number();

 private:
  std::optional<std::string_view> text_with_escapes(std::size_t start);
  bool unescape();
  std::optional<char32_t> four_digits();

  std::string_view text_;
  std::size_t at_ = 0;
  std::string room_;  // reserved once for all texts with escapes, so that views into it stay
};

}  // namespace base
