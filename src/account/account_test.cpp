#include <gtest/gtest.h>

#include <set>

#include "account/account_fixture.h"
#include "account/brand_account.h"
#include "account/staff.h"
#include "account/store.h"

namespace account {
namespace {

class ThingsTest : public AccountTest {
 protected:
  std::string add(const BrandAccount& account) {
    return outcome(change([&](const Change& by) { return add_brand_account(by, account); }));
  }
  std::string add(const Store& store) {
    return outcome(change([&](const Change& by) { return add_store(by, store); }));
  }
  std::string add(const Staff& member) {
    return outcome(change([&](const Change& by) { return add_staff(by, member); }));
  }
  std::string to(base::StoreId id, const StoreChange& wanted) {
    return outcome(change([&](const Change& by) { return change_store(by, id, wanted); }));
  }
  std::string to(base::StaffId id, const StaffChange& wanted) {
    return outcome(change([&](const Change& by) { return change_staff(by, id, wanted); }));
  }
  // The codes on a page of stores.
  std::string codes(const Cut& cut) {
    std::string text;
    for (const Store& store : read([&](store::Session& session) { return stores(session, cut); })) {
      text += store.code + " ";
    }
    return text;
  }
};

Store made_store(std::int64_t id, std::string code, std::string name) {
  return {.id = base::StoreId{id}, .code = std::move(code), .name = std::move(name)};
}
Staff made_staff(std::int64_t id, std::string number, std::string name) {
  return {.id = base::StaffId{id}, .number = std::move(number), .name = std::move(name)};
}

TEST(AccountFaults, HaveCodesOfTheirOwn) {
  std::set<std::string_view> codes;
  for (std::size_t i = 0; i < kFaultCount; ++i) {
    const std::string_view code = code_of(static_cast<Fault>(i));
    EXPECT_TRUE(code.starts_with("account."));
    EXPECT_TRUE(codes.insert(code).second) << code;
  }
}

TEST(AccountTexts, AreChecked) {
  EXPECT_TRUE(is_good_name("云岫西湖店"));
  for (const char* bad : {"", " a", "a ", "a\tb", "\xff"}) EXPECT_FALSE(is_good_name(bad)) << bad;
  EXPECT_TRUE(is_good_name(std::string(kNameCharactersMax, 'x')));
  EXPECT_FALSE(is_good_name(std::string(kNameCharactersMax + 1, 'x')));
  EXPECT_TRUE(is_good_code("wx0123456789abcdef"));
  EXPECT_FALSE(is_good_code("a b"));
  EXPECT_FALSE(is_good_code(std::string(kCodeBytesMax + 1, 'x')));
  EXPECT_TRUE(is_good_phone(""));
  EXPECT_TRUE(is_good_phone("+8613800138000"));
  EXPECT_FALSE(is_good_phone("1380"));
  EXPECT_FALSE(is_good_phone("138-0013-8000"));
  EXPECT_EQ(pattern_of("50%_A\\"), "%50\\%\\_a\\\\%");
}

TEST_P(ThingsTest, BrandAccountsAreKept) {
  const BrandAccount first{.id = {11}, .external_id = "wx1", .name = "云岫茶", .created_at = {}};
  EXPECT_EQ(add(first), "good");
  BrandAccount other = first;
  other.id = {12};
  EXPECT_EQ(add(other), "account.code_taken");
  other.kind = AccountKind::wecom;  // another channel may have the same word
  EXPECT_EQ(add(other), "good");
  other.name = "";
  other.id = {13};
  EXPECT_EQ(add(other), "account.bad_name");

  const auto changed = change([&](const Change& by) {
    return change_brand_account(by, {11}, {.name = "云岫", .state = State::closed});
  });
  ASSERT_TRUE(changed.has_value());
  EXPECT_EQ(outcome(change(
                [&](const Change& by) { return change_brand_account(by, {99}, {.name = "x"}); })),
            "account.unknown_account");
  const auto all = read([](store::Session& session) { return brand_accounts(session); });
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].name, "云岫");
  EXPECT_EQ(all[0].external_id, "wx1");
  EXPECT_EQ(all[0].state, State::closed);
  EXPECT_EQ(all[0].created_at, now_);
  EXPECT_EQ(all[1].kind, AccountKind::wecom);
  EXPECT_EQ(audited(), "created account\ncreated account\nchanged account\n");
}

TEST_P(ThingsTest, StoresHaveCodesAndNamesOfTheirOwn) {
  Store west = made_store(21, "HZ01", "云岫西湖店");
  west.city = "杭州";
  west.place = Place{30'259'244, 120'130'663};
  EXPECT_EQ(add(west), "good");
  EXPECT_EQ(add(made_store(22, "HZ01", "云岫滨江店")), "account.code_taken");
  EXPECT_EQ(add(made_store(22, "HZ02", "云岫西湖店")), "account.name_taken");
  // A customer's word for one store must not be another's.
  EXPECT_EQ(add(made_store(22, "云岫西湖店", "x")), "account.code_taken");
  EXPECT_EQ(add(made_store(22, "x", "HZ01")), "account.name_taken");
  EXPECT_EQ(add(made_store(22, "HZ02", "云岫滨江店")), "good");
  Store off = made_store(23, "X", "X");
  off.place = Place{90'000'001, 0};
  EXPECT_EQ(add(off), "account.bad_place");

  EXPECT_EQ(to({22}, {.code = "HZ01"}), "account.code_taken");
  EXPECT_EQ(to({22}, {.code = "HZ03", .city = "杭州"}), "good");
  EXPECT_EQ(to({99}, {.city = "x"}), "account.unknown_store");
  EXPECT_EQ(to({21}, {.place = std::optional<Place>(), .state = State::closed}), "good");
  const auto known = read([](store::Session& session) { return store_with(session, {21}); });
  EXPECT_EQ(known->place, std::nullopt);
  EXPECT_EQ(known->state, State::closed);
  EXPECT_EQ(known->city, "杭州");
  EXPECT_EQ(codes({}), "HZ01 HZ03 ");
  EXPECT_EQ(codes({.after = "HZ01"}), "HZ03 ");
  EXPECT_EQ(codes({.rows = 1}), "HZ01 ");
  EXPECT_EQ(codes({.search = "hz0"}), "HZ01 HZ03 ");
  EXPECT_EQ(codes({.search = "滨江"}), "HZ03 ");
  EXPECT_EQ(codes({.search = "HZ_1"}), "");  // no pattern of anybody's own
}

TEST_P(ThingsTest, StaffWorkInStores) {
  EXPECT_EQ(add(made_store(21, "HZ01", "西湖")), "good");
  EXPECT_EQ(add(made_store(22, "HZ02", "滨江")), "good");
  Staff lin = made_staff(31, "007", "林");
  lin.phone = "13800138000";
  lin.stores = {{22}, {21}, {22}};
  EXPECT_EQ(add(lin), "good");
  EXPECT_EQ(add(made_staff(32, "007", "王")), "account.code_taken");
  Staff lost = made_staff(32, "008", "王");
  lost.stores = {{99}};
  EXPECT_EQ(add(lost), "account.unknown_store");
  EXPECT_FALSE(read([](store::Session& session) { return staff_with(session, {32}); }));
  lost.stores.assign(kStoresOfStaffMax + 1, {21});
  for (std::size_t i = 0; i < lost.stores.size(); ++i) lost.stores[i].value += static_cast<int>(i);
  EXPECT_EQ(add(lost), "account.too_many_stores");

  auto known = read([](store::Session& session) { return staff_with(session, {31}); });
  EXPECT_EQ(known->stores, (std::vector<base::StoreId>{{21}, {22}}));
  EXPECT_EQ(known->phone, "13800138000");
  EXPECT_EQ(to({31}, {.phone = "12"}), "account.bad_phone");
  EXPECT_EQ(to({31}, {.stores = std::vector<base::StoreId>{{22}}, .state = StaffState::left}),
            "good");
  known = read([](store::Session& session) { return staff_with(session, {31}); });
  EXPECT_EQ(known->stores, (std::vector<base::StoreId>{{22}}));
  EXPECT_EQ(known->state, StaffState::left);
  EXPECT_EQ(to(base::StaffId{98}, {.name = "x"}), "account.unknown_staff");
  const auto all = read([](store::Session& session) { return staff(session, {.search = "林"}); });
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].number, "007");
  // Phones stay out of the audit.
  const auto page = read(
      [](store::Session& session) { return rights::read_audit(session, {.noun = "staff"}, {}); });
  ASSERT_EQ(page.entries.size(), 2u);
  for (const auto& entry : page.entries) {
    EXPECT_EQ(entry.after->find("138"), std::string::npos);
  }
}

INSTANTIATE_TEST_SUITE_P(Both, ThingsTest, store::kBothDatabases, store::dialect_name);

}  // namespace
}  // namespace account
