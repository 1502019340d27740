#include "audience/live_move.h"

#include <gtest/gtest.h>

#include "audience/live_store.h"
#include "store/test_database.h"

namespace audience {
namespace {

constexpr SubjectId kOne{SubjectKind::audience, 1};
constexpr SubjectId kOther{SubjectKind::model, 1};

class LiveMoveTest : public store::DatabaseTest {
 protected:
  struct Told {
    std::int64_t record = 0;
    std::int64_t customer = 0;
    std::int64_t at = 0;
    std::string to = "in";
  };
  static LiveMove move_of(SubjectId id, const Told& told) {
    LiveMove move;
    move.subject = id;
    move.record = told.record;
    move.customer = base::CustomerId{told.customer};
    move.at = base::Moment{told.at};
    move.recorded_at = base::Moment{told.at + 1};
    move.from = told.to == "in" ? "out" : "in";
    move.to = told.to;
    return move;
  }
  void put(SubjectId id, const std::vector<Told>& all) {
    std::vector<LiveMove> moves;
    for (const Told& told : all) moves.push_back(move_of(id, told));
    database().write("test.put", [&](store::Unit& unit) { put_moves(unit, moves); });
  }
  // The numbers of the records.
  std::vector<std::int64_t> records(SubjectId id, MovesWanted wanted) {
    if (wanted.rows == 0) wanted.rows = 100;
    std::vector<std::int64_t> numbers;
    database().read([&](store::Session& session) {
      numbers.clear();
      for (const LiveMove& move : moves_of(session, id, wanted)) numbers.push_back(move.record);
    });
    return numbers;
  }
  using Numbers = std::vector<std::int64_t>;
};

TEST_P(LiveMoveTest, TheLatestComeFirstPageByPage) {
  put(kOne, {{1, 11, 100}, {2, 12, 300}, {3, 13, 300, "out"}, {4, 11, 50}});
  put(kOther, {{5, 11, 900}});
  EXPECT_EQ(records(kOne, {}), (Numbers{3, 2, 1, 4}));
  EXPECT_EQ(records(kOne, {.rows = 2}), (Numbers{3, 2}));
  EXPECT_EQ(records(kOne, {.before = {base::Moment{300}, 3}}), (Numbers{2, 1, 4}));
  EXPECT_EQ(records(kOne, {.before = {base::Moment{300}, 2}}), (Numbers{1, 4}));
  EXPECT_EQ(records(kOne, {.to = "out"}), (Numbers{3}));
  EXPECT_EQ(records(kOne, {.from = base::Moment{100}, .before = {base::Moment{300}, 0}}),
            (Numbers{1}));
}

TEST_P(LiveMoveTest, ComeBackAsTheyWereWritten) {
  LiveMove given = move_of(kOne, {.record = 7, .customer = 3, .at = -5, .to = "out"});
  given.corrected = true;
  database().write("test.put", [&](store::Unit& unit) { put_moves(unit, {&given, 1}); });
  const base::CustomerId customer{3};
  const auto found = database().read([&](store::Session& session) {
    return moves_of_customers(session, kOne, {&customer, 1}, base::kMomentMin);
  });
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].record, 7);
  EXPECT_EQ(found[0].at, base::Moment{-5});
  EXPECT_EQ(found[0].recorded_at, base::Moment{-4});
  EXPECT_EQ(found[0].from, "in");
  EXPECT_EQ(found[0].to, "out");
  EXPECT_TRUE(found[0].corrected);
}

TEST_P(LiveMoveTest, OldOnesAreForgottenAndTheErasedHaveNone) {
  put(kOne, {{1, 11, 100}, {2, 12, 200}, {3, 11, 300}});
  database().write("test.count", [](store::Unit& unit) {
    count_day(unit, kOne, {.day = base::Moment{0}, .entered = 3});
  });
  const bool more = database().write(
      "test.forget", [](store::Unit& unit) { return forget_moves(unit, base::Moment{200}); });
  EXPECT_FALSE(more);
  EXPECT_EQ(records(kOne, {}), (Numbers{3, 2}));
  const base::CustomerId gone{11};
  database().write("test.erase", [&](store::Unit& unit) { erase_moves(unit, {&gone, 1}); });
  EXPECT_EQ(records(kOne, {}), (Numbers{2}));
  database().write("test.erase", [](store::Unit& unit) { erase_moves_of_nobody(unit); });
  EXPECT_EQ(records(kOne, {}), (Numbers{}));
}

INSTANTIATE_TEST_SUITE_P(Both, LiveMoveTest, store::kBothDatabases, store::dialect_name);

}  // namespace
}  // namespace audience
