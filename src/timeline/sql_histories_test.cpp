#include "timeline/sql_histories.h"

#include <boost/json/parse.hpp>

#include "customer/attribute.h"
#include "customer/consent.h"
#include "customer/erase.h"
#include "customer/identity.h"
#include "customer/merge.h"
#include "customer/static_list.h"
#include "customer/tag.h"
#include "log/batch.h"
#include "store/test_database.h"

namespace timeline {
namespace {

using base::CustomerId;
using base::Moment;

constexpr Moment kNow{1'760'000'000'000};

Moment at(std::int64_t days) { return kNow + base::Duration{days * base::kDay.ms}; }

class SqlHistoriesTest : public store::DatabaseTest {
 protected:
  void SetUp() override {
    DatabaseTest::SetUp();
    if (IsSkipped()) return;
    log_ = std::make_unique<event_log::Log>(database());
    log_->prepare(kNow, random_);
    histories_ = std::make_unique<SqlHistories>(database(), *log_);
  }
  void TearDown() override {
    histories_.reset();
    log_.reset();
    DatabaseTest::TearDown();
  }
  const SqlHistories& histories() { return *histories_; }

  template <typename Work>
  auto write(Work work, base::BatchId batch = {}) {
    customer::WritingOptions options;
    options.actor = {.kind = rights::ActorKind::user, .id = 7};
    options.now = kNow;
    options.source = "console";
    options.live = false;
    options.batch = batch;
    return database().write("test.write", [&](store::Unit& unit) {
      customer::Writing writing(unit, *log_, options);
      return work(writing);
    });
  }
  CustomerId known_as(std::string_view key, Moment created, base::BatchId batch = {}) {
    const CustomerId id{++last_customer_};
    const auto made = write(
        [&](customer::Writing& writing) {
          return customer::find_or_create(writing, {"customer", key}, id, created);
        },
        batch);
    EXPECT_TRUE(made.has_value());
    return made->found.customer;
  }
  void put(CustomerId customer, std::string_view name, std::string_view text, Moment since) {
    const customer::NewValue value{std::string(name), base::Value(std::string(text)), {}, since};
    put(customer, value);
  }
  void put(CustomerId customer, const customer::NewValue& value) {
    EXPECT_TRUE(write([&](customer::Writing& writing) {
                  return customer::set_attributes(writing, customer, std::span(&value, 1));
                }).has_value());
  }
  void did(CustomerId customer, std::string name, Moment time, std::string_view properties = "{}",
           std::optional<base::BatchId> batch = std::nullopt) {
    const event_log::NewEvent event{.customer = customer,
                                    .name = std::move(name),
                                    .time = time,
                                    .properties = boost::json::parse(properties).as_object(),
                                    .key = std::nullopt,
                                    .ordinal = std::nullopt};
    const event_log::Origin from{.source = "shop", .now = kNow, .batch = batch};
    const auto appended = database().write(
        "event.append", [&](store::Unit& unit) { return log_->append(unit, from, event); });
    ASSERT_TRUE(appended.has_value()) << event_log::code_of(appended.error().fault);
  }

  base::EventTypeId type(std::string_view name) {
    return database().read(
        [&](store::Session& session) { return log_->catalog().of(session)->find(name)->id; });
  }
  base::PropertyId property(std::string_view event, std::string_view name) {
    return database().read([&](store::Session& session) {
      return log_->catalog().of(session)->find(event)->find(name)->id;
    });
  }
  base::AttributeId attribute(std::string_view name) {
    return database().read(
        [&](store::Session& session) { return customer::attribute_named(session, name)->id; });
  }

  static std::int64_t days(Moment moment) { return (moment - kNow).ms / base::kDay.ms; }
  // "3-7 9-": days from now of a membership's spans.
  static std::string spans(const History& history, MembershipKey key) {
    std::string out;
    for (const Span& span : history.membership(key)) {
      out += (out.empty() ? "" : " ") + std::to_string(days(span.from)) + "-";
      if (span.to != base::kMomentMax) out += std::to_string(days(span.to));
    }
    return out;
  }
  // "0=上海 5=?": days from now and values of an attribute.
  std::string changes(const History& history, std::string_view name) {
    std::string out;
    for (const AttributeChange& change : history.attribute(attribute(name))) {
      out += (out.empty() ? "" : " ") + std::to_string(days(change.since)) + "=" +
             (change.value ? base::to_text(*change.value) : "?");
    }
    return out;
  }
  // "1002:3 …": persons in the order of each(), with their number of events.
  std::string everyone() {
    std::string out;
    histories().each([&](const History& history) {
      const auto& memory = dynamic_cast<const MemoryHistory&>(history);
      out += (out.empty() ? "" : " ") + std::to_string(history.customer().value) + ":" +
             std::to_string(memory.all().size());
      return true;
    });
    return out;
  }

  base::SystemRandom random_;
  std::unique_ptr<event_log::Log> log_;
  std::unique_ptr<SqlHistories> histories_;
  std::int64_t last_customer_ = 1000;
};
INSTANTIATE_TEST_SUITE_P(Both, SqlHistoriesTest, store::kBothDatabases, store::dialect_name);

// Two phones, of a merged person on either side: the kind is held until the last one goes, and one
// that arrives late counts from its own time.
TEST_P(SqlHistoriesTest, AKindOfIdentityIsHeldWhileOneIsLeft) {
  const CustomerId ada = known_as("ada", at(-9));
  const CustomerId eva = known_as("eva", at(-8));
  MembershipKey phone{MembershipKind::identity, 0};
  ASSERT_TRUE(write([&](customer::Writing& writing) -> base::Result<bool, customer::Error> {
    phone.id = customer::identity_kind_named(writing.unit(), "phone")->id.value;
    const auto add = [&](CustomerId customer, std::string_view value, Moment since) {
      return customer::add_identity(writing, customer, {"phone", value}, since);
    };
    const auto remove = [&](std::string_view value, Moment since) {
      return customer::remove_identity(writing, ada, {"phone", value}, since);
    };
    if (auto merged = customer::merge(writing, ada, eva); !merged) {
      return base::unexpected(merged.error());
    }
    if (auto done = add(ada, "13800138000", at(-6)); !done) return done;
    if (auto done = remove("13800138000", at(-4)); !done) return done;
    if (auto done = add(eva, "13800138001", at(-5)); !done) return done;
    return remove("13800138001", at(-2));
  }));
  const auto history = histories().of(ada);
  ASSERT_NE(history, nullptr);
  const auto spans = history->membership(phone);
  ASSERT_EQ(spans.size(), 1U);
  EXPECT_EQ(spans[0], (Span{at(-6), at(-2)}));
}

TEST_P(SqlHistoriesTest, EventsWithTypedPropertiesInOrder) {
  const CustomerId ada = known_as("ada", at(-10));
  did(ada, "order_paid", at(-1), R"({"amount": "12.50", "items": "many"})");
  did(ada, "product_viewed", at(-3), R"({"sku": "A"})");
  did(ada, "order_paid", at(-3), R"({"amount": 7})");
  const auto history = histories().of(ada);
  ASSERT_NE(history, nullptr);
  EXPECT_EQ(history->customer(), ada);
  EXPECT_EQ(history->known_since(), at(-10));
  const auto paid = history->events(type("order_paid"));
  const auto viewed = history->events(type("product_viewed"));
  ASSERT_EQ(paid.size(), 2U);
  ASSERT_EQ(viewed.size(), 1U);
  EXPECT_LT(viewed[0].order, paid[0].order);  // one moment: by position
  EXPECT_EQ(paid[0].time, at(-3));
  const base::PropertyId amount = property("order_paid", "amount");
  EXPECT_EQ(*history->property(paid[0].order, amount), base::Value(base::Money{700}));
  EXPECT_EQ(*history->property(paid[1].order, amount), base::Value(base::Money{1250}));
  EXPECT_EQ(history->property(paid[1].order, property("order_paid", "items")), nullptr);
  EXPECT_EQ(history->source(paid[1].order), "shop");
  EXPECT_EQ(histories().of({99}), nullptr);
}

TEST_P(SqlHistoriesTest, AnEventBeforeCreationMakesAPersonKnown) {
  const CustomerId ada = known_as("ada", at(-10));
  did(ada, "order_paid", at(-400));
  EXPECT_EQ(histories().of(ada)->known_since(), at(-400));
}

TEST_P(SqlHistoriesTest, AttributesWithTheirPast) {
  const CustomerId ada = known_as("ada", at(-30));
  put(ada, "city", "上海", at(-20));
  put(ada, "city", "北京", at(-10));
  put(ada, "city", "广州", at(-15));  // learnt late
  put(ada, {"city", std::nullopt, {}, at(-5)});
  put(ada, {"age", base::Value(std::int64_t{30}), {}, at(-20)});
  put(ada, {"age", std::nullopt, "about forty", at(-10)});
  const auto history = histories().of(ada);
  EXPECT_EQ(changes(*history, "city"), "-20=上海 -15=广州 -10=北京 -5=?");
  EXPECT_EQ(changes(*history, "age"), "-20=30 -10=?");
  EXPECT_EQ(history->events(type("attribute_changed")).size(), 6U);
}

TEST_P(SqlHistoriesTest, MembershipsOfEveryKind) {
  const CustomerId ada = known_as("ada", at(-30));
  MembershipKey tag{MembershipKind::tag, 0};
  MembershipKey list{MembershipKind::list, 0};
  MembershipKey consent{MembershipKind::consent, 0};
  MembershipKey phone{MembershipKind::identity, 0};
  write([&](customer::Writing& writing) -> base::Result<int, customer::Error> {
    const auto vip = customer::declare_tag(writing, "等级/VIP");
    const auto guests = customer::declare_list(writing, "guests");
    tag.id = vip->id.value;
    list.id = guests->id.value;
    EXPECT_TRUE(customer::add_tag(writing, ada, vip->id, at(-20)).has_value());
    EXPECT_TRUE(customer::remove_tag(writing, ada, vip->id, at(-10)).has_value());
    EXPECT_TRUE(customer::add_tag(writing, ada, vip->id, at(-5)).has_value());
    EXPECT_TRUE(customer::join_list(writing, ada, guests->id, at(-7)).has_value());
    customer::ConsentChange change{.purpose = "marketing", .channel = "sms", .since = at(-9)};
    EXPECT_TRUE(customer::change_consent(writing, ada, change).has_value());
    change.given = false;
    change.since = at(-2);
    EXPECT_TRUE(customer::change_consent(writing, ada, change).has_value());
    EXPECT_TRUE(customer::add_identity(writing, ada, {"phone", "13800138000"}, at(-4)).has_value());
    consent.id = customer::consent_keys(writing.unit(), "marketing", "sms").front();
    phone.id = customer::identity_kind_named(writing.unit(), "phone")->id.value;
    // Another name, the same tag.
    EXPECT_TRUE(customer::rename_tag(writing, vip->id, "SVIP").has_value());
    return 0;
  });
  const auto history = histories().of(ada);
  EXPECT_EQ(spans(*history, tag), "-20--10 -5-");
  EXPECT_EQ(spans(*history, list), "-7-");
  EXPECT_EQ(spans(*history, consent), "-9--2");
  EXPECT_EQ(spans(*history, phone), "-4-");
}

TEST_P(SqlHistoriesTest, APersonIsEveryCustomerMergedIntoThem) {
  const CustomerId ada = known_as("ada", at(-10));
  const CustomerId phone = known_as("phone only", at(-20));
  const CustomerId other = known_as("other", at(-5));
  did(ada, "order_paid", at(-3));
  did(phone, "order_paid", at(-4));
  did(other, "order_paid", at(-2));
  put(ada, "city", "上海", at(-9));
  put(phone, "city", "北京", at(-8));
  EXPECT_EQ(everyone(), "1001:4 1002:4 1003:3");  // each created and with one identity

  customer::Merged merged;
  write([&](customer::Writing& writing) -> base::Result<int, customer::Error> {
    merged = *customer::merge(writing, ada, phone);
    return 0;
  });
  EXPECT_EQ(merged.survivor, phone);  // the older one
  for (const CustomerId id : {ada, phone}) {
    const auto history = histories().of(id);
    ASSERT_NE(history, nullptr);
    EXPECT_EQ(history->customer(), phone);
    EXPECT_EQ(history->known_since(), at(-20));
    const auto paid = history->events(type("order_paid"));
    ASSERT_EQ(paid.size(), 2U);
    EXPECT_EQ(paid[0].time, at(-4));
    EXPECT_EQ(changes(*history, "city"), "-9=上海 -8=北京");
  }
  EXPECT_EQ(everyone(), "1002:9 1003:3");
  EXPECT_EQ(histories().persons(), 2);

  write([&](customer::Writing& writing) -> base::Result<int, customer::Error> {
    EXPECT_TRUE(customer::unmerge(writing, merged.gone).has_value());
    return 0;
  });
  EXPECT_EQ(histories().of(ada)->events(type("order_paid")).size(), 1U);
  EXPECT_EQ(changes(*histories().of(ada), "city"), "-9=上海");
}

// An index read before or behind anything changes no answer.
TEST_P(SqlHistoriesTest, AnIndexChangesNoAnswer) {
  SqlHistories indexed(database(), *log_);
  indexed.index();
  event_log::ScannedRows changes_alone;
  const CustomerId ada = known_as("ada", at(-10));
  put(ada, "city", "上海", at(-9));
  changes_alone.read(database());
  const CustomerId bob = known_as("bob", at(-8));
  put(bob, "city", "北京", at(-7));
  const auto compare = [&] {
    for (const CustomerId id : {ada, bob}) {
      const auto expected = histories().of(id);
      const auto found = indexed.of(id);
      ASSERT_NE(found, nullptr);
      EXPECT_EQ(found->known_since(), expected->known_since());
      EXPECT_EQ(changes(*found, "city"), changes(*expected, "city"));
      const auto of_changes = database().read([&](store::Session& session) {
        return histories().changes_of(session, id, changes_alone);
      });
      EXPECT_EQ(changes(*of_changes, "city"), changes(*expected, "city"));
      EXPECT_TRUE(of_changes->events(type("customer_created")).empty());
      EXPECT_EQ(found->events(type("customer_created")).size(),
                expected->events(type("customer_created")).size());
    }
  };
  compare();
  indexed.index();
  EXPECT_TRUE(write([&](customer::Writing& writing) {
                return customer::merge(writing, ada, bob);
              }).has_value());
  compare();
  indexed.index();
  compare();
}

// What happened to two customers in one millisecond, who are one person later, came in the order of
// the log, whoever it was written on.
TEST_P(SqlHistoriesTest, TiesOfMergedCustomersGoByPosition) {
  const CustomerId ada = known_as("ada", at(-10));
  const CustomerId eva = known_as("eva", at(-9));
  for (int i = 0; i < 6; ++i) {
    did(i % 2 == 0 ? eva : ada, "order_paid", at(-3), R"({"items": )" + std::to_string(i) + "}");
  }
  put(eva, "city", "上海", at(-3));
  put(ada, "city", "北京", at(-3));
  put(eva, "city", "广州", at(-3));
  ASSERT_TRUE(write([&](customer::Writing& writing) {
                return customer::merge(writing, ada, eva);
              }).has_value());

  const auto history = histories().of(ada);
  ASSERT_NE(history, nullptr);
  const base::PropertyId items = property("order_paid", "items");
  std::string order;
  for (const EventAt& event : history->events(type("order_paid"))) {
    order += base::to_text(*history->property(event.order, items)) + " ";
  }
  EXPECT_EQ(order, "0 1 2 3 4 5 ");
  EXPECT_EQ(changes(*history, "city"), "-3=广州");

  std::string newest_first;
  EventsPage page{.limit = 4};
  for (bool more = true; more;) {
    const auto events = database().read(
        [&](store::Session& session) { return page_of(session, *log_, ada, page); });
    for (const event_log::Event& event : events) {
      if (event.type == type("order_paid")) newest_first += event.properties;
      page.before = event.time;
      page.before_position = event.position;
    }
    more = !events.empty();
  }
  EXPECT_EQ(newest_first, R"({"items":5}{"items":4}{"items":3}{"items":2}{"items":1}{"items":0})");
}

TEST_P(SqlHistoriesTest, UndoneImportsAreNotSeen) {
  const CustomerId ada = known_as("ada", at(-10));
  constexpr base::BatchId kBatch{55};
  database().write("import.begin", [&](store::Unit& unit) {
    event_log::begin_batch(unit, {kBatch, "events", "a.csv", "owner", kNow});
  });
  did(ada, "order_paid", at(-400), "{}", kBatch);
  did(ada, "order_paid", at(-3));
  EXPECT_EQ(histories().of(ada)->known_since(), at(-400));
  EXPECT_TRUE(database()
                  .write("import.undo",
                         [&](store::Unit& unit) {
                           return event_log::begin_undo(*log_, unit, kBatch, kNow);
                         })
                  .has_value());
  const auto history = histories().of(ada);
  EXPECT_EQ(history->events(type("order_paid")).size(), 1U);
  EXPECT_EQ(history->known_since(), at(-10));
}

// What the erased ask to be remembered by is not of interest here.
class NoHashes final : public customer::ErasedHashes {
 public:
  void remember(store::Unit&, std::span<const std::string>, Moment) override {}
  std::optional<Moment> erased_at(store::Session&, std::string_view) override { return {}; }
};

TEST_P(SqlHistoriesTest, TheErasedAreNobody) {
  const CustomerId ada = known_as("ada", at(-10));
  const CustomerId bob = known_as("bob", at(-10));
  const CustomerId later = known_as("later ada", at(-5));
  for (const CustomerId id : {ada, bob, later}) did(id, "order_paid", at(-3));
  NoHashes hashes;
  write([&](customer::Writing& writing) -> base::Result<int, customer::Error> {
    EXPECT_TRUE(customer::merge(writing, ada, later).has_value());
    EXPECT_TRUE(customer::erase(writing, hashes, random_, later).has_value());
    return 0;
  });
  EXPECT_EQ(histories().of(ada), nullptr);
  EXPECT_EQ(histories().of(later), nullptr);
  EXPECT_EQ(everyone(), "1002:3");
  EXPECT_EQ(histories().persons(), 1);
}

TEST_P(SqlHistoriesTest, EachVisitsInOrderAndCanBeEnded) {
  // More than one group, with a person across the group's border.
  std::vector<CustomerId> ids;
  for (int i = 0; i < 300; ++i) {
    ids.push_back(known_as("c" + std::to_string(i), at(-300 + i)));
    did(ids.back(), "order_paid", at(-1));
  }
  write([&](customer::Writing& writing) -> base::Result<int, customer::Error> {
    for (std::size_t i = 128; i < 140; ++i) {
      EXPECT_TRUE(customer::merge(writing, ids[127], ids[i]).has_value());
    }
    return 0;
  });
  CustomerId last;
  int visited = 0;
  std::size_t paid = 0;
  const base::EventTypeId order_paid = type("order_paid");  // no read inside a read
  histories().each([&](const History& history) {
    EXPECT_LT(last, history.customer());
    last = history.customer();
    paid += history.events(order_paid).size();
    ++visited;
    return true;
  });
  EXPECT_EQ(visited, 300 - 12);
  EXPECT_EQ(paid, 300U);
  int seen = 0;
  histories().each([&](const History&) { return ++seen < 5; });
  EXPECT_EQ(seen, 5);
}

TEST_P(SqlHistoriesTest, APageShowsThePastNewestFirst) {
  const CustomerId ada = known_as("ada", at(-10));
  for (int i = 0; i < 4; ++i)
    did(ada, "order_paid", at(-3), R"({"items": )" + std::to_string(i) + "}");
  did(ada, "product_viewed", at(-1));
  EventsPage page{.limit = 3};
  std::string out;
  for (int i = 0; i < 3; ++i) {
    const auto events = database().read(
        [&](store::Session& session) { return page_of(session, *log_, ada, page); });
    for (const event_log::Event& event : events) {
      if (event.type == type("order_paid")) out += event.properties;
      page.before = event.time;
      page.before_position = event.position;
    }
    out += "|";
  }
  EXPECT_EQ(out, R"({"items":3}{"items":2}|{"items":1}{"items":0}||)");
}

// Pages of a part of the past against all of it, gone through.
TEST_P(SqlHistoriesTest, APageShowsOnlyWhatIsAskedFor) {
  const CustomerId ada = known_as("ada", at(-30));
  const CustomerId bob = known_as("bob", at(-30));
  for (int i = 0; i < 40; ++i) {
    did(i % 5 == 0 ? bob : ada, i % 3 == 0 ? "order_paid" : "product_viewed", at(-i % 7 - 1));
  }
  const auto pages = [&](EventsPage page) {
    std::vector<event_log::Event> all;
    for (std::size_t before = 1; before > 0;) {
      const auto some = database().read(
          [&](store::Session& session) { return page_of(session, *log_, ada, page); });
      before = some.size();
      for (const event_log::Event& event : some) {
        all.push_back(event);
        page.before = event.time;
        page.before_position = event.position;
      }
    }
    return all;
  };
  const auto whole = pages({.limit = 1000});
  const std::int64_t shop = *database().read(
      [&](store::Session& session) { return log_->source_named(session, "shop"); });
  for (const bool of_type : {false, true}) {
    for (const bool of_source : {false, true}) {
      for (const Moment from : {base::kMomentMin, at(-5)}) {
        EventsPage page{.limit = 3, .before = at(-2), .from = from};
        if (of_type) page.type = type("order_paid");
        if (of_source) page.source = shop;
        std::vector<event_log::Position> expected;
        for (const event_log::Event& event : whole) {
          const bool fits = event.time >= from && event.time < at(-2) &&
                            (!of_type || event.type == *page.type) &&
                            (!of_source || event.source == shop);
          if (fits) expected.push_back(event.position);
        }
        std::vector<event_log::Position> found;
        for (const event_log::Event& event : pages(page)) found.push_back(event.position);
        EXPECT_FALSE(found.empty());
        EXPECT_EQ(found, expected) << of_type << of_source;
      }
    }
  }
}

}  // namespace
}  // namespace timeline
