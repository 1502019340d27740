#include "customer/identity.h"

#include <algorithm>
#include <set>

#include "customer/customer_fixture.h"
#include "customer/normal_form.h"
#include "customer/person.h"

namespace customer {
namespace {

std::string phone(std::string_view value) {
  return normal_form(IdentityForm::phone, value).value_or("none");
}

TEST(NormalForm, FindsOnePhoneInManySpellings) {
  for (const std::string_view spelling :
       {"13800138000", "+86 138 0013 8000", "+8613800138000", "008613800138000", "8613800138000",
        "138-0013-8000", "(138) 0013.8000", "１３８００１３８０００",
        "＋８６　１３８００１３８０００", "  13800138000\t"}) {
    EXPECT_EQ(phone(spelling), "13800138000") << spelling;
  }
}

TEST(NormalForm, KeepsOtherCountriesApart) {
  EXPECT_EQ(phone("+1 415 555 2671"), "+14155552671");
  EXPECT_EQ(phone("0014155552671"), "+14155552671");
  EXPECT_EQ(phone("010-62784000"), "01062784000");
  EXPECT_EQ(phone("86123456"), "86123456");  // no mobile number behind 86: kept whole
}

TEST(NormalForm, RefusesWhatIsNoPhone) {
  for (const std::string_view wrong :
       {"", "   ", "138****8000", "phone", "1234", "+", "13800138000x", "138+00138000"}) {
    EXPECT_EQ(phone(wrong), "none") << wrong;
  }
  EXPECT_EQ(phone(std::string(kPhoneDigitsMax, '7')), std::string(kPhoneDigitsMax, '7'));
  EXPECT_EQ(phone(std::string(kPhoneDigitsMax + 1, '7')), "none");
}

TEST(NormalForm, KnowsWhomAFilesNameTells) {
  for (const std::string_view name :
       {"13800138000.csv", "客户13800138000订单.csv", "+86 138-0013-8000.csv",
        "2026-01-3113800138000", "8613800138000", "(138) 0013.8000.csv",
        "１３８００１３８０００.csv"}) {
    EXPECT_TRUE(tells(name, "13800138000")) << name;
    EXPECT_TRUE(tells(name, "+86 138 0013 8000")) << name;
    EXPECT_FALSE(tells(name, "13800138001")) << name;
  }
  EXPECT_TRUE(tells("orders of Li.Lei@Example.com.csv", "li.lei@example.com"));
  EXPECT_TRUE(tells("OABC-1234.csv", "oAbC-1234"));
  EXPECT_TRUE(tells("给欧阳晓夏的.csv", "欧阳晓夏"));
  EXPECT_FALSE(tells("orders.csv", "欧阳晓夏"));
  // Short ones are parts of too many words and numbers.
  EXPECT_TRUE(tells("orders 4711.csv", "4711"));
  EXPECT_TRUE(tells("a-1.csv", "A"));
  EXPECT_FALSE(tells("orders-24711.csv", "4711"));
  EXPECT_FALSE(tells("orders.csv", "a"));
  EXPECT_FALSE(tells("orders.csv", "--"));
  EXPECT_FALSE(tells("\xff 13800138000", "13800138000"));
}

TEST(NormalForm, LowersMailAndTrimsOthers) {
  EXPECT_EQ(normal_form(IdentityForm::email, " Li.Lei@Example.COM "), "li.lei@example.com");
  EXPECT_EQ(normal_form(IdentityForm::plain, "\u3000oAbC-1 "), "oAbC-1");
  EXPECT_EQ(normal_form(IdentityForm::plain, "e\u0301"), "\u00e9");  // NFC
  EXPECT_FALSE(normal_form(IdentityForm::plain, "a\x01z"));
  EXPECT_FALSE(normal_form(IdentityForm::plain, "\xff"));
  EXPECT_TRUE(normal_form(IdentityForm::plain, std::string(kIdentityBytesMax, 'a')));
  EXPECT_FALSE(normal_form(IdentityForm::plain, std::string(kIdentityBytesMax + 1, 'a')));
}

class IdentityTest : public CustomerTest {};

TEST_P(IdentityTest, MakesACustomerOnceAndFindsIt) {
  const base::CustomerId one = known_as("k-1");
  EXPECT_EQ(known_as("k-1"), one);
  EXPECT_EQ(events_of(one), (std::vector<std::string>{"customer_created", "identity_added"}));
  EXPECT_EQ(person_of("k-1"), one);
  EXPECT_EQ(person_of("c_" + std::to_string(one.value)), one);
  EXPECT_EQ(person_of("k-2"), base::CustomerId{});
  EXPECT_EQ(person_of("c_1x"), base::CustomerId{});
  EXPECT_EQ(person_of("c_99999999999999999999"), base::CustomerId{});
}

TEST_P(IdentityTest, IsFoundInItsNormalFormAndShownAsGiven) {
  const base::CustomerId one = known_as("k-1");
  give(one, "phone", "+86 138 0013 8000");
  ASSERT_TRUE(found("phone", "１３８００１３８０００"));
  EXPECT_EQ(found("phone", "13800138000")->customer, one);
  EXPECT_FALSE(found("email", "13800138000"));
  const auto shown =
      database().read([&](store::Session& session) { return identities_of(session, one); });
  ASSERT_EQ(shown.size(), 2U);
  EXPECT_EQ(shown[1].kind_name, "phone");
  EXPECT_EQ(shown[1].value, "+86 138 0013 8000");
}

TEST_P(IdentityTest, DoesNotMove) {
  const base::CustomerId one = known_as("k-1");
  const base::CustomerId two = known_as("k-2");
  give(one, "phone", "13800138000");
  const auto taken = write(
      [&](Writing& writing) { return add_identity(writing, two, {"phone", "138 0013 8000"}, {}); });
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().fault, Fault::identity_taken);
  const auto again = write(
      [&](Writing& writing) { return add_identity(writing, one, {"phone", "138 0013 8000"}, {}); });
  EXPECT_EQ(again, false);
  EXPECT_EQ(events_of(two), (std::vector<std::string>{"customer_created", "identity_added"}));
}

TEST_P(IdentityTest, IsTakenAwayAndGivenToAnother) {
  const base::CustomerId one = known_as("k-1");
  const base::CustomerId two = known_as("k-2");
  give(one, "phone", "13800138000");
  const auto remove = [&](base::CustomerId from) {
    return write([&](Writing& writing) {
      return remove_identity(writing, from, {"phone", "138-0013-8000"}, {});
    });
  };
  EXPECT_EQ(remove(two), false);
  EXPECT_EQ(remove(one), true);
  EXPECT_EQ(remove(one), false);
  EXPECT_EQ(events_of(one).back(), "identity_removed");
  give(two, "phone", "13800138000");
  EXPECT_EQ(found("phone", "13800138000")->customer, two);
}

TEST_P(IdentityTest, TellsAccountsApart) {
  const auto make = [&](std::string_view account) {
    return write([&](Writing& writing) {
      return find_or_create(writing, {"openid", "o-1", account}, fresh(), {});
    });
  };
  const auto first = make("gh_1");
  const auto second = make("gh_2");
  ASSERT_TRUE(first && second);
  EXPECT_TRUE(second->created);
  EXPECT_NE(first->found.customer, second->found.customer);
  EXPECT_EQ(make("gh_1")->found.customer, first->found.customer);
}

TEST_P(IdentityTest, RefusesWithoutWriting) {
  const auto refused = [&](const IdentityRef& identity, std::optional<base::Moment> when) {
    const auto made =
        write([&](Writing& writing) { return find_or_create(writing, identity, fresh(), when); });
    return made ? std::string("made") : std::string(code_of(made.error().fault));
  };
  EXPECT_EQ(refused({"fax", "1"}, {}), "customer.unknown_identity_kind");
  EXPECT_EQ(refused({"phone", "none"}, {}), "customer.identity_invalid");
  EXPECT_EQ(refused({"customer", ""}, {}), "customer.identity_invalid");
  EXPECT_EQ(refused({"customer", "k", std::string(kAccountBytesMax + 1, 'a')}, {}),
            "customer.identity_invalid");
  EXPECT_EQ(refused({"customer", "k"}, base::Moment{-1}), "customer.time_refused");
  EXPECT_EQ(refused({"customer", "k"}, at(367)), "customer.time_refused");
  EXPECT_EQ(refused({"customer", "k"}, at(366)), "made");
  EXPECT_EQ(database().read([](store::Session& session) { return count_persons(session); }), 1);
}

TEST_P(IdentityTest, ARefusalLeavesNothingBehindInItsUnit) {
  const base::CustomerId known = known_as("known");
  const base::BatchId batch = begin_import();
  database().write("test.close", [&](store::Unit& unit) {
    EXPECT_TRUE(event_log::begin_undo(*log_, unit, batch, kNow).has_value());
  });
  write(import_options(batch), [&](Writing& writing) {  // goes on behind the refusals
    const auto found = find_or_create(writing, {"customer", "k"}, fresh(), {});
    EXPECT_EQ(found.error().fault, Fault::import_closed);
    const auto made = create(writing, fresh(), {});
    EXPECT_EQ(made.error().fault, Fault::import_closed);
    const auto added = add_identity(writing, known, {"phone", "13800138000"}, {});
    EXPECT_EQ(added.error().fault, Fault::import_closed);
  });
  EXPECT_FALSE(found("customer", "k"));
  EXPECT_FALSE(found("phone", "13800138000"));
  EXPECT_EQ(database().read([](store::Session& session) { return count_persons(session); }), 1);
}

TEST_P(IdentityTest, ALiveCreationALittleAheadIsNow) {
  const auto made = write([&](Writing& writing) {
    return find_or_create(writing, {"customer", "k"}, fresh(), kNow + base::kMinute);
  });
  ASSERT_TRUE(made);
  const auto known = database().read(
      [&](store::Session& session) { return customer_with(session, made->found.customer); });
  EXPECT_EQ(known->created_at, kNow);
}

TEST_P(IdentityTest, ManyKeysAreFoundAtOnceAsOneByOne) {
  const base::CustomerId one = known_as("k-1");
  known_as("a\"b\\c,{}");
  known_as("红");
  const std::string record = "c_" + std::to_string(one.value);
  const std::vector<std::string_view> keys = {"nobody", "红", record, " k-1 ", "a\"b\\c,{}",
                                              "c_1",    "",   "k-1",  "null"};
  const auto [many, single] = database().read([&](store::Session& session) {
    std::vector<std::optional<Found>> each;
    for (const std::string_view key : keys) each.push_back(find_by_key(session, key));
    return std::pair(find_by_keys(session, keys), each);
  });
  ASSERT_EQ(many.size(), keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    ASSERT_EQ(many[i].has_value(), single[i].has_value()) << keys[i];
    if (many[i]) {
      EXPECT_EQ(many[i]->customer, single[i]->customer) << keys[i];
    }
  }
  EXPECT_TRUE(many[2] && many[3] && many[4] && many[7]);
  EXPECT_FALSE(many[0] || many[5] || many[6] || many[8]);
}

TEST_P(IdentityTest, ManyKeysAreMadeAtOnce) {
  const base::CustomerId one = known_as("k-1");
  const std::string record = "c_" + std::to_string(one.value);
  const std::vector<std::string_view> texts = {"z",          "k-1", "红",  record,
                                               "a\"b\\c,{}", "　z", "null"};
  std::vector<NewKey> keys;
  for (const std::string_view text : texts) keys.push_back({text, fresh()});
  const auto made = write([&](Writing& writing) { return find_or_create_keys(writing, keys); });
  ASSERT_TRUE(made);
  for (const std::size_t i : {0U, 2U, 4U, 6U}) {
    EXPECT_TRUE((*made)[i].created) << texts[i];
    EXPECT_EQ((*made)[i].found.customer, keys[i].fresh) << texts[i];
    EXPECT_EQ(person_of(texts[i]), keys[i].fresh) << texts[i];
    EXPECT_EQ(events_of(keys[i].fresh).size(), 2U) << texts[i];
  }
  EXPECT_EQ((*made)[1].found.customer, one);
  EXPECT_EQ((*made)[3].found.customer, one);
  EXPECT_EQ((*made)[5].found.customer, keys[0].fresh);  // the same key as the first
  EXPECT_FALSE((*made)[1].created || (*made)[3].created || (*made)[5].created);

  const std::vector<NewKey> wrong = {{"new", fresh()}, {"c_1", fresh()}};
  const auto refused = write([&](Writing& writing) { return find_or_create_keys(writing, wrong); });
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().index, 1U);
  EXPECT_EQ(code_of(refused.error().error.fault), "customer.unknown_customer");
  EXPECT_FALSE(person_of("new"));
}

TEST_P(IdentityTest, SixteenThreadsMakeManyKeysOnce) {
  std::atomic<int> created = 0;
  together([&](std::size_t thread) {
    std::vector<std::string> texts;
    for (int i = 0; i < 50; ++i) texts.push_back("k-" + std::to_string(i));
    if (thread % 2 == 1) std::ranges::reverse(texts);
    std::vector<NewKey> keys;
    for (const std::string& text : texts) keys.push_back({text, fresh()});
    const auto made = write([&](Writing& writing) { return find_or_create_keys(writing, keys); });
    ASSERT_TRUE(made);
    for (const Resolved& each : *made) created += each.created ? 1 : 0;
  });
  EXPECT_EQ(created.load(), 50);
  EXPECT_EQ(database().read([](store::Session& session) { return count_persons(session); }), 50);
}

TEST_P(IdentityTest, HasItsLimitPerCustomer) {
  const base::CustomerId one = known_as("k-1");
  const auto result = write([&](Writing& writing) -> base::Result<std::size_t, Error> {
    std::size_t added = 1;  // the key
    while (added < kIdentitiesMax + 5) {
      const std::string device = "d-" + std::to_string(added);
      const auto done = add_identity(writing, one, {"device", device}, {});
      if (!done) {
        EXPECT_EQ(done.error().fault, Fault::too_many_identities);
        return added;
      }
      ++added;
    }
    return added;
  });
  EXPECT_EQ(result, kIdentitiesMax);
}

TEST_P(IdentityTest, KindsAreDeclaredOnce) {
  const auto declare = [&](IdentityForm form) {
    return write([&](Writing& writing) {
      return declare_identity_kind(writing, {{}, "douyin", form, false});
    });
  };
  const auto first = declare(IdentityForm::plain);
  ASSERT_TRUE(first);
  EXPECT_EQ(declare(IdentityForm::plain)->id, first->id);
  EXPECT_EQ(declare(IdentityForm::phone).error().fault, Fault::type_conflict);
  EXPECT_EQ(known_as("k-1").value != 0, true);
  give(person_of("k-1"), "douyin", "dy-1");
  EXPECT_TRUE(found("douyin", "dy-1"));
}

TEST_P(IdentityTest, SixteenThreadsMakeOneCustomer) {
  std::vector<base::CustomerId> got(kTestThreads);
  std::atomic<int> created = 0;
  together([&](std::size_t thread) {
    for (int round = 0; round < 10; ++round) {
      const std::string key = "k-" + std::to_string(round);
      const base::CustomerId id = fresh();
      const auto made = write(
          [&](Writing& writing) { return find_or_create(writing, {"customer", key}, id, {}); });
      ASSERT_TRUE(made);
      created += made->created ? 1 : 0;
      if (round == 0) got[thread] = made->found.customer;
    }
  });
  EXPECT_EQ(created.load(), 10);
  EXPECT_EQ(std::set<base::CustomerId>(got.begin(), got.end()).size(), 1U);
  EXPECT_EQ(database().read([](store::Session& session) { return count_persons(session); }), 10);
  EXPECT_EQ(events_of(got[0]).size(), 2U);
}

TEST_P(IdentityTest, NobodyIsGivenTheKeyOfARecord) {
  const base::CustomerId one = known_as("k-1");
  const std::string key = "c_" + std::to_string(one.value);
  const std::string next = "c_" + std::to_string(one.value + 500);
  EXPECT_EQ(person_of(key), one);
  const auto fault_of_adding = [&](std::string_view value) {
    const auto added = write(
        [&](Writing& writing) { return add_identity(writing, one, {"customer", value}, {}); });
    return added ? std::string_view() : code_of(added.error().fault);
  };
  EXPECT_EQ(fault_of_adding(next), "customer.identity_invalid");
  EXPECT_EQ(fault_of_adding("\u3000" + next + " "), "customer.identity_invalid");
  EXPECT_EQ(fault_of_adding(key), "customer.identity_invalid");
  EXPECT_EQ(fault_of_adding("c_99999999999999999999"), "customer.identity_invalid");
  EXPECT_EQ(fault_of_adding("c_"), "");
  EXPECT_EQ(fault_of_adding("c_7a"), "");
  EXPECT_EQ(fault_of_adding("C_7"), "");

  const auto resolved = [&](std::string_view value) {
    return write([&, id = fresh()](Writing& writing) {
      return find_or_create(writing, {"customer", value}, id, {});
    });
  };
  const auto known = resolved(key);
  ASSERT_TRUE(known);
  EXPECT_EQ(known->found.customer, one);
  EXPECT_FALSE(known->created);
  const auto unknown = resolved(next);
  ASSERT_FALSE(unknown);
  EXPECT_EQ(code_of(unknown.error().fault), "customer.unknown_customer");
}

INSTANTIATE_TEST_SUITE_P(Both, IdentityTest, store::kBothDatabases, store::dialect_name);

}  // namespace
}  // namespace customer
