#include "base/diagnostics.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "base/check.h"

namespace base {
namespace {

spdlog::logger& logger() {
  static const auto made = [] {
    auto out =
        std::make_shared<spdlog::logger>("siyu", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    out->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc);
    return out;
  }();
  return *made;
}

}  // namespace

void log_line(Severity severity, std::string_view line) {
  switch (severity) {
    case Severity::info:
      return logger().info(line);
    case Severity::warning:
      return logger().warn(line);
    case Severity::error:
      return logger().error(line);
  }
  unreachable();
}

}  // namespace base
