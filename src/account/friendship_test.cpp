#include "account/friendship.h"

#include <algorithm>
#include <random>

#include "account/assignment.h"
#include "account/friendship_proof.h"
#include "log/batch.h"
#include "log/test_log.h"

namespace account {
namespace {

using event_log::NewEvent;

using Ids = std::vector<std::int64_t>;

class FriendshipTest : public event_log::LogFixture {
 protected:
  void SetUp() override {
    LogFixture::SetUp();
    if (IsSkipped()) return;
    friendships_.emplace(database(), log());
    add_staff(31, "lin");
    add_staff(32, "wang");
  }
  void TearDown() override {
    friendships_.reset();
    LogFixture::TearDown();
  }

  template <typename Work>
  auto change(Work&& work) {
    return database().write("test.account",
                            [&](store::Unit& unit) { return work(Change{unit, actor_, now_}); });
  }
  void add_staff(std::int64_t id, const std::string& number) {
    const auto done = change([&](const Change& by) {
      return account::add_staff(by, {.id = {id}, .number = number, .name = "员工" + number});
    });
    ASSERT_TRUE(done.has_value());
  }
  static NewEvent told(std::int64_t customer, const char* name, const std::string& staff,
                       std::int64_t hours = 0) {
    NewEvent event = event_log::new_event(customer, name, R"({"way": "扫码"})");
    event.properties["staff"] = staff;
    event.time = event_log::kTestNow - base::kDay + base::Duration{hours * base::kHour.ms};
    return event;
  }
  static NewEvent added(std::int64_t customer, const std::string& staff, std::int64_t hours = 0) {
    return told(customer, "friend_added", staff, hours);
  }
  static NewEvent removed(std::int64_t customer, const std::string& staff, std::int64_t hours = 0) {
    return told(customer, "friend_removed", staff, hours);
  }
  void catch_up() { ASSERT_TRUE(friendships_->catch_up({60'000}).fresh); }

  Ids own(std::int64_t staff) {
    catch_up();
    Ids ids;
    const auto found =
        database().read([&](store::Session& session) { return customers_of(session, {staff}); });
    for (const base::CustomerId customer : found) ids.push_back(customer.value);
    std::ranges::sort(ids);
    return ids;
  }
  // "lin 0-2 event; lin 3- user:7": hours since the first events' moment.
  std::string of(std::int64_t customer) {
    catch_up();
    std::string text;
    const auto found = database().read(
        [&](store::Session& session) { return assignments_of(session, {customer}); });
    const auto hours = [](base::Moment moment) {
      const auto first = event_log::kTestNow - base::kDay;
      return std::to_string((moment.ms - first.ms) / base::kHour.ms);
    };
    for (const Assignment& each : found) {
      text += (text.empty() ? "" : "; ") + each.number + " " + hours(each.from) + "-" +
              (each.to ? hours(*each.to) : "") + " " + each.by;
    }
    return text;
  }
  bool give(std::int64_t staff, std::int64_t customer) {
    catch_up();
    return change([&](const Change& by) { return AssignedTo(by, {staff}).assign({customer}); })
        .value();
  }
  bool take(std::int64_t staff, std::int64_t customer) {
    catch_up();
    return change([&](const Change& by) { return AssignedTo(by, {staff}).unassign({customer}); })
        .value();
  }
  // The tables of `customer`, which this module only reads.
  void run(const std::string& sql) {
    database().write("test.sql", [&](store::Unit& unit) { unit.execute(sql, {}); });
  }
  void merge(std::int64_t gone, std::int64_t into) {
    run("insert into customer_alias (customer, into_customer, person, merged_at, source, by_whom)"
        " values (" +
        std::to_string(gone) + ", " + std::to_string(into) + ", " + std::to_string(into) +
        ", 0, 'test', 'test')");
  }
  std::vector<std::string> wrong() {
    return prove({.database = database(), .log = log(), .friendships = *friendships_}).wrong;
  }

  const rights::Actor actor_{.kind = rights::ActorKind::user, .id = 7};
  base::Moment now_ = event_log::kTestNow;
  std::optional<Friendships> friendships_;
};
INSTANTIATE_TEST_SUITE_P(Both, FriendshipTest, store::kBothDatabases, store::dialect_name);

TEST_P(FriendshipTest, WhoAddsAMemberOfStaffIsTheirs) {
  append({added(5, "lin"), added(6, "lin", 1), added(6, "wang", 2)});
  EXPECT_EQ(own(31), (Ids{5, 6}));
  EXPECT_EQ(own(32), Ids{6});
  EXPECT_EQ(of(6), "wang 2- event; lin 1- event");
  append({removed(6, "lin", 3)});
  EXPECT_EQ(own(31), Ids{5});
  EXPECT_EQ(of(6), "wang 2- event; lin 1-3 event");
}

TEST_P(FriendshipTest, TimeDecidesNotTheOrderOfArrival) {
  append({removed(5, "lin", 4)});
  append({added(5, "lin", 1)});
  EXPECT_EQ(of(5), "lin 1-4 event");
  append({added(5, "lin", 6), added(5, "lin", 7), removed(5, "lin", 2)});
  EXPECT_EQ(of(5), "lin 6- event; lin 1-2 event");
  // At one moment the later in the log: added again as it ended, it never did.
  append({added(5, "lin", 2)});
  EXPECT_EQ(of(5), "lin 6- event; lin 1-4 event");
}

TEST_P(FriendshipTest, WhoNamesNobodyIsLeftAlone) {
  NewEvent nobody = event_log::new_event(5, "friend_added", R"({"way": "扫码"})");
  append({nobody, added(5, "two words"), added(5, std::string(kCodeBytesMax + 1, 'x')),
          added(5, "zhou"), event_log::new_event(5, "followed", R"({"staff": "lin"})")});
  EXPECT_EQ(own(31), Ids{});
  EXPECT_EQ(of(5), "");
  // Entered later, they have whoever added them before.
  add_staff(33, "zhou");
  EXPECT_EQ(own(33), Ids{5});
  EXPECT_EQ(wrong(), std::vector<std::string>{});
}

TEST_P(FriendshipTest, ANumberIsSomebodysFromNowOn) {
  append({added(5, "lin"), added(6, "lin.fang")});
  EXPECT_EQ(own(31), Ids{5});
  const auto done =
      change([&](const Change& by) { return change_staff(by, {31}, {.number = "lin.fang"}); });
  ASSERT_TRUE(done.has_value());
  EXPECT_EQ(own(31), Ids{6});
}

// What somebody took no event brings back, and what they gave none takes away.
TEST_P(FriendshipTest, WhatAPersonDecidedStands) {
  append({added(5, "lin", 0)});
  now_ = event_log::kTestNow - base::kDay + base::Duration{2 * base::kHour.ms};
  EXPECT_TRUE(take(31, 5));
  EXPECT_FALSE(take(31, 5));
  EXPECT_EQ(own(31), Ids{});
  append({removed(5, "lin", 3), added(5, "lin", 4)});
  EXPECT_EQ(own(31), Ids{});
  EXPECT_EQ(of(5), "lin 0-2 event");
  now_ = event_log::kTestNow - base::kDay + base::Duration{5 * base::kHour.ms};
  EXPECT_TRUE(give(31, 5));
  append({removed(5, "lin", 6)});
  EXPECT_EQ(own(31), Ids{5});
  EXPECT_EQ(of(5), "lin 5- user:7; lin 0-2 event");

  // Given while they are friends already: from then on it is a decision.
  append({added(6, "lin", 1)});
  EXPECT_TRUE(give(31, 6));
  EXPECT_FALSE(give(31, 6));
  append({removed(6, "lin", 6)});
  EXPECT_EQ(of(6), "lin 5- user:7; lin 1-5 event");
  EXPECT_TRUE(take(31, 6));
  EXPECT_FALSE(take(32, 6));  // whose they never were
  EXPECT_EQ(own(31), Ids{5});
  EXPECT_EQ(wrong(), std::vector<std::string>{});
}

TEST_P(FriendshipTest, IsReadOverThePerson) {
  append({added(5, "lin"), added(6, "lin", 1), added(7, "wang")});
  merge(6, 5);
  EXPECT_EQ(own(31), Ids{5});
  // One of two friendships is left.
  append({removed(5, "lin", 2)});
  EXPECT_EQ(own(31), Ids{5});
  EXPECT_EQ(of(5), "lin 1- event; lin 0-2 event");
  // Taken from the person, it is taken from everybody they are.
  EXPECT_TRUE(take(31, 5));
  EXPECT_EQ(own(31), Ids{});
  run("delete from customer_alias");
  EXPECT_EQ(own(31), Ids{});
  // Decided about one who then is another: it holds for the person.
  merge(7, 6);
  append({added(7, "lin", 3)});
  EXPECT_EQ(own(31), Ids{});
  run("delete from customer_alias");
  EXPECT_EQ(own(31), Ids{7});
}

TEST_P(FriendshipTest, AnImportTakenBackTakesItsFriendshipsAway) {
  append({added(5, "lin", 0)});
  const base::BatchId batch{77};
  event_log::Origin from = origin();
  from.batch = batch;
  database().write("test.import", [&](store::Unit& unit) {
    event_log::begin_batch(unit, {batch, "events", "f.csv", "test", event_log::kTestNow});
  });
  ASSERT_TRUE(append(from, {removed(5, "lin", 1), added(6, "lin", 2)}));
  EXPECT_EQ(own(31), Ids{6});
  const auto begun = database().write("test.undo", [&](store::Unit& unit) {
    return event_log::begin_undo(log(), unit, batch, event_log::kTestNow);
  });
  ASSERT_TRUE(begun.has_value());
  EXPECT_EQ(own(31), Ids{5});
  EXPECT_EQ(of(5), "lin 0- event");
  EXPECT_EQ(wrong(), std::vector<std::string>{});
}

TEST_P(FriendshipTest, WhoIsErasedLeavesNothing) {
  append({added(5, "lin"), added(6, "lin")});
  EXPECT_EQ(own(31), (Ids{5, 6}));
  const auto erase_from_log = [&](store::Unit& unit, std::int64_t customer) {
    log().erase(unit, {base::CustomerId{customer}, base::CustomerId{900 + customer}});
  };
  database().write("test.erase", [&](store::Unit& unit) {
    const base::CustomerId gone{5};
    erase_from_log(unit, 5);
    erase(unit, std::span(&gone, 1));
  });
  EXPECT_EQ(own(31), Ids{6});
  // Read before the erasure and written after it: the notice takes it away.
  database().write("test.erase", [&](store::Unit& unit) {
    erase_from_log(unit, 6);
    log().notify(unit, base::CustomerId{6}, event_log::kTestNow);
  });
  EXPECT_EQ(own(31), Ids{});
  EXPECT_EQ(wrong(), std::vector<std::string>{});
}

TEST_P(FriendshipTest, RebuiltItIsTheSame) {
  append({added(5, "lin"), removed(5, "lin", 1), added(6, "lin", 2), added(6, "lin", 3)});
  const std::string before = of(5) + "; " + of(6);
  EXPECT_EQ(before, "lin 0-1 event; lin 2- event");
  run("delete from friend_fact where customer = 6");
  run("update friendship set since = since + 1 where customer = 5");
  EXPECT_EQ(wrong().size(), 4u);  // two events, two customers
  EXPECT_EQ(friendships_->rebuild(), 4);
  EXPECT_EQ(of(5) + "; " + of(6), before);
  EXPECT_EQ(wrong(), std::vector<std::string>{});
}

TEST_P(FriendshipTest, TheProofFindsWhatIsNotTheLogs) {
  append({added(5, "lin"), added(6, "lin", 2)});
  EXPECT_EQ(wrong(), std::vector<std::string>{});
  run("update friendship set ended_at = since + 5 where customer = 5");
  EXPECT_EQ(wrong(), std::vector<std::string>{"c_5"});
  run("insert into friendship (customer, staff, since) values (9, 'lin', 1)");
  EXPECT_EQ(wrong(), (std::vector<std::string>{"c_5", "c_9"}));
}

// Random events and decisions against a twin that goes through them all again each time.
TEST_P(FriendshipTest, AgreesWithATwin) {
  struct Step {
    enum class Kind { added, removed, given, taken } kind;
    int customer, staff;
    std::int64_t hours;
  };
  constexpr int kCustomers = 6;
  const std::string numbers[] = {"lin", "wang"};
  std::mt19937 random(11);
  std::vector<Step> steps;
  for (int step = 0; step < 120; ++step) {
    Step next{static_cast<Step::Kind>(random() % 4), static_cast<int>(1 + random() % kCustomers),
              static_cast<int>(random() % 2), static_cast<std::int64_t>(random() % 20)};
    const bool by_event = next.kind == Step::Kind::added || next.kind == Step::Kind::removed;
    if (by_event) {
      append(
          {told(next.customer, next.kind == Step::Kind::added ? "friend_added" : "friend_removed",
                numbers[next.staff], next.hours)});
    } else if (next.kind == Step::Kind::given) {
      give(31 + next.staff, next.customer);
    } else if (!take(31 + next.staff, next.customer)) {
      continue;  // nothing to decide about
    }
    steps.push_back(next);
    for (int staff = 0; staff < 2; ++staff) {
      Ids expected;
      for (int customer = 1; customer <= kCustomers; ++customer) {
        std::optional<bool> decided;
        std::optional<bool> told_last;
        std::int64_t last = -1;
        for (const Step& one : steps) {
          if (one.customer != customer || one.staff != staff) continue;
          if (one.kind == Step::Kind::given) decided = true;
          if (one.kind == Step::Kind::taken) decided = false;
          const bool is_event = one.kind == Step::Kind::added || one.kind == Step::Kind::removed;
          if (is_event && one.hours >= last) {
            last = one.hours;
            told_last = one.kind == Step::Kind::added;
          }
        }
        if (decided.value_or(told_last.value_or(false))) expected.push_back(customer);
      }
      ASSERT_EQ(own(31 + staff), expected) << "step " << step;
    }
  }
  EXPECT_EQ(wrong(), std::vector<std::string>{});
}

}  // namespace
}  // namespace account
