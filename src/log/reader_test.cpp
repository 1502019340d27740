#include "log/reader.h"

#include <atomic>
#include <map>
#include <thread>

#include "log/test_log.h"

namespace event_log {
namespace {

class ReaderTest : public LogFixture {
 protected:
  bool move(std::string_view reader, const Position& from, const Position& to) {
    return database().write("reader.advance",
                            [&](store::Unit& unit) { return advance(unit, reader, from, to); });
  }
  std::optional<Position> stands(std::string_view reader) {
    return database().read([&](store::Session& session) { return position_of(session, reader); });
  }
};
INSTANTIATE_TEST_SUITE_P(Both, ReaderTest, store::kBothDatabases, store::dialect_name);

TEST_P(ReaderTest, PositionsMoveByCompareAndSet) {
  const Appended appended = append({new_event(1, "a"), new_event(1, "b"), new_event(1, "c")});
  const Position first = appended.outcomes[0].position;
  const Position last = appended.last;
  EXPECT_FALSE(stands("orders").has_value());
  EXPECT_TRUE(move("orders", {}, first));
  EXPECT_EQ(stands("orders"), first);
  EXPECT_FALSE(move("orders", {}, last));  // it has advanced since
  EXPECT_EQ(stands("orders"), first);
  EXPECT_TRUE(move("orders", first, last));
  EXPECT_FALSE(move("orders", first, last));
  EXPECT_FALSE(stands("other").has_value());
  EXPECT_TRUE(move("other", {}, {}));
  EXPECT_TRUE(move("other", {}, last));
  const auto all = database().read([](store::Session& session) { return readers(session); });
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].name, "orders");
  EXPECT_EQ(all[1].position, last);
}

TEST_P(ReaderTest, OfTwoReadersOfOneNameOneWins) {
  const Appended appended = append({new_event(1, "a")});
  std::atomic<int> won = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 16; ++i) {
    threads.emplace_back([&] { won += move("orders", {}, appended.last) ? 1 : 0; });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(won, 1);
}

// Sixteen processes' worth of one reader, while events keep coming: each event takes effect once.
TEST_P(ReaderTest, EffectsHappenOncePerEvent) {
  constexpr int kEvents = 60;
  std::atomic<int> effects = 0;
  std::atomic<bool> written = false;
  std::vector<std::thread> threads;
  threads.emplace_back([&] {
    for (int i = 0; i < kEvents; ++i) append({new_event(1, "a")});
    written = true;
  });
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      while (true) {
        const bool was_written = written;
        const Position from = stands("counter").value_or(Position{});
        const Reading reading = read(from, 5);
        if (reading.through == from) {
          if (was_written) break;
          continue;
        }
        if (move("counter", from, reading.through)) {
          effects += static_cast<int>(reading.events.size());
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(effects, kEvents);
}

TEST_P(ReaderTest, PassedOverRowsMoveThePositionOn) {
  append({new_event(5, "a"), new_event(5, "b")});
  const Appended last = append({new_event(6, "c")});
  database().write("customer.erase", [&](store::Unit& unit) { log().erase(unit, {{5}, {99}}); });
  const Reading erased = read({}, 2);
  EXPECT_TRUE(erased.events.empty());
  EXPECT_TRUE(erased.more);
  const Reading rest = read(erased.through, 2);
  ASSERT_EQ(rest.events.size(), 1U);
  EXPECT_EQ(rest.events[0].position, last.last);
  EXPECT_FALSE(rest.more);
}

// Read in pieces of all sizes, what is wanted comes once and in order, notices too, and the end is
// where the log ends.
TEST_P(ReaderTest, OfSomeTypesAlone) {
  std::vector<std::string> told;
  Position last;
  for (int i = 0; i < 40; ++i) {
    const std::string name(1, static_cast<char>('a' + i * i % 5));
    append({new_event(i + 1, name), new_event(i + 1, name)});
    if (name != "c") told.insert(told.end(), 2, name + std::to_string(i + 1));
    if (i % 7 != 0) continue;
    last = database().write("test.notify", [&](store::Unit& unit) {
      return log().notify(unit, base::CustomerId{i + 1}, kTestNow);
    });
    told.push_back("notice " + std::to_string(i + 1));
  }
  last = append({new_event(1, "c")}).last;
  std::vector<base::EventTypeId> types;
  database().read([&](store::Session& session) {
    for (const std::string_view name : {"a", "b", "d", "e"}) {
      const auto* type = log().catalog().of(session)->find(name);
      if (type != nullptr) types.push_back(type->id);
    }
  });
  for (const std::int64_t events_max : {1, 3, 1000}) {
    for (const std::int64_t rows_max : {1, 5, 1000}) {
      SCOPED_TRACE(std::to_string(events_max) + " of " + std::to_string(rows_max));
      std::vector<std::string> seen;
      Position at;
      for (bool more = true; more;) {
        const Reading reading = database().read([&](store::Session& session) {
          return read_after(session, at,
                            {.types = types, .events_max = events_max, .rows_max = rows_max});
        });
        std::map<Position, std::string> found;
        for (const Event& event : reading.events) {
          const auto known = database().read([&](store::Session& session) {
            return log().catalog().of(session)->find(event.type)->name;
          });
          found[event.position] = known + std::to_string(event.customer.value);
        }
        for (const Notice& notice : reading.notices) {
          found[notice.position] =
              "notice " + std::to_string(std::get<base::CustomerId>(notice.subject).value);
        }
        for (const auto& [position, text] : found) {
          EXPECT_GT(position, at);
          EXPECT_LE(position, reading.through);
          seen.push_back(text);
        }
        more = reading.more;
        at = reading.through;
      }
      EXPECT_EQ(seen, told);
      EXPECT_EQ(at, last);
    }
  }
}

TEST_P(ReaderTest, TheLagIsWhatIsBehindAndSinceWhen) {
  const auto lag = [&](const Position& position) {
    return database().read([&](store::Session& session) { return lag_behind(session, position); });
  };
  EXPECT_EQ(lag({}).rows, 0);
  EXPECT_EQ(lag({}).since, std::nullopt);
  const Appended first = append({new_event(1, "a"), new_event(1, "b")});
  Origin later = origin();
  later.now = kTestNow + base::kHour;
  const auto second = append(later, {new_event(1, "c")});
  ASSERT_TRUE(second);
  EXPECT_EQ(lag({}).rows, 3);
  EXPECT_EQ(lag({}).since, kTestNow);
  EXPECT_EQ(lag(first.last).rows, 1);
  EXPECT_EQ(lag(first.last).since, later.now);
  EXPECT_EQ(lag(second->last).rows, 0);
  EXPECT_EQ(log().events_appended(), 3U);
}

}  // namespace
}  // namespace event_log
