// The program's own log, for the operator: what it did and what went wrong, one line each, to
// standard error. Never data of customers: no names, identities, values, rule texts.
// Threads: any. spdlog is named in diagnostics.cpp alone.
#pragma once

#include <fmt/core.h>

#include <string_view>
#include <utility>

namespace base {

enum class Severity : unsigned char { info, warning, error };

void log_line(Severity severity, std::string_view line);

template <typename... Arguments>
void log_info(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
  log_line(Severity::info, fmt::format(format, std::forward<Arguments>(arguments)...));
}
template <typename... Arguments>
void log_warning(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
  log_line(Severity::warning, fmt::format(format, std::forward<Arguments>(arguments)...));
}
template <typename... Arguments>
void log_error(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
  log_line(Severity::error, fmt::format(format, std::forward<Arguments>(arguments)...));
}

}  // namespace base
