#include <gtest/gtest.h>

#include "ledger/ledger_fixture.h"
#include "ledger/reading.h"

namespace ledger {
namespace {

class LotTest : public LedgerFixture {
 protected:
  void SetUp() override {
    LedgerFixture::SetUp();
    if (IsSkipped()) return;
    open("bank", kDebt);
    open("card", kLots);
    open("shop");
  }
  std::int64_t first_lot(const std::string& name) {
    return database().read([&](store::Session& session) {
      return lots_of(session, id(name), 1).front().lot.id.value;
    });
  }
};
INSTANTIATE_TEST_SUITE_P(Both, LotTest, store::kBothDatabases, store::dialect_name);

TEST_P(LotTest, WhatEndsSoonestIsSpentFirst) {
  post("b1", "bank-5 card+5@200");
  post("b2", "bank-3 card+3@100");
  post("b3", "bank-2 card+2");
  EXPECT_EQ(lots("card"), "3@100 5@200 2");
  EXPECT_EQ(post("b4", "card-4 shop+4"), "posted");
  EXPECT_EQ(lots("card"), "4@200 2");
  EXPECT_EQ(post("b5", "card-7 shop+7"), "short_of_funds");
  EXPECT_EQ(post("b6", "card-6 shop+6"), "posted");
  EXPECT_EQ(lots("card") + "." + balance("card"), ".0");
  EXPECT_EQ(wrong(), "");
}

TEST_P(LotTest, IsNotSpentFromItsEndOn) {
  post("b1", "bank-5 card+5@100");
  post("b2", "bank-5 card+5@200");
  now_ = second(100);
  EXPECT_EQ(balance("card"), "5");
  EXPECT_EQ(post("b3", "card-6 shop+6"), "short_of_funds");
  EXPECT_EQ(post("b4", "card-1 shop+1"), "posted");
  EXPECT_EQ(lots("card"), "5@100 4@200");
  tick();
  EXPECT_EQ(lots("card"), "4@200");
  EXPECT_EQ(balance("card") + " " + balance("expired"), "4 5");
  tick();
  EXPECT_EQ(balance("expired"), "5");
  EXPECT_EQ(wrong(), "");
}

TEST_P(LotTest, OneLotIsSpentByName) {
  post("b1", "bank-5 card+5@100");
  const std::string lot = "#" + std::to_string(first_lot("card"));
  post("b2", "bank-5 card+5@50");
  EXPECT_EQ(post("b3", "card-2" + lot + " shop+2"), "posted");
  EXPECT_EQ(lots("card"), "5@50 3@100");
  EXPECT_EQ(post("b4", "card-4" + lot + " shop+4"), "lot_short");
  now_ = second(100);
  EXPECT_EQ(post("b5", "card-1" + lot + " shop+1"), "lot_short");
  open("other", kLots);
  EXPECT_EQ(post("b6", "other-1" + lot + " shop+1"), "unknown_lot");
}

TEST_P(LotTest, WhatIsHeldDoesNotEndBeforeItsHold) {
  post("b1", "bank-5 card+5@100");
  EXPECT_EQ(hold("h", "card-3 shop+3", 150), "held");
  now_ = second(120);
  tick();  // two were free at the end
  EXPECT_EQ(lots("card") + "." + balance("card"), "3@100.3 held 3");
  EXPECT_EQ(commit("h", {-2, 2}), "committed");
  EXPECT_EQ(balance("card") + " " + balance("shop"), "0 2");
  tick();  // and the third when it was free again
  EXPECT_EQ(lots("card") + "." + balance("expired"), ".3");
  EXPECT_EQ(wrong(), "");
}

TEST_P(LotTest, EndsWithAnExpiredHoldWithNobodyRunning) {
  post("b1", "bank-5 card+5@100");
  hold("h", "card-3 shop+3", 150);
  now_ = second(150);
  EXPECT_EQ(balance("card"), "0");
  EXPECT_EQ(post("b2", "card-1 shop+1"), "short_of_funds");
  tick();
  EXPECT_EQ(lots("card") + "." + balance("expired"), ".5");
  EXPECT_EQ(wrong(), "");
}

TEST_P(LotTest, ARefundGoesBackToItsLots) {
  post("b1", "bank-3 card+3@100");
  post("b2", "bank-5 card+5@200");
  post("buy", "card-6 shop+6");
  EXPECT_EQ(lots("card"), "2@200");
  EXPECT_EQ(post("r1", "shop-4 card+4<buy"), "posted");
  EXPECT_EQ(lots("card"), "1@100 5@200");
  EXPECT_EQ(post("r2", "bank-3 card+3<buy"), "refund_exceeded");
  EXPECT_EQ(post("r2", "shop-2 card+2<buy"), "posted");
  EXPECT_EQ(lots("card"), "3@100 5@200");
  EXPECT_EQ(post("r3", "bank-1 card+1<b1"), "unknown_refund");
  EXPECT_EQ(wrong(), "");
}

TEST_P(LotTest, WhatComesBackTooLateLivesForTheGrace) {
  post("b1", "bank-3 card+3@100");
  post("b2", "bank-5 card+5@900");
  post("buy", "card-6 shop+6");
  now_ = second(500);
  EXPECT_EQ(post("r1", "shop-6 card+6<buy"), "posted");
  EXPECT_EQ(lots("card"), "3@600 5@900");
  const auto parent = database().read(
      [&](store::Session& session) { return lots_of(session, id("card"), 1).front().parent; });
  EXPECT_TRUE(parent);
  now_ = second(600);
  tick();
  EXPECT_EQ(lots("card") + "." + balance("expired"), "5@900.3");
  EXPECT_EQ(wrong(), "");
}

TEST_P(LotTest, ARefundOfACommitGoesBackToItsLots) {
  post("b1", "bank-3 card+3@100");
  hold("h", "card-3 shop+3", 500);
  commit("h", {-2, 2});
  EXPECT_EQ(post("r1", "shop-2 card+2<h"), "posted");
  EXPECT_EQ(lots("card"), "3@100");
  EXPECT_EQ(post("r2", "bank-1 card+1<h"), "refund_exceeded");
}

// What ended may be given back by a person: it lives for the grace again.
TEST_P(LotTest, WhatEndedMayBeGivenBack) {
  post("b1", "bank-3 card+3@100");
  const std::int64_t lot = first_lot("card");
  now_ = second(100);
  tick();
  const std::string expiry = "ledger/expiry/" + std::to_string(lot) + "/1";
  EXPECT_EQ(post("r1", "expired-2 card+2<" + expiry), "posted");
  EXPECT_EQ(lots("card"), "2@200");
  EXPECT_EQ(wrong(), "");
}

// P14: too few points are a debt where that is allowed, and what comes in pays it first.
TEST_P(LotTest, DebtIsPaidFirst) {
  open("vip", kLotsAndDebt);
  post("b1", "bank-3 vip+3@100");
  EXPECT_EQ(post("b2", "vip-5 shop+5"), "posted");
  EXPECT_EQ(balance("vip") + "." + lots("vip"), "-2.");
  EXPECT_EQ(post("b3", "bank-1 vip+1@100"), "posted");
  EXPECT_EQ(post("b4", "bank-5 vip+5@300"), "posted");
  EXPECT_EQ(balance("vip") + "." + lots("vip"), "4.4@300");
  EXPECT_EQ(post("r1", "shop-5 vip+5<b2"), "posted");
  EXPECT_EQ(balance("vip"), "9");
  EXPECT_EQ(wrong(), "");
}

TEST_P(LotTest, ABalanceAsOfAnyMomentKnowsWhatEnds) {
  post("b1", "bank-3 card+3@100");
  post("b2", "bank-5 card+5@200");
  const auto at = [&](std::int64_t moment) {
    return database().read([&](store::Session& session) {
      return balance_at(session, {.account = id("card"), .effective = second(moment)});
    });
  };
  const auto all = [&] {
    return std::to_string(at(-1)) + " " + std::to_string(at(0)) + " " + std::to_string(at(100)) +
           " " + std::to_string(at(200));
  };
  EXPECT_EQ(all(), "0 8 5 0");
  now_ = second(300);
  tick();
  EXPECT_EQ(all(), "0 8 5 0");  // written down or not
}

// Whether a timer has come, and whatever the clock was meanwhile: the past stays as it was.
TEST_P(LotTest, ABalanceOfThePastIsTheSameBeforeAndAfterTheTimer) {
  post("b1", "bank-5 card+5@100");
  now_ = second(10);
  post("b2", "card-2 shop+2");
  const auto all = [&] {
    std::string text;
    database().read([&](store::Session& session) {
      for (const std::int64_t moment : {-1, 0, 9, 10, 99, 100, 500}) {
        const BalanceAsked asked{.account = id("card"), .effective = second(moment)};
        text += std::to_string(balance_at(session, asked)) + " ";
      }
      text += "known at 5: " +
              std::to_string(balance_at(
                  session, {.account = id("card"), .effective = second(50), .entered = second(5)}));
      text +=
          ", at 100: " +
          std::to_string(balance_at(
              session, {.account = id("card"), .effective = second(100), .entered = second(5)}));
    });
    return text;
  };
  const std::string expected = "0 5 5 3 3 0 0 known at 5: 5, at 100: 0";
  EXPECT_EQ(all(), expected);
  now_ = second(200);
  EXPECT_EQ(all(), expected);
  tick();
  EXPECT_EQ(all(), expected);
  now_ = second(20);
  EXPECT_EQ(all(), expected);
}

// What a hold kept past the end of its lot is not in the balance of a moment after that end.
TEST_P(LotTest, ABalanceOfThePastLeavesOutWhatAHoldKeptPastTheEnd) {
  post("b1", "bank-5 card+5@100");
  hold("h", "card-3 shop+3", 300);
  now_ = second(150);
  const auto at = [&](std::int64_t moment) {
    return database().read([&](store::Session& session) {
      return balance_at(session, {.account = id("card"), .effective = second(moment)});
    });
  };
  EXPECT_EQ(std::to_string(at(50)) + " " + std::to_string(at(150)), "5 0");
  tick();
  EXPECT_EQ(std::to_string(at(50)) + " " + std::to_string(at(150)), "5 0");
  EXPECT_EQ(commit("h"), "committed");
  EXPECT_EQ(std::to_string(at(50)) + " " + std::to_string(at(150)), "5 0");
  EXPECT_EQ(wrong(), "");
}

// One moment before the end is no worse than one after it.
TEST_P(LotTest, WhatComesBackShortlyBeforeItsEndLivesForTheGraceToo) {
  post("b1", "bank-3 card+3@150");
  post("buy", "card-3 shop+3");
  now_ = second(50);
  EXPECT_EQ(post("r1", "shop-1 card+1<buy"), "posted");
  EXPECT_EQ(lots("card"), "1@150");  // as long as the grace: to its own lot
  now_ = second(149);
  EXPECT_EQ(post("r2", "shop-1 card+1<buy"), "posted");
  EXPECT_EQ(lots("card"), "1@150 1@249");
  now_ = second(150);
  EXPECT_EQ(post("r3", "shop-1 card+1<buy"), "posted");
  EXPECT_EQ(lots("card"), "1@150 1@249 1@250");
  tick();
  EXPECT_EQ(lots("card"), "1@249 1@250");
  EXPECT_EQ(wrong(), "");
}

TEST_P(LotTest, EndsAreSeenInTheirOrder) {
  post("b1", "bank-5 card+5@200");
  post("b2", "bank-3 card+3@100");
  now_ = second(300);
  tick();
  const auto rows = database().read([&](store::Session& session) {
    return statement(session, {.account = id("expired"), .rows_max = 10});
  });
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].row.amount, 5);  // newest first
  EXPECT_EQ(rows[1].row.amount, 3);
}

TEST_P(LotTest, ASettingOfTheGraceHoldsForWhatComesBackLater) {
  post("b1", "bank-3 card+3@100");
  post("buy", "card-3 shop+3");
  now_ = second(200);
  EXPECT_EQ(post("r1", "shop-1 card+1<buy"), "posted");
  database().write("test.grace",
                   [](store::Unit& unit) { ASSERT_TRUE(set_grace(unit, "points", {500'000})); });
  EXPECT_EQ(post("r2", "shop-1 card+1<buy"), "posted");
  database().write("test.grace",
                   [](store::Unit& unit) { ASSERT_TRUE(set_grace(unit, "points", {0})); });
  EXPECT_EQ(post("r3", "shop-1 card+1<buy"), "posted");
  EXPECT_EQ(lots("card"), "1@200 1@300 1@700");
  EXPECT_EQ(balance("card"), "2");  // without a grace it has ended as it comes
  tick();
  EXPECT_EQ(lots("card") + "." + balance("expired"), "1@300 1@700.1");
  EXPECT_EQ(wrong(), "");
}

TEST_P(LotTest, AnAccountHasSoManyLots) {
  std::vector<Request> requests;
  for (std::size_t made = 0; made < kLotsMax; ++made) {
    requests.emplace_back(bundle("b" + std::to_string(made), "bank-1 card+1@900"));
    if (requests.size() < kRequestsMax) continue;
    database().write("test.fill", [&](store::Unit& unit) { (void)post_all(unit, requests, now_); });
    requests.clear();
  }
  EXPECT_EQ(balance("card"), std::to_string(kLotsMax));
  EXPECT_EQ(post("more", "bank-1 card+1@900"), "too_many_lots");
  EXPECT_EQ(post("less", "card-1 shop+1"), "posted");
  EXPECT_EQ(post("more", "bank-1 card+1@900"), "posted");
  // Its lot is there, and empty.
  EXPECT_EQ(post("back", "shop-1 card+1<less"), "too_many_lots");
  EXPECT_EQ(post("less2", "card-1 shop+1"), "posted");
  EXPECT_EQ(post("back", "shop-1 card+1<less"), "posted");
}

}  // namespace
}  // namespace ledger
