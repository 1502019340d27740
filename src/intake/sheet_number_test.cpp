#include "intake/sheet_number.h"

#include <gtest/gtest.h>

#include <map>

namespace intake {
namespace {

std::string shown(std::string_view written, std::string_view format = "General",
                  DateSystem system = DateSystem::from_1900) {
  const SheetNumber number = show_number(written, read_format(format), system);
  return number.text + (number.is_date ? " date" : "") + (number.lost_digits ? " lost" : "");
}

TEST(SheetNumber, NumbersAsTheyWereTyped) {
  EXPECT_EQ(shown("14200000012"), "14200000012");
  EXPECT_EQ(shown("1.4200000012E10"), "14200000012");
  EXPECT_EQ(shown("19.899999999999999"), "19.9");
  EXPECT_EQ(shown("0.30000000000000004"), "0.3");
  EXPECT_EQ(shown("-0.5"), "-0.5");
  EXPECT_EQ(shown("1E-3"), "0.001");
  EXPECT_EQ(shown("-0.0E0"), "0");
  EXPECT_EQ(shown("007"), "7");
  EXPECT_EQ(shown("5."), "5");
  EXPECT_EQ(shown("999999999999999"), "999999999999999");
  EXPECT_EQ(shown("1.1010119900307E17"), "110101199003070000 lost");
  EXPECT_EQ(shown("1E+300"), "1e+300 lost");
  EXPECT_EQ(shown("2E-20"), "2e-20");
  EXPECT_EQ(shown("1E+999"), "1E+999");
  EXPECT_EQ(shown("12 Yuan"), "12 Yuan");
}

TEST(SheetNumber, FormatsOfZeros) {
  EXPECT_EQ(shown("123", "000000"), "000123");
  EXPECT_EQ(shown("1.23E2", "000000"), "000123");
  EXPECT_EQ(shown("1234567", "000000"), "1234567");
  EXPECT_EQ(shown("1.5", "000"), "1.5");
  EXPECT_EQ(shown("-1", "000"), "-1");
  EXPECT_EQ(shown("5", "0"), "5");
  EXPECT_EQ(shown("5", "0.00"), "5");
}

TEST(SheetNumber, Dates) {
  EXPECT_EQ(shown("45000", "yyyy-mm-dd"), "2023-03-15 date");
  EXPECT_EQ(shown("45000.5", "yyyy-mm-dd"), "2023-03-15 12:00:00 date");
  EXPECT_EQ(shown("45000", "yyyy/m/d h:mm"), "2023-03-15 00:00:00 date");
  EXPECT_EQ(shown("45000.999999999", "yyyy/m/d h:mm"), "2023-03-16 00:00:00 date");
  EXPECT_EQ(shown("45000.0000057870", "yyyy/m/d h:mm:ss.000"), "2023-03-15 00:00:00.500 date");
  EXPECT_EQ(shown("0.75", "h:mm"), "18:00:00 date");
  EXPECT_EQ(shown("45000.75", "h:mm"), "2023-03-15 18:00:00 date");
  EXPECT_EQ(shown("1.5", "[h]:mm:ss"), "36:00:00 date");
  EXPECT_EQ(shown("59", "yyyy-mm-dd"), "1900-02-28 date");
  EXPECT_EQ(shown("60", "yyyy-mm-dd"), "1900-02-29 date");
  EXPECT_EQ(shown("61", "yyyy-mm-dd"), "1900-03-01 date");
  EXPECT_EQ(shown("1", "yyyy-mm-dd"), "1900-01-01 date");
  EXPECT_EQ(shown("2958465", "yyyy-mm-dd"), "9999-12-31 date");
  EXPECT_EQ(shown("0", "yyyy-mm-dd", DateSystem::from_1904), "1904-01-01 date");
  EXPECT_EQ(shown("43538", "yyyy-mm-dd", DateSystem::from_1904), "2023-03-15 date");
}

TEST(SheetNumber, WhatIsShownAsNoDate) {
  EXPECT_EQ(shown("2958466", "yyyy-mm-dd"), "2958466");
  EXPECT_EQ(shown("-1", "yyyy-mm-dd"), "-1");
  EXPECT_EQ(shown("0", "yyyy-mm-dd"), "0");
  EXPECT_EQ(shown("soon", "yyyy-mm-dd"), "soon");
}

TEST(SheetNumber, ReadsFormats) {
  using Kind = NumberFormat::Kind;
  const std::map<std::string, Kind> kinds = {
      {"General", Kind::number},
      {"#,##0.00;[Red]-#,##0.00", Kind::number},
      {"0.00\"days\"", Kind::number},
      {"\\d0", Kind::number},
      {"_-* #,##0_-", Kind::number},
      {"[DBNum1]0", Kind::number},
      {"0;yyyy", Kind::number},
      {"@", Kind::number},
      {"0.00E+00", Kind::number},
      {"yyyy\"年\"m\"月\"d\"日\"", Kind::date},
      {"yyyy年m月", Kind::date},
      {"[$-804]yyyy/m/d", Kind::date},
      {"MM-DD", Kind::date},
      {"mmm", Kind::date},
      {"yyyy-mm-dd hh:mm:ss", Kind::date_time},
      {"d h", Kind::date_time},
      {"h:mm AM/PM", Kind::time},
      {"上午/下午h\"时\"mm\"分\"", Kind::time},
      {"mm:ss", Kind::time},
      {"[h]:mm", Kind::elapsed},
      {"[mm]:ss", Kind::elapsed},
      {"", Kind::number},
      {"\"", Kind::number},
      {"[", Kind::number},
      {"\\", Kind::number},
  };
  for (const auto& [code, kind] : kinds) EXPECT_EQ(read_format(code).kind, kind) << code;
  EXPECT_EQ(builtin_format(14).kind, Kind::date);
  EXPECT_EQ(builtin_format(22).kind, Kind::date_time);
  EXPECT_EQ(builtin_format(46).kind, Kind::elapsed);
  EXPECT_EQ(builtin_format(31).kind, Kind::date);
  EXPECT_EQ(builtin_format(32).kind, Kind::time);
  EXPECT_EQ(builtin_format(2).kind, Kind::number);
  EXPECT_EQ(builtin_format(49).kind, Kind::number);
}

}  // namespace
}  // namespace intake
