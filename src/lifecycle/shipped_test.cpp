#include "lifecycle/shipped.h"

#include <gtest/gtest.h>

#include <memory>

#include "lifecycle/model.h"
#include "log/log.h"
#include "store/test_database.h"

namespace lifecycle {
namespace {

class ShippedTest : public store::DatabaseTest {
 protected:
  static constexpr base::Moment kNow{1'760'000'000'000};

  void SetUp() override {
    store::DatabaseTest::SetUp();
    if (IsSkipped()) return;
    log_ = std::make_unique<event_log::Log>(database());
    log_->prepare(kNow, random_);
  }

  std::size_t ship_now() { return ship({database(), log_->catalog(), zone_, kNow, random_}); }
  std::vector<Model> all() {
    return database().read([](store::Session& session) { return models(session); });
  }
  audience::Saving saving(store::Unit& unit) {
    return {unit, log_->catalog(), zone_, actor_, kNow, &stages_};
  }

  base::SystemRandom random_;
  base::Zone zone_ = *base::Zone::named("Asia/Shanghai");
  rights::Actor actor_{.kind = rights::ActorKind::user, .id = 7, .name = "Ann", .from = "local"};
  Stages stages_;
  std::unique_ptr<event_log::Log> log_;
};

TEST_P(ShippedTest, AreMadeOnceAndSpeakBothLanguages) {
  EXPECT_EQ(ship_now(), 5u);
  EXPECT_EQ(ship_now(), 0u);
  const std::vector<Model> models = all();
  ASSERT_EQ(models.size(), 5u);
  std::vector<std::string> keys;
  for (const Model& model : models) {
    keys.push_back(model.key);
    EXPECT_TRUE(model.shipped && model.active);
    EXPECT_FALSE(model.description.chinese.empty() || model.description.english.empty());
    EXPECT_GE(model.stages.size(), 3u);
    for (const Stage& stage : model.stages) {
      EXPECT_FALSE(stage.description.chinese.empty() || stage.description.english.empty())
          << stage.key;
    }
  }
  EXPECT_EQ(keys, (std::vector<std::string>{"lifecycle", "decision", "growth", "influence",
                                            "subscription"}));
}

TEST_P(ShippedTest, DoNotComeBackAndAreNotWrittenOver) {
  ASSERT_EQ(ship_now(), 5u);
  database().write("test.change", [&](store::Unit& unit) {
    EXPECT_TRUE(remove(saving(unit), "decision", 1));
    EXPECT_TRUE(change(saving(unit), FreshIds::draw(random_), "growth",
                       {.version = 1, .label = Text{"成长", "Growth"}}));
  });
  EXPECT_EQ(ship_now(), 0u);
  const std::vector<Model> models = all();
  ASSERT_EQ(models.size(), 4u);
  EXPECT_EQ(models[1].label.chinese, "成长");
}

TEST_P(ShippedTest, GiveWayToTheBrandsOwn) {
  const FreshIds fresh = FreshIds::draw(random_);
  database().write("test.create", [&](store::Unit& unit) {
    NewModel own{.key = "own", .label = {"生命周期", "Own"}};
    own.stages.push_back({"x", {"甲", "A"}, {}, {"everyone", std::nullopt}});
    EXPECT_TRUE(create(saving(unit), fresh, own));
  });
  EXPECT_EQ(ship_now(), 4u);
  EXPECT_EQ(ship_now(), 0u);
}

INSTANTIATE_TEST_SUITE_P(Both, ShippedTest, store::kBothDatabases, store::dialect_name);

}  // namespace
}  // namespace lifecycle
