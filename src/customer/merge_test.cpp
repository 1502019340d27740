#include "customer/merge.h"

#include <map>

#include "customer/consent.h"
#include "customer/customer_fixture.h"
#include "customer/person.h"
#include "customer/tag.h"

namespace customer {
namespace {

class MergeTest : public CustomerTest {
 protected:
  std::string join(base::CustomerId one, base::CustomerId other) {
    const auto done = write([&](Writing& writing) { return merge(writing, one, other); });
    if (!done) return std::string(code_of(done.error().fault));
    return std::to_string(done->gone.value) + " into " + std::to_string(done->survivor.value);
  }
  std::string part(base::CustomerId gone) {
    const auto done = write([&](Writing& writing) { return unmerge(writing, gone); });
    return done ? "parted" : std::string(code_of(done.error().fault));
  }
  base::CustomerId person(base::CustomerId customer) {
    return database().read([&](store::Session& session) {
      const auto known = customer_with(session, customer);
      return known ? known->person : base::CustomerId{};
    });
  }
  std::string key(base::CustomerId customer) {
    return database().read(
        [&](store::Session& session) { return key_of(session, person_in(session, customer)); });
  }
  static base::CustomerId person_in(store::Session& session, base::CustomerId customer) {
    return customer_with(session, customer)->person;
  }
  static std::string text(base::CustomerId gone, base::CustomerId survivor) {
    return std::to_string(gone.value) + " into " + std::to_string(survivor.value);
  }
};

TEST_P(MergeTest, TheOlderSurvivesAndBothAreFound) {
  const base::CustomerId young = known_as("k-young", -1);
  const base::CustomerId old = known_as("k-old", -9);
  give(young, "phone", "13800138000");
  EXPECT_EQ(join(young, old), text(young, old));
  EXPECT_EQ(found("phone", "13800138000")->person, old);
  EXPECT_EQ(found("phone", "13800138000")->customer, young);
  EXPECT_EQ(person_of("k-young"), old);
  EXPECT_EQ(key(young), "k-old");
  EXPECT_EQ(join(old, young), "customer.same_person");
  EXPECT_EQ(join(old, fresh()), "customer.unknown_customer");
  EXPECT_EQ(events_of(old).back(), "customers_merged");
  EXPECT_EQ(database().read([](store::Session& session) { return count_persons(session); }), 1);
}

TEST_P(MergeTest, BothPersonsAreNoticedAndAtItsUndoAgain) {
  const base::CustomerId oldest = known_as("k-oldest", -9);
  const base::CustomerId old = known_as("k-old", -8);
  const base::CustomerId young = known_as("k-young", -1);
  using Subjects = std::vector<event_log::NoticeSubject>;
  event_log::Position before = newest();
  join(young, old);
  EXPECT_EQ(notices_behind(before), (Subjects{old, young}));
  before = newest();
  join(young, oldest);  // the person of `young` is `old` by now
  EXPECT_EQ(notices_behind(before), (Subjects{oldest, old}));
  before = newest();
  EXPECT_EQ(join(oldest, young), "customer.same_person");
  EXPECT_EQ(notices_behind(before), Subjects{});
  part(young);
  EXPECT_EQ(notices_behind(before), (Subjects{oldest, young}));
}

TEST_P(MergeTest, IsUndone) {
  const base::CustomerId old = known_as("k-old", -9);
  const base::CustomerId young = known_as("k-young", -1);
  ASSERT_EQ(put(old, "age", base::Value(std::int64_t{1}), at(-5)), 1);
  ASSERT_EQ(put(young, "age", base::Value(std::int64_t{2}), at(-4)), 1);
  ASSERT_EQ(join(old, young), text(young, old));
  EXPECT_EQ(value_of(old, "age"), "2");
  ASSERT_EQ(put(old, "age", base::Value(std::int64_t{3}), at(-3)), 1);
  EXPECT_EQ(part(young), "parted");
  EXPECT_EQ(value_of(old, "age"), "3");
  EXPECT_EQ(value_of(young, "age"), "2");
  EXPECT_EQ(person(young), young);
  EXPECT_EQ(key(young), "k-young");
  EXPECT_EQ(part(young), "customer.not_merged");
  EXPECT_EQ(part(old), "customer.not_merged");
  EXPECT_EQ(events_of(old).back(), "customers_unmerged");
}

TEST_P(MergeTest, ChainsAreUndoneInAnyOrder) {
  const base::CustomerId a = known_as("a", -9);
  const base::CustomerId b = known_as("b", -8);
  const base::CustomerId c = known_as("c", -7);
  const base::CustomerId d = known_as("d", -6);
  ASSERT_EQ(join(c, d), text(d, c));
  ASSERT_EQ(join(b, d), text(c, b));  // d's person is c by now
  ASSERT_EQ(join(a, c), text(b, a));
  for (const base::CustomerId each : {a, b, c, d}) EXPECT_EQ(person(each), a);
  EXPECT_EQ(database().read([&](store::Session& session) { return merges_of(session, a); }).size(),
            3U);

  ASSERT_EQ(part(c), "parted");  // the one in the middle takes d along
  EXPECT_EQ(person(b), a);
  EXPECT_EQ(person(c), c);
  EXPECT_EQ(person(d), c);
  ASSERT_EQ(part(b), "parted");
  EXPECT_EQ(person(a), a);
  EXPECT_EQ(person(b), b);
  ASSERT_EQ(join(d, a), text(c, a));
  EXPECT_EQ(person(d), a);
}

TEST_P(MergeTest, TakingOffByHandHoldsForTheWholePerson) {
  const base::CustomerId old = known_as("k-old", -9);
  const base::CustomerId young = known_as("k-young", -1);
  const auto vip = write([&](Writing& writing) { return declare_tag(writing, "等级/VIP"); });
  ASSERT_TRUE(vip);
  const auto change = [&](base::CustomerId customer, bool present, base::Moment since) {
    return write([&](Writing& writing) {
      return present ? add_tag(writing, customer, vip->id, since)
                     : remove_tag(writing, customer, vip->id, since);
    });
  };
  const auto held = [&](base::CustomerId customer) {
    return !database()
                .read([&](store::Session& session) { return tags_of(session, customer); })
                .empty();
  };
  ASSERT_EQ(change(young, true, at(-5)), true);
  ASSERT_EQ(join(old, young), text(young, old));
  EXPECT_TRUE(held(old));
  EXPECT_EQ(change(old, true, at(-4)), false);  // the person has it; written down as the old one's
  EXPECT_EQ(change(old, false, at(-3)), true);
  EXPECT_FALSE(held(old));
  ASSERT_EQ(part(young), "parted");
  EXPECT_TRUE(held(young));
  EXPECT_FALSE(held(old));
}

TEST_P(MergeTest, TwoOfWhatMustBeOneAreListed) {
  const base::CustomerId old = known_as("k-old", -9);
  const base::CustomerId young = known_as("k-young", -1);
  give(old, "member_number", "M1");
  give(young, "member_number", "M2");
  give(old, "phone", "13800138000");
  give(young, "phone", "13800138001");  // two phones are no doubt
  ASSERT_EQ(put(old, "name", base::Value(std::string("李雷")), at(0)), 1);
  ASSERT_EQ(put(young, "name", base::Value(std::string("韩梅梅")), at(0)), 1);
  const auto merged = write([&](Writing& writing) { return merge(writing, old, young); });
  ASSERT_TRUE(merged);
  EXPECT_EQ(merged->reviews, 2);
  const auto open = [&] {
    return database().read([](store::Session& session) { return open_reviews(session, 0); });
  };
  const auto of = [&](base::CustomerId gone) {
    return database().read([&](store::Session& session) { return open_reviews_of(session, gone); });
  };
  ASSERT_EQ(open().size(), 2U);
  EXPECT_EQ(of(young).size(), 2U);
  EXPECT_TRUE(of(old).empty());
  EXPECT_EQ(open()[0].thing + " " + open()[0].name, "identity member_number");
  EXPECT_EQ(open()[1].thing + " " + open()[1].name, "attribute name");
  const std::int64_t first = open()[0].id;
  const auto decided = [&](std::int64_t id, Decision decision) {
    const auto review = write([&](Writing& writing) { return decide(writing, id, decision); });
    EXPECT_TRUE(review.has_value());
    return review && review->has_value();
  };
  EXPECT_TRUE(decided(first, Decision::merge));  // the merge stays
  EXPECT_FALSE(decided(first, Decision::merge));
  EXPECT_EQ(open().size(), 1U);
  EXPECT_EQ(of(young).size(), 1U);
  EXPECT_TRUE(decided(open()[0].id, Decision::keep_apart));
  EXPECT_TRUE(open().empty());
  EXPECT_EQ(part(young), "customer.not_merged");
  // Both decisions stay, the merge undone or not; by one of another time page by page.
  const auto read = [&](const std::optional<DecidedMark>& after) {
    return database().read(
        [&](store::Session& session) { return decided_reviews(session, after); });
  };
  const auto all = read(std::nullopt);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].decision, Decision::keep_apart);
  EXPECT_EQ(all[1].decision, Decision::merge);
  EXPECT_EQ(all[1].review.id, first);
  EXPECT_EQ(all[1].review.survivor, old);
  EXPECT_EQ(all[1].person, young);
  const auto behind = read(DecidedMark{all[0].decided_at, all[0].review.id});
  ASSERT_EQ(behind.size(), 1U);
  EXPECT_EQ(behind[0].review.id, first);
  EXPECT_TRUE(read(DecidedMark{all[1].decided_at, first}).empty());
}

TEST_P(MergeTest, HasItsLimit) {
  const base::CustomerId first = known_as("first", -9);
  const auto result = write([&](Writing& writing) -> base::Result<std::size_t, Error> {
    for (std::size_t size = 1;; ++size) {
      const auto next = create(writing, fresh(), {});
      if (!next) return base::unexpected(next.error());
      const auto merged = merge(writing, first, *next);
      if (!merged) {
        EXPECT_EQ(merged.error().fault, Fault::merge_too_large);
        return size;
      }
    }
  });
  EXPECT_EQ(result, kMergedCustomersMax);
}

// However merges, undone merges and changes meet, there is a forest: every alias ends in a person
// that is nobody's alias, and `person` names it.
TEST_P(MergeTest, SixteenThreadsLeaveAForest) {
  std::vector<base::CustomerId> all;
  for (int each = 0; each < 8; ++each) all.push_back(known_as("k-" + std::to_string(each), -each));
  together([&](std::size_t thread) {
    base::SeededRandom random(thread + 1);
    for (int round = 0; round < 12; ++round) {
      const base::CustomerId one = all[random.next() % all.size()];
      const base::CustomerId other = all[random.next() % all.size()];
      if (one == other || random.next() % 3 == 0) {
        part(one);
      } else {
        join(one, other);
      }
      const auto done =
          put(one, "age", base::Value(static_cast<std::int64_t>(random.next() % 9)), at(-1));
      ASSERT_TRUE(done) << code_of(done.error().fault);
    }
  });
  database().read([&](store::Session& session) {
    std::map<base::CustomerId, base::CustomerId> into;
    for (const base::CustomerId each : all) {
      for (const Alias& alias : merges_of(session, each)) into[alias.gone] = alias.into;
    }
    for (const base::CustomerId each : all) {
      base::CustomerId root = each;
      for (std::size_t steps = 0; into.contains(root); ++steps) {
        ASSERT_LT(steps, all.size()) << "a circle";
        root = into[root];
      }
      EXPECT_EQ(customer_with(session, each)->person, root);
    }
    EXPECT_EQ(count_persons(session), static_cast<std::int64_t>(all.size() - into.size()));
  });
}

INSTANTIATE_TEST_SUITE_P(Both, MergeTest, store::kBothDatabases, store::dialect_name);

}  // namespace
}  // namespace customer
