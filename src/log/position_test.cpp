#include "log/position.h"

#include <gtest/gtest.h>

namespace event_log {
namespace {

TEST(Position, IsSpelledShortOnSqlite) {
  EXPECT_EQ(to_text({0, 0, 12}), "12");
  EXPECT_EQ(to_text({3, 4711, 12}), "3-4711-12");
  EXPECT_EQ(position_from("12"), (Position{0, 0, 12}));
  EXPECT_EQ(position_from("3-4711-12"), (Position{3, 4711, 12}));
  EXPECT_EQ(position_from("0"), Position{});
}

TEST(Position, RefusesEverythingElse) {
  for (const std::string_view text : {"", "-", "-1", "1-", "1-2", "1-2-3-4", "1--3", " 1", "1 ",
                                      "01", "1-02-3", "x", "+1", "99999999999999999999"}) {
    EXPECT_FALSE(position_from(text).has_value()) << text;
  }
}

TEST(Position, OrdersByEpochThenTransactionThenSequence) {
  EXPECT_LT((Position{1, 900, 5}), (Position{2, 3, 1}));
  EXPECT_LT((Position{2, 3, 9}), (Position{2, 4, 1}));
  EXPECT_LT((Position{2, 4, 1}), (Position{2, 4, 2}));
}

}  // namespace
}  // namespace event_log
