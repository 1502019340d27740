// From a text to the people, over the log and the tables of both databases.

#include "audience/catalog.h"

#include <gtest/gtest.h>

#include <boost/json/object.hpp>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "audience/audience.h"
#include "audience/question.h"
#include "base/random.h"
#include "customer/attribute.h"
#include "customer/consent.h"
#include "customer/identity.h"
#include "customer/merge.h"
#include "customer/static_list.h"
#include "customer/tag.h"
#include "log/log.h"
#include "store/test_database.h"
#include "timeline/sql_histories.h"

namespace audience {
namespace {

class CatalogTest : public store::DatabaseTest {
 protected:
  static constexpr base::Moment kNow{1'760'000'000'000};

  void SetUp() override {
    store::DatabaseTest::SetUp();
    if (IsSkipped()) return;
    log_ = std::make_unique<event_log::Log>(database());
    log_->prepare(kNow, random_);
    histories_ = std::make_unique<timeline::SqlHistories>(database(), *log_);
    for (const char* key : {"ann", "bob", "cy"}) known_as(key);
    paid("ann", "120.50", -1);
    paid("ann", "30", -40);
    paid("bob", "99.99", -2);
    change([](customer::Writing& writing) {
      const base::CustomerId ann = person(writing.unit(), "ann");
      const base::CustomerId bob = person(writing.unit(), "bob");
      const auto vip = customer::declare_tag(writing, "等级/VIP");
      const auto list = customer::declare_list(writing, "名单");
      ASSERT_TRUE(customer::add_tag(writing, ann, vip->id, at(-3)));
      ASSERT_TRUE(customer::join_list(writing, bob, list->id, at(-3)));
      ASSERT_TRUE(customer::change_consent(
          writing, bob, {.purpose = "marketing", .channel = "sms", .since = at(-3)}));
      const customer::NewValue age{"age", base::Value(std::int64_t{30}), {}, at(-5)};
      ASSERT_TRUE(customer::set_attributes(writing, bob, std::span(&age, 1)));
    });
  }

  static base::Moment at(std::int64_t days) { return kNow + base::Duration{days * base::kDay.ms}; }
  static base::CustomerId person(store::Session& session, std::string_view key) {
    return customer::find_by_key(session, key)->person;
  }

  void change(const std::function<void(customer::Writing&)>& work) {
    database().write("test.change", [&](store::Unit& unit) {
      customer::Writing writing(unit, *log_, {.actor = actor_, .now = kNow, .source = "console"});
      work(writing);
    });
  }
  void known_as(std::string_view key) {
    const base::CustomerId fresh{next_++};
    change([&](customer::Writing& writing) {
      ASSERT_TRUE(customer::find_or_create(writing, {"customer", key}, fresh, at(-60)));
    });
  }
  void paid(std::string_view key, std::string_view amount, std::int64_t days) {
    database().write("test.paid", [&](store::Unit& unit) {
      event_log::NewEvent event;
      event.customer = person(unit, key);
      event.name = "order_paid";
      event.time = at(days);
      event.properties["amount"] = amount;
      ASSERT_TRUE(log_->append(unit, {.source = "test", .now = kNow}, event));
    });
  }

  // The customer keys, "ann bob", or the code of what is wrong.
  std::string who(std::string_view text, base::Moment moment = kNow) {
    BindOptions options;
    options.zone = &zone_;
    const auto bound = database().read([&](store::Session& session) {
      return compile(text, *Catalog::of(session, log_->catalog()), options);
    });
    if (!bound) return std::string(code_of(bound.error().fault));
    const Question question{**bound, moment, viewer_};
    const auto persons = matching(*histories_, question);
    EXPECT_TRUE(persons);
    EXPECT_EQ(count(*histories_, question), static_cast<std::int64_t>(persons->size()));
    std::string keys;
    const auto page =
        database().read([&](store::Session& session) { return list(session, *persons, {}); });
    for (const Listed& listed : page->people) {
      keys += (keys.empty() ? "" : " ") + listed.key;
    }
    return keys;
  }

  base::SystemRandom random_;
  base::Zone zone_ = *base::Zone::named("Asia/Shanghai");
  rights::Actor actor_{.kind = rights::ActorKind::user, .id = 7};
  rights::Viewer viewer_ = rights::Viewer::system("test");
  std::unique_ptr<event_log::Log> log_;
  std::unique_ptr<timeline::SqlHistories> histories_;
  std::int64_t next_ = 1000;
};

TEST_P(CatalogTest, AnswersWithThePeople) {
  EXPECT_EQ(who("everyone"), "ann bob cy");
  EXPECT_EQ(who("did order_paid where (amount >= 100)"), "ann");
  EXPECT_EQ(who("did order_paid sum(amount) > 150 in last 90d"), "ann");
  EXPECT_EQ(who("did not order_paid in last 36h"), "bob cy");
  EXPECT_EQ(who("tag \"VIP\" or audience \"名单\""), "ann bob");
  EXPECT_EQ(who("tag any of \"等级\" and identity on \"customer\""), "ann");
  EXPECT_EQ(who("consents to \"marketing\""), "bob");
  EXPECT_EQ(who("consents to \"marketing\" on \"sms\" and age = 30"), "bob");
  EXPECT_EQ(who("age is unknown"), "ann cy");
  EXPECT_EQ(who("did order_paid where (source = \"test\") on >= 2 days"), "ann");
  EXPECT_EQ(who("not did ordr_paid"), "");
}

TEST_P(CatalogTest, AsksOfThePast) {
  EXPECT_EQ(who("everyone", at(-60)), "ann bob cy");
  EXPECT_EQ(who("everyone", at(-61)), "");
  EXPECT_EQ(who("tag \"VIP\"", at(-4)), "");
  EXPECT_EQ(who("age = 30", at(-5)), "bob");
  EXPECT_EQ(who("did order_paid", at(-3)), "ann");
}

TEST_P(CatalogTest, NestsSavedAudiences) {
  const auto saved = database().write("test.save", [&](store::Unit& unit) {
    return create(Saving{unit, log_->catalog(), zone_, actor_, kNow}, {77},
                  NewAudience{"买家", {"did order_paid in last 7d", std::nullopt}});
  });
  ASSERT_TRUE(saved);
  EXPECT_EQ(who("audience \"买家\""), "ann bob");
  EXPECT_EQ(who("not audience \"买家\""), "cy");
}

TEST_P(CatalogTest, SeesMergedPersonsAsOne) {
  change([](customer::Writing& writing) {
    ASSERT_TRUE(
        customer::merge(writing, person(writing.unit(), "ann"), person(writing.unit(), "bob")));
  });
  EXPECT_EQ(who("did order_paid >= 3 times and tag \"VIP\" and age = 30"), "ann");
  EXPECT_EQ(who("everyone"), "ann cy");
}

INSTANTIATE_TEST_SUITE_P(Both, CatalogTest, store::kBothDatabases, store::dialect_name);

}  // namespace
}  // namespace audience
