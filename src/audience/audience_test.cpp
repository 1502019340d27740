#include "audience/audience.h"

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <memory>
#include <thread>

#include "access/audit.h"
#include "audience/catalog.h"
#include "audience/parse.h"
#include "audience/print.h"
#include "audience/tree.h"
#include "base/random.h"
#include "customer/attribute.h"
#include "customer/consent.h"
#include "customer/static_list.h"
#include "customer/tag.h"
#include "log/event_type.h"
#include "log/log.h"
#include "store/test_database.h"

namespace audience {
namespace {

class AudienceTest : public store::DatabaseTest {
 protected:
  static constexpr base::Moment kNow{1'760'000'000'000};

  void SetUp() override {
    store::DatabaseTest::SetUp();
    if (IsSkipped()) return;
    log_ = std::make_unique<event_log::Log>(database());
    log_->prepare(kNow, random_);
    declare([](customer::Writing& writing) {
      EXPECT_TRUE(customer::declare_attribute(writing, "age", base::ValueType::integer));
      EXPECT_TRUE(customer::declare_tag(writing, "等级/金"));
      EXPECT_TRUE(customer::declare_list(writing, "名单"));
      EXPECT_TRUE(customer::declare_purpose(writing, "marketing"));
      EXPECT_TRUE(customer::declare_channel(writing, "sms"));
    });
  }

  void declare(const std::function<void(customer::Writing&)>& work) {
    database().write("test.declare", [&](store::Unit& unit) {
      customer::Writing writing(unit, *log_, {.actor = actor_, .now = kNow, .source = "console"});
      work(writing);
    });
  }

  template <typename Work>
  auto save(Work&& work) {
    return database().write("test.save", [&](store::Unit& unit) {
      return work(Saving{unit, log_->catalog(), zone_, actor_, kNow});
    });
  }

  base::Result<Saved, SaveError> make(const std::string& name, const std::string& rule) {
    const base::AudienceId fresh{next_.fetch_add(1)};
    return save([&](const Saving& saving) {
      return create(saving, fresh, NewAudience{name, {rule, std::nullopt}});
    });
  }
  base::Result<Saved, SaveError> set(base::AudienceId id, const std::string& rule) {
    return save([&](const Saving& saving) {
      return change(saving, id, {.rule = GivenRule{rule, std::nullopt}});
    });
  }
  base::Result<Saved, SaveError> rename(base::AudienceId id, const std::string& name) {
    return save([&](const Saving& saving) { return change(saving, id, {.name = name}); });
  }
  // As it stands.
  base::Result<SavedAudience, SaveError> drop(base::AudienceId id) {
    return save([&](const Saving& saving) {
      const auto seen = audience_with(saving.unit, id);
      return remove(saving, id, seen ? seen->version : 1);
    });
  }

  std::shared_ptr<const Catalog> catalog() {
    return database().read(
        [&](store::Session& session) { return Catalog::of(session, log_->catalog()); });
  }
  // The stored rule with today's names.
  std::string today(base::AudienceId id) {
    const auto names = catalog();
    return print(*names->definition(id), *names);
  }
  std::string fault_of(std::string_view text) {
    BindOptions options;
    options.zone = &zone_;
    options.saved = true;
    const auto bound = compile(text, *catalog(), options);
    return bound ? "ok" : std::string(code_of(bound.error().fault));
  }

  base::SystemRandom random_;
  base::Zone zone_ = *base::Zone::named("Asia/Shanghai");
  rights::Actor actor_{.kind = rights::ActorKind::user, .id = 7, .name = "Ann", .from = "local"};
  std::unique_ptr<event_log::Log> log_;
  std::atomic<std::int64_t> next_ = 100;
};

TEST_P(AudienceTest, CatalogKnowsEveryKindOfName) {
  EXPECT_EQ(fault_of("age > 30 and tag \"金\" and tag any of \"等级\" and audience \"名单\""),
            "ok");
  EXPECT_EQ(fault_of("consents to \"marketing\" on \"sms\" and identity on \"phone\""), "ok");
  EXPECT_EQ(fault_of("did order_paid where (amount >= 100.5 and sku_list = \"x\")"), "ok");
  EXPECT_EQ(fault_of("did order_paid where (amonut >= 100.5)"), "audience.unknown_property");
  EXPECT_EQ(fault_of("consents to \"marketing\" on \"post\""), "audience.unknown_channel");
  EXPECT_EQ(catalog()->consent_keys("marketing", {}).size(), 2u);
  EXPECT_EQ(catalog()->consent_keys("marketing", "sms").size(), 1u);
}

TEST_P(AudienceTest, IsKeptAsWrittenWithIds) {
  const auto made = make("核心", "age>30  and tag \"金\"");
  ASSERT_TRUE(made);
  EXPECT_EQ(made->audience.text, "age>30  and tag \"金\"");
  EXPECT_EQ(made->audience.version, 1);
  EXPECT_EQ(made->audience.changed_by, "user:7");
  const base::AudienceId id = made->audience.id;
  declare([](customer::Writing& writing) {
    const auto gold = customer::tags_named(writing.unit(), "等级/金");
    ASSERT_EQ(gold.size(), 1u);
    EXPECT_TRUE(customer::rename_tag(writing, gold.front().id, "铂金"));
  });
  EXPECT_EQ(today(id), "age > 30 and tag \"等级/铂金\"");
  const auto found =
      database().read([](store::Session& session) { return audience_named(session, "核心"); });
  ASSERT_TRUE(found);
  EXPECT_EQ(found->text, "age>30  and tag \"金\"");
}

TEST_P(AudienceTest, TreesAreTakenInCanonicalSpelling) {
  const auto made = save([&](const Saving& saving) {
    NewAudience given{"树", {}};
    given.rule.tree = std::move(*parse("(age>30)"));
    return create(saving, {55}, given);
  });
  ASSERT_TRUE(made);
  EXPECT_EQ(made->audience.text, "age > 30");
}

TEST_P(AudienceTest, EveryChangeIsAVersion) {
  const auto made = make("a", "age > 1");
  ASSERT_TRUE(made);
  const base::AudienceId id = made->audience.id;
  ASSERT_TRUE(set(id, "age > 2"));
  ASSERT_TRUE(set(id, "age > 2"));  // as it stands: no new version
  ASSERT_TRUE(rename(id, "b"));
  ASSERT_TRUE(rename(id, "b"));
  const auto both = save([&](const Saving& saving) {
    return change(saving, id, {.name = "c", .rule = GivenRule{"age > 3", std::nullopt}});
  });
  ASSERT_TRUE(both);
  EXPECT_EQ(both->audience.version, 4);
  std::string told;
  for (const AudienceVersion& each :
       database().read([&](store::Session& session) { return versions_of(session, id); })) {
    told += std::to_string(each.version) + " " + each.name + " " + each.text + " " + each.by + "\n";
  }
  EXPECT_EQ(told,
            "4 c age > 3 user:7\n3 b age > 2 user:7\n2 a age > 2 user:7\n1 a age > 1 user:7\n");
}

TEST_P(AudienceTest, WhoComesSecondIsTold) {
  const base::AudienceId id = make("a", "age > 1")->audience.id;
  const auto from_the_first = [&](AudienceChange given) {
    given.version = 1;
    return save([&](const Saving& saving) { return change(saving, id, given); });
  };
  ASSERT_TRUE(from_the_first({.name = "b"}));
  EXPECT_EQ(from_the_first({.name = "c"}).error().fault, SaveFault::version_differs);
  EXPECT_EQ(from_the_first({.rule = GivenRule{"age > 3", std::nullopt}}).error().fault,
            SaveFault::version_differs);
  const auto removed = save([&](const Saving& saving) { return remove(saving, id, 1); });
  EXPECT_EQ(removed.error().fault, SaveFault::version_differs);
  EXPECT_TRUE(save([&](const Saving& saving) { return remove(saving, id, 2); }));
}

TEST_P(AudienceTest, IsAuditedInItsUnit) {
  const base::AudienceId id = make("a", "age > 1")->audience.id;
  ASSERT_TRUE(set(id, "age > 2"));
  ASSERT_TRUE(rename(id, "b"));
  EXPECT_FALSE(set(id, "age >"));
  ASSERT_TRUE(drop(id));
  const auto page = database().read([&](store::Session& session) {
    return rights::read_audit(session, {.noun = "audience"}, {});
  });
  std::string verbs;
  for (const rights::AuditEntry& entry : page.entries) verbs += entry.verb + " ";
  EXPECT_EQ(verbs, "deleted renamed changed created ");
  EXPECT_EQ(page.entries[1].before, R"({"name":"a","rule":"age > 2","version":2})");
  EXPECT_EQ(page.entries[1].after, R"({"name":"b","rule":"age > 2","version":3})");
  EXPECT_EQ(page.entries[0].after, std::nullopt);
}

TEST_P(AudienceTest, RefusesNames) {
  ASSERT_TRUE(make("a", "age > 1"));
  EXPECT_EQ(make("a", "age > 1").error().fault, SaveFault::name_taken);
  EXPECT_EQ(make("名单", "age > 1").error().fault, SaveFault::name_taken);
  EXPECT_EQ(make("", "age > 1").error().fault, SaveFault::bad_name);
  EXPECT_EQ(make(" a", "age > 1").error().fault, SaveFault::bad_name);
  EXPECT_EQ(make("\xff", "age > 1").error().fault, SaveFault::bad_name);
  EXPECT_EQ(make(std::string(101, 'x'), "age > 1").error().fault, SaveFault::bad_name);
  ASSERT_TRUE(rename(make("c", "age > 1")->audience.id, "c"));
  EXPECT_EQ(rename({999}, "b").error().fault, SaveFault::no_such_audience);
}

TEST_P(AudienceTest, RefusesRules) {
  const auto unknown = make("a", "age > 1 and\n tag \"银\"");
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().fault, SaveFault::rule_refused);
  EXPECT_EQ(unknown.error().rule->fault, RuleFault::unknown_tag);
  EXPECT_EQ(unknown.error().rule->line, 2u);
  EXPECT_EQ(make("a", "did audience_entered").error().rule->fault, RuleFault::mentions_own_changes);
  EXPECT_TRUE(database().read(audiences).empty());
}

TEST_P(AudienceTest, CirclesAreRefused) {
  const base::AudienceId a = make("a", "age > 1")->audience.id;
  ASSERT_TRUE(make("b", "audience \"a\""));
  ASSERT_TRUE(make("c", "audience \"b\" or age > 3"));
  const auto circle = set(a, "not audience \"c\"");
  ASSERT_FALSE(circle);
  EXPECT_EQ(circle.error().rule->fault, RuleFault::circle);
  EXPECT_EQ(circle.error().rule->expected, "a → c → b → a");
  EXPECT_EQ(today(a), "age > 1");
}

TEST_P(AudienceTest, WhatIsUsedStays) {
  const base::AudienceId a = make("a", "age > 1")->audience.id;
  const base::AudienceId b = make("b", "audience \"a\"")->audience.id;
  ASSERT_TRUE(make("c", "did audience_left where (audience = \"a\")"));
  const auto refused = drop(a);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().fault, SaveFault::in_use);
  EXPECT_EQ(refused.error().users, (std::vector<std::string>{"b", "c"}));
  ASSERT_TRUE(rename(a, "a2"));
  EXPECT_EQ(today(b), "audience \"a2\"");
  ASSERT_TRUE(set(b, "age > 2"));
  EXPECT_EQ(drop(a).error().users, (std::vector<std::string>{"c"}));
  ASSERT_TRUE(drop(b));
  EXPECT_EQ(drop(b).error().fault, SaveFault::no_such_audience);
  ASSERT_TRUE(make("b", "age > 5"));  // the name is free again
}

TEST_P(AudienceTest, NoCircleIsMadeByTwoAtOnce) {
  for (int round = 0; round < 5; ++round) {
    const std::string suffix = std::to_string(round);
    const base::AudienceId a = make("a" + suffix, "age > 1")->audience.id;
    const base::AudienceId b = make("b" + suffix, "age > 1")->audience.id;
    std::atomic<int> saved = 0;
    std::thread other([&] {
      if (set(a, "audience \"b" + suffix + "\"")) ++saved;
    });
    if (set(b, "audience \"a" + suffix + "\"")) ++saved;
    other.join();
    EXPECT_EQ(saved, 1);
  }
}

INSTANTIATE_TEST_SUITE_P(Both, AudienceTest, store::kBothDatabases, store::dialect_name);

}  // namespace
}  // namespace audience
