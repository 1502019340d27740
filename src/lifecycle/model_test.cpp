#include "lifecycle/model.h"

#include <gtest/gtest.h>

#include <functional>
#include <memory>

#include "access/audit.h"
#include "audience/catalog.h"
#include "audience/dependency.h"
#include "audience/print.h"
#include "audience/tree.h"
#include "customer/static_list.h"
#include "customer/tag.h"
#include "lifecycle/state.h"
#include "log/log.h"
#include "store/test_database.h"

namespace lifecycle {
namespace {

using audience::Saving;

class ModelTest : public store::DatabaseTest {
 protected:
  static constexpr base::Moment kNow{1'760'000'000'000};

  void SetUp() override {
    store::DatabaseTest::SetUp();
    if (IsSkipped()) return;
    log_ = std::make_unique<event_log::Log>(database());
    log_->prepare(kNow, random_);
    database().write("test.declare", [&](store::Unit& unit) {
      customer::Writing writing(unit, *log_, {.actor = actor_, .now = kNow, .source = "console"});
      EXPECT_TRUE(customer::declare_tag(writing, "等级/金"));
      EXPECT_TRUE(customer::declare_list(writing, "名单"));
    });
  }

  using Rules = std::vector<std::pair<std::string, std::string>>;
  static std::vector<GivenStage> stages_of(const Rules& rules) {
    std::vector<GivenStage> stages;
    for (const auto& [key, rule] : rules) {
      GivenStage& stage = stages.emplace_back();
      stage.key = key;
      stage.label = {"阶段" + key, "Stage " + key};
      stage.rule.text = rule;
    }
    return stages;
  }

  template <typename Work>
  auto save(Work&& work) {
    const FreshIds fresh = FreshIds::draw(random_);
    return database().write("test.save", [&](store::Unit& unit) {
      return work(Saving{unit, log_->catalog(), zone_, actor_, kNow, &stages_}, fresh);
    });
  }

  // "ok", or the error: "lifecycle.rule_refused x: audience.circle (…)".
  static std::string told(const std::optional<Error>& error) {
    if (!error) return "ok";
    std::string out(code_of(error->fault));
    if (!error->stage.empty()) out += " " + error->stage;
    if (error->rule) {
      out += ": " + std::string(audience::code_of(error->rule->fault));
      if (error->rule->fault == audience::RuleFault::circle) out += " " + error->rule->expected;
    }
    for (const std::string& user : error->users) out += " " + user;
    return out;
  }
  template <typename Result>
  static std::string told_of(const Result& result) {
    return told(result ? std::nullopt : std::optional(result.error()));
  }

  std::string make(const std::string& key, const Rules& rules) {
    return told_of(save([&](const Saving& saving, const FreshIds& fresh) {
      NewModel model{.key = key, .label = {"模型" + key, "Model " + key}};
      model.stages = stages_of(rules);
      return create(saving, fresh, model);
    }));
  }
  std::string set(const std::string& key, const Rules& rules) {
    const std::int64_t version = model(key).version;
    return told_of(save([&](const Saving& saving, const FreshIds& fresh) {
      ModelChange change{.version = version};
      change.stages = stages_of(rules);
      return lifecycle::change(saving, fresh, key, change);
    }));
  }
  std::string drop(const std::string& key) {
    const std::int64_t version = model(key).version;
    return told_of(
        save([&](const Saving& saving, const FreshIds&) { return remove(saving, key, version); }));
  }
  std::string audience(const std::string& name, const std::string& rule) {
    const base::AudienceId id{random_.id()};
    const auto saved = save([&](const Saving& saving, const FreshIds&) {
      return audience::create(saving, id, {name, {rule, std::nullopt}});
    });
    if (saved) return "ok";
    if (!saved.error().rule) return std::string(audience::code_of(saved.error().fault));
    return std::string(audience::code_of(saved.error().rule->fault)) + " " +
           saved.error().rule->expected;
  }

  Model model(const std::string& key) {
    const auto found =
        database().read([&](store::Session& session) { return model_with(session, key); });
    return found.value_or(Model{});
  }
  std::shared_ptr<const audience::Catalog> catalog() {
    return database().read([&](store::Session& session) {
      return audience::Catalog::of(session, log_->catalog(), &stages_);
    });
  }
  // The warnings, or the error, of an ad-hoc question.
  std::string ask(const std::string& text) {
    audience::BindOptions options;
    options.zone = &zone_;
    const auto bound = audience::compile(text, *catalog(), options);
    if (!bound) return std::string(audience::code_of(bound.error().fault));
    std::string out;
    for (const auto& warning : (*bound)->warnings()) {
      out += warning.code + " " + warning.nearest.value_or("?");
    }
    return out.empty() ? "ok" : out;
  }

  base::SystemRandom random_;
  base::Zone zone_ = *base::Zone::named("Asia/Shanghai");
  rights::Actor actor_{.kind = rights::ActorKind::user, .id = 7, .name = "Ann", .from = "local"};
  Stages stages_;
  std::unique_ptr<event_log::Log> log_;
};

TEST_P(ModelTest, IsKeptWithItsVersions) {
  ASSERT_EQ(make("loyal", {{"fresh", "did not order_paid"}, {"old", "tag \"金\""}}), "ok");
  const Model made = model("loyal");
  EXPECT_EQ(made.version, 1);
  ASSERT_EQ(made.stages.size(), 2u);
  EXPECT_EQ(made.stages[1].text, "tag \"金\"");
  EXPECT_NE(made.stages[1].tree.find("tag_id"), std::string::npos);
  EXPECT_EQ(set("loyal", {{"old", "tag \"金\""}, {"fresh", "did not order_paid"}}), "ok");
  const Model turned = model("loyal");
  EXPECT_EQ(turned.version, 2);
  EXPECT_EQ(turned.stages[0].id, made.stages[1].id) << "a stage keeps its id with its key";
  // The same again is no version.
  EXPECT_EQ(set("loyal", {{"old", "tag \"金\""}, {"fresh", "did not order_paid"}}), "ok");
  EXPECT_EQ(model("loyal").version, 2);
  const auto versions =
      database().read([&](store::Session& session) { return versions_of(session, made.id); });
  ASSERT_EQ(versions.size(), 2u);
  EXPECT_EQ(versions[0].version, 2);
  EXPECT_NE(versions[1].content.find("did not order_paid"), std::string::npos);
  EXPECT_EQ(versions[1].by, "user:7");
  const auto audit = database().read([](store::Session& session) {
    return rights::read_audit(session, {.noun = "lifecycle_model", .subject = "loyal"}, {});
  });
  EXPECT_EQ(audit.entries.size(), 2u);
}

TEST_P(ModelTest, RefusesWhatCannotBeOne) {
  EXPECT_EQ(make("Loyal", {{"x", "everyone"}}), "lifecycle.bad_key");
  EXPECT_EQ(make("loyal", {}), "lifecycle.no_stages");
  EXPECT_EQ(make("loyal", {{"new", "everyone"}}), "lifecycle.bad_key new");
  EXPECT_EQ(make("loyal", {{"9", "everyone"}}), "lifecycle.bad_key 9");
  EXPECT_EQ(make("loyal", {{"x", "everyone"}, {"x", "everyone"}}), "lifecycle.name_taken x");
  EXPECT_EQ(make("loyal", Rules(kStagesMax + 1, {"x", "everyone"})), "lifecycle.too_many_stages");
  EXPECT_EQ(make("loyal", {{"x", "did ordr_paid"}}),
            "lifecycle.rule_refused x: audience.unknown_event");
  EXPECT_EQ(make("loyal", {{"x", "did order_paid and"}}),
            "lifecycle.rule_refused x: audience.expected_test");
  ASSERT_EQ(make("loyal", {{"x", "everyone"}}), "ok");
  EXPECT_EQ(make("loyal", {{"x", "everyone"}}), "lifecycle.name_taken");
  const auto stale = save([&](const Saving& saving, const FreshIds& fresh) {
    return change(saving, fresh, "loyal", {.version = 7, .active = false});
  });
  EXPECT_EQ(told_of(stale), "lifecycle.version_differs");
  const auto nobody = save([&](const Saving& saving, const FreshIds& fresh) {
    return change(saving, fresh, "loyl", {.version = 1, .active = false});
  });
  EXPECT_EQ(told_of(nobody), "lifecycle.no_such_model");
}

TEST_P(ModelTest, IsNamedByKeyAndLabels) {
  ASSERT_EQ(make("loyal", {{"fresh", "did not order_paid"}, {"old", "tag \"金\""}}), "ok");
  EXPECT_EQ(ask("stage \"loyal\" = \"old\""), "ok");
  EXPECT_EQ(ask("stage \"模型loyal\" in (\"阶段old\", \"Stage fresh\")"), "ok");
  EXPECT_EQ(ask("stage \"Model loyal\" is unknown or stage \"loyal\" != \"fresh\""), "ok");
  EXPECT_EQ(ask("stage \"loyl\" = \"old\""), "audience.unknown_model loyal");
  EXPECT_EQ(ask("stage \"loyal\" = \"od\""), "audience.unknown_stage old");
  ASSERT_EQ(audience("旧", "stage \"模型loyal\" = \"阶段old\""), "ok");
  // A label may change; what is saved means the same and shows the key.
  const auto renamed = save([&](const Saving& saving, const FreshIds& fresh) {
    return change(saving, fresh, "loyal", {.version = 1, .label = Text{"忠诚", "Loyalty"}});
  });
  ASSERT_TRUE(renamed);
  const auto names = catalog();
  EXPECT_EQ(audience::print(*names->definition(*names->audience("旧")), *names),
            "stage \"loyal\" = \"阶段old\"");
  EXPECT_EQ(ask("audience \"旧\""), "ok");
}

TEST_P(ModelTest, StaysWhileARuleNamesIt) {
  ASSERT_EQ(make("loyal", {{"fresh", "did not order_paid"}, {"old", "tag \"金\""}}), "ok");
  ASSERT_EQ(audience("新", "stage \"loyal\" = \"fresh\""), "ok");
  ASSERT_EQ(make("other", {{"x", "not stage \"loyal\" is known"}, {"y", "audience \"新\""}}), "ok");
  EXPECT_EQ(drop("loyal"), "lifecycle.in_use 新 other/x");
  EXPECT_EQ(set("loyal", {{"old", "tag \"金\""}}), "lifecycle.in_use fresh 新");
  EXPECT_EQ(set("loyal", {{"fresh", "did not order_paid"}}), "ok") << "nobody names old";
  const auto names = catalog();
  const auto users = database().read([&](store::Session& session) {
    return audience::users_of(session, *names->audience("新"), &stages_);
  });
  EXPECT_EQ(users, std::vector<std::string>{"other/y"});
  EXPECT_EQ(drop("other"), "ok");
  EXPECT_EQ(drop("loyal"), "lifecycle.in_use 新");
  EXPECT_EQ(model("other").version, 1);  // of nothing: it is gone
  EXPECT_TRUE(model("other").stages.empty());
}

TEST_P(ModelTest, ListsInAStagesRuleAreInUse) {
  ASSERT_EQ(make("loyal", {{"in", "audience \"名单\""}}), "ok");
  const auto names = catalog();
  EXPECT_EQ(audience::users_of(*names, *names->list("名单")), std::vector<std::string>{"loyal/in"});
}

TEST_P(ModelTest, ShowsCircles) {
  ASSERT_EQ(make("a", {{"one", "did order_paid"}, {"two", "everyone"}}), "ok");
  ASSERT_EQ(audience("两", "stage \"a\" = \"two\""), "ok");
  EXPECT_EQ(set("a", {{"one", "audience \"两\""}, {"two", "everyone"}}),
            "lifecycle.rule_refused one: audience.circle a/one → 两 → a/one");
  // What stands behind `two` does not lean back on it.
  EXPECT_EQ(
      set("a",
          {{"one", "did order_paid"}, {"two", "did cart_added"}, {"three", "audience \"两\""}}),
      "ok");
  EXPECT_EQ(
      set("a",
          {{"three", "audience \"两\""}, {"one", "did order_paid"}, {"two", "did cart_added"}}),
      "lifecycle.rule_refused three: audience.circle a/three → 两 → a/three");
  ASSERT_EQ(make("b", {{"x", "stage \"a\" = \"three\""}}), "ok");
  EXPECT_EQ(set("a", {{"one", "stage \"b\" is known"},
                      {"two", "did cart_added"},
                      {"three", "audience \"两\""}}),
            "lifecycle.rule_refused one: audience.circle a/one → b/x → a/one");
}

TEST_P(ModelTest, FollowsNoChangesOfItsOwn) {
  ASSERT_EQ(
      make("a", {{"one", "did order_paid"}, {"two", "did stage_changed where (model = \"b\")"}}),
      "ok");
  EXPECT_EQ(make("c", {{"x", "did stage_changed"}}),
            "lifecycle.rule_refused x: audience.mentions_own_changes");
  EXPECT_EQ(make("c", {{"x", "did stage_changed where (model = \"c\")"}}),
            "lifecycle.rule_refused x: audience.mentions_own_changes");
  // b would follow a, which follows b: through whichever of its stages.
  EXPECT_EQ(make("b", {{"x", "did cart_added"}, {"y", "stage \"a\" = \"two\""}}),
            "lifecycle.rule_refused y: audience.mentions_own_changes");
  EXPECT_EQ(make("b", {{"x", "did cart_added"}, {"y", "stage \"a\" = \"one\""}}), "ok");
  EXPECT_EQ(audience("跟", "did stage_changed where (model = \"a\")"), "ok");
  EXPECT_EQ(set("b", {{"x", "audience \"跟\""}}),
            "lifecycle.rule_refused x: audience.mentions_own_changes");
}

TEST_P(ModelTest, IsBoundAndDrafted) {
  ASSERT_EQ(make("a", {{"one", "did order_paid"}, {"two", "stage \"a\" = \"one\" or everyone"}}),
            "ok");
  database().read([&](store::Session& session) {
    const Drafting drafting{session, log_->catalog(), zone_};
    const auto bound = bound_model(drafting, "a");
    ASSERT_TRUE(bound);
    EXPECT_EQ(bound->rules.size(), 2u);
    EXPECT_EQ(bound_models(drafting).size(), 1u);
    const auto none = bound_model(drafting, "b");
    EXPECT_EQ(told_of(none), "lifecycle.no_such_model");
    const auto good =
        draft(drafting, "a", stages_of({{"one", "did cart_added"}, {"x", "everyone"}}));
    ASSERT_TRUE(good);
    EXPECT_EQ(good->keys, (std::vector<std::string>{"one", "x"}));
    const auto bad = draft(drafting, "new", stages_of({{"x", "stage \"new\" = \"x\""}}));
    EXPECT_EQ(told_of(bad), "lifecycle.rule_refused x: audience.circle new/x → new/x");
  });
  const auto off = save([&](const Saving& saving, const FreshIds& fresh) {
    return change(saving, fresh, "a", {.version = 1, .active = false});
  });
  ASSERT_TRUE(off);
  database().read([&](store::Session& session) {
    EXPECT_TRUE(bound_models({session, log_->catalog(), zone_}).empty());
  });
  EXPECT_EQ(ask("stage \"a\" = \"one\""), "ok") << "rules may name one that is not active";
}

INSTANTIATE_TEST_SUITE_P(Both, ModelTest, store::kBothDatabases, store::dialect_name);

}  // namespace
}  // namespace lifecycle
