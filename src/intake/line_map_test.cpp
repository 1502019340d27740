#include "intake/line_map.h"

#include <gtest/gtest.h>

namespace intake {
namespace {

TEST(LineMap, TellsTheLineOfTheFile) {
  LineMap lines;
  EXPECT_EQ(lines.of(5), 5);
  lines.add(6, 10);
  lines.add(7, 11);
  lines.add(9, 11);  // one line of the file became two of the text
  lines.add(10, 40);
  EXPECT_EQ(lines.of(5), 5);
  EXPECT_EQ(lines.of(6), 10);
  EXPECT_EQ(lines.of(8), 12);
  EXPECT_EQ(lines.of(9), 11);
  EXPECT_EQ(lines.of(9), 11);
  EXPECT_EQ(lines.of(12), 42);
}

}  // namespace
}  // namespace intake
