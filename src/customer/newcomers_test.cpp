#include "customer/newcomers.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "customer/customer_fixture.h"

namespace customer {
namespace {

// A newcomer that owns its texts.
struct Row {
  std::string kind;
  std::string key;
  base::CustomerId fresh;
  std::optional<base::Moment> created_at;
  std::optional<base::Moment> since;
  std::vector<std::pair<std::string, std::string>> identities = {};  // kind, value
  std::vector<NewValue> values = {};
};

class NewcomersTest : public CustomerTest {
 protected:
  std::vector<bool> made_of(event_log::Log& log, store::Database& database,
                            const std::vector<Row>& rows) {
    std::vector<std::vector<IdentityRef>> identities;
    for (const Row& row : rows) {
      identities.emplace_back();
      for (const auto& [kind, value] : row.identities) identities.back().push_back({kind, value});
    }
    std::vector<Newcomer> newcomers;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const Row& row = rows[i];
      newcomers.push_back({.named_by = {row.kind, row.key},
                           .fresh = row.fresh,
                           .created_at = row.created_at,
                           .identities = identities[i],
                           .since = row.since,
                           .values = row.values});
    }
    const auto made = database.write("test.newcomers", [&](store::Unit& unit) {
      Writing writing(unit, log, options());
      return make_newcomers(writing, newcomers);
    });
    EXPECT_TRUE(made.has_value());
    return made ? *made : std::vector<bool>(rows.size());
  }

  // The same one thing after the other; a refusal leaves nothing.
  bool write_alone(event_log::Log& log, store::Database& database, const Row& row) {
    const auto done =
        database.write("test.row", [&](store::Unit& unit) -> base::Result<void, Error> {
          Writing writing(unit, log, options());
          const auto who = find_or_create(writing, {row.kind, row.key}, row.fresh, row.created_at);
          if (!who) return base::unexpected(who.error());
          for (const auto& [kind, value] : row.identities) {
            const auto added = add_identity(writing, who->found.customer, {kind, value}, row.since);
            if (!added) return base::unexpected(added.error());
          }
          const auto set = set_attributes(writing, who->found.customer, row.values);
          if (!set) return base::unexpected(set.error());
          return {};
        });
    return done.has_value();
  }
};

// Everything of customers but positions; events of each customer in their order.
std::string dump(store::Database& database) {
  constexpr std::array<std::string_view, 6> kTables = {
      "select id, created_at, arrived_at, source, by_whom, batch from customer order by id",
      "select kind, account, normal, value, customer, since, arrived_at, source, by_whom "
      "from identity order by kind, account, normal",
      "select name, type, declared, wrong_type_count from attribute order by name",
      "select v.customer, a.name, v.value, v.raw, v.since, v.source, v.by_whom "
      "from attribute_value v join attribute a on a.id = v.attribute order by 1, 2",
      "select customer, term from customer_term order by customer, term",
      "select customer, verb, before_json, after_json from audit where noun = 'customer' "
      "order by customer, verb, after_json"};
  std::ostringstream out;
  database.read([&](store::Session& session) {
    for (const std::string_view table : kTables) {
      const auto columns = std::ranges::count(table.substr(0, table.find(" from")), ',') + 1;
      session.query(table, {}, [&](const store::Row& row) {
        for (int i = 0; i < columns; ++i) {
          out << (row.is_null(i) ? "-" : std::string(row.text(i))) << '|';
        }
        out << '\n';
      });
      out << '\n';
    }
    std::map<std::int64_t, std::string> events;
    session.query(
        "select e.customer, t.name, e.time, e.properties from event e "
        "join event_type t on t.id = e.type order by e.epoch, e.transaction_id, e.sequence",
        {}, [&](const store::Row& row) {
          std::string& told = events[row.integer(0)];
          for (int i = 1; i < 4; ++i) told += std::string(row.text(i)) + "|";
          told += "\n";
        });
    for (const auto& [customer, told] : events) out << customer << ":\n" << told;
  });
  return out.str();
}

// Rows that share keys and phones now and then, as files do.
class RandomRows {
 public:
  explicit RandomRows(std::uint64_t seed) : random_(seed) {}

  Row next() {
    Row row{.kind = one_in(4) ? "phone" : "customer",
            .key = {},
            .fresh = {random_.id()},
            .created_at = moment(),
            .since = moment()};
    row.key = row.kind == "phone" ? phone() : key();
    if (one_in(2)) row.identities.emplace_back("phone", phone());
    if (one_in(5)) row.identities.emplace_back("member_number", "m" + number(400));
    if (one_in(30)) row.identities.emplace_back("shoe", "44");  // there is no such kind
    if (one_in(2)) add(row, "name", base::Value(names_[random_.next() % names_.size()]));
    if (one_in(3)) add(row, "nickname", base::Value(names_[random_.next() % names_.size()]));
    if (one_in(2)) add(row, "level", base::Value(std::int64_t(random_.next() % 5)));
    if (one_in(8)) add(row, "level", base::Value(std::string("gold")));
    if (one_in(9)) add(row, "city", std::nullopt);
    if (one_in(9)) add(row, " city ", base::Value(std::string("杭州")));
    return row;
  }

 private:
  bool one_in(std::uint64_t n) { return random_.next() % n == 0; }
  std::string number(std::uint64_t below) { return std::to_string(random_.next() % below); }
  std::string key() { return one_in(40) ? "c_" + number(9) : "k" + number(900); }
  std::string phone() {
    const std::string tail = std::to_string(1000 + random_.next() % 700);
    if (one_in(30)) return "no phone";
    return (one_in(3) ? "+86 138 0013 " : "1380013") + tail;
  }
  std::optional<base::Moment> moment() {
    if (one_in(60)) return base::Moment{-1};  // refused
    if (one_in(2)) return std::nullopt;
    return base::Moment{1'700'000'000'000 +
                        std::int64_t(random_.next() % 1000) * base::kDay.ms / 9};
  }
  static void add(Row& row, std::string name, std::optional<base::Value> value) {
    row.values.push_back({std::move(name), std::move(value), {}, row.since});
  }

  base::SeededRandom random_;
  const std::vector<std::string> names_ = {"张晓明", "单 伟", "Anna Li", "明明", "", "曾子墨"};
};

TEST_P(NewcomersTest, AreWhatOneAfterTheOtherMakesOfThem) {
  for (const std::uint64_t seed : {1, 2, 3}) {
    store::TestDatabase here(GetParam());
    store::TestDatabase there(GetParam());
    event_log::Log log_here(here.get());
    event_log::Log log_there(there.get());
    base::SeededRandom ids(5);
    log_here.prepare(kNow, ids);
    log_there.prepare(kNow, ids);
    RandomRows random(seed);
    std::size_t together = 0;
    for (const std::size_t size : {1, 60, 3, 200, 40}) {
      std::vector<Row> rows(size);
      for (Row& row : rows) row = random.next();
      const std::vector<bool> made = made_of(log_here, here.get(), rows);
      for (std::size_t i = 0; i < rows.size(); ++i) {
        if (!made[i]) continue;
        ++together;
        EXPECT_TRUE(write_alone(log_there, there.get(), rows[i])) << rows[i].key;
      }
      for (std::size_t i = 0; i < rows.size(); ++i) {
        if (made[i]) continue;
        EXPECT_EQ(write_alone(log_here, here.get(), rows[i]),
                  write_alone(log_there, there.get(), rows[i]))
            << rows[i].key;
      }
      ASSERT_EQ(dump(here.get()), dump(there.get())) << "seed " << seed << ", rows " << size;
    }
    EXPECT_GT(together, 100U);
  }
}

TEST_P(NewcomersTest, WhoIsKnownOrSharesIsLeftToTheCaller) {
  known_as("a");
  give(person_of("a"), "phone", "13800138000");
  const std::vector<Row> rows = {{"customer", "a", fresh(), {}, {}},
                                 {"customer", "b", fresh(), {}, {}, {{"phone", "+86 13800138000"}}},
                                 {"customer", "c", fresh(), {}, {}, {{"phone", "13900139000"}}},
                                 {"customer", "d", fresh(), {}, {}, {{"phone", "139 0013 9000"}}},
                                 {"customer", "c_17", fresh(), {}, {}},
                                 {"customer", "e", fresh(), {}, {}, {{"phone", "13700137000"}}},
                                 {"customer", "e2", fresh(), {}, {}, {{"shoe", "44"}}},
                                 {"phone", "13600136000", fresh(), base::Moment{-1}, {}},
                                 {"customer", "f", fresh(), {}, {}}};
  EXPECT_EQ(made_of(*log_, database(), rows),
            (std::vector<bool>{false, false, false, false, false, true, false, false, true}));
  EXPECT_EQ(person_of("e"), rows[5].fresh);
  EXPECT_EQ(found("phone", "13700137000")->person, rows[5].fresh);
  EXPECT_FALSE(person_of("b"));
  EXPECT_FALSE(person_of("c"));
}

TEST_P(NewcomersTest, ARefusalNamesWhoseItIs) {
  write([&](Writing& writing) {
    for (std::size_t i = 0; i < kAttributesMax; ++i) {
      EXPECT_TRUE(declare_attribute(writing, "n" + std::to_string(i), base::ValueType::text));
    }
  });
  const NewValue value{"one more", base::Value(std::string("x")), {}, {}};
  const std::vector<Newcomer> newcomers = {
      {.named_by = {"customer", "a"}, .fresh = fresh()},
      {.named_by = {"customer", "b"}, .fresh = fresh(), .values = std::span(&value, 1)}};
  const auto made = write([&](Writing& writing) { return make_newcomers(writing, newcomers); });
  ASSERT_FALSE(made.has_value());
  EXPECT_EQ(made.error().index, 1U);
  EXPECT_EQ(made.error().error.fault, Fault::too_many_names);
  EXPECT_FALSE(person_of("a"));
}

// Several at once make each customer once.
TEST_P(NewcomersTest, ComeOnceWhoeverIsFaster) {
  std::atomic<int> made = 0;
  together([&](std::size_t thread) {
    std::vector<Row> rows;
    for (int i = 0; i < 20; ++i) {
      const std::string name = std::to_string((i * 7 + static_cast<int>(thread)) % 20);
      rows.push_back({"customer", "k" + name, fresh(), {}, {}, {{"phone", "1380013800" + name}}});
    }
    for (const bool each : made_of(*log_, database(), rows)) made += each ? 1 : 0;
  });
  EXPECT_EQ(made, 20);
}

INSTANTIATE_TEST_SUITE_P(Both, NewcomersTest, store::kBothDatabases, store::dialect_name);

}  // namespace
}  // namespace customer
