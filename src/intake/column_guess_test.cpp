#include "intake/column_guess.h"

#include <gtest/gtest.h>

#include <initializer_list>

#include "intake/mapped_cell.h"

namespace intake {
namespace {

std::string_view guess(std::initializer_list<std::string_view> cells) {
  ColumnGuess column;
  for (const std::string_view cell : cells) column.add(cell);
  return base::name_of(column.type());
}

TEST(ColumnGuess, Numbers) {
  EXPECT_EQ(guess({"1", "", "-20", " 3 "}), "int");
  EXPECT_EQ(guess({"0", "123456789012345"}), "int");
  EXPECT_EQ(guess({"1", "2.5"}), "decimal");
  EXPECT_EQ(guess({"0.333333", "-0.5"}), "decimal");
  EXPECT_EQ(guess({"1", "1234567890123456"}), "text");  // 16 digits: a barcode
  EXPECT_EQ(guess({"1", "007"}), "text");
  EXPECT_EQ(guess({"-07"}), "text");
  EXPECT_EQ(guess({"0.1234567"}), "text");
  EXPECT_EQ(guess({"+8613800138000"}), "text");
  EXPECT_EQ(guess({"1,000"}), "text");
  EXPECT_EQ(guess({"1", "1.38E+10"}), "int");  // the damaged cell is reported, not guessed from
}

TEST(ColumnGuess, AColumnOfMobilesIsText) {
  EXPECT_EQ(guess({"13800138000", "", " 19912345678 "}), "text");
  EXPECT_EQ(guess({"13800138000", "1.38E+10"}), "text");
  EXPECT_EQ(guess({"13800138000", "12800138000"}), "int");
  EXPECT_EQ(guess({"13800138000", "7"}), "int");
  EXPECT_EQ(guess({"138001380001"}), "int");
  EXPECT_EQ(guess({"13800138000.5"}), "decimal");
}

TEST(ColumnGuess, SumsOfMoneyAreToldByTheirMarks) {
  for (const std::string_view cell :
       {"¥2,254.30", "￥12", "1,234", "-1,234,567.5", "12.50元", "¥ 3", " 1，000 "}) {
    EXPECT_EQ(amount_form(cell), AmountForm::marked) << cell;
  }
  for (const std::string_view cell : {"12", "0", "0.5", "-3.20", "13800138000"}) {
    EXPECT_EQ(amount_form(cell), AmountForm::plain) << cell;
  }
  for (const std::string_view cell : {"1,2", "1,23,456", ",123", "1234,567", "007", "¥", "12.345",
                                      "a", "1,2345", "12,34.5", "1.38E+10"}) {
    EXPECT_EQ(amount_form(cell), AmountForm::none) << cell;
  }
}

TEST(ColumnGuess, OtherTypes) {
  EXPECT_EQ(guess({}), "text");
  EXPECT_EQ(guess({"", " "}), "text");
  EXPECT_EQ(guess({"true", "FALSE", "是"}), "bool");
  EXPECT_EQ(guess({"1", "0"}), "int");
  EXPECT_EQ(guess({"true", "maybe"}), "text");
  EXPECT_EQ(guess({"2026-01-31", "2026/2/1"}), "date");
  EXPECT_EQ(guess({"--05-17", "2026-01-31"}), "date");
  EXPECT_EQ(guess({"2026-01-31", "2026-01-31 08:00"}), "time");
  EXPECT_EQ(guess({"--05-17", "2026-01-31 08:00"}), "text");
  EXPECT_EQ(guess({"1999-13-01", "2026-01-31"}), "date");  // its row is reported
  EXPECT_EQ(guess({"1999-13-01"}), "text");
  EXPECT_EQ(guess({"2026-01-31", "soon"}), "text");
}

TEST(ColumnGuess, Damaged) {
  EXPECT_TRUE(is_damaged("1.38E+10"));
  EXPECT_TRUE(is_damaged(" 6.9e+12 "));
  EXPECT_FALSE(is_damaged("1E5"));
  EXPECT_FALSE(is_damaged("E+17"));
  EXPECT_FALSE(is_damaged("a1E+5"));
}

}  // namespace
}  // namespace intake
