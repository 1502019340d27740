#include "customer/erase.h"

#include <filesystem>
#include <fstream>
#include <sstream>

#include "access/audit.h"
#include "customer/consent.h"
#include "customer/customer_fixture.h"
#include "customer/merge.h"
#include "customer/person.h"
#include "customer/record.h"
#include "store/failure.h"

namespace customer {
namespace {

constexpr std::string_view kPhone = "13800138000";
constexpr std::string_view kName = "Zhuge Kongming";

std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

// Files of the folder in which the text stands.
std::vector<std::string> holding(const std::string& folder, std::string_view text) {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    if (bytes_of(entry.path()).find(text) == std::string::npos) continue;
    files.push_back(entry.path().filename());
  }
  return files;
}

class EraseTest : public CustomerTest {
 protected:
  void SetUp() override {
    CustomerTest::SetUp();
    if (IsSkipped()) return;
    hashes_ = open_hashes();
  }
  std::unique_ptr<ErasedHashes> open_hashes() {
    if (GetParam() == store::Dialect::postgresql) return erased_hashes_table(random_);
    return open_erased_hashes(folder_.path(), random_);
  }
  base::Result<Erased, Error> forget(base::CustomerId customer) {
    return write([&](Writing& writing) { return erase(writing, *hashes_, random_, customer); });
  }
  // Everything a person can have, with the phone and the name in it.
  base::CustomerId somebody(std::string_view key) {
    const base::CustomerId one = known_as(key, -9);
    give(one, "phone", kPhone);
    EXPECT_EQ(put(one, "name", base::Value(std::string("first")), at(-8)), 1);
    EXPECT_EQ(put(one, "name", base::Value(std::string(kName)), at(-7)), 1);
    EXPECT_TRUE(write([&](Writing& writing) -> base::Result<bool, Error> {
      const auto tag = declare_tag(writing, "等级/VIP");
      const auto list = declare_list(writing, "双11");
      if (!tag || !list) return false;
      if (auto done = add_tag(writing, one, tag->id, {}); !done) return done;
      if (auto done = join_list(writing, one, list->id, {}); !done) return done;
      return change_consent(writing, one, {.purpose = "marketing", .proof = kPhone});
    }));
    return one;
  }
  std::int64_t again() {
    const auto done =
        write([&](Writing& writing) { return apply_erased(writing, *hashes_, random_); });
    EXPECT_TRUE(done.has_value());
    return done.value_or(-1);
  }

  store::TemporaryFolder folder_;
  std::unique_ptr<ErasedHashes> hashes_;
};

TEST_P(EraseTest, EveryCustomerOfThePersonIsNoticed) {
  const base::CustomerId one = known_as("k-1", -9);
  const base::CustomerId other = known_as("k-2", -8);
  ASSERT_TRUE(write([&](Writing& writing) { return merge(writing, one, other); }));
  const event_log::Position before = newest();
  ASSERT_TRUE(forget(other));
  EXPECT_EQ(notices_behind(before), (std::vector<event_log::NoticeSubject>{one, other}));
}

TEST_P(EraseTest, ThePersonIsGone) {
  const base::CustomerId one = somebody("k-1");
  const base::CustomerId other = known_as("k-2");
  const auto erased = forget(one);
  ASSERT_TRUE(erased);
  EXPECT_EQ(erased->customers, 1);
  EXPECT_EQ(erased->events, 8);
  EXPECT_FALSE(found("phone", kPhone));
  EXPECT_EQ(person_of("k-1"), base::CustomerId{});
  EXPECT_TRUE(events_of(one).empty());
  database().read([&](store::Session& session) {
    EXPECT_FALSE(record_of(session, one));
    EXPECT_TRUE(attributes_of(session, one).empty());
    EXPECT_TRUE(tags_of(session, one).empty());
    EXPECT_TRUE(lists_of(session, one).empty());
    EXPECT_TRUE(consents_of(session, one).empty());
    EXPECT_EQ(count_persons(session), 1);
    EXPECT_EQ(session.one("select count(*) from customer_term", {},
                          [](const store::Row& row) { return row.integer(0); }),
              0);
  });
  EXPECT_EQ(person_of("k-2"), other);
  EXPECT_EQ(forget(one).error().fault, Fault::unknown_customer);
}

TEST_P(EraseTest, TakesEveryCustomerOfThePerson) {
  const base::CustomerId old = somebody("k-1");
  const base::CustomerId young = known_as("k-2", -1);
  const base::CustomerId youngest = known_as("k-3", 0);
  ASSERT_TRUE(write([&](Writing& writing) { return merge(writing, young, youngest); }));
  ASSERT_TRUE(write([&](Writing& writing) { return merge(writing, old, young); }));
  const auto erased = forget(youngest);
  ASSERT_TRUE(erased);
  EXPECT_EQ(erased->customers, 3);
  for (const std::string_view key : {"k-1", "k-2", "k-3"}) {
    EXPECT_EQ(person_of(key), base::CustomerId{});
  }
  EXPECT_EQ(database().read([](store::Session& session) { return count_persons(session); }), 0);
}

TEST_P(EraseTest, TheAuditKeepsThatItHappenedAndNoValue) {
  const base::CustomerId one = somebody("k-1");
  ASSERT_TRUE(forget(one));
  const auto entries = database().read([](store::Session& session) {
    return rights::read_audit(session, {.noun = "customer"}, {}).entries;
  });
  ASSERT_GE(entries.size(), 9U);
  EXPECT_EQ(entries[0].verb, "erased");
  for (const rights::AuditEntry& entry : entries) {
    for (const auto& value : {entry.before, entry.after}) {
      EXPECT_EQ(value.value_or("").find(kPhone), std::string::npos);
      EXPECT_EQ(value.value_or("").find(kName), std::string::npos);
    }
  }
}

TEST_P(EraseTest, IsAppliedAgainToWhatHadEnteredBefore) {
  const base::CustomerId one = somebody("k-1");
  const base::CustomerId anonymous = fresh();
  ASSERT_TRUE(write([&](Writing& writing) { return create(writing, anonymous, {}); }));
  ASSERT_TRUE(forget(one));
  ASSERT_TRUE(forget(anonymous));
  // As after a restore: the same identities and ids, entered before the erasure.
  somebody("k-1");
  ASSERT_TRUE(write([&](Writing& writing) { return create(writing, anonymous, {}); }));
  known_as("k-9");
  EXPECT_EQ(again(), 2);
  EXPECT_FALSE(found("phone", kPhone));
  EXPECT_EQ(database().read([](store::Session& session) { return count_persons(session); }), 1);
  EXPECT_EQ(again(), 0);
}

TEST_P(EraseTest, SomebodyWhoCameBackLaterStays) {
  ASSERT_TRUE(forget(somebody("k-1")));
  WritingOptions later = options();
  later.now = kNow + base::kSecond;
  ASSERT_TRUE(write(later, [&](Writing& writing) {
    return find_or_create(writing, {"phone", kPhone}, fresh(), {});
  }));
  EXPECT_EQ(again(), 0);
  EXPECT_TRUE(found("phone", kPhone));
}

TEST_P(EraseTest, HashesSurviveARestart) {
  ASSERT_TRUE(forget(somebody("k-1")));
  hashes_.reset();
  hashes_ = open_hashes();
  somebody("k-1");
  EXPECT_EQ(again(), 1);
}

// The real promise: with other people before, between and behind, so that pages of the database
// have split and moved, no file of the folder holds the phones or the names any more.
TEST_P(EraseTest, NoFileOfTheFolderHoldsThePerson) {
  if (GetParam() != store::Dialect::sqlite) GTEST_SKIP() << "PostgreSQL keeps its own files";
  constexpr int kCrowd = 3000;
  constexpr int kEach = 50;  // one of so many is erased
  const auto phone = [](int each) {
    return "13" + std::to_string(100'000'000 + each * std::int64_t{30'011'999} % 899'999'999);
  };
  const auto name = [](int each) { return "name-" + std::to_string(each * 7919) + "-name"; };
  std::vector<base::CustomerId> crowd;
  for (int begin = 0; begin < kCrowd; begin += 100) {
    ASSERT_TRUE(write([&](Writing& writing) -> base::Result<int, Error> {
      for (int each = begin; each < begin + 100; ++each) {
        const auto made = find_or_create(writing, {"phone", phone(each)}, fresh(), {});
        if (!made) return base::unexpected(made.error());
        crowd.push_back(made->found.customer);
        const NewValue value{"name", base::Value(name(each)), {}, {}};
        const auto done = set_attributes(writing, crowd.back(), std::span(&value, 1));
        if (!done) return base::unexpected(done.error());
      }
      return begin;
    }));
  }
  database().checkpoint();
  const std::string folder = test_database().place();
  ASSERT_FALSE(holding(folder, phone(kEach)).empty());
  ASSERT_FALSE(holding(folder, name(kEach)).empty());
  for (int each = 0; each < kCrowd; each += kEach) {
    ASSERT_TRUE(forget(crowd[static_cast<std::size_t>(each)]));
  }
  database().scrub();
  std::string bytes;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    bytes += bytes_of(entry.path());
  }
  int left = 0;
  for (int each = 0; each < kCrowd; each += kEach) {
    left += bytes.find(phone(each)) != std::string::npos ? 1 : 0;
    left += bytes.find(name(each)) != std::string::npos ? 1 : 0;
  }
  EXPECT_EQ(left, 0);
  EXPECT_NE(bytes.find(phone(1)), std::string::npos);
  EXPECT_EQ(holding(folder_.path(), phone(kEach)), std::vector<std::string>{});
}

// A unit has found somebody and appends for them while they are being erased: whoever erases waits
// for it and takes those events, too.
TEST_P(EraseTest, WhoIsFoundIsThereUntilTheUnitEnds) {
  const base::CustomerId one = known_as("one", -9);
  std::atomic<bool> erased = false;
  std::thread eraser;
  write([&](Writing& writing) {
    writing.hold_customers();
    const auto found = find_by_key(writing.unit(), "one");
    if (!eraser.joinable()) {
      eraser = std::thread([&] {
        EXPECT_TRUE(forget(one));
        erased = true;
      });
    }
    const auto waits = [&] {
      return writing.unit().dialect() == store::Dialect::sqlite ||
             *writing.unit().one("select count(*) from pg_locks where not granted", {},
                                 [](const store::Row& row) { return row.integer(0); }) > 0;
    };
    while (!erased && !waits()) std::this_thread::yield();
    event_log::NewEvent event;
    event.customer = found->customer;
    event.name = "page_viewed";
    event.time = kNow;
    EXPECT_TRUE(log_->append(writing.unit(), {.source = "test", .now = kNow}, event));
  });
  eraser.join();
  EXPECT_EQ(events_of(one), std::vector<std::string>{});
}

class ErasedFileTest : public ::testing::Test {
 protected:
  std::string path() const { return folder_.path() + "/" + std::string(kErasedFile); }
  void append(std::string_view bytes) const {
    std::ofstream(path(), std::ios::binary | std::ios::app) << bytes;
  }
  store::TemporaryFolder folder_;
  base::SystemRandom random_;
};

TEST_F(ErasedFileTest, IsPrivateAndACutLastLineIsDropped) {
  open_erased_hashes(folder_.path(), random_);
  const std::string whole = bytes_of(path());
  EXPECT_EQ(std::filesystem::status(path()).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  append("17600000");
  open_erased_hashes(folder_.path(), random_);
  EXPECT_EQ(bytes_of(path()), whole);
}

TEST_F(ErasedFileTest, ADamagedFileIsRefused) {
  open_erased_hashes(folder_.path(), random_);
  append("nonsense\n");
  EXPECT_THROW(open_erased_hashes(folder_.path(), random_), store::Failure);
}

INSTANTIATE_TEST_SUITE_P(Both, EraseTest, store::kBothDatabases, store::dialect_name);

}  // namespace
}  // namespace customer
