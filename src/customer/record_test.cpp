#include "customer/record.h"

#include <set>

#include "customer/customer_fixture.h"

namespace customer {
namespace {

class RecordTest : public CustomerTest {
 protected:
  Page list(const Search& search) {
    return database().read(
        [&](store::Session& session) { return list_customers(session, search); });
  }
  // Keys of every page joined; each page is checked for its size.
  std::string all_of(std::string_view prefix, std::size_t rows) {
    std::string keys;
    std::string after;
    for (int pages = 0; pages < 100; ++pages) {
      const Page page = list({prefix, after, rows});
      EXPECT_LE(page.customers.size(), rows);
      for (const Listed& each : page.customers) keys += (keys.empty() ? "" : " ") + each.key;
      if (page.next.empty()) return keys;
      after = page.next;
    }
    return "endless";
  }
};

TEST(CalledTest, IsTheFirstNameThatIsKnown) {
  const auto text = [](std::string name, std::string value) {
    AttributeValue one;
    one.name = std::move(name);
    one.value = base::Value(std::move(value));
    return one;
  };
  const AttributeValue city = text("city", "上海");
  const AttributeValue nick = text("nickname", "阿明");
  const AttributeValue real = text("real_name", "王小明");
  AttributeValue unknown;
  unknown.name = "name";
  EXPECT_EQ(called(std::vector{city}), std::nullopt);
  EXPECT_EQ(called(std::vector{city, nick}), "阿明");
  EXPECT_EQ(called(std::vector{nick, real, unknown}), "王小明");
  EXPECT_EQ(called(std::vector{real, nick, text("name", "")}), "王小明");
  unknown.value = base::Value(std::int64_t{7});  // a number is no name
  EXPECT_EQ(called(std::vector{unknown, nick}), "阿明");
}

TEST_P(RecordTest, HoldsEverythingOfThePerson) {
  const base::CustomerId old = known_as("k-old", -9);
  const base::CustomerId young = known_as("k-young", -1);
  give(young, "phone", "13800138000");
  ASSERT_EQ(put(young, "city", base::Value(std::string("上海")), at(-1)), 1);
  ASSERT_TRUE(write([&](Writing& writing) -> base::Result<bool, Error> {
    const auto tag = declare_tag(writing, "等级/VIP");
    if (!tag) return base::unexpected(tag.error());
    const auto list = declare_list(writing, "双11");
    if (!list) return base::unexpected(list.error());
    if (auto done = add_tag(writing, old, tag->id, {}); !done) return done;
    if (auto done = join_list(writing, young, list->id, {}); !done) return done;
    return change_consent(writing, young, {.purpose = "marketing"});
  }));
  ASSERT_TRUE(write([&](Writing& writing) { return merge(writing, young, old); }));
  for (const base::CustomerId asked : {old, young}) {
    const auto record =
        database().read([&](store::Session& session) { return record_of(session, asked); });
    ASSERT_TRUE(record);
    EXPECT_EQ(record->person, old);
    EXPECT_EQ(record->key, "k-old");
    EXPECT_EQ(record->created_at, at(-9));
    EXPECT_EQ(record->identities.size(), 3U);
    EXPECT_EQ(record->attributes.size(), 1U);
    EXPECT_EQ(record->tags.size(), 1U);
    EXPECT_EQ(record->lists.size(), 1U);
    EXPECT_EQ(record->consents.size(), 1U);
    ASSERT_EQ(record->merges.size(), 1U);
    EXPECT_EQ(record->merges[0].gone, young);
    EXPECT_EQ(record->merges[0].by, "user:7");
  }
  EXPECT_FALSE(
      database().read([&](store::Session& session) { return record_of(session, fresh()); }));
}

TEST_P(RecordTest, ListsTheNewestFirstInPages) {
  for (int each = 0; each < 7; ++each) known_as("k-" + std::to_string(each), -each);
  const base::CustomerId gone = known_as("gone", -3);
  const base::CustomerId oldest = person_of("k-6");
  ASSERT_TRUE(write([&](Writing& writing) { return merge(writing, gone, oldest); }));
  const std::string expected = "k-0 k-1 k-2 k-3 k-4 k-5 k-6";
  for (const std::size_t rows : {1UL, 2UL, 3UL, 6UL, 7UL, 8UL}) {
    EXPECT_EQ(all_of("", rows), expected) << rows;
  }
  EXPECT_EQ(list({"", "nonsense", 3}).customers.size(), 3U);
  EXPECT_EQ(list({"", "", 0}).customers.size(), 1U);
}

TEST_P(RecordTest, FindsByThePrefixOfAnyIdentity) {
  known_as("ka-1");
  known_as("ka-2");
  known_as("kb-1");
  give(person_of("ka-1"), "phone", "+86 138 0013 8000");
  give(person_of("kb-1"), "phone", "13800139999");
  give(person_of("kb-1"), "email", "Kai@example.com");
  for (const std::size_t rows : {1UL, 2UL, 50UL}) {
    EXPECT_EQ(all_of("ka", rows), "ka-1 ka-2 kb-1") << rows;
    EXPECT_EQ(all_of("138 001", rows), "ka-1 kb-1") << rows;
    EXPECT_EQ(all_of("13800138", rows), "ka-1") << rows;
  }
  EXPECT_EQ(all_of("ka-1", 50), "ka-1");
  EXPECT_EQ(all_of("%", 50), "");
  EXPECT_EQ(all_of("\xff", 50), "");
  EXPECT_EQ(list({"ka", "1.zz.", 50}).customers.size(), 3U);
  EXPECT_EQ(list({"ka", "1.ff.ff", 50}).customers.size(), 3U);
}

TEST_P(RecordTest, APersonFoundTwiceOnAPageAppearsOnce) {
  const base::CustomerId one = known_as("k-1");
  give(one, "device", "k-device");
  EXPECT_EQ(all_of("k-", 50), "k-1");
}

TEST_P(RecordTest, FindsByWhatANameHolds) {
  known_as("k-1");
  known_as("k-2");
  known_as("k-3");
  ASSERT_TRUE(put(person_of("k-1"), "name", base::Value(std::string("张晓明")), {}));
  ASSERT_TRUE(put(person_of("k-2"), "昵称", base::Value(std::string("晓明同学")), {}));
  ASSERT_TRUE(put(person_of("k-3"), "city", base::Value(std::string("晓明")), {}));
  for (const std::size_t rows : {2UL, 50UL}) {
    EXPECT_EQ(all_of("晓明", rows), "k-1 k-2") << rows;
  }
  EXPECT_EQ(all_of("zxm", 50), "k-1");
  EXPECT_EQ(all_of("ZHANGX", 50), "k-1");
  EXPECT_EQ(all_of("xm", 50), "k-1 k-2");
  EXPECT_EQ(all_of("张明", 50), "");
  ASSERT_TRUE(put(person_of("k-1"), "name", base::Value(std::string("李雷")), {}));
  EXPECT_EQ(all_of("zxm", 50), "");
  EXPECT_EQ(all_of("ll", 50), "k-1");
}

TEST_P(RecordTest, FindsByTheEndOfAPhoneBeforeTheBeginningOfAKey) {
  known_as("8000-x", -3);
  known_as("ka-1");
  give(person_of("ka-1"), "phone", "13800138000");
  known_as("ka-2");
  give(person_of("ka-2"), "phone", "13900139000");
  known_as("8000");
  for (const std::size_t rows : {3UL, 50UL}) {
    EXPECT_EQ(all_of("8000", rows), "8000 ka-1 8000-x") << rows;
  }
  EXPECT_EQ(all_of("38000", 50), "ka-1");
  EXPECT_EQ(all_of("000", 50), "");
  EXPECT_EQ(all_of("139 0013 9000", 50), "ka-2");
}

TEST_P(RecordTest, BeginningsFollowAPageThatIsFullOfTheBest) {
  known_as("ka-1");
  give(person_of("ka-1"), "phone", "13800138000");
  known_as("8000-x");
  EXPECT_EQ(all_of("8000", 1), "ka-1 8000-x");
}

TEST_P(RecordTest, WhoSeesMasksCannotFeelForDigitsOrNames) {
  known_as("ka-1");
  give(person_of("ka-1"), "phone", "13800138000");
  ASSERT_TRUE(put(person_of("ka-1"), "name", base::Value(std::string("张晓明")), {}));
  const auto masked = [&](std::string_view text) {
    return list({.text = text, .phones_masked = true, .names_masked = true}).customers.size();
  };
  for (const std::string_view text : {"13800138000", "138", "8000", "张晓明", "ka"}) {
    EXPECT_EQ(masked(text), 1U) << text;
  }
  for (const std::string_view text :
       {"1380", "1380013800", "38000", "晓明", "张", "zxm", "zhangxiaoming"}) {
    EXPECT_EQ(masked(text), 0U) << text;
    EXPECT_EQ(list({.text = text}).customers.size(), 1U) << text;
  }
}

TEST_P(RecordTest, WhoSeesMasksCannotFeelForIdentitiesThatAreHidden) {
  known_as("ka-1");
  known_as("ka-2");
  known_as("kam@example.com");
  known_as("明月");
  ASSERT_TRUE(write([](Writing& writing) {
    return declare_identity_kind(writing, {.id = {}, .name = "id_card"});
  }));
  give(person_of("ka-1"), "email", "kaliu@example.com");
  give(person_of("ka-1"), "id_card", "kb-110101");
  for (int i = 0; i < 5; ++i) {
    give(person_of("ka-2"), "email", "kz" + std::to_string(i) + "@example.com");
  }
  const auto masked = [&](std::string_view text, std::size_t rows) {
    return list({.text = text, .rows = rows, .phones_masked = true, .names_masked = true});
  };
  for (const std::string_view text :
       {"ka-1", "kaliu@example.com", "kam@example.com", "明月", "kb-110101"}) {
    EXPECT_EQ(masked(text, 50).customers.size(), 1U) << text;
  }
  for (const std::string_view text : {"kal", "kam", "kam@", "明", "kb", "kb-1", "kz"}) {
    for (const std::size_t rows : {1UL, 50UL}) {
      const Page page = masked(text, rows);
      EXPECT_TRUE(page.customers.empty()) << text;
      EXPECT_EQ(page.next, "") << text;
    }
    EXPECT_FALSE(list({.text = text}).customers.empty()) << text;
  }
  // What is hidden counts as no rest either.
  const Page first = masked("ka", 1);
  ASSERT_EQ(first.customers.size(), 1U);
  EXPECT_EQ(first.customers[0].key, "ka-1");
  ASSERT_NE(first.next, "");
  const Page second = list(
      {.text = "ka", .after = first.next, .rows = 1, .phones_masked = true, .names_masked = true});
  ASSERT_EQ(second.customers.size(), 1U);
  EXPECT_EQ(second.customers[0].key, "ka-2");
  EXPECT_EQ(second.next, "");
}

INSTANTIATE_TEST_SUITE_P(Both, RecordTest, store::kBothDatabases, store::dialect_name);

}  // namespace
}  // namespace customer
