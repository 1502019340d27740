#include "access/audit.h"

#include <gtest/gtest.h>

#include "access/test_means.h"

namespace rights {
namespace {

class AuditTest : public AccessTest {
 protected:
  void record_one(const AuditEntry& entry) {
    database().write("audit.test", [&](store::Unit& unit) { record(unit, entry); });
  }
  AuditPage read(const AuditFilter& filter, const AuditCut& cut = {}) {
    return database().read(
        [&](store::Session& session) { return read_audit(session, filter, cut); });
  }
  // The subjects of a page: "3 2 1".
  std::string subjects(const AuditFilter& filter, const AuditCut& cut = {}) {
    std::string text;
    for (const AuditEntry& entry : read(filter, cut).entries) {
      text += (text.empty() ? "" : " ") + entry.subject;
    }
    return text;
  }
};

AuditEntry entry_at(std::int64_t ms, const std::string& subject) {
  return {.actor = {ActorKind::user, 12, "li", "203.0.113.9"},
          .at = base::Moment{ms},
          .noun = "tag",
          .verb = "renamed",
          .subject = subject};
}

TEST_P(AuditTest, KeepsAllThatIsSaid) {
  AuditEntry entry = entry_at(1000, "7");
  entry.customer = base::CustomerId{99};
  entry.before = R"({"name":"旧"})";
  entry.after = R"({"name":"新"})";
  record_one(entry);
  record_one(entry_at(1001, "8"));
  const AuditPage page = read({});
  ASSERT_EQ(page.entries.size(), 2u);
  EXPECT_EQ(page.next, std::nullopt);
  const AuditEntry& got = page.entries[1];
  EXPECT_EQ(to_text(got.actor), "user:12");
  EXPECT_EQ(got.actor.name, "li");
  EXPECT_EQ(got.actor.from, "203.0.113.9");
  EXPECT_EQ(got.at, base::Moment{1000});
  EXPECT_EQ(got.noun + " " + got.verb + " " + got.subject, "tag renamed 7");
  EXPECT_EQ(got.customer, base::CustomerId{99});
  EXPECT_EQ(got.before, R"({"name":"旧"})");
  EXPECT_EQ(got.after, R"({"name":"新"})");
  EXPECT_EQ(page.entries[0].before, std::nullopt);
  EXPECT_EQ(page.entries[0].customer, std::nullopt);
}

TEST_P(AuditTest, IsPartOfTheUnit) {
  const auto done =
      database().write("audit.test", [&](store::Unit& unit) -> base::Result<bool, Error> {
        record(unit, entry_at(1, "1"));
        return base::unexpected(Error{Fault::not_allowed});
      });
  EXPECT_FALSE(done.has_value());
  EXPECT_EQ(read({}).entries.size(), 0u);
}

TEST_P(AuditTest, IsReadPageByPageNewestFirst) {
  database().write("audit.test", [&](store::Unit& unit) {
    // Many within one millisecond: the order of recording counts.
    for (int i = 1; i <= 25; ++i) record(unit, entry_at(1000 + i / 10, std::to_string(i)));
  });
  std::string all;
  AuditCut cut{.limit = 10, .after = std::nullopt};
  int pages = 0;
  while (true) {
    const AuditPage page = read({}, cut);
    for (const AuditEntry& entry : page.entries) all += entry.subject + " ";
    ++pages;
    if (!page.next) break;
    cut.after = page.next;
  }
  EXPECT_EQ(pages, 3);
  EXPECT_EQ(all, "25 24 23 22 21 20 19 18 17 16 15 14 13 12 11 10 9 8 7 6 5 4 3 2 1 ");
  EXPECT_EQ(read({}, {.limit = 25, .after = {}}).next, std::nullopt);
  EXPECT_EQ(read({}, {.limit = 0, .after = {}}).entries.size(), 1u);
  EXPECT_TRUE(is_mark(read({}, {.limit = 1, .after = {}}).next.value_or("")));
  EXPECT_FALSE(is_mark("zz"));
  EXPECT_EQ(read({}, {.limit = 5, .after = "' or 1=1 --"}).entries.size(), 0u);
}

TEST_P(AuditTest, IsFiltered) {
  record_one(entry_at(10, "1"));
  AuditEntry key = entry_at(20, "2");
  key.actor = {ActorKind::key, 3, "shop", ""};
  key.noun = "customer";
  key.customer = base::CustomerId{50};
  record_one(key);
  record_one(entry_at(30, "3"));
  EXPECT_EQ(subjects({}), "3 2 1");
  EXPECT_EQ(subjects({.noun = "tag"}), "3 1");
  EXPECT_EQ(subjects({.noun = "nothing"}), "");
  EXPECT_EQ(subjects({.verb = "renamed"}), "3 2 1");
  EXPECT_EQ(subjects({.noun = "tag", .verb = "deleted"}), "");
  EXPECT_EQ(subjects({.subject = "2"}), "2");
  EXPECT_EQ(subjects({.actor_kind = ActorKind::user}), "3 1");
  EXPECT_EQ(subjects({.actor_kind = ActorKind::key, .actor_id = 3}), "2");
  EXPECT_EQ(subjects({.actor_id = 4}), "");
  EXPECT_EQ(subjects({.customers = {base::CustomerId{50}}}), "2");
  EXPECT_EQ(subjects({.from = base::Moment{20}}), "3 2");
  EXPECT_EQ(subjects({.to = base::Moment{20}}), "1");
  EXPECT_EQ(subjects({.noun = "tag", .from = base::Moment{11}, .to = base::Moment{31}}), "3");
}

TEST_P(AuditTest, IsOfSeveralCustomersPageByPage) {
  for (int i = 1; i <= 9; ++i) {
    AuditEntry entry = entry_at(i, std::to_string(i));
    entry.customer = base::CustomerId{i % 3};
    record_one(entry);
  }
  const AuditFilter both{.customers = {base::CustomerId{1}, base::CustomerId{2}}};
  EXPECT_EQ(subjects(both), "8 7 5 4 2 1");
  const AuditPage first = read(both, {.limit = 4, .after = {}});
  ASSERT_EQ(first.entries.size(), 4u);
  EXPECT_EQ(first.entries.back().subject, "4");
  EXPECT_EQ(subjects(both, {.limit = 4, .after = first.next}), "2 1");
  EXPECT_EQ(read(both, {.limit = 6, .after = {}}).next, std::nullopt);
}

TEST_P(AuditTest, ErasingLeavesThatSomethingHappened) {
  AuditEntry entry = entry_at(10, "1");
  entry.customer = base::CustomerId{50};
  entry.after = R"({"phone":"13800000001"})";
  record_one(entry);
  entry.subject = "2";
  entry.customer = base::CustomerId{51};
  record_one(entry);
  const std::int64_t erased = database().write(
      "audit.test", [](store::Unit& unit) { return erase_audit(unit, base::CustomerId{50}); });
  EXPECT_EQ(erased, 1);
  const AuditPage page = read({});
  EXPECT_EQ(page.entries[1].after, "\"erased\"");
  EXPECT_EQ(page.entries[1].before, std::nullopt);
  EXPECT_EQ(page.entries[1].verb, "renamed");
  EXPECT_EQ(page.entries[0].after, R"({"phone":"13800000001"})");
}

TEST_P(AuditTest, LargeValuesAreLeftOut) {
  AuditEntry entry = entry_at(10, "1");
  entry.before = std::string(kAuditJsonBytesMax, ' ');
  entry.after = std::string(kAuditJsonBytesMax + 1, ' ');
  record_one(entry);
  const AuditEntry got = read({}).entries[0];
  EXPECT_EQ(got.before->size(), kAuditJsonBytesMax);
  EXPECT_EQ(got.after, R"({"left_out_bytes":65537})");
}

INSTANTIATE_TEST_SUITE_P(Both, AuditTest, store::kBothDatabases, store::dialect_name);

}  // namespace
}  // namespace rights
