#include "ledger/proof.h"

#include <gtest/gtest.h>

#include "base/clock.h"
#include "ledger/kept_proof.h"
#include "ledger/ledger_fixture.h"

namespace ledger {
namespace {

class ProofTest : public LedgerFixture {
 protected:
  void SetUp() override {
    LedgerFixture::SetUp();
    if (IsSkipped()) return;
    open("bank", kDebt);  // 1
    open("anna");         // 2
    open("card", kLots);  // 3
    post("b1", "bank-10 anna+10");
    post("b2", "bank-5 card+5@100");
    hold("h", "anna-2 bank+2 | card-1 bank+1", 60);
  }
  // What is found after a statement that nobody should run.
  std::string after(std::string_view sql) {
    database().write("test.damage", [&](store::Unit& unit) { unit.execute(sql, {}); });
    return wrong();
  }
};
INSTANTIATE_TEST_SUITE_P(Both, ProofTest, store::kBothDatabases, store::dialect_name);

TEST_P(ProofTest, BooksThatBalance) {
  const Proof proof = prove(database());
  EXPECT_TRUE(proof.wrong.empty());
  EXPECT_EQ(proof.accounts, 5);
  EXPECT_EQ(proof.bundles, 3);
  EXPECT_EQ(proof.postings, 4);
  EXPECT_FALSE(proof.stopped);
  EXPECT_TRUE(prove(database(), [](std::int64_t) { return false; }).stopped);
}

TEST_P(ProofTest, ABalanceThatIsNotItsPostings) {
  EXPECT_EQ(after("update ledger_account set posted = posted + 1 where id = 2"),
            "account 2 posted; ");
}
TEST_P(ProofTest, APostingThatIsLost) {
  const std::string found = after("delete from ledger_posting where account = 2");
  EXPECT_NE(found.find("account 2 posted; "), std::string::npos) << found;
  EXPECT_NE(found.find("account 2 sequence; "), std::string::npos) << found;
  EXPECT_NE(found.find(" sum; "), std::string::npos) << found;
}
TEST_P(ProofTest, AnAccountBelowZero) {
  const std::string found = after("update ledger_posting set amount = -10 where account = 2");
  EXPECT_NE(found.find("account 2 below zero; "), std::string::npos) << found;
}
TEST_P(ProofTest, ALotThatIsNotItsPostings) {
  const std::string found = after("update ledger_lot set remaining = remaining + 1");
  EXPECT_NE(found.find("account 3 lots; lot "), std::string::npos) << found;
}
TEST_P(ProofTest, AReservationThatIsLost) {
  const std::string found = after("delete from ledger_reservation where account = 2");
  EXPECT_NE(found.find("account 2 held; "), std::string::npos) << found;
  EXPECT_NE(found.find(" kept; "), std::string::npos) << found;
}
TEST_P(ProofTest, AHoldThatEndedAndKeeps) {
  const std::string found =
      after("update ledger_bundle set state = 3, ended_at = 1 where id = 'h'");
  EXPECT_NE(found.find(" kept; "), std::string::npos) << found;
}
TEST_P(ProofTest, ABundleThatIsLost) {
  const std::string found = after("delete from ledger_bundle where id = 'b1'");
  EXPECT_NE(found.find("postings 2 of nothing; "), std::string::npos) << found;
}

TEST_P(ProofTest, TheLastOneIsKept) {
  class Still final : public base::Clock {
   public:
    base::Moment now() const override { return kStart; }
  };
  KeptProof kept;
  EXPECT_FALSE(kept.kept());
  std::stop_source stopped;
  stopped.request_stop();
  kept.prove(database(), Still(), stopped.get_token());
  EXPECT_FALSE(kept.kept());
  kept.prove(database(), Still(), {});
  ASSERT_TRUE(kept.kept());
  EXPECT_TRUE(kept.kept()->proof.wrong.empty());
  EXPECT_EQ(kept.kept()->at, kStart);
  EXPECT_EQ(after("update ledger_account set posted = posted + 1 where id = 2"),
            "account 2 posted; ");
  kept.prove(database(), Still(), {});
  EXPECT_EQ(kept.kept()->proof.wrong, std::vector<std::string>{"account 2 posted"});
}

}  // namespace
}  // namespace ledger
