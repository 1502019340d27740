// What docs/sql.md says: its queries give its answers on both databases, the file may be read
// beside the program that writes it, and a role that may read the views may read nothing else.
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "analyst.h"
#include "base/value.h"
#include "customer/attribute.h"
#include "customer/identity.h"
#include "customer/tag.h"
#include "customer/test_account.h"
#include "log/log.h"
#include "order/projection.h"
#include "server/order_persons.h"
#include "store/test_database.h"

namespace {

using base::CustomerId;
using base::Moment;

struct Asked {
  std::string of;  // "", "sqlite" or "postgresql"
  std::string query;
};
struct Example {
  std::vector<Asked> asked;
  std::string answer;
};

// Blocks of sql, one for each database where they differ, then one of text.
std::vector<Example> examples() {
  std::vector<Example> found;
  std::ifstream page(SQL_PAGE);
  std::string line, kind, block;
  bool is_inside = false;
  Example example;
  while (std::getline(page, line)) {
    if (!line.starts_with("```")) {
      if (is_inside) block += line + "\n";
    } else if (!is_inside) {
      is_inside = true;
      kind = line.substr(3);
      block.clear();
    } else {
      is_inside = false;
      if (kind == "text") {
        example.answer = block;
        found.push_back(std::exchange(example, {}));
      } else {
        example.asked.push_back({kind.size() > 4 ? kind.substr(4) : "", block});
      }
    }
  }
  return found;
}

class SqlPage : public store::DatabaseTest {
 protected:
  void SetUp() override {
    DatabaseTest::SetUp();
    if (IsSkipped()) return;
    log_.emplace(database());
    log_->prepare(kNow, random_);
    projection_.emplace(order::Projection::Means{database(), *log_, persons_});
    fill();
  }
  void TearDown() override {
    projection_.reset();
    DatabaseTest::TearDown();
  }

  std::string answer_to(const std::string& query, int columns) {
    std::string out;
    for (const analyst::Cells& row : analyst::ask(test_database(), query, columns)) {
      for (std::size_t i = 0; i < row.size(); ++i) out += (i == 0 ? "" : " | ") + row[i];
      out += "\n";
    }
    return out;
  }
  bool sqlite() const { return GetParam() == store::Dialect::sqlite; }

 private:
  static constexpr Moment kNow{1'772'000'000'000};  // 2026-02-25

  void fill() {
    database().write("test.fill", [&](store::Unit& unit) {
      customer::WritingOptions options;
      options.actor = {.kind = rights::ActorKind::user, .id = 7};
      options.now = kNow;
      options.source = "api";
      customer::Writing writing(unit, *log_, options);
      person(writing, "wang", "杭州", "等级/VIP");
      person(writing, "li", "上海", "等级/普通");
      person(writing, "tester", "杭州", "等级/普通");
      ASSERT_TRUE(customer::set_test_account(writing, ids_.at("tester")).has_value());
      tell(unit, "wang", "order_paid", "2026-01-10T08:00:00+08:00",
           R"({"order_id":"T-1","amount":"90.00"})");
      tell(unit, "li", "order_paid", "2026-01-11T23:59:59+08:00",
           R"({"order_id":"T-2","amount":"50.00"})");
      tell(unit, "li", "order_refunded", "2026-01-12T00:00:00+08:00",
           R"({"order_id":"T-2","amount":"50.00"})");
      tell(unit, "wang", "order_paid", "2026-02-03T12:00:00+08:00",
           R"({"order_id":"T-3","amount":"120.50"})");
      tell(unit, "tester", "order_paid", "2026-02-03T12:00:00+08:00",
           R"({"order_id":"T-4","amount":"999.00"})");
      for (const char* who : {"wang", "wang", "li", "tester"}) {
        tell(unit, who, "product_viewed", "2026-02-01T12:00:00+08:00",
             R"({"sku":"L1","product":"龙井"})");
      }
      tell(unit, "li", "product_viewed", "2026-02-01T12:00:00+08:00",
           R"({"sku":"P1","product":"普洱"})");
    });
    ASSERT_TRUE(projection_->catch_up({60'000}).fresh);
  }
  void person(customer::Writing& writing, const std::string& key, const std::string& city,
              const std::string& tag) {
    const CustomerId id{static_cast<std::int64_t>(ids_.size()) + 1};
    ids_[key] = id;
    const customer::NewValue home{"city", base::Value(city), {}, std::nullopt};
    ASSERT_TRUE(customer::find_or_create(writing, {"customer", key}, id, kNow).has_value());
    ASSERT_TRUE(customer::set_attributes(writing, id, std::span(&home, 1)).has_value());
    const auto declared = customer::declare_tag(writing, tag);
    ASSERT_TRUE(declared.has_value());
    ASSERT_TRUE(customer::add_tag(writing, id, declared->id, std::nullopt).has_value());
  }
  void tell(store::Unit& unit, const std::string& who, std::string name, std::string_view when,
            std::string_view properties) {
    const auto time = base::parse_value(base::ValueType::time, when, nullptr);
    const event_log::NewEvent event{ids_.at(who),
                                    std::move(name),
                                    std::get<Moment>(*time),
                                    boost::json::parse(properties).as_object(),
                                    {},
                                    {}};
    const event_log::Origin origin{.source = "api", .now = kNow};
    ASSERT_TRUE(log_->append(unit, origin, event).has_value());
  }

  base::SeededRandom random_{5};
  std::optional<event_log::Log> log_;
  const server::OrderPersons persons_;
  std::optional<order::Projection> projection_;
  std::map<std::string, CustomerId> ids_;
};
INSTANTIATE_TEST_SUITE_P(Both, SqlPage, store::kBothDatabases, store::dialect_name);

TEST_P(SqlPage, ItsQueriesGiveItsAnswers) {
  const auto page = examples();
  ASSERT_EQ(page.size(), 5U);
  for (const Example& example : page) {
    int asked = 0;
    for (const Asked& each : example.asked) {
      if (!each.of.empty() && each.of != (sqlite() ? "sqlite" : "postgresql")) continue;
      const std::string first = example.answer.substr(0, example.answer.find('\n'));
      int columns = 1;
      for (std::size_t at = first.find(" | "); at != std::string::npos;
           at = first.find(" | ", at + 1)) {
        ++columns;
      }
      EXPECT_EQ(answer_to(each.query, columns), example.answer) << each.query;
      ++asked;
    }
    EXPECT_EQ(asked, 1) << example.answer;
  }
}

TEST_P(SqlPage, TheFileIsReadBesideTheProgram) {
  if (!sqlite()) GTEST_SKIP() << "there is a file on SQLite alone";
  analyst::File file(test_database().place());
  EXPECT_EQ(file.ask("select count(*), sum(is_test) from v_customers"),
            (std::vector<analyst::Cells>{{"3", "1"}}));
  database().write("test.more",
                   [](store::Unit& unit) { unit.execute("delete from test_account", {}); });
  EXPECT_EQ(file.ask("select count(*), sum(is_test) from v_customers"),
            (std::vector<analyst::Cells>{{"3", "0"}}));
  EXPECT_THROW(file.ask("delete from customer"), std::runtime_error);
}

TEST_P(SqlPage, ARoleMayReadTheViewsAlone) {
  if (sqlite()) GTEST_SKIP() << "there are roles on PostgreSQL alone";
  const auto super = analyst::ask(
      test_database(), "select rolsuper::int from pg_roles where rolname = current_user", 1);
  if (super.front().front() != "1") GTEST_SKIP() << "only a superuser may play another role";
  const auto as_analyst = [&](std::string_view query) -> std::string {
    std::string answer;
    try {
      // Undone as a whole: roles are the server's, not the database's.
      (void)database().write("test.role", [&](store::Unit& unit) -> base::Result<int, int> {
        unit.execute("create role siyu_test_analyst", {});
        unit.execute("grant usage on schema public to siyu_test_analyst", {});
        unit.execute(
            "grant select on v_customers, v_events, v_orders, v_payments, v_tags "
            "to siyu_test_analyst",
            {});
        unit.execute("set local role siyu_test_analyst", {});
        unit.query(query, {}, [&](const store::Row& row) { answer = row.text(0); });
        return base::unexpected(0);
      });
    } catch (const store::Failure& failure) {
      return std::string(code_of(failure.kind()));
    }
    return answer;
  };
  EXPECT_EQ(as_analyst("select count(attributes->>'city') from v_customers"), "3");
  EXPECT_EQ(as_analyst("select max(time_utc) from v_payments"), "2026-02-03T04:00:00.000Z");
  EXPECT_EQ(as_analyst("select count(*) from v_events where properties->>'sku' = 'P1'"), "1");
  EXPECT_EQ(as_analyst("select count(*) from v_orders"), "4");
  EXPECT_EQ(as_analyst("select count(*) from v_tags"), "3");
  for (const char* table : {"customer", "identity", "event", "attribute_value", "order_fact"}) {
    EXPECT_EQ(as_analyst(std::string("select count(*) from ") + table), "store.misuse") << table;
  }
}

}  // namespace
