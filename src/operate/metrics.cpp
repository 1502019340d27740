#include "operate/metrics.h"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <limits>
#include <sstream>

#include "base/check.h"

namespace operate {
namespace {

prometheus::MetricType type_of(MetricKind kind) {
  switch (kind) {
    case MetricKind::counter:
      return prometheus::MetricType::Counter;
    case MetricKind::gauge:
      return prometheus::MetricType::Gauge;
    case MetricKind::histogram:
      return prometheus::MetricType::Histogram;
  }
  base::unreachable();
}

prometheus::ClientMetric with_labels(const Labels& labels) {
  prometheus::ClientMetric made;
  for (const auto& [name, value] : labels) {
    prometheus::ClientMetric::Label label;
    label.name = name;
    label.value = value;
    made.label.push_back(std::move(label));
  }
  return made;
}

prometheus::ClientMetric client_metric(const Figure& figure, MetricKind kind) {
  prometheus::ClientMetric made = with_labels(figure.labels);
  (kind == MetricKind::counter ? made.counter.value : made.gauge.value) = figure.value;
  return made;
}

prometheus::ClientMetric client_metric(const Histogram& histogram) {
  prometheus::ClientMetric made = with_labels(histogram.labels);
  made.histogram.sample_count = histogram.count;
  made.histogram.sample_sum = histogram.sum;
  const auto add = [&](double upper, std::uint64_t up_to) {
    prometheus::ClientMetric::Bucket bucket;
    bucket.upper_bound = upper;
    bucket.cumulative_count = up_to;
    made.histogram.bucket.push_back(bucket);
  };
  for (const Histogram::Bucket& bucket : histogram.buckets) add(bucket.upper, bucket.up_to);
  add(std::numeric_limits<double>::infinity(), histogram.count);
  return made;
}

}  // namespace

std::string metrics_text(const std::vector<Metric>& metrics) {
  std::vector<prometheus::MetricFamily> families;
  for (const Metric& metric : metrics) {
    prometheus::MetricFamily family;
    family.name = metric.name;
    family.help = metric.help;
    family.type = type_of(metric.kind);
    for (const Figure& figure : metric.figures) {
      family.metric.push_back(client_metric(figure, metric.kind));
    }
    for (const Histogram& histogram : metric.histograms) {
      family.metric.push_back(client_metric(histogram));
    }
    families.push_back(std::move(family));
  }
  std::ostringstream text;
  prometheus::TextSerializer().Serialize(text, families);
  return text.str();
}

}  // namespace operate
