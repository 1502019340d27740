#include <gtest/gtest.h>

#include "ledger/ledger_fixture.h"
#include "ledger/reading.h"

namespace ledger {
namespace {

class HoldTest : public LedgerFixture {
 protected:
  void SetUp() override {
    LedgerFixture::SetUp();
    if (IsSkipped()) return;
    open("bank", kDebt);
    open("anna");
    open("ben");
    open("card", kLots);
    ASSERT_EQ(post("b0", "bank-10 anna+10"), "posted");
  }
  std::string state(std::string_view id) {
    return database().read(
        [&](store::Session& session) { return std::string(name_of(bundle_state(session, id))); });
  }
  State bundle_state(store::Session& session, std::string_view id) {
    return ledger::bundle(session, id, now_)->summary.state;
  }
};
INSTANTIATE_TEST_SUITE_P(Both, HoldTest, store::kBothDatabases, store::dialect_name);

TEST_P(HoldTest, KeepsWhatItWillTake) {
  EXPECT_EQ(hold("h", "anna-7 ben+7", 60), "held");
  EXPECT_EQ(balance("anna") + ", " + balance("ben"), "10 held 7, 0");
  EXPECT_EQ(post("b1", "anna-4 ben+4"), "short_of_funds");
  EXPECT_EQ(hold("h2", "anna-4 ben+4", 60), "short_of_funds");
  EXPECT_EQ(commit("h"), "committed");
  EXPECT_EQ(balance("anna") + ", " + balance("ben"), "3, 7");
  EXPECT_EQ(wrong(), "");
}

// P7: what is done with a hold depends on what has become of it.
TEST_P(HoldTest, EndsOnce) {
  hold("h", "anna-7 ben+7", 60);
  EXPECT_EQ(commit("h"), "committed");
  EXPECT_EQ(commit("h"), "committed again");
  EXPECT_EQ(commit("h", {-7, 7}), "hold_committed");  // as asked before, or not at all
  EXPECT_EQ(release("h"), "hold_committed");
  hold("h2", "anna-1 ben+1", 60);
  EXPECT_EQ(release("h2"), "released");
  EXPECT_EQ(release("h2"), "released again");
  EXPECT_EQ(commit("h2"), "hold_released");
  EXPECT_EQ(commit("nothing"), "unknown_hold");
  EXPECT_EQ(release("b0"), "unknown_hold");
  EXPECT_EQ(commit("b0"), "unknown_hold");
  EXPECT_EQ(hold("h", "anna-7 ben+7", 60), "committed again");
  EXPECT_EQ(balance("anna") + ", " + balance("ben"), "3, 7");
}

TEST_P(HoldTest, IsCommittedInPart) {
  hold("h", "anna-7 ben+5 bank+2 | anna-2 ben+2", 60);
  EXPECT_EQ(balance("anna"), "10 held 9");
  EXPECT_EQ(commit("h", {-8, 6, 2, -2, 2}), "commit_exceeded");
  EXPECT_EQ(commit("h", {-7, 5, 2}), "commit_exceeded");
  EXPECT_EQ(commit("h", {-7, 5, 1, -2, 2}), "commit_exceeded");
  EXPECT_EQ(commit("h", {7, -5, -2, -2, 2}), "commit_exceeded");
  EXPECT_EQ(commit("h", {-3, 1, 2, 0, 0}), "committed");
  EXPECT_EQ(commit("h", {-3, 1, 2, 0, 0}), "committed again");
  EXPECT_EQ(commit("h"), "hold_committed");
  EXPECT_EQ(balance("anna") + ", " + balance("ben"), "7, 1");
  EXPECT_EQ(wrong(), "");
}

// P4: what is reserved is free at its end, with nobody running.
TEST_P(HoldTest, EndsOnTimeByItself) {
  hold("h", "anna-10 ben+10", 60);
  now_ = second(59);
  EXPECT_EQ(post("b1", "anna-1 ben+1"), "short_of_funds");
  EXPECT_EQ(balance("anna"), "10 held 10");
  now_ = second(60);
  EXPECT_EQ(balance("anna"), "10");
  EXPECT_EQ(commit("h"), "hold_expired");
  EXPECT_EQ(state("h"), "expired");
  EXPECT_EQ(post("b1", "anna-1 ben+1"), "posted");
  EXPECT_EQ(release("h"), "expired again");
  EXPECT_EQ(wrong(), "");
}

TEST_P(HoldTest, ItsTimerMakesTheEndSeen) {
  hold("h", "anna-10 ben+10", 60);
  hold("h2", "bank-1 ben+1", 30);
  commit("h2");
  now_ = second(90);
  tick();
  EXPECT_EQ(state("h") + " " + state("h2"), "expired committed");
  EXPECT_EQ(commit("h"), "hold_expired");
  EXPECT_EQ(timers(), 0);
  EXPECT_EQ(wrong(), "");
}

TEST_P(HoldTest, AClockSetBackBringsNothingBack) {
  hold("h", "anna-10 ben+10", 60);
  now_ = second(61);
  EXPECT_EQ(post("b1", "anna-11 ben+11"), "short_of_funds");  // has seen the end all the same
  database().write("test.see", [&](store::Unit& unit) {
    const Request spend = bundle("b2", "anna-1 ben+1");
    return post_all(unit, {&spend, 1}, now_).size();
  });
  now_ = second(-3600);
  EXPECT_EQ(commit("h"), "hold_expired");
  EXPECT_EQ(balance("anna"), "9");
  // Time on the account goes on from where it was.
  EXPECT_EQ(hold("h2", "anna-9 ben+9", 60), "held");
  EXPECT_EQ(commit("h2"), "committed");
  now_ = second(-3600);
  EXPECT_EQ(hold("h3", "ben-1 anna+1", 60), "held");
  EXPECT_EQ(wrong(), "");
}

// The clock goes a day ahead and comes back: nobody is refused for it.
TEST_P(HoldTest, AClockThatWasADayAheadStopsNobody) {
  now_ = second(86'400);
  EXPECT_EQ(post("b1", "anna-1 ben+1"), "posted");
  now_ = second(10);
  EXPECT_EQ(hold("h", "anna-5 ben+5", 900), "held");
  EXPECT_EQ(balance("anna"), "9 held 5");
  now_ = second(20);
  EXPECT_EQ(commit("h"), "committed");
  EXPECT_EQ(post("b2", "anna-1 ben+1", second(15)), "posted");
  EXPECT_EQ(wrong(), "");
}

TEST_P(HoldTest, MadeAndEndedInOneUnitLeavesNothingKept) {
  const Request requests[] = {[&] {
                                Bundle made = bundle("h", "anna-5 ben+5");
                                made.held_for = {60'000};
                                return Request(made);
                              }(),
                              Commit{.hold = "h", .amounts = {-2, 2}}, Release{"h"}};
  database().write("test.all", [&](store::Unit& unit) {
    const auto answers = post_all(unit, requests, now_);
    EXPECT_EQ(spelled(answers[0]) + " " + spelled(answers[1]) + " " + spelled(answers[2]),
              "held committed hold_committed");
  });
  EXPECT_EQ(balance("anna"), "8");
  EXPECT_EQ(timers(), 0);
  EXPECT_EQ(wrong(), "");
}

// The clock was a day ahead for one request: a hold lasts as long as it was asked for all the same.
TEST_P(HoldTest, LastsAsLongAsAskedAfterAClockThatWasADayAhead) {
  now_ = second(86'400);
  EXPECT_EQ(post("b1", "anna-1 ben+1"), "posted");
  now_ = second(0);
  EXPECT_EQ(hold("h", "anna-9 ben+9", 900), "held");
  now_ = second(899);
  EXPECT_EQ(post("b2", "anna-1 ben+1"), "short_of_funds");
  EXPECT_EQ(balance("anna"), "9 held 9");
  now_ = second(900);
  EXPECT_EQ(balance("anna"), "9");
  EXPECT_EQ(state("h"), "expired");
  EXPECT_EQ(post("b2", "anna-9 ben+9"), "posted");
  EXPECT_EQ(commit("h"), "hold_expired");
  EXPECT_EQ(wrong(), "");
}

// What was freed is gone, whatever the clock says later: also where only one of its accounts was
// asked.
TEST_P(HoldTest, FreedUnderAClockAheadItIsOverForGood) {
  EXPECT_EQ(hold("h", "anna-4 ben+4 | bank-1 ben+1", 60), "held");
  now_ = second(86'400);
  EXPECT_EQ(post("b1", "anna-8 ben+8"), "posted");
  now_ = second(10);
  EXPECT_EQ(state("h"), "expired");
  EXPECT_EQ(balance("anna") + ", " + balance("bank"), "2, -10 held 1");
  EXPECT_EQ(commit("h"), "hold_expired");
  EXPECT_EQ(balance("bank"), "-10");  // asking has ended it
  EXPECT_EQ(release("h"), "expired again");
  EXPECT_EQ(hold("h", "anna-4 ben+4 | bank-1 ben+1", 60), "expired again");
  EXPECT_EQ(wrong(), "");
}

TEST_P(HoldTest, ARepeatKnowsThatItHasEnded) {
  EXPECT_EQ(hold("h", "anna-7 ben+7", 60), "held");
  now_ = second(59);
  EXPECT_EQ(hold("h", "anna-7 ben+7", 60), "held again");
  now_ = second(60);
  EXPECT_EQ(hold("h", "anna-7 ben+7", 60), "expired again");
  EXPECT_EQ(state("h"), "expired");
  EXPECT_EQ(balance("anna"), "10");
  EXPECT_EQ(wrong(), "");
}

// A commit is dated as its accounts' time is.
TEST_P(HoldTest, ACommitUnderAClockSetBackIsNotBeforeWhatWasThere) {
  now_ = second(100);
  EXPECT_EQ(post("b1", "bank-5 ben+5"), "posted");
  EXPECT_EQ(hold("h", "ben-5 anna+5", 60), "held");
  now_ = second(50);
  EXPECT_EQ(commit("h"), "committed");
  database().read([&](store::Session& session) {
    EXPECT_EQ(balance_at(session, {.account = id("ben"), .effective = second(99)}), 0);
    EXPECT_EQ(balance_at(session, {.account = id("ben"), .effective = second(100)}), 0);
    EXPECT_EQ(statement(session, {.account = id("ben"), .rows_max = 1}).front().row.entered_at,
              second(100));
  });
  EXPECT_EQ(wrong(), "");
}

}  // namespace
}  // namespace ledger
