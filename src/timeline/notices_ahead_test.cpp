#include "timeline/notices_ahead.h"

#include <gtest/gtest.h>

#include <vector>

#include "timeline/test_followed_log.h"

namespace timeline {
namespace {

using base::CustomerId;
using event_log::NoticeSubject;
using event_log::Position;

class NoticesAheadTest : public FollowedLogTest {
 protected:
  Position notify(const std::vector<NoticeSubject>& subjects) {
    return database().write("test.notify",
                            [&](store::Unit& unit) { return log_->notify(unit, subjects, kNow); });
  }
  // By somebody who stands here and has looked these up.
  void look(const Position& position, const std::vector<CustomerId>& looked_up) {
    database().read([&](store::Session& session) {
      ahead_.look(session, {position, log_->head(session), log_->newest(session), looked_up});
    });
  }

  NoticesAhead ahead_;
};
INSTANTIATE_TEST_SUITE_P(Both, NoticesAheadTest, store::kBothDatabases, store::dialect_name);

TEST_P(NoticesAheadTest, WhoeverIsGoneHoldsUpWhateverWasRead) {
  const CustomerId ann = known_as("customer", "ann");
  const Position before = notify({ann});
  std::vector<NoticeSubject> gone;
  for (std::int64_t id = 1; id <= 1000; ++id) gone.emplace_back(CustomerId{1'000'000 + id});
  const Position last_gone = notify(gone);
  const Position behind = notify({ann});
  look({}, {});
  EXPECT_FALSE(ahead_.is_one_moment(before));
  EXPECT_TRUE(ahead_.is_one_moment(last_gone));
  look({}, {ann});  // looked up now: as it is behind the last notice of hers
  EXPECT_FALSE(ahead_.is_one_moment(last_gone));
  EXPECT_TRUE(ahead_.is_one_moment(behind));
}

TEST_P(NoticesAheadTest, OthersWhoLiveHoldNothingUp) {
  const CustomerId ann = known_as("customer", "ann");
  const CustomerId bob = known_as("customer", "bob");
  const Position of_ann = notify({ann});
  const Position of_bob = notify({bob, bob});
  look({}, {ann});
  EXPECT_FALSE(ahead_.is_one_moment({}));
  EXPECT_TRUE(ahead_.is_one_moment(of_ann));
  look(of_ann, {bob});
  EXPECT_FALSE(ahead_.is_one_moment(of_ann));
  EXPECT_TRUE(ahead_.is_one_moment(of_bob));
}

TEST_P(NoticesAheadTest, WhatIsBehindAnImportTakenBackWaitsForIt) {
  const Position taken_back = notify({base::BatchId{7}});
  look({}, {});
  EXPECT_FALSE(ahead_.is_one_moment({}));
  EXPECT_TRUE(ahead_.is_one_moment(taken_back));
}

}  // namespace
}  // namespace timeline
