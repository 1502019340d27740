#include "log/batch_report.h"

#include "log/test_log.h"

namespace event_log {
namespace {

class BatchReportTest : public LogFixture {
 protected:
  void keep(std::int64_t batch, const std::string& names, std::int64_t at) {
    database().write("report.keep", [&](store::Unit& unit) {
      keep_report(unit, {batch},
                  {.names = names, .report = R"({"rows":[]})", .now = base::Moment{at}});
    });
  }
  std::optional<BatchReport> kept(std::int64_t batch) {
    return database().read([&](store::Session& session) { return report_of(session, {batch}); });
  }
};

TEST_P(BatchReportTest, IsKeptOfTheNewest) {
  for (std::int64_t batch = 1; batch <= kBatchReportsMax; ++batch) keep(batch, "[]", batch);
  EXPECT_TRUE(kept(1));
  keep(1000, R"(["phone"])", 1000);
  EXPECT_FALSE(kept(1));
  EXPECT_TRUE(kept(2));
  EXPECT_EQ(kept(1000)->names, R"(["phone"])");
  EXPECT_EQ(kept(1000)->report, R"({"rows":[]})");
  keep(1000, R"(["name"])", 1001);
  EXPECT_EQ(kept(1000)->names, R"(["name"])");
  EXPECT_TRUE(kept(2));
  EXPECT_FALSE(kept(999));
}

TEST_P(BatchReportTest, NamesThatTellAPersonAreForgotten) {
  keep(1, R"(["13800138000","王一"])", 1);
  keep(2, R"(["phone"])", 2);
  const std::int64_t forgotten = database().write("report.forget", [](store::Unit& unit) {
    return forget_report_names(unit, [](std::string_view names) {
      return names.find("13800138000") != std::string_view::npos;
    });
  });
  EXPECT_EQ(forgotten, 1);
  EXPECT_EQ(kept(1)->names, "[]");
  EXPECT_EQ(kept(1)->report, R"({"rows":[]})");
  EXPECT_EQ(kept(2)->names, R"(["phone"])");
}

INSTANTIATE_TEST_SUITE_P(Both, BatchReportTest, store::kBothDatabases, store::dialect_name);

}  // namespace
}  // namespace event_log
