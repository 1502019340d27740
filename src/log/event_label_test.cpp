#include "log/event_label.h"

#include "log/test_log.h"

namespace event_log {
namespace {

class EventLabelTest : public LogFixture {
 protected:
  base::EventTypeId declared(const char* name) {
    return database().write("test.declare", [&](store::Unit& unit) {
      return log().catalog().declare(unit, name, {}).value();
    });
  }
  void label(base::EventTypeId event, const EventLabel& label) {
    database().write("test.label", [&](store::Unit& unit) { label_event(unit, event, label); });
  }
};
INSTANTIATE_TEST_SUITE_P(Both, EventLabelTest, store::kBothDatabases, store::dialect_name);

TEST_P(EventLabelTest, OnlyWhatWasWrittenIsThere) {
  EXPECT_TRUE(database().read(event_labels).empty());
  const auto tasted = declared("tea_tasted");
  const auto poured = declared("tea_poured");
  label(tasted, {.zh = "品茶", .en = "Tea tasted"});
  label(poured, {.zh = "", .en = "Tea poured"});
  const EventLabels labels = database().read(event_labels);
  ASSERT_EQ(labels.size(), 2U);
  EXPECT_EQ(labels.at("tea_tasted"), (EventLabel{"品茶", "Tea tasted"}));
  EXPECT_EQ(labels.at("tea_poured"), (EventLabel{"", "Tea poured"}));
}

TEST_P(EventLabelTest, ALabelIsTakenAway) {
  const auto tasted = declared("tea_tasted");
  label(tasted, {.zh = "品茶", .en = ""});
  label(tasted, {});
  EXPECT_TRUE(database().read(event_labels).empty());
  const auto one =
      database().read([&](store::Session& session) { return event_label(session, tasted); });
  EXPECT_EQ(one, EventLabel{});
}

}  // namespace
}  // namespace event_log
