// Calendar arithmetic in a time zone: local days, weeks from Monday, months, quarters, years.
//
// A local day lasts 23 to 25 hours. A local time that does not exist (clocks going forward) is the
// first moment after the gap; one that exists twice is the earlier. Zones come from the machine's
// tzdata. Pure after construction; any thread.
//
// Moments outside the years 1 to 9999 are treated as the nearest moment inside; a result outside is
// kMomentMin or kMomentMax.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/moment.h"
#include "base/value.h"

namespace base {

enum class CalendarUnit : std::uint8_t { day, week, month, quarter, year };

// Days since 1970-01-01 of a local calendar.
struct LocalDay {
  std::int32_t days = 0;
  friend constexpr auto operator<=>(LocalDay, LocalDay) = default;
};

// A wall clock reading without a zone.
struct LocalTime {
  LocalDay day;
  std::int32_t ms_of_day = 0;  // 0 … 86,399,999
};

// The first and last moment that can be written: 0001-01-01T00:00:00.000Z,
// 9999-12-31T23:59:59.999Z.
inline constexpr Moment kWrittenMomentMin{-62'135'596'800'000};
inline constexpr Moment kWrittenMomentMax{253'402'300'799'999};

class Zone {
 public:
  // "Asia/Shanghai"; nothing for a name tzdata does not know.
  static std::optional<Zone> named(std::string_view name);
  static Zone utc();

  const std::string& name() const { return name_; }

  LocalDay day_of(Moment moment) const;
  LocalTime local_of(Moment moment) const;
  Moment moment_of(LocalTime local) const;
  // First millisecond of the local day. When midnight does not exist, the first after it.
  Moment start_of(LocalDay day) const;

  // First millisecond of the unit that lies `offset` units after the one containing `moment`:
  // period_start(now, month, 0) is the start of this month, -1 of the previous, 1 of the next.
  Moment period_start(Moment moment, CalendarUnit unit, std::int64_t offset) const;

  // 0–23, and 1 = Monday … 7 = Sunday.
  int hour_of(Moment moment) const;
  int weekday_of(Moment moment) const;

 private:
  friend class DayReader;
  Zone(std::string name, const void* zone) : name_(std::move(name)), zone_(zone) {}
  std::string name_;
  const void* zone_;  // date::time_zone, owned by the tz database for the life of the program
};

// The local days of many moments: as Zone::day_of, in a nanosecond while they lie between the same
// two changes of the clock. Borrows the zone. One thread.
class DayReader {
 public:
  explicit DayReader(const Zone& zone) : zone_(&zone) {}
  LocalDay day_of(Moment moment);

 private:
  const Zone* zone_;
  Moment from_ = kMomentMax;  // [from_, to_): where offset_ms_ is right
  Moment to_ = kMomentMin;
  std::int64_t offset_ms_ = 0;
};

LocalDay day_of(Date date);  // requires a year
Date date_of(LocalDay day);
bool is_leap_year(int year);

// A date that exists: 29 February without a year (0) does.
bool is_possible(Date date);

// A moment or date as text.
//   2026-01-31 · 2026-01-31T08:00[:00[.123]][Z|+08:00] · --05-17
// Also accepted by files, not by the rule language: spaces for the T, "/" in dates, one-digit
// months, days and hours, one to nine digits of a second (cut to milliseconds), +0800 and +08.
// `parse_*` accept exactly the grammar of the rule language; `read_*` also the rest. Of the right
// shape but not on a clock or calendar is `impossible`: 1999-13-01, 24:00, year 0.
struct WrittenMoment {
  Date date;                                   // year 0 only for a bare --05-17
  std::optional<std::int32_t> ms_of_day;       // missing: a bare date
  std::optional<std::int32_t> offset_minutes;  // missing: local time
};
enum class MomentFault : std::uint8_t { not_a_moment, impossible };
[[nodiscard]] Result<WrittenMoment, MomentFault> parse_moment(std::string_view text);
[[nodiscard]] Result<WrittenMoment, MomentFault> read_moment(std::string_view text);
// A bare date is its first millisecond in `zone`. Requires a year.
Moment resolve(const WrittenMoment& written, const Zone& zone);

// "2026-01-31T08:00:00.000+08:00" with the zone's offset at that moment, "…Z" for UTC.
std::string to_iso8601(Moment moment, const Zone& zone);
std::string to_iso8601_utc(Moment moment);

}  // namespace base
