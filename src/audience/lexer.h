// The tokens of a rule's text. Every text of valid UTF-8 has tokens: what is no token of the
// language becomes one of kind `bad` with its fault, or `other` when only the place can say what is
// wrong with it; the parser reports it when it arrives there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "audience/fault.h"

namespace audience {

enum class TokenKind : std::uint8_t {
  end,
  word,       // [a-z_][a-z0-9_]*, reserved or not
  string,     // "…": `value` has no escapes and is in NFC
  number,     // -12.505
  duration,   // 30d, at most kDurationYearsMax
  date,       // 2026-01-31
  day,        // --05-17
  moment,     // 2026-01-31T08:00+08:00
  parameter,  // $entry, $name: `value` is the name
  symbol,     // ( ) , = != > >= < <=
  other,      // 30x, AGE, 等级
  bad,
};

struct Token {
  TokenKind kind = TokenKind::end;
  std::size_t offset = 0;                          // of the first byte
  std::string_view text;                           // as it stands in the rule's text
  std::string value;                               // of string and parameter
  RuleFault fault = RuleFault::unknown_character;  // of bad
};

// Reserved everywhere: and or not did then first last held everyone true false in is between where.
bool is_reserved(std::string_view word);
// [a-z_][a-z0-9_]*, so that it may stand without quotes if it is not reserved.
bool is_plain_name(std::string_view text);

// Requires valid UTF-8 without U+0000. Ends with one token of kind `end`. The tokens look into
// `text`, which must outlive them.
std::vector<Token> tokens_of(std::string_view text);

}  // namespace audience
