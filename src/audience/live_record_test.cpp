#include "audience/live_record.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace audience {
namespace {

using base::Duration;
using base::Moment;

constexpr int kLives = 2000;
constexpr int kLooks = 12;
constexpr std::uint32_t kMoments = 40;

StateCourse course(State start, std::vector<StateChange> changes) {
  return {start, std::move(changes)};
}

TEST(LiveRecord, FoldsAsTheHeaderSays) {
  const std::vector<LiveRecord> records = {{1, Moment{100}, 0, 1},
                                           {2, Moment{200}, 1, 0},
                                           {3, Moment{50}, 0, 1},
                                           {4, Moment{200}, 1, 0}};
  const std::span all(records);
  EXPECT_EQ(believed(0, all.first(1)), course(0, {{Moment{100}, 1}}));
  EXPECT_EQ(believed(0, all.first(2)), course(0, {{Moment{100}, 1}, {Moment{200}, 0}}));
  EXPECT_EQ(believed(0, all.first(3)), course(0, {{Moment{50}, 1}}));
  EXPECT_EQ(believed(0, all), course(0, {{Moment{50}, 1}, {Moment{200}, 0}}));
}

TEST(LiveRecord, OneThatChangesNothingTakesBack) {
  const std::vector<LiveRecord> records = {{1, Moment{100}, 0, 1}, {2, Moment{100}, 0, 0}};
  EXPECT_EQ(believed(1, records), course(0, {}));
}

TEST(LiveRecord, WithoutRecordsItAlwaysWas) { EXPECT_EQ(believed(1, {}), course(1, {})); }

TEST(LiveRecord, WhatComesNextIsNoCorrection) {
  const auto due =
      due_records(course(0, {{Moment{100}, 1}}), course(0, {{Moment{100}, 1}, {Moment{200}, 0}}),
                  {Moment{50}, Moment{301}});
  EXPECT_EQ(due, (std::vector<DueRecord>{{Moment{200}, 1, 0, false}}));
}

TEST(LiveRecord, WhatIsRecordedIsNotRecordedAgain) {
  const StateCourse same = course(0, {{Moment{100}, 1}, {Moment{200}, 0}});
  EXPECT_TRUE(due_records(same, same, {Moment{0}, Moment{301}}).empty());
}

class RandomCourses {
 public:
  explicit RandomCourses(std::uint32_t seed) : random_(seed) {}
  std::uint32_t below(std::uint32_t count) { return static_cast<std::uint32_t>(random_()) % count; }

  // Another truth: that of before with what was from `from` on drawn anew.
  StateCourse anew(const StateCourse& before, Moment from, Moment now) {
    StateCourse made{before.start, {}};
    for (const StateChange& change : before.changes) {
      if (change.at < from) made.changes.push_back(change);
    }
    for (std::int64_t at = from.ms; at <= now.ms; ++at) {
      const auto state = static_cast<State>(below(3));
      if (below(6) == 0 && state != made.last()) made.changes.push_back({Moment{at}, state});
    }
    return made;
  }

 private:
  std::mt19937 random_;
};

// Whatever comes to be true, late or in time: the records of before and those that are due then,
// folded, say the same as the truth.
TEST(LiveRecord, WhatIsDueMakesBeliefTheTruth) {
  for (std::uint32_t seed = 1; seed <= kLives; ++seed) {
    RandomCourses random(seed);
    StateCourse truth{static_cast<State>(random.below(3)), {}};
    const State start = truth.start;
    std::vector<LiveRecord> records;
    Moment now{0};
    for (int look = 0; look < kLooks; ++look) {
      now = now + Duration{1 + random.below(kMoments / 4)};
      const Moment from{1 + random.below(static_cast<std::uint32_t>(now.ms))};
      truth = random.anew(truth, from, now);
      const Moment first = from - Duration{1};
      const StateCourse belief = believed(records.empty() ? start : truth.last(), records);
      for (const DueRecord& due :
           due_records(belief, truth.since(first), {first, now + Duration{1}})) {
        records.push_back(
            {static_cast<std::int64_t>(records.size() + 1), due.at, due.from, due.to});
      }
      ASSERT_EQ(believed(start, records), truth) << "seed " << seed << ", look " << look;
      const StateCourse after = believed(start, records);
      ASSERT_TRUE(due_records(after, truth.since(first), {first, now + Duration{1}}).empty());
    }
  }
}

}  // namespace
}  // namespace audience
