#include "customer/tag.h"

#include "access/audit.h"
#include "customer/customer_fixture.h"
#include "customer/merge.h"
#include "customer/static_list.h"
#include "customer/static_list_sql.h"

namespace customer {
namespace {

class TagTest : public CustomerTest {
 protected:
  base::TagId tag(std::string_view name) {
    const auto made = write([&](Writing& writing) { return declare_tag(writing, name); });
    EXPECT_TRUE(made.has_value());
    return made ? made->id : base::TagId{};
  }
  // "changed", "same", or the fault.
  std::string on(base::CustomerId customer, base::TagId id, base::Moment since) {
    return told(write([&](Writing& writing) { return add_tag(writing, customer, id, since); }));
  }
  std::string off(base::CustomerId customer, base::TagId id, base::Moment since) {
    return told(write([&](Writing& writing) { return remove_tag(writing, customer, id, since); }));
  }
  static std::string told(const base::Result<bool, Error>& done) {
    if (!done) return std::string(code_of(done.error().fault));
    return *done ? "changed" : "same";
  }
  // "等级/VIP 来源/门店" of the person today.
  std::string held(base::CustomerId person) {
    return database().read([&](store::Session& session) {
      std::string names;
      for (const TagOn& each : tags_of(session, person)) {
        names += (names.empty() ? "" : " ") + each.tag.group_name + "/" + each.tag.name;
      }
      return names;
    });
  }
};

TEST_P(TagTest, IsPutOnOnceAndTakenOff) {
  const base::CustomerId one = known_as("k-1");
  const base::TagId vip = tag("等级/VIP");
  EXPECT_EQ(tag("等级/VIP"), vip);
  EXPECT_EQ(off(one, vip, at(-9)), "same");
  EXPECT_EQ(on(one, vip, at(-5)), "changed");
  EXPECT_EQ(on(one, vip, at(-4)), "same");
  EXPECT_EQ(held(one), "等级/VIP");
  EXPECT_EQ(off(one, vip, at(-3)), "changed");
  EXPECT_EQ(held(one), "");
  EXPECT_EQ(events_of(one).size(), 6U);  // each with its time: also what is so already
  EXPECT_EQ(off(one, vip, at(-3)), "same");
  EXPECT_EQ(events_of(one).size(), 6U);  // but the exact repeat
}

TEST_P(TagTest, ALateChangeDoesNotBringItBack) {
  const base::CustomerId one = known_as("k-1");
  const base::TagId vip = tag("等级/VIP");
  ASSERT_EQ(on(one, vip, at(-5)), "changed");
  ASSERT_EQ(off(one, vip, at(-3)), "changed");
  EXPECT_EQ(on(one, vip, at(-4)), "same");  // recorded, and nothing changes today
  EXPECT_EQ(held(one), "");
  EXPECT_EQ(events_of(one).size(), 5U);
  EXPECT_EQ(on(one, vip, at(-3)), "changed");  // of two at one time the later in the log counts
  EXPECT_EQ(held(one), "等级/VIP");
}

TEST_P(TagTest, NamesAreGroupAndName) {
  EXPECT_NE(tag("等级/VIP"), tag("活动/VIP"));
  const auto named = [&](std::string_view name) {
    return database().read([&](store::Session& session) {
      std::string groups;
      for (const Tag& each : tags_named(session, name)) groups += each.group_name + " ";
      return groups;
    });
  };
  EXPECT_EQ(named("VIP"), "活动 等级 ");
  EXPECT_EQ(named("等级/VIP"), "等级 ");
  EXPECT_EQ(named("等级/none"), "");
  const auto fault = [&](std::string_view name) {
    const auto made = write([&](Writing& writing) { return declare_tag(writing, name); });
    return made ? std::string("made") : std::string(code_of(made.error().fault));
  };
  EXPECT_EQ(fault("VIP"), "customer.name_invalid");
  EXPECT_EQ(fault("/VIP"), "customer.name_invalid");
  EXPECT_EQ(fault("a/b/c"), "customer.name_invalid");
  EXPECT_EQ(fault(" a / b "), "made");
  EXPECT_EQ(named("a/b"), "a ");
}

TEST_P(TagTest, IsRenamedInPlace) {
  const base::CustomerId one = known_as("k-1");
  const base::TagId vip = tag("等级/VIP");
  tag("等级/普通");
  ASSERT_EQ(on(one, vip, at(0)), "changed");
  const auto rename = [&](base::TagId id, std::string_view name) {
    const auto done = write([&](Writing& writing) { return rename_tag(writing, id, name); });
    return done ? done->name : std::string(code_of(done.error().fault));
  };
  EXPECT_EQ(rename(vip, "普通"), "customer.name_taken");
  EXPECT_EQ(rename({99}, "x"), "customer.unknown_tag");
  EXPECT_EQ(rename(vip, "贵宾"), "贵宾");
  EXPECT_EQ(held(one), "等级/贵宾");
}

TEST_P(TagTest, UnknownThingsAreTold) {
  const base::CustomerId one = known_as("k-1");
  EXPECT_EQ(on(one, {99}, at(0)), "customer.unknown_tag");
  EXPECT_EQ(on(fresh(), tag("等级/VIP"), at(0)), "customer.unknown_customer");
  EXPECT_EQ(on(one, tag("等级/VIP"), at(400)), "customer.time_refused");
}

TEST_P(TagTest, IsInTheAuditUnlessAnImportDoesIt) {
  const base::CustomerId one = known_as("k-1");
  const base::TagId vip = tag("等级/VIP");
  ASSERT_EQ(on(one, vip, at(0)), "changed");
  const auto entries = [&] {
    return database().read([&](store::Session& session) {
      return rights::read_audit(session, {.customers = {one}}, {}).entries;
    });
  };
  ASSERT_EQ(entries().size(), 3U);  // created, identity, tag
  EXPECT_EQ(entries()[0].verb, "tag_added");
  EXPECT_EQ(entries()[0].actor.id, 7);
  EXPECT_EQ(entries()[0].after, R"({"changed":"等级/VIP"})");
  EXPECT_FALSE(entries()[0].before);
  const base::BatchId batch = begin_import();
  ASSERT_EQ(write(import_options(batch),
                  [&](Writing& writing) { return remove_tag(writing, one, vip, at(0)); }),
            true);
  EXPECT_EQ(entries().size(), 3U);
}

TEST_P(TagTest, SixteenThreadsPutItOnOnce) {
  const base::CustomerId one = known_as("k-1");
  std::atomic<int> changed = 0;
  together([&](std::size_t thread) {
    const base::TagId vip = tag("等级/VIP");
    const base::TagId own = tag("号/" + std::to_string(thread));
    changed += on(one, vip, at(0)) == "changed" ? 1 : 0;
    EXPECT_EQ(on(one, own, at(0)), "changed");
  });
  EXPECT_EQ(changed.load(), 1);
  EXPECT_EQ(events_of(one).size(), 2U + 1U + kTestThreads);
  EXPECT_EQ(database().read([](store::Session& session) { return tags(session); }).size(),
            1U + kTestThreads);
}

TEST_P(TagTest, ListsAreJoinedAndLeft) {
  const base::CustomerId one = known_as("k-1");
  const auto list = write([&](Writing& writing) { return declare_list(writing, "双11"); });
  ASSERT_TRUE(list);
  EXPECT_EQ(write([&](Writing& writing) { return declare_list(writing, " 双11"); })->id, list->id);
  const auto join = [&](base::Moment since) {
    return told(write([&](Writing& writing) { return join_list(writing, one, list->id, since); }));
  };
  const auto leave = [&](base::Moment since) {
    return told(write([&](Writing& writing) { return leave_list(writing, one, list->id, since); }));
  };
  const auto count = [&] {
    return database().read([&](store::Session& session) { return lists_of(session, one); }).size();
  };
  EXPECT_EQ(join(at(-3)), "changed");
  EXPECT_EQ(join(at(-2)), "same");
  EXPECT_EQ(count(), 1U);
  EXPECT_EQ(leave(at(-1)), "changed");
  EXPECT_EQ(join(at(-2)), "same");
  EXPECT_EQ(count(), 0U);
  EXPECT_EQ(told(write([&](Writing& writing) { return join_list(writing, one, {9}, {}); })),
            "customer.unknown_list");
  EXPECT_EQ(events_of(one).back(), "list_joined");
}

TEST_P(TagTest, OfTwoWhoChangeAListTheSecondIsTold) {
  const auto list = write([&](Writing& writing) { return declare_list(writing, "双11"); });
  const auto other = write([&](Writing& writing) { return declare_list(writing, "双12"); });
  ASSERT_TRUE(list && other);
  const auto rename = [&](const std::string& name, std::int64_t version) {
    const auto renamed =
        write([&](Writing& writing) { return rename_list(writing, list->id, {name, version}); });
    return renamed ? renamed->name + " " + std::to_string(renamed->version)
                   : std::string(code_of(renamed.error().fault));
  };
  EXPECT_EQ(rename("双12", 1), "customer.name_taken");
  EXPECT_EQ(rename(" ", 1), "customer.name_invalid");
  EXPECT_EQ(rename("双11", 1), "双11 1");
  EXPECT_EQ(rename("双11 老客", 1), "双11 老客 2");
  EXPECT_EQ(rename("双11 新客", 1), "customer.version_differs");
  const auto removed = write([&](Writing& writing) { return remove_list(writing, list->id, 1); });
  ASSERT_FALSE(removed);
  EXPECT_EQ(removed.error().fault, Fault::version_differs);
}

TEST_P(TagTest, ADeletedListComesBackWithEverybodyOnIt) {
  const base::CustomerId one = known_as("k-1");
  const auto list = write([&](Writing& writing) { return declare_list(writing, "双11"); });
  ASSERT_TRUE(list);
  ASSERT_TRUE(write([&](Writing& writing) { return join_list(writing, one, list->id, at(-1)); }));
  const auto on = [&] {
    return database().read([&](store::Session& session) { return lists_of(session, one); }).size();
  };
  const auto restore = [&] {
    return write([&](Writing& writing) { return restore_list(writing, list->id); });
  };
  EXPECT_EQ(restore().error().fault, Fault::unknown_list);
  ASSERT_TRUE(write([&](Writing& writing) { return remove_list(writing, list->id, 1); }));
  EXPECT_EQ(on(), 0U);
  EXPECT_EQ(told(write([&](Writing& writing) { return join_list(writing, one, list->id, {}); })),
            "customer.unknown_list");
  // Neither its id nor who was on it comes to another of its name.
  const auto again = write([&](Writing& writing) { return declare_list(writing, "双11"); });
  ASSERT_TRUE(again);
  EXPECT_NE(again->id, list->id);
  EXPECT_EQ(on(), 0U);
  EXPECT_EQ(restore().error().fault, Fault::name_taken);
  ASSERT_TRUE(write([&](Writing& writing) { return remove_list(writing, again->id, 1); }));
  EXPECT_EQ(database().read(count_deleted_lists), 2);
  // The last deleted first, a page after the other.
  const auto page = [&](const DeletedMark& after) {
    return database().read(
        [&](store::Session& session) { return deleted_lists(session, after, 1); });
  };
  const DeletedPage first = page({});
  ASSERT_EQ(first.lists.size(), 1U);
  EXPECT_EQ(first.lists[0].list.id, again->id);
  ASSERT_TRUE(first.next);
  const DeletedPage second = page(*first.next);
  ASSERT_EQ(second.lists.size(), 1U);
  EXPECT_EQ(second.lists[0].list.id, list->id);
  EXPECT_FALSE(second.next);
  EXPECT_EQ(restore()->version, 2);
  EXPECT_EQ(on(), 1U);
  EXPECT_EQ(database().read(count_deleted_lists), 1);
}

TEST_P(TagTest, TheMembersOfAListArePersons) {
  const base::CustomerId one = known_as("k-1", -2);
  const base::CustomerId two = known_as("k-2", -1);
  const base::CustomerId three = known_as("k-3");
  const auto number_of = [&](base::CustomerId id) { return id == one ? 1 : id == two ? 2 : 3; };
  const auto list = write([&](Writing& writing) { return declare_list(writing, "双11"); });
  ASSERT_TRUE(list);
  for (const base::CustomerId each : {one, two, three}) {
    EXPECT_EQ(
        told(write([&](Writing& writing) { return join_list(writing, each, list->id, at(-1)); })),
        "changed");
  }
  // "1 2" by name, page by page; "3=1": on the list by the word of the third, who is the first
  // today.
  const auto members = [&](std::size_t rows) {
    std::string out;
    MemberCut cut{.after = {}, .rows = rows};
    while (true) {
      const auto page = database().read(
          [&](store::Session& session) { return members_of(session, list->id, cut); });
      EXPECT_LE(page.size(), rows);
      for (const auto& [customer, person] : page) {
        out += (out.empty() ? "" : " ") + std::to_string(number_of(customer));
        if (customer != person) out += "=" + std::to_string(number_of(person));
      }
      if (page.size() < rows) return out;
      cut.after = page.back().customer;
    }
  };
  EXPECT_EQ(members(100), "1 2 3");
  EXPECT_EQ(members(1), "1 2 3");
  ASSERT_TRUE(write([&](Writing& writing) { return merge(writing, one, three); }));
  EXPECT_EQ(members(1), "2 3=1");
  EXPECT_EQ(told(write([&](Writing& writing) {
              return leave_list(writing, one, list->id, at(-1) + base::Duration{1});
            })),
            "changed");
  EXPECT_EQ(members(1), "2");
  EXPECT_EQ(
      told(write([&](Writing& writing) { return join_list(writing, three, list->id, at(0)); })),
      "changed");
  EXPECT_EQ(members(1), "2 3=1");
  ASSERT_TRUE(write([&](Writing& writing) { return unmerge(writing, three); }));
  EXPECT_EQ(members(1), "2 3");
}

// A page is a step into the index, however long the list is.
TEST_P(TagTest, TheMembersOfAListAreFoundByTheirKey) {
  const auto list = write([&](Writing& writing) { return declare_list(writing, "双11"); });
  ASSERT_TRUE(list);
  const bool sqlite = GetParam() == store::Dialect::sqlite;
  std::string plan;
  database().write("test.plan", [&](store::Unit& unit) {
    // PostgreSQL reads an empty table as a whole otherwise.
    if (!sqlite) unit.execute("set local enable_seqscan = off", {});
    const std::string explain = sqlite ? "explain query plan " : "explain ";
    unit.query(
        explain + std::string(sql::kListMembers), {list->id.value, 0, 10},
        [&](const store::Row& row) { plan += std::string(row.text(sqlite ? 3 : 0)) + "\n"; });
  });
  EXPECT_NE(plan.find("customer_list_members"), std::string::npos) << plan;
  EXPECT_EQ(plan.find("Sort"), std::string::npos) << plan;
  EXPECT_EQ(plan.find("ORDER BY"), std::string::npos) << plan;
}

INSTANTIATE_TEST_SUITE_P(Both, TagTest, store::kBothDatabases, store::dialect_name);

}  // namespace
}  // namespace customer
