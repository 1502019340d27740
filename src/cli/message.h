// What the command line says, in the language of LANG: messages.tsv (key, English, Chinese).
#pragma once

#include <string>
#include <string_view>

namespace cli {

// A row of messages.tsv.
struct MessageRow {
  std::string_view key;
  std::string_view english;
  std::string_view chinese;
};

// The first argument replaces {0} of the message, and so on.
template <typename... Arguments>
std::string message(std::string_view key, const Arguments&... arguments);

// Chinese when LC_ALL, LC_MESSAGES or LANG (the first that is set) begins with "zh".
bool speaks_chinese();

namespace detail {
std::string fill(std::string_view key, const std::string* arguments, std::size_t count);
inline std::string text(const std::string& value) { return value; }
inline std::string text(std::string_view value) { return std::string(value); }
inline std::string text(const char* value) { return value; }
template <typename Number>
std::string text(Number value) {
  return std::to_string(value);
}
}  // namespace detail

template <typename... Arguments>
std::string message(std::string_view key, const Arguments&... arguments) {
  const std::string texts[] = {std::string(), detail::text(arguments)...};
  return detail::fill(key, texts + 1, sizeof...(arguments));
}

}  // namespace cli
