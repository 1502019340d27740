#include "operate/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace operate {
namespace {

using ::testing::HasSubstr;

TEST(MetricsTest, WritesWhatPrometheusReads) {
  const std::string text = metrics_text(
      {{.name = "siyu_units_total",
        .help = "Units.",
        .kind = MetricKind::counter,
        .figures = {{.value = 12}}},
       {.name = "siyu_memory_bytes",
        .help = "Memory.",
        .figures = {{.labels = {{"part", "order"}}, .value = 7}}},
       {.name = "siyu_request_seconds",
        .help = "Requests.",
        .kind = MetricKind::histogram,
        .histograms = {{.labels = {{"route", "GET /tags"}},
                        .buckets = {{.upper = 0.001, .up_to = 2}, {.upper = 1, .up_to = 3}},
                        .count = 4,
                        .sum = 2.5}}}});
  EXPECT_THAT(text, HasSubstr("# TYPE siyu_units_total counter\nsiyu_units_total 12"));
  EXPECT_THAT(text, HasSubstr("siyu_memory_bytes{part=\"order\"} 7"));
  EXPECT_THAT(text, HasSubstr("siyu_request_seconds_bucket{route=\"GET /tags\",le=\"1\"} 3"));
  EXPECT_THAT(text, HasSubstr("siyu_request_seconds_bucket{route=\"GET /tags\",le=\"+Inf\"} 4"));
  EXPECT_THAT(text, HasSubstr("siyu_request_seconds_sum{route=\"GET /tags\"} 2.5"));
}

TEST(MetricsTest, EscapesLabels) {
  const std::string text = metrics_text(
      {{.name = "a", .help = "b", .figures = {{.labels = {{"c", "\"\n\\"}}, .value = 1}}}});
  EXPECT_THAT(text, HasSubstr(R"(a{c="\"\n\\"} 1)"));
}

}  // namespace
}  // namespace operate
