#include "log/notice.h"

#include "log/event_sql.h"
#include "log/test_log.h"

namespace event_log {
namespace {

class NoticeTest : public LogFixture {
 protected:
  Position notify(const std::vector<NoticeSubject>& subjects) {
    return database().write(
        "log.notify", [&](store::Unit& unit) { return log().notify(unit, subjects, kTestNow); });
  }
};
INSTANTIATE_TEST_SUITE_P(Both, NoticeTest, store::kBothDatabases, store::dialect_name);

TEST(Notice, IsReadAsItIsWritten) {
  const NoticeSubject person = base::CustomerId{12};
  const NoticeSubject batch = base::BatchId{7};
  EXPECT_EQ(notice_text(person), R"({"kind":"person","customer":12})");
  EXPECT_EQ(notice_text(batch), R"({"kind":"batch","batch":7})");
  EXPECT_EQ(notice_subject_from(notice_text(person)), person);
  EXPECT_EQ(notice_subject_from(notice_text(batch)), batch);
  for (const std::string_view other :
       {"", "{}", "[]", R"({"kind":"audience","customer":1})", R"({"kind":"person"})",
        R"({"kind":"person","customer":0})", R"({"kind":"batch","batch":"7"})", R"({"kind":7})"}) {
    EXPECT_FALSE(notice_subject_from(other).has_value()) << other;
  }
}

TEST_P(NoticeTest, StandsBetweenTheEventsOfItsMoment) {
  const Appended before = append({new_event(1, "a")});
  const std::uint64_t rung = log().appended().count();
  const Position last = notify({base::CustomerId{12}, base::BatchId{7}});
  EXPECT_GT(log().appended().count(), rung);
  const Appended after = append({new_event(1, "b")});

  const Reading reading = read();
  ASSERT_EQ(reading.events.size(), 2U);  // nobody takes a notice for an event
  ASSERT_EQ(reading.notices.size(), 2U);
  EXPECT_EQ(reading.notices[0].subject, NoticeSubject(base::CustomerId{12}));
  EXPECT_EQ(reading.notices[1].subject, NoticeSubject(base::BatchId{7}));
  EXPECT_EQ(reading.notices[1].position, last);
  EXPECT_LT(before.last, reading.notices[0].position);
  EXPECT_LT(reading.notices[0].position, last);
  EXPECT_LT(last, after.last);
  EXPECT_EQ(reading.through, after.last);
}

TEST_P(NoticeTest, ThoseBehindAPositionAreTold) {
  const Position first = notify({base::CustomerId{12}});
  append({new_event(1, "a")});
  const Position second = notify({base::BatchId{7}});
  const auto behind =
      database().read([&](store::Session& session) { return notices_after(session, first); });
  ASSERT_EQ(behind.size(), 1U);
  EXPECT_EQ(behind[0].position, second);
  EXPECT_EQ(behind[0].subject, NoticeSubject(base::BatchId{7}));
}

// A hundred million events may lie between.
TEST_P(NoticeTest, ThoseBehindAPositionAreFoundByTheirIndex) {
  const bool sqlite = database().dialect() == store::Dialect::sqlite;
  std::string plan;
  database().write("test.plan", [&](store::Unit& unit) {
    // PostgreSQL reads an empty table as a whole otherwise.
    if (!sqlite) unit.execute("set local enable_seqscan = off", {});
    const std::string explain = sqlite ? "explain query plan " : "explain ";
    const auto sql = sqlite ? sql::kNoticesAfterSqlite : sql::kNoticesAfterPostgresql;
    unit.query(explain + std::string(sql), {0, 0, 0}, [&](const store::Row& row) {
      plan += std::string(row.text(sqlite ? 3 : 0)) + "\n";
    });
  });
  EXPECT_NE(plan.find("event_notice"), std::string::npos) << plan;
}

TEST_P(NoticeTest, AtTheEndOfTheLogItIsItsHead) {
  append({new_event(1, "a")});
  const Position last = notify({base::CustomerId{12}});
  EXPECT_EQ(database().read([&](store::Session& session) { return log().head(session); }), last);
  EXPECT_EQ(database().read([&](store::Session& session) { return log().newest(session); }), last);
  EXPECT_TRUE(log().await(last, base::Duration{5'000}));
  EXPECT_EQ(read({}, 1).through, read({}, 1).events.front().position);
  EXPECT_EQ(read(read({}, 1).through, 1).through, last);
}

TEST_P(NoticeTest, IsNotThereWhenItsUnitIsNot) {
  const auto undone =
      database().write("log.notify", [&](store::Unit& unit) -> base::Result<void, int> {
        log().notify(unit, base::CustomerId{12}, kTestNow);
        return base::unexpected(1);
      });
  EXPECT_FALSE(undone.has_value());
  EXPECT_TRUE(read().notices.empty());
  EXPECT_EQ(read().through, Position{});
}

TEST_P(NoticeTest, TheUnitsEventsStandBeforeIt) {
  database().write("customer.merge", [&](store::Unit& unit) {
    const auto appended = log().append(unit, origin(), new_event(1, "a"));
    ASSERT_TRUE(appended.has_value());
    EXPECT_GT(log().notify(unit, base::CustomerId{1}, kTestNow), appended->last);
    const auto behind = log().append(unit, origin(), new_event(1, "b"));
    ASSERT_TRUE(behind.has_value());
  });
  EXPECT_EQ(seen(), "a{} b{}");
  EXPECT_EQ(read().notices.size(), 1U);
}

}  // namespace
}  // namespace event_log
