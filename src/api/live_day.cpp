#include "api/live_day.h"

#include <fmt/format.h>

#include "api/problem.h"

namespace api {

constexpr std::size_t kDayBytes = 10;

std::string day_text(base::LocalDay day) {
  const base::Date date = base::date_of(day);
  return fmt::format("{:04}-{:02}-{:02}", date.year, date.month, date.day);
}

base::LocalDay given_day(std::string_view text) {
  const auto written = base::parse_moment(text);
  if (!written || written->ms_of_day || written->date.year == 0 || text.size() != kDayBytes) {
    throw Refusal("api.bad_query", {{"subject", "day"}});
  }
  return base::day_of(written->date);
}

}  // namespace api
