// Inside the module: what a number of a sheet is shown as. Excel keeps dates as days since 1900 (or
// 1904) and tells by the format of the cell alone that they are dates. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace intake {

// What a format makes of a number.
struct NumberFormat {
  enum class Kind : std::uint8_t {
    number,
    date,       // a time of day other than midnight is told too
    date_time,  // always with its time of day
    time,       // of day; from one day on with the date
    elapsed,    // hours beyond 24: [h]:mm
  };
  Kind kind = Kind::number;
  std::uint8_t zeros = 0;             // at least so many digits of a whole number: 000000
  bool has_parts_of_seconds = false;  // else a time is rounded to seconds, as it is shown

  bool operator==(const NumberFormat&) const = default;
};

// The built-in formats (ECMA-376 part 1, 18.8.30), with those of Chinese Excel (27 to 36, 50 to
// 58); plain numbers for all others.
NumberFormat builtin_format(std::uint32_t id);
// A format as written: yyyy"年"m"月", [h]:mm, #,##0.00;[Red]-0. Its first section counts.
NumberFormat read_format(std::string_view code);

enum class DateSystem : std::uint8_t {
  from_1900,  // day 1 is 1900-01-01, and 1900-02-29 (day 60) existed, as in Lotus 1-2-3
  from_1904,  // day 0 is 1904-01-01
};

struct SheetNumber {
  std::string text;
  bool is_date = false;
  bool lost_digits = false;  // a whole number with more than 15 digits
};

// `written`: what stands in the sheet, as any program writes it (14200000012, 1.4200000012E10,
// 19.899999999999999). What is no number stays as it is.
SheetNumber show_number(std::string_view written, const NumberFormat& format, DateSystem system);

// A number written plainly (digits, at most one point, a minus) with no more digits than Excel
// keeps, and no zero in front.
bool is_kept_whole(std::string_view written);

}  // namespace intake
