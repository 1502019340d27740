#include "cli/message.h"

#include <algorithm>
#include <cstdlib>
#include <iterator>

#include "base/check.h"
#include "cli/message_table.h"

namespace cli {

bool speaks_chinese() {
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const char* value = std::getenv(name);
    if (value != nullptr && *value != '\0') return std::string_view(value).starts_with("zh");
  }
  return false;
}

namespace {

// "\\n" and "\\t" of the table, which has a message a line.
std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char next = i + 1 < text.size() ? text[i + 1] : '\0';
    if (text[i] == '\\' && (next == 'n' || next == 't')) {
      out += next == 'n' ? '\n' : '\t';
      ++i;
    } else {
      out += text[i];
    }
  }
  return out;
}

}  // namespace

namespace detail {

std::string fill(std::string_view key, const std::string* arguments, std::size_t count) {
  const auto* row = std::ranges::find(kMessages, key, &MessageRow::key);
  CHECK(row != std::end(kMessages));
  std::string out = unescaped(speaks_chinese() ? row->chinese : row->english);
  for (std::size_t i = 0; i < count; ++i) {
    const std::string place = "{" + std::to_string(i) + "}";
    if (const std::size_t at = out.find(place); at != std::string::npos) {
      out.replace(at, place.size(), arguments[i]);
    }
  }
  return out;
}

}  // namespace detail
}  // namespace cli
