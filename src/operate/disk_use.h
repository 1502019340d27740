// How much of the disk the data take, hour by hour, and the days that are left.
//
// The forecast is the slope of the least squares line through the samples of the last
// kForecastDays, kept one an hour: free bytes / growth a day. It is told when the samples span
// kForecastSpanMin and are kForecastSamplesMin at least; a figure that would be a guess is not.
//
// Threads: any. Borrows the database.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/moment.h"
#include "store/database.h"

namespace operate {

inline constexpr std::int64_t kForecastDays = 14;
inline constexpr base::Duration kForecastSpanMin{3 * base::kDay.ms};
inline constexpr std::size_t kForecastSamplesMin = 24;
inline constexpr double kDaysLeftMax = 36'500;  // more is told as these

struct DiskSample {
  base::Moment at;
  std::int64_t data_bytes = 0;
};

struct DiskNow {
  std::int64_t data_bytes = 0;             // of the data folder; PostgreSQL: of its database
  std::optional<std::int64_t> free_bytes;  // on the disk of the data folder; PostgreSQL: not known
};

enum class ForecastKind : std::uint8_t { days, not_enough_data, not_growing, free_not_known };
std::string_view name_of(ForecastKind kind);  // "not_enough_data"

struct Forecast {
  ForecastKind kind = ForecastKind::not_enough_data;
  std::optional<std::int64_t> growth_bytes_a_day;  // where there is enough data
  std::optional<std::int64_t> days_left;           // of `days`, rounded down
};
// Pure. Samples in order of time.
Forecast forecast(std::span<const DiskSample> samples, std::optional<std::int64_t> free_bytes);

class DiskUse {
 public:
  // The folder of the data; empty: there is none beside PostgreSQL.
  DiskUse(store::Database& database, std::string folder)
      : database_(database), folder_(std::move(folder)) {}

  DiskNow now() const;
  // Keeps what is now as the sample of this hour, once, and forgets those of before kForecastDays.
  void sample(base::Moment now);
  std::vector<DiskSample> samples() const;  // in order of time

 private:
  store::Database& database_;
  const std::string folder_;
};

}  // namespace operate
