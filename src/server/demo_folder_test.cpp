#include "server/demo_folder.h"

#include <gtest/gtest.h>

#include <string>

#include "base/random.h"
#include "demo/living.h"
#include "server/operate.h"
#include "store/test_folder.h"

namespace server {
namespace {

class FixedClock final : public base::Clock {
 public:
  base::Moment now() const override { return now_; }
  void go(base::Duration by) { now_ = now_ + by; }

 private:
  base::Moment now_{1'790'000'000'000};
};

class DemoFolderTest : public ::testing::Test {
 protected:
  DemoFolder prepare() {
    return prepare_demo({.folder = folder_.path()}, clock_, random_, {.customers = 20});
  }
  // What an owner does first.
  void write(const std::string& sql) {
    auto database = open_database({.folder = folder_.path()});
    bring_forward(*database, false, clock_.now());
    database->write("test.write", [&](store::Unit& unit) { unit.execute(sql, {}); });
  }

  store::TemporaryFolder folder_;
  FixedClock clock_;
  base::SeededRandom random_{3};
};

TEST_F(DemoFolderTest, IsFilledOnceAndKnownAgain) {
  const DemoFolder made = prepare();
  EXPECT_EQ(made.customers_made, 20);
  EXPECT_EQ(made.made_at, clock_.now());
  clock_.go(base::kMinute);
  const DemoFolder again = prepare();
  EXPECT_EQ(again.customers_made, 0);
  EXPECT_EQ(again.made_at, made.made_at);
}

constexpr std::string_view kAudit =
    "insert into audit (id, at, actor_kind, actor_id, actor_name, from_address, noun, verb, "
    "subject) "
    "values ('zzz', 1, 'user', 1, 'demo', '', ";

TEST_F(DemoFolderTest, OneThatHasBeenOffForLongIsMadeAnewUnlessSomebodyHasWorkedInIt) {
  const DemoFolder made = prepare();
  clock_.go(demo::kGapMax);
  EXPECT_EQ(prepare().made_at, made.made_at);
  write(std::string(kAudit) + "'session', 'started', '1')");
  clock_.go(base::kSecond);
  const DemoFolder next = prepare();
  EXPECT_EQ(next.customers_made, 20);
  EXPECT_EQ(next.made_at, clock_.now());
  write(std::string(kAudit) + "'audience', 'created', '1')");
  clock_.go(base::Duration{2 * demo::kGapMax.ms});
  EXPECT_EQ(prepare().customers_made, 0);
  EXPECT_NE(made.made_at, next.made_at);
}

TEST_F(DemoFolderTest, OneOfAVersionWithOtherLivesIsMadeAnew) {
  ASSERT_EQ(prepare().customers_made, 20);
  write("update store_meta set value = '0 1 20 180 Asia/Shanghai' where key = 'demo.plan'");
  EXPECT_EQ(prepare().customers_made, 20);
}

TEST_F(DemoFolderTest, SomebodysOwnDataIsRefused) {
  write(
      "insert into customer (id, created_at, arrived_at, source, by_whom, batch) "
      "values (7, 1, 1, 'api', 'user:1', null)");
  try {
    (void)prepare();
    FAIL() << "was taken for a demo";
  } catch (const OperateFailure& failure) {
    EXPECT_EQ(failure.fault(), OperateFault::not_a_demo);
  }
}

TEST_F(DemoFolderTest, WhatWasCutShortIsMadeAnew) {
  ASSERT_EQ(prepare().customers_made, 20);
  write("delete from store_meta where key = 'demo.made_at'");
  EXPECT_EQ(prepare().customers_made, 20);
  EXPECT_EQ(prepare().customers_made, 0);
}

}  // namespace
}  // namespace server
