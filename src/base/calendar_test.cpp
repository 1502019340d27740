#include "base/calendar.h"

#include <gtest/gtest.h>

namespace base {
namespace {

Zone zone(std::string_view name) {
  const auto found = Zone::named(name);
  EXPECT_TRUE(found.has_value()) << name;
  return *found;
}

// The moment of a written time in the zone, as ISO 8601 in UTC.
std::string utc(std::string_view text, std::string_view zone_name = "Asia/Shanghai") {
  const auto written = parse_moment(text);
  if (!written) {
    return written.error() == MomentFault::impossible ? "impossible" : "not a moment";
  }
  return to_iso8601_utc(resolve(*written, zone(zone_name)));
}

Moment at(std::string_view text) {
  const auto written = parse_moment(text);
  EXPECT_TRUE(written.has_value()) << text;
  return resolve(*written, Zone::utc());
}

std::string period(std::string_view zone_name, std::string_view moment, CalendarUnit unit,
                   std::int64_t offset) {
  const Zone found = zone(zone_name);
  return to_iso8601(found.period_start(at(moment), unit, offset), found);
}

TEST(Calendar, ReadsMoments) {
  EXPECT_EQ(utc("2026-01-31"), "2026-01-30T16:00:00.000Z");
  EXPECT_EQ(utc("2026-01-31T08:00"), "2026-01-31T00:00:00.000Z");
  EXPECT_EQ(utc("2026-01-31T08:00:09"), "2026-01-31T00:00:09.000Z");
  EXPECT_EQ(utc("2026-01-31T08:00:09.123Z"), "2026-01-31T08:00:09.123Z");
  EXPECT_EQ(utc("2026-01-31T08:00-03:30"), "2026-01-31T11:30:00.000Z");
  EXPECT_EQ(utc("1999-13-01"), "impossible");
  EXPECT_EQ(utc("2026-02-29"), "impossible");
  EXPECT_EQ(utc("0000-01-01"), "impossible");
  EXPECT_EQ(utc("2026-01-31T24:00"), "impossible");
  EXPECT_EQ(utc("2026-01-31T08:60"), "impossible");
  EXPECT_EQ(utc("2026-01-31T08:00+24:00"), "impossible");
  for (const std::string_view bad :
       {"", "2026", "2026-1-31", "2026-01-31T8:00", "2026-01-31T08", "2026-01-31T08:00:00.12",
        "2026-01-31 08:00", "2026-01-31T08:00z", "2026-01-31T08:00+0800", "2026-01-31x",
        "2026-01-31T", "2026/01/31", "--5-17", "--05-17T08:00"}) {
    EXPECT_EQ(utc(bad), "not a moment") << bad;
  }
  EXPECT_EQ(parse_moment("--02-29")->date, (Date{0, 2, 29}));
  EXPECT_EQ(parse_moment("--02-30").error(), MomentFault::impossible);
}

TEST(Calendar, ReadsTheMomentsOfFiles) {
  const auto read = [](std::string_view text) {
    const auto written = read_moment(text);
    return written ? to_iso8601_utc(resolve(*written, zone("Asia/Shanghai"))) : "not a moment";
  };
  EXPECT_EQ(read("2026/1/5"), "2026-01-04T16:00:00.000Z");
  EXPECT_EQ(read("2026-1-5  9:05"), "2026-01-05T01:05:00.000Z");
  EXPECT_EQ(read("2026-01-05 09:05:06.1234567"), "2026-01-05T01:05:06.123Z");
  EXPECT_EQ(read("2026-01-05 09:05:06.5"), "2026-01-05T01:05:06.500Z");
  EXPECT_EQ(read("2026-01-05T09:05:06+0100"), "2026-01-05T08:05:06.000Z");
  EXPECT_EQ(read("2026-01-05T09:05:06 +01"), "2026-01-05T08:05:06.000Z");
  EXPECT_EQ(read("2026/1-5"), "not a moment");
  EXPECT_EQ(read("2026-01-05 09:05:06."), "not a moment");
  EXPECT_EQ(read("2026-01-05 09:05:06.1234567890"), "not a moment");
}

TEST(Calendar, ClockChanges) {
  // New York skips 02:00–03:00 on 10 March 2024 and repeats 01:00–02:00 on 3 November.
  EXPECT_EQ(utc("2024-03-10T02:30", "America/New_York"), "2024-03-10T07:00:00.000Z");
  EXPECT_EQ(utc("2024-03-10T01:59:59.999", "America/New_York"), "2024-03-10T06:59:59.999Z");
  EXPECT_EQ(utc("2024-11-03T01:30", "America/New_York"), "2024-11-03T05:30:00.000Z");
  EXPECT_EQ(utc("2024-11-03T02:00", "America/New_York"), "2024-11-03T07:00:00.000Z");
  // Midnight is missing in São Paulo on 4 November 2018, and exists twice in Havana on 3 November
  // 2024; Samoa had no 30 December 2011 at all.
  EXPECT_EQ(utc("2018-11-04", "America/Sao_Paulo"), "2018-11-04T03:00:00.000Z");
  EXPECT_EQ(utc("2024-11-03", "America/Havana"), "2024-11-03T04:00:00.000Z");
  EXPECT_EQ(utc("2011-12-30", "Pacific/Apia"), utc("2011-12-31", "Pacific/Apia"));
  // Shanghai kept summer time in 1988: 17 April began at 00:00, jumped at 02:00.
  EXPECT_EQ(utc("1988-04-17T02:30"), "1988-04-16T18:00:00.000Z");
  EXPECT_EQ(to_iso8601(at("1988-07-01T00:00Z"), zone("Asia/Shanghai")),
            "1988-07-01T09:00:00.000+09:00");
}

TEST(Calendar, PeriodsOfTheLocalCalendar) {
  const std::string_view kNow = "2026-02-15T20:00Z";  // Monday 16 February 04:00 in Shanghai
  const auto start = [&](CalendarUnit unit, std::int64_t offset) {
    return period("Asia/Shanghai", kNow, unit, offset).substr(0, 10);
  };
  EXPECT_EQ(start(CalendarUnit::day, 0), "2026-02-16");
  EXPECT_EQ(start(CalendarUnit::day, -46), "2026-01-01");
  EXPECT_EQ(start(CalendarUnit::week, 0), "2026-02-16");
  EXPECT_EQ(start(CalendarUnit::week, -1), "2026-02-09");
  EXPECT_EQ(start(CalendarUnit::month, 0), "2026-02-01");
  EXPECT_EQ(start(CalendarUnit::month, -2), "2025-12-01");
  EXPECT_EQ(start(CalendarUnit::month, 11), "2027-01-01");
  EXPECT_EQ(start(CalendarUnit::quarter, 0), "2026-01-01");
  EXPECT_EQ(start(CalendarUnit::quarter, -1), "2025-10-01");
  EXPECT_EQ(start(CalendarUnit::year, 0), "2026-01-01");
  EXPECT_EQ(start(CalendarUnit::year, 1), "2027-01-01");
  EXPECT_EQ(period("America/New_York", "2024-11-03T12:00Z", CalendarUnit::day, 1),
            "2024-11-04T00:00:00.000-05:00");  // a day of 25 hours
  EXPECT_EQ(period("Asia/Shanghai", "1969-12-31T12:00Z", CalendarUnit::week, 0),
            "1969-12-29T00:00:00.000+08:00");
  const Zone shanghai = zone("Asia/Shanghai");
  constexpr std::int64_t kHuge = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(shanghai.period_start(at(kNow), CalendarUnit::year, kHuge), kMomentMax);
  EXPECT_EQ(shanghai.period_start(at(kNow), CalendarUnit::year, -kHuge), kMomentMin);
  EXPECT_EQ(shanghai.period_start(at(kNow), CalendarUnit::day, -kHuge), kMomentMin);
  EXPECT_EQ(shanghai.period_start(kMomentMax, CalendarUnit::month, 1), kMomentMax);
}

TEST(Calendar, HoursAndWeekdays) {
  const Zone shanghai = zone("Asia/Shanghai");
  EXPECT_EQ(shanghai.hour_of(at("2026-02-15T16:00Z")), 0);
  EXPECT_EQ(shanghai.weekday_of(at("2026-02-15T16:00Z")), 1);
  EXPECT_EQ(shanghai.weekday_of(at("2026-02-15T15:59Z")), 7);
  EXPECT_EQ(Zone::utc().hour_of(Moment{-1}), 23);
  EXPECT_EQ(Zone::utc().weekday_of(Moment{-1}), 3);
  EXPECT_EQ(Zone::named("Mars/Olympus"), std::nullopt);
  EXPECT_EQ(Zone::named(""), std::nullopt);
}

TEST(Calendar, DatesAndDays) {
  EXPECT_EQ(day_of(Date{1970, 1, 1}).days, 0);
  EXPECT_EQ(day_of(Date{2000, 3, 1}).days - day_of(Date{2000, 2, 28}).days, 2);
  for (std::int32_t days = -800'000; days < 3'000'000; days += 997) {
    const LocalDay day{std::clamp(days, -719'162, 2'932'896)};
    EXPECT_EQ(day_of(date_of(day)), day);
    EXPECT_TRUE(is_possible(date_of(day)));
  }
  EXPECT_TRUE(is_leap_year(2000));
  EXPECT_FALSE(is_leap_year(1900));
  EXPECT_FALSE(is_possible(Date{2026, 4, 31}));
  EXPECT_FALSE(is_possible(Date{2026, 0, 1}));
  EXPECT_TRUE(is_possible(Date{0, 2, 29}));
}

TEST(Calendar, WritesTheEndsOfTime) {
  EXPECT_EQ(to_iso8601_utc(kWrittenMomentMin), "0001-01-01T00:00:00.000Z");
  EXPECT_EQ(to_iso8601_utc(kMomentMax), "9999-12-31T23:59:59.999Z");
  EXPECT_EQ(to_iso8601(Moment{0}, Zone::utc()), "1970-01-01T00:00:00.000Z");
}

// Every half hour of two years around the changes: the local reading leads back to the moment, or
// to the earlier of two.
TEST(Calendar, LocalReadingsLeadBack) {
  for (const std::string_view name : {"America/New_York", "Australia/Lord_Howe", "Asia/Shanghai"}) {
    const Zone found = zone(name);
    int doubled = 0;
    for (Moment moment = at("2023-01-01"); moment < at("2025-01-01"); moment.ms += 1'800'000) {
      const Moment back = found.moment_of(found.local_of(moment));
      if (back == moment) continue;
      ++doubled;
      EXPECT_EQ(found.local_of(back).ms_of_day, found.local_of(moment).ms_of_day);
      EXPECT_LT(back, moment);
    }
    EXPECT_EQ(doubled, name == "America/New_York" ? 4 : name == "Australia/Lord_Howe" ? 2 : 0);
  }
}

}  // namespace
}  // namespace base
