#include "demo/fill.h"

#include <gtest/gtest.h>

#include <memory>

#include "access/viewer.h"
#include "account/assignment.h"
#include "account/brand_account.h"
#include "account/staff.h"
#include "account/store.h"
#include "audience/audience.h"
#include "audience/catalog.h"
#include "audience/question.h"
#include "base/random.h"
#include "customer/person.h"
#include "customer/record.h"
#include "demo/text.h"
#include "log/reader.h"
#include "setting/setting.h"
#include "store/test_database.h"
#include "timeline/sql_histories.h"

namespace demo {
namespace {

constexpr base::Moment kNow{1'790'000'000'000};
constexpr std::int64_t kSome = 400;

class FillTest : public store::DatabaseTest {
 protected:
  void SetUp() override {
    store::DatabaseTest::SetUp();
    if (IsSkipped()) return;
    log_ = std::make_unique<event_log::Log>(database());
    log_->prepare(kNow, random_);
  }
  void TearDown() override {
    log_.reset();
    store::DatabaseTest::TearDown();
  }

  base::SeededRandom random_{7};
  std::unique_ptr<event_log::Log> log_;
};

TEST_P(FillTest, ADatabaseBecomesADemoOnce) {
  EXPECT_TRUE(database().read([](store::Session& session) { return is_empty(session); }));
  EXPECT_FALSE(database().read([](store::Session& session) { return made_at(session); }));
  std::int64_t told = 0;
  const Filled filled =
      fill(database(), *log_,
           {.now = kNow, .customers = kSome, .progress = [&](std::int64_t done) { told = done; }});
  EXPECT_EQ(filled.customers, kSome);
  EXPECT_EQ(told, kSome);
  EXPECT_GT(filled.events, 10 * kSome);
  database().read([&](store::Session& session) {
    EXPECT_FALSE(is_empty(session));
    EXPECT_TRUE(is_begun(session));
    EXPECT_EQ(made_at(session), kNow);
    EXPECT_EQ(customer::count_persons(session), kSome);
    EXPECT_EQ(setting::read(session).brand_name, text("brand").text);
    const auto found = customer::find_by_key(session, "M000001");
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(found->customer, life_of(Plan({.now = kNow}, setting::read(session).zone), 0).id);
    // Everything is history.
    for (const event_log::Event& event : event_log::read_after(session, {}, 1000).events) {
      EXPECT_EQ(event.liveness, event_log::Liveness::history);
    }
  });
}

// So that there is something to see by a scope of own customers and of stores.
TEST_P(FillTest, TheBrandHasStoresAndStaffWhoLookAfterCustomers) {
  (void)fill(database(), *log_, {.now = kNow, .customers = kSome});
  database().read([&](store::Session& session) {
    EXPECT_EQ(account::brand_accounts(session).size(), texts("account").size());
    EXPECT_EQ(account::stores(session, {}).size(), texts("store").size());
    const std::vector<account::Staff> staff = account::staff(session, {});
    EXPECT_EQ(staff.size(), texts("staff").size());
    std::size_t looked_after = 0;
    for (const account::Staff& member : staff) {
      EXPECT_FALSE(member.stores.empty()) << member.name;
      const auto own = account::sight_of_own(session, member.id);
      EXPECT_GT(own.assigned.size(), 0U) << member.name;
      looked_after += own.assigned.size();
      EXPECT_EQ(account::sight_of_stores(session, member.id).store_words.size(),
                2 * member.stores.size());
    }
    EXPECT_GT(looked_after, kSome / 3);
    EXPECT_LT(looked_after, kSome * 2 / 3);
  });
}

TEST_P(FillTest, EveryAudienceHasPeopleInIt) {
  (void)fill(database(), *log_, {.now = kNow, .customers = kSome});
  const timeline::SqlHistories histories(database(), *log_);
  const auto [audiences, names, read_zone] = database().read([&](store::Session& session) {
    return std::tuple(audience::audiences(session), audience::Catalog::of(session, log_->catalog()),
                      setting::read(session).zone);
  });
  const base::Zone zone = read_zone;
  EXPECT_EQ(audiences.size(), texts("audience").size());
  audience::BindOptions binding;
  binding.zone = &zone;
  binding.saved = true;
  const rights::Viewer viewer = rights::Viewer::system("test");
  for (const audience::SavedAudience& saved : audiences) {
    const auto rule = audience::compile(saved.text, *names, binding);
    ASSERT_TRUE(rule.has_value()) << saved.name;
    const auto count = audience::count(
        histories, {.rule = **rule, .at = kNow, .viewer = rights::Viewer::command_line()});
    ASSERT_TRUE(count.has_value());
    EXPECT_GT(*count, 0) << saved.name;
    EXPECT_LT(*count, kSome * 7 / 10) << saved.name;
  }
}

INSTANTIATE_TEST_SUITE_P(Both, FillTest, store::kBothDatabases, store::dialect_name);

}  // namespace
}  // namespace demo
