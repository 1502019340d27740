// A person told by files and requests, merged, tagged, consented and audited, is erased: no file of
// the data folder, no row of any table holds a word of theirs any more, nor does a folder restored
// from a backup made before.

#include "customer/erase.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "server/app.h"
#include "server/operate.h"
#include "store/test_database.h"

namespace server {
namespace {

namespace fs = std::filesystem;

constexpr base::Moment kNow{1'770'000'000'000};
constexpr int kOthers = 1500;  // enough for pages to be divided around the person

// What must not be found, each once a part of nothing else.
const std::vector<std::string> kWords = {
    "13911223344",     "欧阳晓夏",           "ouyang.xiaoxia@example.com",
    "oyxx-openid-77",  "梧桐路九十九号",     "xiaoxia-key",
    "proof-of-ouyang", "wording-for-ouyang", "parcel-of-ouyang",
    "raw-of-ouyang",   "139-1122-3344",      "former-device-5",
};

class MovedClock final : public base::Clock {
 public:
  base::Moment now() const override { return at; }
  base::Moment at = kNow;
};

std::string utf16(const std::string& text, bool big_endian) {
  std::string out;
  const auto unit = [&](unsigned value) {
    const char high = static_cast<char>(value >> 8);
    const char low = static_cast<char>(value & 0xff);
    out += big_endian ? std::string{high, low} : std::string{low, high};
  };
  for (std::size_t i = 0; i < text.size();) {  // one to three bytes a character
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
    if (byte(i) < 0x80) {
      unit(byte(i));
      i += 1;
    } else {
      EXPECT_EQ(byte(i) >> 4, 0xe);
      unit((byte(i) & 0xfu) << 12 | (byte(i + 1) & 0x3fu) << 6 | (byte(i + 2) & 0x3fu));
      i += 3;
    }
  }
  return out;
}

std::string bytes_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream bytes;
  bytes << in.rdbuf();
  return bytes.str();
}

// "siyu.db-wal: 13911223344" for every word in every file below.
std::vector<std::string> found_in_folder(const std::string& folder) {
  std::vector<std::string> found;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    const std::string bytes = bytes_of(entry.path());
    for (const std::string& word : kWords) {
      for (const std::string& spelled : {word, utf16(word, false), utf16(word, true)}) {
        if (bytes.find(spelled) == std::string::npos) continue;
        found.push_back(entry.path().filename().string() + ": " + word);
      }
    }
  }
  return found;
}

// The same for every column of every table.
std::vector<std::string> found_in_tables(const std::string& url) {
  const auto database = store::open_postgresql({.url = url, .connections = 2});
  return database->read([](store::Session& session) {
    std::vector<std::pair<std::string, std::string>> columns;
    session.query(
        "select table_name, column_name from information_schema.columns "
        "where table_schema not in ('pg_catalog', 'information_schema') and table_name in "
        "(select table_name from information_schema.tables where table_type = 'BASE TABLE')",
        {}, [&](const store::Row& row) { columns.emplace_back(row.text(0), row.text(1)); });
    EXPECT_GT(columns.size(), 100u);
    std::vector<std::string> found;
    for (const auto& [table, column] : columns) {
      for (const std::string& word : kWords) {
        const std::string sql = "select count(*) from \"" + table + "\" where strpos(cast(\"" +
                                column + "\" as text), $1) > 0";
        session.query(sql, {std::string_view(word)}, [&](const store::Row& row) {
          if (row.integer(0) > 0) found.push_back(table + "." + column + ": " + word);
        });
      }
    }
    return found;
  });
}

std::string listed(const std::vector<std::string>& found) {
  std::string out;
  for (const std::string& one : found) out += one + "\n";
  return out;
}

class EraseTest : public ::testing::TestWithParam<store::Dialect> {
 protected:
  void SetUp() override {
    if (!is_sqlite() && !store::postgresql_missing().empty()) {
      GTEST_SKIP() << store::postgresql_missing();
    }
    place_ = std::make_unique<store::TestDatabase>(GetParam());
    place_->close();
    (is_sqlite() ? options_.folder : options_.database_url) = place_->place();
    app_ = std::make_unique<App>(options_, clock_, random_);
  }

  bool is_sqlite() const { return GetParam() == store::Dialect::sqlite; }

  struct Asked {
    net::Method method = net::Method::post;
    std::string target;
    std::string body = {};
    std::string type = "application/json";
  };
  static net::Response ask(App& app, const Asked& asked) {
    net::Request request;
    request.method = asked.method;
    EXPECT_TRUE(net::set_target(request, asked.target));
    if (!asked.body.empty()) request.headers.set("Content-Type", asked.type);
    request.body = asked.body;
    request.remote = "local";
    request.local = true;
    return app.handle(request);
  }
  void must(const Asked& asked) {
    const net::Response response = ask(*app_, asked);
    ASSERT_LT(response.status, 300) << asked.target << " " << response.body;
  }
  static int status_of(App& app, const std::string& target) {
    return ask(app, {.method = net::Method::get, .target = target}).status;
  }

  // `file` as part of a URL.
  void import(const std::string& kind, const std::string& text,
              const std::string& file = "people.csv") {
    must({.target = "/api/v1/imports?kind=" + kind + "&file=" + file,
          .body = text,
          .type = "text/csv"});
  }

  void tell_others(int round) {
    std::string people = "customer,mobile,address\n";
    std::string events = "customer,event,time,note,key\n";
    for (int i = 0; i < kOthers; ++i) {
      const std::string name = "other-" + std::to_string(round) + "-" + std::to_string(i * 7919);
      people += name + ",1380000" + std::to_string(1000 + i) + ",别的地方" + name + "\n";
      events += name + ",visit,2026-01-05,a note of " + name + ",k" + name + "\n";
    }
    import("customers", people);
    import("events", events);
  }

  void tell_the_person() {
    import("customers",
           "customer,mobile,name,address,age:int\n"
           "xiaoxia-key,13911223344,欧阳晓夏,梧桐路九十九号,30\n");
    import("events",
           "customer,event,time,note,phone,key\n"
           "xiaoxia-key,order_paid,2026-01-04,parcel-of-ouyang,13911223344,13911223344-1\n",
           "orders-13911223344-xiaoxia-key.csv");
    import("events", "customer,event,time\nother-1-0,visit,2026-01-04\n",
           "%2B86%20139-1122-3344%20ouyang.xiaoxia@example.com.csv");
    must({.target = "/api/v1/customers",
          .body = R"({"customers": [{"customer": "xiaoxia-key", "tags": ["等级/VIP"],
                  "identities": [{"kind": "phone", "value": "+86 139 1122 3344"},
                                 {"kind": "phone", "value": "13911223344"}],
                  "attributes": {"age": "raw-of-ouyang", "name": "欧阳晓夏"}},
                {"customer": "b-key", "attributes": {"name": "欧阳晓夏二"},
                  "identities": [{"kind": "openid", "account": "wx1", "value": "oyxx-openid-77"},
                                 {"kind": "device", "value": "former-device-5"},
                                 {"kind": "email", "value": "Ouyang.Xiaoxia@example.com"},
                                 {"kind": "email", "value": "ouyang.xiaoxia@example.com"}]
  }]})"});
    must({.target = "/api/v1/customers/b-key/identities/remove",
          .body = R"({"kind": "device", "value": "former-device-5"})"});
    import("events", "customer,event,time\nother-1-0,visit,2026-01-04\n", "former-device-5.csv");
    must({.target = "/api/v1/customers/xiaoxia-key/consents",
          .body = R"({"purpose": "marketing", "channel": "sms", "state": "given", "how": "form",
                "wording": "wording-for-ouyang", "proof": "proof-of-ouyang"})"});
    must({.method = net::Method::patch,
          .target = "/api/v1/customers/b-key/attributes",
          .body = R"({"values": {"name": "欧阳晓夏", "address": "梧桐路九十九号 3 楼"}})"});
    must({.target = "/api/v1/customers/xiaoxia-key/merge", .body = R"({"other": "b-key"})"});
    must({.target = "/api/v1/events",
          .body = R"({"events": [{"customer": "phone:13911223344", "event": "message_received",
                "key": "欧阳晓夏-1", "properties": {"text": "欧阳晓夏, 13911223344"}}]})"});
    must({.method = net::Method::patch,
          .target = "/api/v1/customers/xiaoxia-key/attributes",
          .body = R"({"values": {"name": null, "address": "梧桐路九十九号 4 楼"}})"});
  }

  void tell_everything() {
    tell_others(1);
    tell_the_person();
    tell_others(2);
  }

  std::vector<std::string> found() const {
    return is_sqlite() ? found_in_folder(place_->place()) : found_in_tables(place_->place());
  }

  void expect_nothing_left() {
    EXPECT_EQ(listed(found()), "");
    EXPECT_EQ(status_of(*app_, "/api/v1/customers/xiaoxia-key"), 404);
    EXPECT_EQ(status_of(*app_, "/api/v1/customers/other-1-0"), 200);
    app_.reset();
    EXPECT_EQ(listed(found()), "") << "once it is closed";
  }

  MovedClock clock_;
  base::SeededRandom random_{3};
  std::unique_ptr<store::TestDatabase> place_;
  AppOptions options_;
  std::unique_ptr<App> app_;
};

TEST_P(EraseTest, LeavesNoWordAnywhere) {
  ASSERT_NO_FATAL_FAILURE(tell_everything());
  // Every word was there, so that looking for it means something.
  const std::string before = listed(found());
  for (const std::string& word : kWords) EXPECT_NE(before.find(word), std::string::npos) << word;
  clock_.at = kNow + base::Duration{base::kHour.ms};
  must({.method = net::Method::del, .target = "/api/v1/customers/phone:13911223344"});
  expect_nothing_left();
}

// Asked by the key of the customer that was merged away.
TEST_P(EraseTest, TakesBothOfAMergedPerson) {
  ASSERT_NO_FATAL_FAILURE(tell_the_person());
  must({.target = "/api/v1/customers", .body = R"({"customers": [{"customer": "other-1-0"}]})"});
  must({.method = net::Method::del, .target = "/api/v1/customers/b-key"});
  expect_nothing_left();
}

TEST_P(EraseTest, HoldsInARestoredBackup) {
  if (!is_sqlite()) GTEST_SKIP() << "PostgreSQL is restored by its own tools";
  ASSERT_NO_FATAL_FAILURE(tell_everything());
  const store::TemporaryFolder elsewhere;
  const std::string backup = elsewhere.path() + "/backup.db";
  must({.target = "/local/v1/backup", .body = R"({"file": ")" + backup + R"("})"});
  EXPECT_NE(bytes_of(backup).find(kWords.front()), std::string::npos);
  clock_.at = kNow + base::Duration{base::kHour.ms};
  must({.method = net::Method::del, .target = "/api/v1/customers/xiaoxia-key"});
  app_.reset();

  const store::TemporaryFolder fresh;
  fs::copy_file(fs::path(place_->place()) / customer::kErasedFile,
                fs::path(fresh.path()) / customer::kErasedFile);
  clock_.at = kNow + base::Duration{2 * base::kHour.ms};
  const AppOptions restored{.folder = fresh.path()};
  EXPECT_EQ(restore(restored, backup, {clock_, random_}).erased_again, 1);
  EXPECT_EQ(listed(found_in_folder(fresh.path())), "");
  App app(restored, clock_, random_);
  EXPECT_EQ(status_of(app, "/api/v1/customers/xiaoxia-key"), 404);
  EXPECT_EQ(status_of(app, "/api/v1/customers/phone:13911223344"), 404);
  EXPECT_EQ(status_of(app, "/api/v1/customers/other-1-0"), 200);
}

INSTANTIATE_TEST_SUITE_P(Both, EraseTest, store::kBothDatabases, store::dialect_name);

}  // namespace
}  // namespace server
