#include "account/assignment.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "account/account_fixture.h"

namespace account {
namespace {

using Ids = std::vector<std::int64_t>;

Ids sorted(const std::vector<base::CustomerId>& customers) {
  Ids ids;
  for (const base::CustomerId customer : customers) ids.push_back(customer.value);
  std::ranges::sort(ids);
  return ids;
}

class AssignmentTest : public AccountTest {
 protected:
  void add_store(std::int64_t id, const std::string& code) {
    const auto done = change([&](const Change& by) {
      return account::add_store(by, {.id = base::StoreId{id}, .code = code, .name = "店" + code});
    });
    ASSERT_TRUE(done.has_value());
  }
  void add_staff(std::int64_t id, std::vector<base::StoreId> stores) {
    const auto done = change([&](const Change& by) {
      return account::add_staff(by, {.id = base::StaffId{id},
                                     .number = std::to_string(id),
                                     .name = "员工" + std::to_string(id),
                                     .stores = std::move(stores)});
    });
    ASSERT_TRUE(done.has_value());
  }
  void leave(std::int64_t id) {
    const auto done = change(
        [&](const Change& by) { return change_staff(by, {id}, {.state = StaffState::left}); });
    ASSERT_TRUE(done.has_value());
  }
  // The tables of `customer`, which this module only reads.
  void run(const std::string& sql) {
    database().write("test.sql", [&](store::Unit& unit) { unit.execute(sql, {}); });
  }
  void merge(std::int64_t gone, std::int64_t into) {
    run("insert into customer_alias (customer, into_customer, person, merged_at, source, by_whom)"
        " values (" +
        std::to_string(gone) + ", " + std::to_string(into) + ", " + std::to_string(into) +
        ", 0, 'test', 'test')");
  }
  std::string give(std::int64_t staff, std::int64_t customer) {
    const auto done =
        change([&](const Change& by) { return AssignedTo(by, {staff}).assign({customer}); });
    return done ? (*done ? "given" : "had") : std::string(code_of(done.error()));
  }
  std::string take(std::int64_t staff, std::int64_t customer) {
    const auto done =
        change([&](const Change& by) { return AssignedTo(by, {staff}).unassign({customer}); });
    return done ? (*done ? "taken" : "had not") : std::string(code_of(done.error()));
  }
  Ids own(std::int64_t staff) {
    return sorted(read([&](store::Session& s) { return sight_of_own(s, {staff}); }).assigned);
  }
  Ids of_stores(std::int64_t staff) {
    return sorted(read([&](store::Session& s) { return sight_of_stores(s, {staff}); }).assigned);
  }
};

TEST_P(AssignmentTest, HasFromAndTo) {
  add_staff(31, {});
  EXPECT_EQ(give(31, 5), "given");
  EXPECT_EQ(give(31, 5), "had");
  EXPECT_EQ(give(99, 5), "account.unknown_staff");
  const base::Moment first = now_;
  now_.ms += 1000;
  EXPECT_EQ(take(31, 5), "taken");
  EXPECT_EQ(take(31, 5), "had not");
  EXPECT_EQ(give(31, 5), "given");  // in the same millisecond
  auto told = read([](store::Session& session) { return assignments_of(session, {5}); });
  ASSERT_EQ(told.size(), 2u);
  EXPECT_EQ(told[0].from, now_);
  EXPECT_EQ(told[0].to, std::nullopt);
  EXPECT_EQ(told[0].name, "员工31");
  EXPECT_EQ(told[1].from, first);
  EXPECT_EQ(told[1].to, now_);
  EXPECT_EQ(told[1].by, "user:7");
  EXPECT_EQ(audited(),
            "created staff\nassigned customer\nunassigned customer\nassigned customer\n");

  const std::vector<base::CustomerId> ids = {{5}};
  database().write("test.erase", [&](store::Unit& unit) { erase(unit, ids); });
  EXPECT_EQ(own(31), Ids{});
  EXPECT_TRUE(read([](store::Session& session) { return assignments_of(session, {5}); }).empty());
}

TEST_P(AssignmentTest, IsReadOverThePerson) {
  add_staff(31, {});
  give(31, 5);
  give(31, 6);
  give(31, 7);
  merge(6, 5);
  EXPECT_EQ(own(31), (Ids{5, 7}));
  EXPECT_EQ(give(31, 5), "had");
  // One person: what was written on any of their ids ends.
  EXPECT_EQ(take(31, 5), "taken");
  EXPECT_EQ(own(31), Ids{7});
  run("delete from customer_alias");
  EXPECT_EQ(own(31), Ids{7});
  EXPECT_EQ(read([](store::Session& session) { return assignments_of(session, {6}); }).size(), 1u);
}

TEST_P(AssignmentTest, StoresShowTheCustomersOfTheirStaff) {
  add_store(21, "A");
  add_store(22, "B");
  add_staff(31, {{21}});
  add_staff(32, {{21}, {22}});
  add_staff(33, {{22}});
  add_staff(34, {});
  for (const std::int64_t staff : {31, 32, 33, 34}) give(staff, staff + 100);
  EXPECT_EQ(own(31), Ids{131});
  EXPECT_EQ(of_stores(31), (Ids{131, 132}));
  EXPECT_EQ(of_stores(32), (Ids{131, 132, 133}));
  EXPECT_EQ(of_stores(34), Ids{134});  // no store: their own
  auto words = read([](store::Session& s) { return sight_of_stores(s, {32}); }).store_words;
  std::ranges::sort(words);
  EXPECT_EQ(words, (std::vector<std::string>{"A", "B", "店A", "店B"}));

  // Whoever has left sees nobody; their store still sees their customers.
  leave(31);
  EXPECT_EQ(own(31), Ids{});
  EXPECT_EQ(of_stores(31), Ids{});
  EXPECT_TRUE(read([](store::Session& s) { return sight_of_stores(s, {31}); }).store_words.empty());
  EXPECT_EQ(of_stores(32), (Ids{131, 132, 133}));
  EXPECT_EQ(give(31, 5), "account.staff_left");
  EXPECT_EQ(take(31, 131), "taken");
  EXPECT_EQ(own(98), Ids{});
}

// Also within one unit, which counts once.
TEST_P(AssignmentTest, NobodyHasMoreThanTheMost) {
  add_staff(31, {});
  run("insert into customer_staff (customer, staff, sequence, assigned_at, assigned_by)"
      " with recursive n (i) as (select 1000 union all select i + 1 from n where i < " +
      std::to_string(1000 + kAssignedMax - 3) + ") select i, 31, 1, 0, 'test' from n");
  const auto said = change([](const Change& by) {
    AssignedTo lin(by, {31});
    std::string text;
    const auto tell = [&](const base::Result<bool, Fault>& done) {
      text += done ? (*done ? "done " : "so already ") : std::string(code_of(done.error())) + " ";
    };
    tell(lin.assign({1}));
    tell(lin.assign({1}));
    tell(lin.assign({2}));
    tell(lin.assign({3}));
    tell(lin.unassign({1000}));
    tell(lin.unassign({1000}));
    tell(lin.assign({3}));
    tell(lin.assign({4}));
    tell(lin.assign({2}));
    return text;
  });
  EXPECT_EQ(said,
            "done so already done account.too_many_assigned done so already done "
            "account.too_many_assigned so already ");
  EXPECT_EQ(give(31, 4), "account.too_many_assigned");
  EXPECT_EQ(take(31, 2), "taken");
  EXPECT_EQ(give(31, 4), "given");
}

// Random orders against a twin of sets: who is whose, over stores and merges.
TEST_P(AssignmentTest, AgreesWithSetsOfPairs) {
  constexpr int kStaff = 4, kCustomers = 12;
  for (int seed = 1; seed <= 3; ++seed) {
    SCOPED_TRACE(seed);
    for (int store = 1; store <= 3; ++store) {
      add_store(seed * 10 + store, std::to_string(seed * 10 + store));
    }
    std::mt19937 random(static_cast<unsigned>(seed));
    std::map<int, std::set<int>> stores, customers;
    std::map<int, int> person;
    run("delete from customer_alias");
    run("delete from customer_staff");
    for (int staff = 0; staff < kStaff; ++staff) {
      std::vector<base::StoreId> works;
      for (int store = 1; store <= 3; ++store) {
        if (random() % 2 == 0) continue;
        works.push_back({seed * 10 + store});
        stores[staff].insert(store);
      }
      add_staff(seed * 1000 + staff, works);
    }
    const auto known = [&](int customer) {
      return person.contains(customer) ? person[customer] : customer;
    };
    for (int step = 0; step < 60; ++step) {
      const int staff = static_cast<int>(random() % kStaff);
      const int who = known(static_cast<int>(1 + random() % kCustomers));
      const auto kind = random() % 5;
      if (kind < 2) {
        EXPECT_EQ(give(seed * 1000 + staff, who),
                  customers[staff].insert(who).second ? "given" : "had");
      } else if (kind < 4) {
        EXPECT_EQ(take(seed * 1000 + staff, who),
                  customers[staff].erase(who) == 1 ? "taken" : "had not");
      } else if (const int other = known(static_cast<int>(1 + random() % kCustomers));
                 other != who && person.size() < 3) {
        if (std::ranges::any_of(person, [&](const auto& p) { return p.second == other; })) continue;
        merge(other, who);
        person[other] = who;
        for (auto& [_, has] : customers) {
          if (has.erase(other) == 1) has.insert(who);
        }
      }
      for (int asked = 0; asked < kStaff; ++asked) {
        std::set<std::int64_t> seen;
        for (int colleague = 0; colleague < kStaff; ++colleague) {
          const bool near =
              colleague == asked || std::ranges::any_of(stores[asked], [&](int store) {
                return stores[colleague].contains(store);
              });
          if (near) seen.insert(customers[colleague].begin(), customers[colleague].end());
        }
        ASSERT_EQ(own(seed * 1000 + asked), Ids(customers[asked].begin(), customers[asked].end()));
        ASSERT_EQ(of_stores(seed * 1000 + asked), Ids(seen.begin(), seen.end()));
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Both, AssignmentTest, store::kBothDatabases, store::dialect_name);

}  // namespace
}  // namespace account
