#include "customer/remembered_keys.h"

#include <array>
#include <map>
#include <random>

#include "customer/customer_fixture.h"
#include "customer/erase.h"
#include "customer/import_undo.h"
#include "customer/merge.h"

namespace customer {
namespace {

std::vector<std::int64_t> found_in(const RememberedKeys& keys, std::int64_t version,
                                   const std::vector<std::string_view>& asked) {
  std::vector<std::int64_t> ids;
  for (const base::CustomerId customer : keys.find(version, asked)) ids.push_back(customer.value);
  return ids;
}

TEST(RememberedKeys, AreOfTheirVersionAlone) {
  RememberedKeys keys;
  EXPECT_EQ(found_in(keys, 1, {"a"}), (std::vector<std::int64_t>{0}));
  const std::array<RememberedKeys::Found, 2> first = {{{"a", {5}}, {"b", {6}}}};
  keys.keep(3, first);
  EXPECT_EQ(found_in(keys, 3, {"b", "c", "a", ""}), (std::vector<std::int64_t>{6, 0, 5, 0}));
  EXPECT_EQ(found_in(keys, 2, {"a"}), (std::vector<std::int64_t>{0}));
  EXPECT_EQ(found_in(keys, 4, {"a"}), (std::vector<std::int64_t>{0}));
  EXPECT_EQ(found_in(keys, 3, {"a"}), (std::vector<std::int64_t>{5})) << "asking changes nothing";
  const std::array<RememberedKeys::Found, 1> later = {{{"c", {7}}}};
  keys.keep(2, later);  // of a unit that took longer
  EXPECT_EQ(found_in(keys, 3, {"a", "c"}), (std::vector<std::int64_t>{5, 0}));
  keys.keep(4, later);
  EXPECT_EQ(found_in(keys, 4, {"a", "c"}), (std::vector<std::int64_t>{0, 7}));
}

TEST(RememberedKeys, KeysOfRecordsAndLongOnesAreNotRemembered) {
  RememberedKeys keys;
  const std::string longest(kRememberedKeyBytesMax, 'x');
  const std::string longer = longest + "x";
  const std::array<RememberedKeys::Found, 4> found = {
      {{"c_5", {5}}, {" c_6", {6}}, {longest, {7}}, {longer, {8}}}};
  keys.keep(1, found);
  EXPECT_EQ(found_in(keys, 1, {"c_5", " c_6", longest, longer}),
            (std::vector<std::int64_t>{0, 0, 7, 0}));
}

TEST(RememberedKeys, BeginAnewAtTheirLimit) {
  constexpr std::size_t kBytes = 256 * 1024;
  RememberedKeys keys(kBytes);
  std::size_t most = 0;
  for (std::int64_t i = 1; i <= 20'000; ++i) {
    const std::array<RememberedKeys::Found, 1> found = {{{"key " + std::to_string(i), {i}}}};
    keys.keep(1, found);
    ASSERT_LE(keys.bytes(), kBytes);
    most = std::max(most, keys.size());
    for (const std::int64_t back : {std::int64_t{0}, std::int64_t{1}, i / 2}) {
      const std::string key = "key " + std::to_string(i - back);
      const auto known = found_in(keys, 1, {key}).front();
      ASSERT_TRUE(known == 0 || known == i - back) << key;
    }
  }
  EXPECT_GT(most, 4'000U);
  EXPECT_GT(keys.size(), 0U);
}

class RememberedKeysTest : public CustomerTest {
 protected:
  void SetUp() override {
    CustomerTest::SetUp();
    if (IsSkipped()) return;
    if (GetParam() == store::Dialect::postgresql) {
      hashes_ = erased_hashes_table(random_);
    } else {
      hashes_ = open_erased_hashes(folder_.path(), random_);
    }
  }

  std::int64_t version() {
    return database().read([](store::Session& session) { return identity_version(session); });
  }

  // As who writes events does it. What is remembered must be what stands there.
  base::CustomerId use(RememberedKeys& keys, std::string_view key) {
    return write([&](Writing& writing) {
      const std::int64_t version = identity_version(writing.unit());
      const base::CustomerId known = keys.find(version, std::span(&key, 1)).front();
      const auto stands = find_by_key(writing.unit(), key);
      if (known) {
        ++remembered_;
        EXPECT_EQ(known, stands ? stands->customer : base::CustomerId{}) << key;
        return known;
      }
      const NewKey asked{key, fresh()};
      const auto made = find_or_create_keys(writing, std::span(&asked, 1));
      const base::CustomerId customer = made->front().found.customer;
      writing.unit().after_commit([&keys, version, key = std::string(key), customer] {
        const std::array<RememberedKeys::Found, 1> found = {{{key, customer}}};
        keys.keep(version, found);
      });
      return customer;
    });
  }

  void undo(base::BatchId batch) {
    database().write("test.undo", [&](store::Unit& unit) {
      EXPECT_TRUE(event_log::begin_undo(*log_, unit, batch, kNow).has_value());
    });
    ImportUndo follower(*log_, options());
    database().write("test.take_back", [&](store::Unit& unit) {
      const auto types = follower.types(unit);
      const auto of_batch = event_log::customers_of(unit, batch, {}, types);
      std::vector<event_log::Position> rows;
      for (const auto& row : of_batch.rows) rows.push_back(row.position);
      follower.take_back(unit, {batch, of_batch.customers, rows});
    });
    database().write("test.void", [&](store::Unit& unit) {
      EXPECT_EQ(event_log::undo_step(unit, batch, {}), std::nullopt);
    });
  }

  bool remove(std::string_view key) {
    const auto gone = write([&](Writing& writing) -> base::Result<bool, Error> {
      const auto found = find_by_key(writing.unit(), key);
      if (!found) return false;
      return remove_identity(writing, found->person, {"customer", key}, {});
    });
    return gone && *gone;
  }
  bool forget(std::string_view key) {
    const auto gone = write([&](Writing& writing) -> base::Result<bool, Error> {
      const auto found = find_by_key(writing.unit(), key);
      if (!found) return false;
      const auto erased = erase(writing, *hashes_, random_, found->person);
      if (!erased) return base::unexpected(erased.error());
      return true;
    });
    return gone && *gone;
  }

  store::TemporaryFolder folder_;
  std::unique_ptr<ErasedHashes> hashes_;
  int remembered_ = 0;
};
INSTANTIATE_TEST_SUITE_P(Both, RememberedKeysTest, store::kBothDatabases, store::dialect_name);

TEST_P(RememberedKeysTest, AnIdentityThatGoesRaisesTheVersion) {
  std::int64_t before = version();
  const auto has_risen = [&] {
    const std::int64_t now = version();
    return std::exchange(before, now) < now;
  };
  const base::CustomerId one = known_as("k-1");
  const base::CustomerId two = known_as("k-2");
  give(one, "phone", "13800138000");
  EXPECT_FALSE(has_risen()) << "one that comes changes nothing";
  EXPECT_TRUE(write([&](Writing& writing) { return merge(writing, one, two); }).has_value());
  EXPECT_TRUE(write([&](Writing& writing) { return unmerge(writing, two); }).has_value());
  EXPECT_FALSE(has_risen()) << "identities do not move";
  EXPECT_TRUE(remove("k-2"));
  EXPECT_TRUE(has_risen());
  EXPECT_FALSE(remove("k-2"));
  EXPECT_FALSE(has_risen());

  const base::BatchId batch = begin_import();
  EXPECT_TRUE(write(import_options(batch), [&](Writing& writing) {
                return add_identity(writing, one, {"email", "a@b.c"}, {});
              }).has_value());
  undo(batch);
  EXPECT_TRUE(has_risen());
  const base::BatchId more = begin_import();
  EXPECT_TRUE(write(import_options(more), [&](Writing& writing) {
                return find_or_create(writing, {"customer", "k-3"}, fresh(), at(-2));
              }).has_value());
  undo(more);
  EXPECT_TRUE(has_risen());
  EXPECT_TRUE(forget("k-1"));
  EXPECT_TRUE(has_risen());
}

TEST_P(RememberedKeysTest, AUnitThatIsRolledBackLeavesThemAsTheyAre) {
  RememberedKeys keys;
  const base::CustomerId one = use(keys, "k-1");
  const auto refused = write([&](Writing& writing) -> base::Result<bool, int> {
    EXPECT_EQ(remove_identity(writing, one, {"customer", "k-1"}, {}), true);
    const std::string_view key = "k-1";
    const std::int64_t version = identity_version(writing.unit());
    EXPECT_EQ(keys.find(version, std::span(&key, 1)).front(), base::CustomerId{});
    return base::unexpected(1);
  });
  EXPECT_FALSE(refused.has_value());
  EXPECT_EQ(use(keys, "k-1"), one);
  EXPECT_EQ(remembered_, 1);
}

// Two processes remember, a third takes identities away in every way there is.
TEST_P(RememberedKeysTest, WhatIsRememberedIsWhatStandsThere) {
  constexpr std::array<std::string_view, 5> kKeys = {"a", "b", "c", "d", "e"};
  std::array<RememberedKeys, 2> processes;
  std::mt19937 random(21);
  std::map<std::int64_t, std::string_view> imported;  // batch: its key
  for (int step = 0; step < 400; ++step) {
    const std::string_view key = kKeys[random() % kKeys.size()];
    const std::string_view other = kKeys[random() % kKeys.size()];
    switch (random() % 40) {
      case 0:
        remove(key);
        break;
      case 1:
        forget(key);
        break;
      case 2: {
        const base::BatchId batch = begin_import();
        const NewKey asked{key, fresh()};
        EXPECT_TRUE(write(import_options(batch), [&](Writing& writing) {
                      return find_or_create_keys(writing, std::span(&asked, 1));
                    }).has_value());
        imported.emplace(batch.value, key);
        break;
      }
      case 3:
        if (imported.empty()) break;
        undo({imported.begin()->first});
        imported.erase(imported.begin());
        break;
      case 4: {
        const base::CustomerId one = use(processes[0], key);
        const base::CustomerId two = use(processes[1], other);
        if (one == two) break;
        // They may be one already, by what another step has merged.
        const auto merged = write([&](Writing& writing) { return merge(writing, one, two); });
        const bool is_undone =
            merged && random() % 2 == 0 &&
            write([&](Writing& writing) { return unmerge(writing, merged->gone); }).has_value();
        EXPECT_TRUE(is_undone || !merged || merged->gone);
        break;
      }
      default:
        use(processes[random() % processes.size()], key);
    }
  }
  EXPECT_GT(remembered_, 150);
}

}  // namespace
}  // namespace customer
