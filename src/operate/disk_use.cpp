#include "operate/disk_use.h"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "base/check.h"
#include "operate/disk_use_sql.h"

namespace operate {
namespace {

namespace fs = std::filesystem;

// Files may come and go meanwhile.
std::int64_t bytes_below(const std::string& folder) {
  std::error_code failure;
  std::int64_t bytes = 0;
  auto each = fs::recursive_directory_iterator(folder, failure);
  for (; !failure && each != fs::recursive_directory_iterator(); each.increment(failure)) {
    std::error_code gone;
    if (!each->is_regular_file(gone) || gone) continue;
    const auto size = each->file_size(gone);
    if (!gone) bytes += static_cast<std::int64_t>(size);
  }
  return bytes;
}

// Bytes a day: the slope of the least squares line.
double slope(std::span<const DiskSample> samples) {
  const base::Moment first = samples.front().at;
  const auto days_of = [&](const DiskSample& sample) {
    return static_cast<double>((sample.at - first).ms) / static_cast<double>(base::kDay.ms);
  };
  const auto count = static_cast<double>(samples.size());
  double days = 0;
  double bytes = 0;
  for (const DiskSample& sample : samples) {
    days += days_of(sample) / count;
    bytes += static_cast<double>(sample.data_bytes) / count;
  }
  double above = 0;
  double below = 0;
  for (const DiskSample& sample : samples) {
    const double off = days_of(sample) - days;
    above += off * (static_cast<double>(sample.data_bytes) - bytes);
    below += off * off;
  }
  return below > 0 ? above / below : 0;
}

}  // namespace

std::string_view name_of(ForecastKind kind) {
  switch (kind) {
    case ForecastKind::days:
      return "days";
    case ForecastKind::not_enough_data:
      return "not_enough_data";
    case ForecastKind::not_growing:
      return "not_growing";
    case ForecastKind::free_not_known:
      return "free_not_known";
  }
  base::unreachable();
}

Forecast forecast(std::span<const DiskSample> samples, std::optional<std::int64_t> free_bytes) {
  Forecast told;
  if (samples.size() < kForecastSamplesMin) return told;
  if (samples.back().at - samples.front().at < kForecastSpanMin) return told;
  const double growth = slope(samples);
  told.growth_bytes_a_day = std::llround(growth);
  if (*told.growth_bytes_a_day <= 0) {
    told.kind = ForecastKind::not_growing;
  } else if (!free_bytes) {
    told.kind = ForecastKind::free_not_known;
  } else {
    told.kind = ForecastKind::days;
    const double days = static_cast<double>(*free_bytes) / growth;
    told.days_left = static_cast<std::int64_t>(std::min(days, kDaysLeftMax));
  }
  return told;
}

DiskNow DiskUse::now() const {
  DiskNow now;
  if (database_.dialect() == store::Dialect::postgresql) {
    now.data_bytes = database_
                         .read([](store::Session& session) {
                           return session.one(sql::kDatabaseBytesPostgresql, {},
                                              [](const store::Row& row) { return row.integer(0); });
                         })
                         .value_or(0);
    return now;
  }
  now.data_bytes = bytes_below(folder_);
  std::error_code failure;
  const fs::space_info space = fs::space(folder_, failure);
  if (!failure) now.free_bytes = static_cast<std::int64_t>(space.available);
  return now;
}

void DiskUse::sample(base::Moment at) {
  const std::int64_t bytes = now().data_bytes;
  const base::Moment hour{at.ms - at.ms % base::kHour.ms};
  database_.write("disk.sample", [&](store::Unit& unit) {
    unit.execute(sql::kAddSample, {hour.ms, bytes});
    unit.execute(sql::kForgetSamples, {(at - base::Duration{kForecastDays * base::kDay.ms}).ms});
  });
}

std::vector<DiskSample> DiskUse::samples() const {
  std::vector<DiskSample> samples;
  database_.read([&](store::Session& session) {
    session.query(sql::kAllSamples, {}, [&](const store::Row& row) {
      samples.push_back({{row.integer(0)}, row.integer(1)});
    });
  });
  return samples;
}

}  // namespace operate
