// The type of a column of a file, from all of its cells.
//
//   int      every cell a whole number        bool   true, false, yes, no, 是, 否
//   decimal  a number of up to six places     date   2026-01-31 · time  with a time of day
//   text     everything else: also numbers with leading zeros or more than 15 digits (ids,
//            barcodes), a column of nothing but mainland mobiles, which count nothing and are
//            masked as texts, and a column without any value
//
// Cells that a spreadsheet has damaged (1.38E+10) and dates that do not exist say nothing about the
// type; their rows are reported when they are imported. Pure.
#pragma once

#include <string_view>

#include "base/value.h"

namespace intake {

inline constexpr std::size_t kGuessedDigitsMax = 15;

class ColumnGuess {
 public:
  // Empty cells say nothing.
  void add(std::string_view cell);
  bool has_values() const { return has_values_; }
  base::ValueType type() const;

 private:
  void add_moment(std::string_view cell);

  bool has_values_ = false;
  bool mobile_ = true;
  bool integer_ = true;
  bool decimal_ = true;
  bool boolean_ = true;
  bool date_ = true;
  bool time_ = true;
  bool dated_ = false;  // one at least exists
};

// 1.38E+10
bool is_damaged(std::string_view cell);

}  // namespace intake
