// Figures as Prometheus reads them (text format 0.0.4).
//
// Labels come from closed lists only (route patterns, parts of the memory, names of readers), never
// from customers or from what somebody sends. prometheus-cpp is named in metrics.cpp alone.
// Pure; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace operate {

inline constexpr const char* kMetricsType = "text/plain; version=0.0.4; charset=utf-8";

using Labels = std::vector<std::pair<std::string, std::string>>;

struct Figure {
  Labels labels = {};
  double value = 0;
};
struct Histogram {
  struct Bucket {
    double upper = 0;         // of it
    std::uint64_t up_to = 0;  // how many are at or below it
  };
  Labels labels = {};
  std::vector<Bucket> buckets = {};  // but for the last, of everything
  std::uint64_t count = 0;
  double sum = 0;
};

enum class MetricKind : std::uint8_t { counter, gauge, histogram };

struct Metric {
  std::string name;  // "siyu_log_position"
  std::string help;
  MetricKind kind = MetricKind::gauge;
  std::vector<Figure> figures = {};        // of counters and gauges
  std::vector<Histogram> histograms = {};  // of histograms
};

std::string metrics_text(const std::vector<Metric>& metrics);

}  // namespace operate
