// The analysts' views hold what the modules answer: over random lives with merges and their undo,
// imports taken back and erasures, with orders, and test accounts among them; on both databases.
// Their columns are pinned: docs/sql.md promises that they stay.
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <iterator>
#include <map>
#include <optional>
#include <set>

#include "analyst.h"
#include "base/value_json.h"
#include "customer/identity.h"
#include "customer/merge.h"
#include "customer/person.h"
#include "customer/record.h"
#include "customer/test_account.h"
#include "log/batch.h"
#include "log/reader.h"
#include "order/order.h"
#include "order/projection.h"
#include "server/order_persons.h"
#include "store/test_database.h"
#include "told_life.h"

namespace random_life {
namespace {

namespace json = boost::json;
using base::CustomerId;
using base::Moment;
using Lines = std::multiset<std::string>;

constexpr std::uint64_t kSeeds = 3;
constexpr int kLivesPerSeed = 60;
constexpr int kOrderEventsPerSeed = 120;

// Numbers alike, whatever kind of number the parser made of them.
std::string normal(const json::value& value) {
  if (value.is_number() && !value.is_double()) {
    return json::serialize(json::value(value.to_number<double>()));
  }
  if (!value.is_object()) return json::serialize(value);
  std::map<std::string, std::string> members;
  for (const auto& [name, member] : value.get_object()) members[name] = normal(member);
  std::string out = "{";
  for (const auto& [name, member] : members) out += json::serialize(name) + ":" + member + ",";
  return out + "}";
}
std::string normal(std::string_view text) { return normal(json::parse(text)); }

std::string utc(Moment moment) { return base::to_text(base::Value(moment)); }
std::string with_utc(std::int64_t ms) { return std::to_string(ms) + " " + utc({ms}); }
std::string with_utc(const std::optional<Moment>& moment) {
  return moment ? with_utc(moment->ms) : "- -";
}
std::string number(const std::optional<std::int64_t>& given) {
  return given ? std::to_string(*given) : "-";
}
std::string line(const std::vector<std::string>& cells) {
  std::string out;
  for (const std::string& each : cells) out += (out.empty() ? "" : " ") + each;
  return out;
}

// What is in one of them alone, "" when they are the same.
std::string difference(const Lines& expected, const Lines& seen) {
  std::string out;
  const auto tell = [&](const Lines& from, const Lines& other, const char* what) {
    std::vector<std::string> only;
    std::ranges::set_difference(from, other, std::back_inserter(only));
    for (const std::string& each : only) out += what + each + "\n";
  };
  tell(expected, seen, "missing: ");
  tell(seen, expected, "unexpected: ");
  return out;
}

class Views : public store::DatabaseTest {
 protected:
  void SetUp() override {
    DatabaseTest::SetUp();
    if (IsSkipped()) return;
    log_.emplace(database());
    log_->prepare(kStart, random_);
    hashes_ = GetParam() == store::Dialect::sqlite
                  ? customer::open_erased_hashes(test_database().place(), random_)
                  : customer::erased_hashes_table(random_);
    audience::declare_something_of_everything(names_);
    teller_.emplace(database(), *log_, names_, *hashes_);
    teller_->declare(kStart, zone_);
    projection_.emplace(order::Projection::Means{database(), *log_, persons_});
  }
  void TearDown() override {
    projection_.reset();
    teller_.reset();
    DatabaseTest::TearDown();
  }

  // Lives of all sorts; orders on who is left of them; some of those merged, erased, marked.
  void live(std::uint64_t seed) {
    std::mt19937_64 random(seed);
    const auto living = tell(seed);
    ASSERT_GT(living.size(), 30U);
    const auto anybody = [&] { return living[random() % living.size()]; };
    std::vector<event_log::NewEvent> events;
    for (int i = 0; i < kOrderEventsPerSeed; ++i) {
      events.push_back(order_event(anybody(), random, "s" + std::to_string(seed)));
    }
    append(events, std::nullopt);
    take_back(events, base::BatchId{static_cast<std::int64_t>(1'000 + seed)});
    for (int i = 0; i < 4; ++i) mark(anybody());
    write([&](customer::Writing& writing) {
      for (int i = 0; i < 6; ++i) (void)customer::merge(writing, anybody(), anybody());
      for (int i = 0; i < 3; ++i) (void)customer::erase(writing, *hashes_, random_, anybody());
    });
    ASSERT_TRUE(projection_->catch_up({60'000}).fresh);
  }

  Lines rows(const std::string& query, const std::set<int>& json_columns = {}) {
    Lines lines;
    for (analyst::Cells& cells : analyst::ask(test_database(), query, columns_)) {
      for (const int column : json_columns) {
        cells[static_cast<std::size_t>(column)] = normal(cells[static_cast<std::size_t>(column)]);
      }
      lines.insert(line(cells));
    }
    return lines;
  }
  // "name type, …" of the database's own catalog.
  std::string columns_of(const std::string& view) {
    const std::string sqlite = "select name, '' from pragma_table_info('" + view + "')";
    const std::string postgresql =
        "select column_name, data_type from information_schema.columns where table_name = '" +
        view + "' order by ordinal_position";
    std::string out;
    const bool is_sqlite = GetParam() == store::Dialect::sqlite;
    for (const auto& row : analyst::ask(test_database(), is_sqlite ? sqlite : postgresql, 2)) {
      out += (out.empty() ? "" : ", ") + row[0];
      if (row[1] == "json") out += " json";
    }
    return out;
  }
  void expect_columns(const std::string& view, const std::string& sqlite,
                      const std::string& json_column) {
    const bool is_json = GetParam() == store::Dialect::postgresql && !json_column.empty();
    const std::string last = json_column.empty() ? "" : ", " + json_column;
    EXPECT_EQ(columns_of(view), sqlite + last + (is_json ? " json" : "")) << view;
  }

  // Of a person, whoever of theirs is asked for.
  std::map<CustomerId, CustomerId> persons(store::Session& session) {
    std::map<CustomerId, CustomerId> found;
    customer::each_customer(
        session, [&](const customer::Customer& each) { found.emplace(each.id, each.person); });
    return found;
  }
  std::set<CustomerId> test_persons(store::Session& session) {
    std::set<CustomerId> found;
    for (const auto& [id, person] : persons(session)) {
      if (marked_.contains(id)) found.insert(person);
    }
    return found;
  }

  int columns_ = 0;
  base::Zone zone_ = *base::Zone::named("America/New_York");
  std::optional<event_log::Log> log_;
  const server::OrderPersons persons_;
  std::optional<order::Projection> projection_;

 private:
  static constexpr Moment kStart{1'770'000'000'000};

  // Every id of the people who are left.
  std::vector<CustomerId> tell(std::uint64_t seed) {
    const auto day = [&](base::Date date) { return zone_.start_of(base::day_of(date)); };
    const Period period{day({2026, 2, 10}), day({2026, 4, 1}), {day({2026, 3, 8})}};
    RandomLives lives(names_, period, seed);
    std::vector<Life> told;
    std::vector<Ending> endings;
    for (int i = 0; i < kLivesPerSeed; ++i) {
      told.push_back(lives.next());
      Ending ending;
      ending.facts_before_merge = told.back().facts.size() / 2;
      ending.unmerged = i % 10 == 9;
      ending.erased = i % 7 == 1;
      if (i % 3 == 0) ending.noise = {told.back().facts.begin(), told.back().facts.end()};
      std::erase_if(ending.noise, [](const Fact& fact) { return fact.membership.has_value(); });
      endings.push_back(std::move(ending));
    }
    std::vector<CustomerId> living;
    for (const Told& each : teller_->tell(std::move(told), std::move(endings))) {
      for (const Expected& expected : expected_of(each)) {
        if (expected.history) living.insert(living.end(), expected.ids.begin(), expected.ids.end());
      }
    }
    return living;
  }

  static event_log::NewEvent order_event(CustomerId customer, std::mt19937_64& random,
                                         const std::string& shop) {
    constexpr const char* kNames[] = {"order_created",  "order_paid",     "order_paid",
                                      "order_refunded", "order_shipped",  "order_closed",
                                      "order_received", "product_viewed", "order_refunded"};
    event_log::NewEvent event{customer, kNames[random() % std::size(kNames)], kStart, {}, {}, {}};
    event.time = kStart + base::Duration{static_cast<std::int64_t>(random() % 9'000'000'000)};
    if (random() % 8 != 0) event.properties["order_id"] = shop + std::to_string(random() % 40);
    if (random() % 8 != 0) {
      event.properties["amount"] =
          base::value_to_json(base::Money{static_cast<std::int64_t>(random() % 30'000)});
    }
    if (random() % 2 != 0) event.properties["sku_list"] = {"茶\"|\\", "b"};
    if (random() % 3 == 0) event.properties["coupon"] = "新人券";
    if (random() % 3 == 0) event.properties["items"] = 3;
    return event;
  }
  void append(const std::vector<event_log::NewEvent>& events, std::optional<base::BatchId> batch) {
    database().write("test.append", [&](store::Unit& unit) {
      const event_log::Origin origin{.source = "shop", .now = kStart, .batch = batch};
      ASSERT_TRUE(log_->append(unit, origin, events).has_value());
    });
  }
  // Imported and hidden: its rows still stand in the log.
  void take_back(std::vector<event_log::NewEvent> events, base::BatchId batch) {
    for (auto& event : events) event.time = event.time + base::Duration{1};
    database().write("test.import", [&](store::Unit& unit) {
      event_log::begin_batch(unit, {batch, "events", "f.csv", "test", kStart});
    });
    append(events, batch);
    database().write("test.undo", [&](store::Unit& unit) {
      ASSERT_TRUE(event_log::begin_undo(*log_, unit, batch, kStart).has_value());
    });
  }
  void mark(CustomerId customer) {
    marked_.insert(customer);
    write([&](customer::Writing& writing) {
      ASSERT_TRUE(customer::set_test_account(writing, customer).has_value());
    });
  }
  template <typename Work>
  void write(const Work& work) {
    database().write("test.write", [&](store::Unit& unit) {
      customer::WritingOptions options;
      options.actor = {.kind = rights::ActorKind::system, .id = 0};
      options.now = kStart;
      options.source = "test";
      customer::Writing writing(unit, *log_, options);
      work(writing);
    });
  }

  base::SeededRandom random_{5};
  std::unique_ptr<customer::ErasedHashes> hashes_;
  audience::MemoryNames names_;
  std::optional<Teller> teller_;
  std::set<CustomerId> marked_;
};
INSTANTIATE_TEST_SUITE_P(Both, Views, store::kBothDatabases, store::dialect_name);

std::string flag(bool is_on) { return is_on ? "1" : "0"; }

TEST_P(Views, CustomersAreTheRecords) {
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) live(seed);
  Lines expected;
  database().read([&](store::Session& session) {
    const auto tests = test_persons(session);
    for (const auto& [id, person] : persons(session)) {
      if (id != person) continue;
      const auto record = customer::record_of(session, person);
      json::object attributes;
      for (const auto& value : record->attributes) {
        if (value.value) attributes[value.name] = base::value_to_json(*value.value);
      }
      expected.insert(
          line({std::to_string(person.value), record->key, with_utc(record->created_at.ms),
                flag(tests.contains(person)), normal(attributes)}));
    }
  });
  columns_ = 6;
  EXPECT_EQ(difference(expected,
                       rows("select customer, key, created_at, created_at_utc, is_test, attributes "
                            "from v_customers",
                            {5})),
            "");
  EXPECT_GT(expected.size(), 100U);
  expect_columns("v_customers", "customer, key, created_at, created_at_utc, source, is_test",
                 "attributes");
}

TEST_P(Views, EventsAreTheVisibleOnes) {
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) live(seed);
  Lines expected;
  std::size_t tests_events = 0;
  database().read([&](store::Session& session) {
    const auto tests = test_persons(session);
    const auto people = persons(session);
    const auto types = log_->catalog().of(session);
    const auto reading = event_log::read_after(session, {}, event_log::kReadEventsMax);
    ASSERT_FALSE(reading.more);
    for (const event_log::Event& event : reading.events) {
      const CustomerId person = people.at(event.customer);
      tests_events += tests.contains(person);
      expected.insert(line({event_log::to_text(event.position),
                            std::to_string(event.position.sequence), std::to_string(person.value),
                            types->find(event.type)->name, with_utc(event.time.ms),
                            with_utc(event.arrived.ms), log_->source_name(session, event.source),
                            flag(event.liveness == event_log::Liveness::live),
                            event.batch ? std::to_string(event.batch->value) : "-",
                            flag(tests.contains(person)), normal(event.properties)}));
    }
  });
  columns_ = 13;
  EXPECT_EQ(difference(expected, rows("select * from v_events", {12})), "");
  EXPECT_GT(expected.size(), 2'000U);
  EXPECT_GT(tests_events, 20U);
  expect_columns("v_events",
                 "position, sequence, customer, name, time, time_utc, arrived_at, arrived_at_utc, "
                 "source, live, import_id, is_test",
                 "properties");
}

TEST_P(Views, OrdersAreTheProjected) {
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) live(seed);
  Lines expected;
  database().read([&](store::Session& session) {
    const auto tests = test_persons(session);
    const auto people = persons(session);
    const auto page = order::orders(session, {}, {}, order::kOrdersPageMax);
    ASSERT_FALSE(page.next.has_value());
    for (const order::Order& each : page.orders) {
      const CustomerId person = people.at(each.customer);
      std::vector<std::string> cells = {each.id, std::to_string(person.value),
                                        std::string(order::name_of(each.state)),
                                        with_utc(each.placed_at.ms)};
      for (const auto& when : each.when) cells.push_back(with_utc(when));
      const std::int64_t net = each.paid.cents - each.refunded.cents;
      const auto asked = each.amount ? std::optional(each.amount->cents) : std::nullopt;
      cells.insert(cells.end(),
                   {number(asked), number(each.paid.cents), number(each.refunded.cents),
                    number(net), number(each.items), each.coupon.empty() ? "-" : each.coupon,
                    flag(tests.contains(person)),
                    normal(base::value_to_json(base::TextList(each.sku_list)))});
      expected.insert(line(cells));
    }
  });
  columns_ = 25;
  EXPECT_EQ(difference(expected, rows("select * from v_orders", {24})), "");
  EXPECT_GT(expected.size(), 80U);
  expect_columns("v_orders",
                 "id, customer, state, placed_at, placed_at_utc, created_at, created_at_utc, "
                 "paid_at, paid_at_utc, shipped_at, shipped_at_utc, received_at, received_at_utc, "
                 "refunded_at, refunded_at_utc, closed_at, closed_at_utc, amount_cents, "
                 "paid_cents, refunded_cents, net_cents, items, coupon, is_test",
                 "sku_list");
}

// By quarters of an hour, as /revenue adds them up.
TEST_P(Views, PaymentsComeToTheNetRevenue) {
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) live(seed);
  const Moment from = order::bucket_of({1'770'000'000'000});
  std::vector<Moment> borders;
  for (int day = 0; day <= 110; ++day)
    borders.push_back(from + base::Duration{day * base::kDay.ms});
  Lines expected;
  database().read([&](store::Session& session) {
    for (const order::Period& period : order::revenue(session, borders)) {
      if (period.payments == 0 && period.refunded.cents == 0) continue;
      expected.insert(line({number(period.from.ms), number(period.paid.cents),
                            number(period.refunded.cents), number(period.net().cents)}));
    }
  });
  columns_ = 4;
  const std::string begin = std::to_string(from.ms);
  EXPECT_EQ(
      difference(
          expected,
          rows("select " + begin + " + (time - " + begin +
               ") / 86400000 * 86400000 as day, "
               "sum(case when kind = 'paid' then amount_cents else 0 end), "
               "sum(case when kind = 'refunded' then amount_cents else 0 end), sum(net_cents) "
               "from v_payments where is_test = 0 and time >= " +
               begin + " and time < " + std::to_string(borders.back().ms) +
               " group by 1 "
               "having sum(case when kind = 'paid' then 1 else 0 end) > 0 "
               "or sum(case when kind = 'refunded' then amount_cents else 0 end) <> 0")),
      "");
  EXPECT_GT(expected.size(), 50U);
  expect_columns("v_payments",
                 "order_id, customer, kind, time, time_utc, amount_cents, net_cents, is_test", "");
}

TEST_P(Views, TagsAreThoseThePersonHas) {
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) live(seed);
  Lines expected;
  database().read([&](store::Session& session) {
    const auto tests = test_persons(session);
    for (const auto& [id, person] : persons(session)) {
      if (id != person) continue;
      for (const customer::TagOn& on : customer::tags_of(session, person)) {
        expected.insert(
            line({std::to_string(person.value), on.tag.group_name, on.tag.name,
                  with_utc(on.since.ms), on.source, on.by, flag(tests.contains(person))}));
      }
    }
  });
  columns_ = 8;
  EXPECT_EQ(difference(expected, rows("select * from v_tags")), "");
  EXPECT_GT(expected.size(), 50U);
  expect_columns("v_tags", "customer, tag_group, tag, since, since_utc, source, by_whom, is_test",
                 "");
}

}  // namespace
}  // namespace random_life
