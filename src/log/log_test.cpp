#include "log/log.h"

#include <algorithm>
#include <atomic>
#include <latch>
#include <map>
#include <set>
#include <thread>

#include "log/batch.h"
#include "log/test_log.h"

namespace event_log {
namespace {

using base::Moment;

constexpr int kThreads = 16;

// Runs `work` with 0 … kThreads - 1 at once.
template <typename Work>
void at_once(Work work) {
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) threads.emplace_back([&work, i] { work(i); });
  for (std::thread& thread : threads) thread.join();
}

class LogTest : public LogFixture {};
INSTANTIATE_TEST_SUITE_P(Both, LogTest, store::kBothDatabases, store::dialect_name);

TEST_P(LogTest, EventsAreReadAsGiven) {
  Origin from = origin();
  from.liveness = Liveness::live;
  NewEvent early = new_event(5, "order_paid", R"({"amount": "12.50", "note": "红"})");
  early.time = kTestNow - base::kDay;
  const auto appended = append(from, {early, new_event(6, "product_viewed")});
  ASSERT_TRUE(appended.has_value());
  EXPECT_EQ(appended->written, 2);
  EXPECT_EQ(appended->outcomes[0].time, kTestNow - base::kDay);

  const Reading reading = read();
  ASSERT_EQ(reading.events.size(), 2U);
  const Event& event = reading.events[0];
  EXPECT_EQ(event.position, appended->outcomes[0].position);
  EXPECT_EQ(event.customer, base::CustomerId{5});
  EXPECT_EQ(types()->find(event.type)->name, "order_paid");
  EXPECT_EQ(event.time, kTestNow - base::kDay);
  EXPECT_EQ(event.arrived, kTestNow);
  EXPECT_FALSE(event.sent.has_value());
  EXPECT_EQ(event.liveness, Liveness::live);
  EXPECT_FALSE(event.batch.has_value());
  EXPECT_EQ(event.properties, R"({"amount":"12.50","note":"红"})");
  EXPECT_EQ(reading.through, appended->last);
  EXPECT_FALSE(reading.more);
  database().read([&](store::Session& session) {
    EXPECT_EQ(log().source_name(session, event.source), "test");
    EXPECT_EQ(log().head(session), appended->last);
  });
}

TEST_P(LogTest, AUnitThatIsRolledBackAppendsNothing) {
  append({new_event(1, "before")});
  const auto refused =
      database().write("event.append", [&](store::Unit& unit) -> base::Result<int, std::string> {
        NewEvent event = new_event(1, "never_seen", R"({"p": 1})");
        event.key = "k";
        EXPECT_TRUE(log().append(unit, origin(), event).has_value());
        return base::unexpected(std::string("no"));
      });
  EXPECT_FALSE(refused.has_value());
  EXPECT_EQ(seen(), "before{}");
  EXPECT_EQ(types()->find("never_seen"), nullptr);
  // The key is free, the name can come again.
  NewEvent event = new_event(1, "never_seen", R"({"p": "text now"})");
  event.key = "k";
  EXPECT_EQ(append({event}).written, 1);
  EXPECT_EQ(types()->find("never_seen")->find("p")->type, base::ValueType::text);
}

TEST_P(LogTest, AFaultNamesTheEvent) {
  NewEvent old = new_event(1, "order_paid");
  old.time = Moment{-1};
  const auto refused = append(origin(), {new_event(1, "a"), old});
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().fault, EventFault::before_1970);
  EXPECT_EQ(refused.error().index, 1U);
  EXPECT_EQ(refused.error().name, "order_paid");
  EXPECT_EQ(seen(), "");

  const auto of_property = [&](std::string_view properties) {
    const AppendError error = append(origin(), {new_event(1, "a", properties)}).error();
    return std::string(code_of(error.fault)) + " " + error.name;
  };
  EXPECT_EQ(of_property(R"({"good": 1, " bad": 2})"), "log.bad_property_name  bad");
  EXPECT_EQ(of_property(R"({"good": 1, "source": 2})"), "log.reserved_property source");
  EXPECT_EQ(of_property(R"({"good": 1, "cut": "a\u0000"})"), "log.not_text cut");

  Origin nameless = origin();
  nameless.source = "";
  EXPECT_EQ(append(nameless, {new_event(1, "a")}).error().fault, EventFault::bad_source);
  const std::vector<NewEvent> most(kAppendEventsMax, new_event(1, "a"));
  EXPECT_EQ(append(most).written, std::int64_t{kAppendEventsMax});
  const std::vector<NewEvent> many(kAppendEventsMax + 1, new_event(1, "a"));
  EXPECT_EQ(append(origin(), many).error().fault, EventFault::too_many_events);
}

TEST_P(LogTest, ALiveEventALittleAheadGetsItsArrival) {
  Origin live = origin();
  live.liveness = Liveness::live;
  const auto time_of = [&](const Origin& from, base::Duration ahead) {
    NewEvent event = new_event(1, "app_opened");
    event.time = kTestNow + ahead;
    const auto appended = append(from, {event});
    const Event stored = read().events.back();
    EXPECT_EQ(appended->outcomes[0].time, stored.time);
    EXPECT_EQ(stored.sent.has_value(), stored.time != event.time);
    EXPECT_EQ(stored.sent.value_or(event.time), event.time);
    return stored.time - kTestNow;
  };
  constexpr base::Duration kFurtherAhead{kLiveAheadMax.ms + 1};
  EXPECT_EQ(time_of(live, base::Duration{1}), base::Duration{0});
  EXPECT_EQ(time_of(live, kLiveAheadMax), base::Duration{0});
  EXPECT_EQ(time_of(live, kFurtherAhead), kFurtherAhead);
  EXPECT_EQ(time_of(live, base::Duration{-1}), base::Duration{-1});
  EXPECT_EQ(time_of(origin(), base::Duration{1}), base::Duration{1});
}

TEST_P(LogTest, ManyWritersOneOrder) {
  constexpr int kUnits = 20;
  at_once([&](int thread) {
    for (int unit = 0; unit < kUnits; ++unit) {
      append({new_event(thread + 1, "a", R"({"n": )" + std::to_string(2 * unit) + "}"),
              new_event(thread + 1, "a", R"({"n": )" + std::to_string(2 * unit + 1) + "}")});
    }
  });
  std::map<std::int64_t, int> next;  // per writer: the number it appended next
  Position last;
  Position after;
  int count = 0;
  while (true) {
    const Reading reading = read(after, 7);  // a page boundary inside units
    for (const Event& event : reading.events) {
      EXPECT_LT(last, event.position);
      last = event.position;
      const std::string expected = R"({"n":)" + std::to_string(next[event.customer.value]++) + "}";
      EXPECT_EQ(event.properties, expected);
      ++count;
    }
    after = reading.through;
    if (!reading.more) break;
  }
  EXPECT_EQ(count, kThreads * kUnits * 2);
}

TEST_P(LogTest, FirstSightsAtOnceEndAsOneType) {
  at_once([&](int thread) {
    const std::string own = R"({"shared": 1, "p)" + std::to_string(thread) + R"(": "x"})";
    append({new_event(thread + 1, "brand_new", own)});
  });
  const EventType* type = types()->find("brand_new");
  ASSERT_NE(type, nullptr);
  EXPECT_EQ(type->properties.size(), 1U + kThreads);
  std::set<base::EventTypeId> ids;
  for (const Event& event : read().events) ids.insert(event.type);
  EXPECT_EQ(ids, std::set{type->id});
}

TEST_P(LogTest, OneKeyOneEventAmongManyThreads) {
  constexpr int kKeys = 20;
  std::atomic<std::int64_t> written = 0;
  std::vector<std::vector<Position>> positions(kThreads);
  at_once([&](int thread) {
    std::vector<NewEvent> events;
    for (int key = 0; key < kKeys; ++key) {
      events.push_back(new_event(1, "paid", R"({"n": 1})"));
      events.back().key = "k" + std::to_string((key * (thread + 1)) % kKeys);
    }
    for (int half = 0; half < 2; ++half) {
      const auto middle = events.begin() + kKeys / 2;
      const auto part =
          half == 0 ? std::vector(events.begin(), middle) : std::vector(middle, events.end());
      written += append(part).written;
    }
  });
  EXPECT_LE(written, kKeys);
  std::vector<NewEvent> again;
  for (int key = 0; key < kKeys; ++key) {
    again.push_back(new_event(1, "paid"));
    again.back().key = "k" + std::to_string(key);
  }
  written += append(again).written;
  EXPECT_EQ(written, kKeys);
  EXPECT_EQ(read().events.size(), std::size_t{kKeys});
}

TEST_P(LogTest, ARepeatNamesTheEventItRepeats) {
  NewEvent event = new_event(1, "paid", R"({"n": 1})");
  event.key = "order 7";
  const Appended first = append({event, new_event(1, "other")});
  event.properties["n"] = 2;  // another body, the same key: the first one stays
  const Appended second = append({new_event(1, "more"), event});
  EXPECT_EQ(second.written, 1);
  EXPECT_EQ(second.repeated, 1);
  EXPECT_FALSE(second.outcomes[0].repeated);
  EXPECT_TRUE(second.outcomes[1].repeated);
  EXPECT_EQ(second.outcomes[1].position, first.outcomes[0].position);
  EXPECT_EQ(seen(), R"(paid{"n":1} other{} more{})");

  // Twice in one append.
  NewEvent twice = new_event(1, "twice");
  twice.key = "t";
  const Appended both = append({twice, twice});
  EXPECT_EQ(both.written, 1);
  EXPECT_EQ(both.outcomes[1].position, both.outcomes[0].position);

  // Twice in one append, and known before.
  const Appended again = append({twice, twice});
  EXPECT_EQ(again.written, 0);
  EXPECT_EQ(again.outcomes[0].position, both.outcomes[0].position);
  EXPECT_EQ(again.outcomes[1].position, both.outcomes[0].position);
}

TEST_P(LogTest, KeysAreKnownForTheirWindowAlsoAfterARestart) {
  NewEvent event = new_event(1, "paid");
  event.key = "k";
  const auto repeated_at = [&](Moment now) {
    Origin from = origin();
    from.now = now;
    return append(from, {event})->repeated == 1;
  };
  EXPECT_FALSE(repeated_at(kTestNow));
  EXPECT_TRUE(repeated_at(kTestNow));
  restart();
  EXPECT_TRUE(repeated_at(kTestNow + kKeyWindow - base::kMillisecond));
  EXPECT_FALSE(repeated_at(kTestNow + kKeyWindow));
  EXPECT_TRUE(repeated_at(kTestNow + kKeyWindow));  // known again, from then on
}

// A rolled back unit has left its key in memory, and the row it pointed at is another key's now.
TEST_P(LogTest, AKeyOfARolledBackUnitIsNotTakenForAnother) {
  const auto keyed = [](std::string key) {
    NewEvent event = new_event(1, "paid");
    event.key = std::move(key);
    return event;
  };
  const auto refused =
      database().write("event.append", [&](store::Unit& unit) -> base::Result<int, std::string> {
        EXPECT_TRUE(log().append(unit, origin(), keyed("lost")).has_value());
        return base::unexpected(std::string("no"));
      });
  EXPECT_FALSE(refused.has_value());
  EXPECT_EQ(append({keyed("other")}).written, 1);
  EXPECT_EQ(append({keyed("lost")}).written, 1);
  EXPECT_EQ(append({keyed("lost")}).written, 0);
}

TEST_P(LogTest, ExpiredKeysAreDropped) {
  std::vector<NewEvent> events;
  for (int i = 0; i < 5; ++i) {
    events.push_back(new_event(1, "paid"));
    events.back().key = "k" + std::to_string(i);
  }
  append(events);
  const auto expire = [&](Moment before, std::int64_t limit) {
    return database().write(
        "log.expire", [&](store::Unit& unit) { return log().expire_keys(unit, before, limit); });
  };
  EXPECT_EQ(expire(kTestNow, 10), 0);
  EXPECT_EQ(expire(kTestNow + base::kMillisecond, 3), 3);
  EXPECT_EQ(expire(kTestNow + base::kMillisecond, 3), 2);
  EXPECT_EQ(log().memory_bytes(), 0U);
  EXPECT_EQ(append(events).written, 5);
}

TEST_P(LogTest, OneKeyForTheWholeAppend) {
  Origin from = origin();
  from.key = "request 1";
  NewEvent keyed = new_event(1, "b");
  keyed.key = "b";
  append({keyed});
  const auto first = append(from, {new_event(1, "a"), new_event(2, "a"), keyed});
  EXPECT_EQ(first->written, 2);
  const auto second = append(from, {new_event(1, "a"), new_event(2, "a"), keyed});
  EXPECT_EQ(second->written, 0);
  EXPECT_EQ(second->repeated, 3);
  EXPECT_EQ(second->last, first->last);
  EXPECT_TRUE(log().await(second->last, base::kSecond));
  EXPECT_EQ(seen(), "b{} a{} a{}");
}

PreparedEvents prepared(std::span<const NewEvent> events) {
  return *prepare(events, EventTypes(), kTestNow);
}

std::vector<base::CustomerId> customers_of(std::span<const NewEvent> events) {
  std::vector<base::CustomerId> customers;
  for (const NewEvent& event : events) customers.push_back(event.customer);
  return customers;
}

NewEvent keyed_event(std::int64_t customer, const std::string& key) {
  NewEvent event = new_event(customer, "visit");
  event.key = key;
  return event;
}

TEST_P(LogTest, RepeatsAreFoundBeforeTheirCustomersAre) {
  append({keyed_event(1, "a"), keyed_event(1, "b")});
  Origin from = origin();
  from.key = "whole";
  const std::vector<NewEvent> events = {keyed_event(0, "a"), keyed_event(2, "c"),
                                        keyed_event(0, "c"), new_event(2, "visit")};
  const auto add = [&](store::Unit& unit) {
    const Repeats repeats = log().find_repeats(unit, from, prepared(events));
    EXPECT_EQ(repeats, (Repeats{true, false, true, false}));
    return log().append(unit, from, prepared(events), {customers_of(events), &repeats});
  };
  const auto added = database().write("test", add);
  ASSERT_TRUE(added.has_value());
  EXPECT_EQ(added->written, 2);
  EXPECT_EQ(added->repeated, 2);
  database().write("test", [&](store::Unit& unit) {
    EXPECT_EQ(log().find_repeats(unit, from, prepared(events)), Repeats(4, true))
        << "the whole is known";
    from.key.reset();
    from.now = kTestNow + kKeyWindow;
    EXPECT_EQ(log().find_repeats(unit, from, prepared(events)),
              (Repeats{false, false, true, false}));
  });
}

TEST_P(LogTest, KeysOfImportsAreFoundUntilTheImportIsUndone) {
  const base::BatchId batch{5};
  database().write("test", [&](store::Unit& unit) {
    begin_batch(unit, {batch, "events", "a.csv", "test", kTestNow});
  });
  Origin from = origin();
  from.batch = batch;
  ASSERT_TRUE(append(from, {keyed_event(1, "a")}).has_value());
  const std::vector<NewEvent> events = {keyed_event(0, "a"), keyed_event(0, "b")};
  database().write("test", [&](store::Unit& unit) {
    EXPECT_EQ(log().find_repeats(unit, from, prepared(events)), (Repeats{true, false}));
    ASSERT_TRUE(begin_undo(log(), unit, batch, kTestNow));
    EXPECT_EQ(log().find_repeats(unit, from, prepared(events)), (Repeats{false, false}));
  });
}

// Somebody else's event came between looking and writing: the unit must not end with customers
// made for what is now a repeat.
TEST_P(LogTest, AKeyThatCameMeanwhileRunsTheUnitAgain) {
  append({keyed_event(1, "a")});
  int runs = 0;
  const std::vector<NewEvent> events = {keyed_event(2, "a")};
  const Repeats seen{false};
  const auto add = [&](store::Unit& unit) {
    ++runs;
    return log().append(unit, origin(), prepared(events), {customers_of(events), &seen});
  };
  try {
    (void)database().write("test", add);
    ADD_FAILURE() << "a customer would be left behind";
  } catch (const store::Failure& failure) {
    EXPECT_EQ(failure.kind(), store::FailureKind::serialization);
  }
  EXPECT_EQ(runs > 1, GetParam() == store::Dialect::postgresql);  // SQLite's units are one by one
}

TEST_P(LogTest, ManyKeysOfOneAppendInEveryChunk) {
  std::vector<NewEvent> events;
  for (int i = 0; i < 64 + 8 + 3; ++i) {
    events.push_back(new_event(1, "a"));
    events.back().key = "k" + std::to_string(i);
  }
  EXPECT_EQ(append(events).written, 75);
  const Appended again = append(events);
  EXPECT_EQ(again.written, 0);
  const auto stored = read().events;
  ASSERT_EQ(stored.size(), 75U);
  for (std::size_t i = 0; i < stored.size(); ++i) {
    EXPECT_EQ(again.outcomes[i].position, stored[i].position);
  }
}

TEST_P(LogTest, AwaitKnowsWhatCanBeRead) {
  const Appended appended = append({new_event(1, "a")});
  EXPECT_TRUE(log().await(appended.last, base::kSecond));
  EXPECT_TRUE(log().await({}, base::Duration{0}));
  Position ahead = appended.last;
  ++ahead.epoch;
  ++ahead.sequence;
  EXPECT_FALSE(log().await(ahead, base::Duration{20}));
}

TEST_P(LogTest, ACommitWakesWhoWaits) {
  const std::uint64_t seen_before = log().appended().count();
  std::atomic<bool> woken = false;
  std::thread waiting(
      [&] { woken = log().appended().wait(seen_before, base::Duration{base::kMinute}); });
  append({new_event(1, "a")});
  waiting.join();
  EXPECT_TRUE(woken);
  EXPECT_FALSE(log().appended().wait(log().appended().count(), base::Duration{1}));
}

TEST_P(LogTest, EraseKeepsThePositionAndTheDay) {
  NewEvent event = new_event(5, "order_paid", R"({"coupon": "13800138000"})");
  append({event, new_event(6, "product_viewed")});
  const std::int64_t rows = database().write(
      "customer.erase", [&](store::Unit& unit) { return log().erase(unit, {{5}, {99}}); });
  EXPECT_EQ(rows, 1);
  EXPECT_EQ(seen(), "product_viewed{}");
  database().read([](store::Session& session) {
    session.query("select customer, time, arrived, properties from event order by sequence limit 1",
                  {}, [](const store::Row& row) {
                    EXPECT_EQ(row.integer(0), 99);
                    EXPECT_EQ(row.integer(1), kTestNow.ms - kTestNow.ms % base::kDay.ms);
                    EXPECT_EQ(row.integer(2), kTestNow.ms - kTestNow.ms % base::kDay.ms);
                    EXPECT_EQ(row.text(3), "{}");
                  });
  });
}

TEST_P(LogTest, TheLogKeepsItsId) {
  const std::string id = log().id();
  EXPECT_EQ(id.size(), 32U);
  restart();
  EXPECT_EQ(log().id(), id);
}

// PostgreSQL alone: under SQLite's one writer units run in turn.
class ConcurrentLogTest : public LogFixture {};
INSTANTIATE_TEST_SUITE_P(Alone, ConcurrentLogTest, ::testing::Values(store::Dialect::postgresql),
                         store::dialect_name);

TEST_P(ConcurrentLogTest, NothingAppearsBehindAPositionAlreadyRead) {
  append({new_event(1, "first"), new_event(1, "early"), new_event(1, "late")});
  const Position start = read().through;
  std::latch appended(1);
  std::latch go_on(1);
  std::thread slow([&] {
    database().write("event.append", [&](store::Unit& unit) {
      EXPECT_TRUE(log().append(unit, origin(), new_event(1, "early")).has_value());
      appended.count_down();
      go_on.wait();
    });
  });
  appended.wait();
  const Appended late = append({new_event(2, "late")});  // committed, with a later transaction
  EXPECT_EQ(seen(start), "");
  EXPECT_EQ(read(start).through, start);
  EXPECT_FALSE(log().await(late.last, base::Duration{20}));
  go_on.count_down();
  slow.join();
  EXPECT_TRUE(log().await(late.last, base::kSecond));
  EXPECT_EQ(seen(start), "early{} late{}");
}

}  // namespace
}  // namespace event_log
