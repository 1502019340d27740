#include "api/demo_ticket.h"

#include <gtest/gtest.h>

#include <string>

namespace api {
namespace {

constexpr base::Moment kNow{1'790'000'000'000};
constexpr std::string_view kSecret = "between the two of us";

class DemoTicketTest : public ::testing::Test {
 protected:
  std::string issue(std::string_view secret = kSecret) {
    return issue_ticket({secret, kNow}, random_);
  }

  base::SeededRandom random_{5};
  DemoTickets tickets_{std::string(kSecret)};
};

TEST_F(DemoTicketTest, IsTakenOnce) {
  const std::string first = issue();
  const std::string second = issue();
  EXPECT_TRUE(tickets_.take(first, kNow));
  EXPECT_FALSE(tickets_.take(first, kNow));
  EXPECT_TRUE(tickets_.take(second, kNow));
}

TEST_F(DemoTicketTest, EndsByItself) {
  const std::string last = issue();
  const std::string late = issue();
  EXPECT_TRUE(tickets_.take(last, kNow + kTicketTime - base::Duration{1}));
  EXPECT_FALSE(tickets_.take(late, kNow + kTicketTime));
  // What was taken is forgotten when it has ended, and still not taken again.
  EXPECT_FALSE(tickets_.take(last, kNow + kTicketTime));
}

TEST_F(DemoTicketTest, NobodyElsesIsTaken) {
  EXPECT_FALSE(tickets_.take(issue("somebody else's"), kNow));
  EXPECT_FALSE(tickets_.take("", kNow));
  EXPECT_FALSE(tickets_.take("9999999999999.00.", kNow));
  std::string longer = issue();
  longer.insert(0, "9");  // a later end
  EXPECT_FALSE(tickets_.take(longer, kNow));
  DemoTickets none{""};
  EXPECT_FALSE(none.take(issue(""), kNow));
}

}  // namespace
}  // namespace api
