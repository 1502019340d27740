#include "ledger/ledger.h"

#include <gtest/gtest.h>

#include <array>
#include <set>

#include "ledger/ledger_fixture.h"
#include "ledger/reading.h"

namespace ledger {
namespace {

class LedgerTest : public LedgerFixture {
 protected:
  void SetUp() override {
    LedgerFixture::SetUp();
    if (IsSkipped()) return;
    open("bank", kDebt);
    open("anna");
    open("ben");
    open("card", kLots);
  }
  // What happens to a well formed bundle that is bent a little.
  template <typename Bend>
  std::string bent(Bend bend) {
    Bundle made = bundle("bent", "bank-5 anna+5");
    bend(made);
    return ask(made);
  }
};
INSTANTIATE_TEST_SUITE_P(Both, LedgerTest, store::kBothDatabases, store::dialect_name);

TEST(LedgerCodes, AreThereForEveryFaultAndDiffer) {
  std::set<std::string_view> codes;
  for (std::size_t i = 0; i < kFaultCount; ++i) codes.insert(code_of(static_cast<Fault>(i)));
  EXPECT_EQ(codes.size(), kFaultCount);
  EXPECT_EQ(code_of(Fault::commit_exceeded), "ledger.commit_exceeded");
  EXPECT_EQ(code_of(Fault::short_of_funds), "ledger.short_of_funds");
}

TEST_P(LedgerTest, MovesWhatIsThereAndNoMore) {
  EXPECT_EQ(post("b1", "bank-10 anna+10"), "posted");
  EXPECT_EQ(post("b2", "anna-11 ben+11"), "short_of_funds");
  EXPECT_EQ(post("b3", "anna-10 ben+4 bank+6"), "posted");
  EXPECT_EQ(balance("anna") + " " + balance("ben") + " " + balance("bank"), "0 4 -4");
  EXPECT_EQ(wrong(), "");
}

// P6: the whole amount is checked, also when it comes in several parts.
TEST_P(LedgerTest, SeveralPostingsOfOneAccountAreCheckedTogether) {
  ASSERT_EQ(post("b1", "bank-10 anna+10"), "posted");
  EXPECT_EQ(post("b2", "anna-6 ben+6 | anna-6 ben+6"), "short_of_funds");
  EXPECT_EQ(balance("anna") + " " + balance("ben"), "10 0");
  EXPECT_EQ(post("b3", "anna-6 ben+6 | anna-4 ben+4"), "posted");
}

TEST_P(LedgerTest, ABundleHappensAsAWholeOrNotAtAll) {
  ASSERT_EQ(post("b1", "bank-10 anna+10"), "posted");
  EXPECT_EQ(post("b2", "anna-10 card+10@50 | ben-1 bank+1"), "short_of_funds");
  EXPECT_EQ(balance("anna") + " " + balance("card") + "." + lots("card"), "10 0.");
  EXPECT_EQ(wrong(), "");
}

// P16: a repeat pays nothing, however often it comes.
TEST_P(LedgerTest, ARepeatChangesNothing) {
  EXPECT_EQ(post("b1", "bank-10 anna+10"), "posted");
  now_ = second(60);
  EXPECT_EQ(post("b1", "bank-10 anna+10"), "posted again");
  EXPECT_EQ(post("b1", "bank-9 anna+9"), "id_reused");
  EXPECT_EQ(post("b1", "bank-10 ben+10"), "id_reused");
  EXPECT_EQ(hold("b1", "bank-10 anna+10", 5), "id_reused");
  EXPECT_EQ(balance("anna"), "10");
  const Request twice[] = {bundle("b2", "anna-7 ben+7"), bundle("b2", "anna-7 ben+7")};
  database().write("test.twice", [&](store::Unit& unit) {
    const auto answers = post_all(unit, twice, now_);
    EXPECT_EQ(spelled(answers[0]) + ", " + spelled(answers[1]), "posted, posted again");
    EXPECT_EQ(answers[0]->number, answers[1]->number);
  });
  EXPECT_EQ(balance("anna"), "3");
}

TEST_P(LedgerTest, ARefusedIdIsStillFree) {
  EXPECT_EQ(post("b1", "anna-1 ben+1"), "short_of_funds");
  EXPECT_EQ(post("b1", "bank-1 ben+1"), "posted");
}

TEST_P(LedgerTest, RefusesWhatHasNoForm) {
  EXPECT_EQ(bent([](Bundle& b) { b.id.clear(); }), "bad_id");
  EXPECT_EQ(bent([](Bundle& b) { b.id = std::string(kBundleIdBytesMax + 1, 'a'); }), "bad_id");
  EXPECT_EQ(bent([](Bundle& b) { b.id = "two words"; }), "bad_id");
  EXPECT_EQ(bent([](Bundle& b) { b.id = "ledger/expiry/1"; }), "bad_id");
  EXPECT_EQ(bent([](Bundle& b) { b.why.clear(); }), "bad_why");
  EXPECT_EQ(bent([](Bundle& b) { b.why = "a\nb"; }), "bad_why");
  EXPECT_EQ(bent([](Bundle& b) { b.why = "\xff"; }), "bad_why");
  EXPECT_EQ(bent([](Bundle& b) { b.transfers[0].postings[0].amount = 0; }), "bad_amount");
  EXPECT_EQ(bent([](Bundle& b) { b.transfers[0].postings[0].amount = -kAmountMax - 1; }),
            "bad_amount");
  EXPECT_EQ(bent([](Bundle& b) {
              b.transfers[0].postings[0].amount = std::numeric_limits<std::int64_t>::min();
            }),
            "bad_amount");
  EXPECT_EQ(bent([](Bundle& b) { b.transfers.clear(); }), "bad_postings");
  EXPECT_EQ(bent([](Bundle& b) { b.transfers[0].postings.pop_back(); }), "bad_postings");
  EXPECT_EQ(bent([](Bundle& b) { b.transfers.resize(60, b.transfers[0]); }), "bad_postings");
  EXPECT_EQ(bent([](Bundle& b) { b.transfers[0].postings[1].lot = {7}; }), "bad_postings");
  EXPECT_EQ(bent([](Bundle& b) { b.transfers[0].postings[0].refund_of = "b"; }), "bad_postings");
  EXPECT_EQ(bent([](Bundle& b) { b.effective_at = base::Moment{-1}; }), "bad_moment");
  EXPECT_EQ(bent([](Bundle& b) { b.transfers[0].postings[1].expires = base::Moment{-1}; }),
            "bad_moment");
  EXPECT_EQ(bent([](Bundle& b) { b.held_for = {-1}; }), "bad_term");
  EXPECT_EQ(bent([](Bundle& b) { b.held_for = base::Duration{kHeldForMax.ms + 1}; }), "bad_term");
  EXPECT_EQ(bent([](Bundle& b) { b.transfers[0].postings[1].amount = 4; }), "unbalanced");
  EXPECT_EQ(bent([](Bundle&) {}), "posted");
}

TEST_P(LedgerTest, RefusesWhatTheBooksDoNotKnow) {
  EXPECT_EQ(bent([](Bundle& b) { b.transfers[0].postings[1].account = {987}; }), "unknown_account");
  const auto other = database().write("test.other", [&](store::Unit& unit) {
    return *define(unit, {"other", AssetKind::stock, 0, {}},
                   {{2'000'001}, {2'000'002}, {2'000'003}}, now_);
  });
  EXPECT_EQ(bent([&](Bundle& b) { b.transfers[0].postings[1].account = other.adjusted; }),
            "mixed_assets");
  EXPECT_EQ(bent([](Bundle& b) { b.transfers[0].postings[0].lot = {7}; }), "no_lots");
  EXPECT_EQ(bent([](Bundle& b) { b.transfers[0].postings[1].expires = second(9); }), "no_lots");
  EXPECT_EQ(post("b", "bank-5 anna+5<nothing"), "unknown_refund");
  EXPECT_EQ(post("b", "card-5#77 bank+5"), "unknown_lot");
  EXPECT_EQ(bent([](Bundle& b) { b.effective_at = second(1); }), "in_future");
  EXPECT_EQ(balance("anna"), "0");
}

TEST_P(LedgerTest, NoBalanceLeavesItsRange) {
  LedgerAccountId anna = id("anna");
  ASSERT_EQ(hold("h", "adjusted-2 anna+2", 5), "held");
  std::vector<Request> requests;
  const std::int64_t fits = kBalanceMax / kAmountMax;
  ASSERT_EQ(fits, 10'000);
  for (std::int64_t group = 0; group < 10; ++group) {
    requests.clear();
    for (std::int64_t i = 0; i < 1000; ++i) {
      Bundle made = bundle("b" + std::to_string(group * 1000 + i), "bank-1 anna+1");
      made.transfers[0].postings[0].amount = -kAmountMax;
      made.transfers[0].postings[1].amount = kAmountMax;
      requests.emplace_back(std::move(made));
    }
    database().write("test.fill", [&](store::Unit& unit) { (void)post_all(unit, requests, now_); });
  }
  EXPECT_EQ(balance("anna"), std::to_string(kBalanceMax));
  EXPECT_EQ(post("more", "bank-1 anna+1"), "out_of_range");
  EXPECT_EQ(post("more", "bank-1 ben+1"), "out_of_range");
  EXPECT_EQ(hold("more", "bank-1 ben+1", 5), "out_of_range");
  // Who shall receive what was held is full: nothing of it has happened.
  EXPECT_EQ(commit("h"), "out_of_range");
  EXPECT_EQ(balance("adjusted"), "0 held 2");
  EXPECT_EQ(database().read([&](store::Session& session) {
    return statement(session, {.account = anna, .rows_max = 1}).front().balance;
  }),
            kBalanceMax);
}

TEST_P(LedgerTest, WhatIsEnteredLateIsTrueEarlier) {
  now_ = second(100);
  EXPECT_EQ(post("b1", "bank-5 anna+5", second(10)), "posted");
  EXPECT_EQ(post("b2", "bank-2 anna+2"), "posted");
  const auto at = [&](std::int64_t effective, std::int64_t entered) {
    return database().read([&](store::Session& session) {
      return balance_at(
          session,
          {.account = id("anna"), .effective = second(effective), .entered = second(entered)});
    });
  };
  EXPECT_EQ(at(9, 1000), 0);
  EXPECT_EQ(at(10, 1000), 5);
  EXPECT_EQ(at(10, 99), 0);  // nobody knew it yet
  EXPECT_EQ(at(100, 100), 7);
}

// A date in the past makes nothing be there that is not there now.
TEST_P(LedgerTest, WhatIsSpentAtAnEarlierDateIsSpentOnce) {
  now_ = second(100);
  EXPECT_EQ(post("b1", "bank-5 anna+5", second(10)), "posted");
  EXPECT_EQ(post("b2", "anna-4 ben+4"), "posted");
  EXPECT_EQ(post("b3", "anna-2 ben+2", second(50)), "short_of_funds");  // five were there then
  EXPECT_EQ(post("b3", "anna-1 ben+1", second(50)), "posted");
  EXPECT_EQ(post("b4", "ben-6 anna+6", second(60)), "short_of_funds");
  const auto at = [&](std::int64_t moment) {
    return database().read([&](store::Session& session) {
      return balance_at(session, {.account = id("anna"), .effective = second(moment)});
    });
  };
  EXPECT_EQ(std::to_string(at(49)) + " " + std::to_string(at(50)) + " " + std::to_string(at(100)),
            "5 4 0");
  EXPECT_EQ(wrong(), "");
}

TEST_P(LedgerTest, AStatementTellsEveryRowAndTheBalanceAfterIt) {
  post("b1", "bank-5 anna+5");
  post("b2", "anna-2 ben+2");
  post("b3", "bank-4 anna+4");
  const auto page = [&](std::int64_t before, std::int64_t rows_max) {
    std::string text;
    database().read([&](store::Session& session) {
      for (const StatementRow& each : statement(session, {id("anna"), before, rows_max})) {
        text += each.bundle_id + " " + std::to_string(each.row.amount) + " " +
                std::to_string(each.balance) + "; ";
      }
    });
    return text;
  };
  EXPECT_EQ(page(0, 100), "b3 4 7; b2 -2 3; b1 5 5; ");
  EXPECT_EQ(page(0, 1), "b3 4 7; ");
  EXPECT_EQ(page(3, 100), "b2 -2 3; b1 5 5; ");
  const auto found = database().read([&](store::Session& session) {
    return bundles_of(session, {.why = "test:1", .rows_max = 2, .now = now_});
  });
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].id + " " + found[1].id, "b3 b2");
}

// P2: an edit is a difference, so that what was sold meanwhile does not come back.
TEST_P(LedgerTest, StockIsEditedByDifference) {
  EXPECT_EQ(post("count", "adjusted-10 anna+10"), "posted");
  EXPECT_EQ(post("sale", "anna-4 ben+4"), "posted");
  EXPECT_EQ(post("edit", "adjusted-5 anna+5"), "posted");  // the form said 10, it shall be 15
  EXPECT_EQ(balance("anna"), "11");
  EXPECT_EQ(post("edit2", "anna-12 adjusted+12"), "short_of_funds");
}

TEST_P(LedgerTest, AccountsAndAssetsAreMadeOnce) {
  const Opening again{.key = {points_.id, "test", "anna", "main"}, .id = {777}, .now = now_};
  const auto opened = [&](Opening opening) {
    return database().write("test.open", [&](store::Unit& unit) {
      const auto account = open_account(unit, opening);
      return account ? std::to_string(account->value) : std::string(code_of(account.error()));
    });
  };
  EXPECT_EQ(opened(again), std::to_string(id("anna").value));
  Opening other = again;
  other.debt_allowed = true;
  EXPECT_EQ(opened(other), "ledger.account_differs");
  other = again;
  other.key.book = "Main";
  EXPECT_EQ(opened(other), "ledger.bad_name");
  other = again;
  other.key.asset = {5};
  EXPECT_EQ(opened(other), "ledger.unknown_asset");
  const auto defined = [&](const NewAsset& wanted) {
    return database().write("test.define", [&](store::Unit& unit) {
      const auto asset = define(unit, wanted, {{2}, {3}, {4}}, now_);
      return asset ? std::to_string(asset->id.value) : std::string(code_of(asset.error()));
    });
  };
  EXPECT_EQ(defined({"points", AssetKind::points, 0, {}}), std::to_string(points_.id.value));
  EXPECT_EQ(defined({"points", AssetKind::points, 2, {}}), "ledger.asset_differs");
  EXPECT_EQ(defined({"points", AssetKind::stock, 0, {}}), "ledger.asset_differs");
  EXPECT_EQ(defined({"", AssetKind::stock, 0, {}}), "ledger.bad_name");
  EXPECT_EQ(defined({"x", AssetKind::stock, 7, {}}), "ledger.bad_name");
  EXPECT_EQ(defined({"x", AssetKind::stock, 0, {-1}}), "ledger.bad_term");
}

TEST_P(LedgerTest, ARefundWithoutLotsGivesBackNoMoreThanWasSpent) {
  post("b1", "bank-10 anna+10");
  post("buy", "anna-6 ben+6");
  EXPECT_EQ(post("r1", "ben-4 anna+4<buy"), "posted");
  EXPECT_EQ(post("r2", "ben-2 bank-1 anna+3<buy"), "refund_exceeded");
  EXPECT_EQ(post("r3", "ben-2 anna+2<buy"), "posted");
  EXPECT_EQ(post("r4", "bank-1 anna+1<buy"), "refund_exceeded");
  EXPECT_EQ(balance("anna"), "10");
}

TEST_P(LedgerTest, ARefundMayFollowInTheSameUnit) {
  post("b1", "bank-10 anna+10");
  const Request requests[] = {bundle("buy", "anna-6 ben+6"), bundle("r1", "ben-6 anna+6<buy"),
                              bundle("r2", "bank-1 anna+1<buy")};
  database().write("test.both", [&](store::Unit& unit) {
    const auto answers = post_all(unit, requests, now_);
    EXPECT_EQ(spelled(answers[0]) + " " + spelled(answers[1]) + " " + spelled(answers[2]),
              "posted posted refund_exceeded");
  });
  EXPECT_EQ(wrong(), "");
}

// The clock jumps back an hour: nothing stands before what the accounts have seen.
TEST_P(LedgerTest, AClockSetBackEntersNothingBeforeWhatWasThere) {
  post("b1", "bank-5 anna+5");
  now_ = second(-3600);
  EXPECT_EQ(post("b2", "anna-5 ben+5"), "posted");
  const auto at = [&](const std::string& name, std::int64_t moment) {
    return database().read([&](store::Session& session) {
      return balance_at(session, {.account = id(name), .effective = second(moment)});
    });
  };
  EXPECT_EQ(at("anna", -1800), 0);
  EXPECT_EQ(at("anna", 0), 0);
  EXPECT_EQ(at("ben", -1), 0);
  EXPECT_EQ(at("ben", 0), 5);
  // What a caller knows by a clock that is right is no future.
  EXPECT_EQ(post("b3", "bank-1 anna+1", second(-10)), "posted");
  EXPECT_EQ(post("b4", "bank-1 anna+1", second(1)), "in_future");
}

// Also for an account that has seen nothing of it itself: what it received is dated tomorrow, so
// what it spends is not dated today.
TEST_P(LedgerTest, NoBalanceOfAnyMomentIsBelowZeroAfterAClockADayAhead) {
  now_ = second(86'400);
  post("b1", "bank-5 anna+5");
  now_ = second(0);
  EXPECT_EQ(post("b2", "anna-3 ben+3"), "posted");
  EXPECT_EQ(post("b3", "ben-3 bank+3"), "posted");
  for (const std::int64_t moment : {-1, 0, 1, 86'399, 86'400}) {
    database().read([&](store::Session& session) {
      for (const std::string name : {"anna", "ben"}) {
        EXPECT_GE(balance_at(session, {.account = id(name), .effective = second(moment)}), 0)
            << name << " " << moment;
      }
    });
  }
  EXPECT_EQ(wrong(), "");
}

}  // namespace
}  // namespace ledger
