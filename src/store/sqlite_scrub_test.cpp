// Nothing deleted stays in a file of the folder: see Database::scrub.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "store/database.h"
#include "store/failure.h"
#include "store/test_folder.h"

namespace store {
namespace {

constexpr std::int64_t kRows = 60'000;
constexpr std::int64_t kDeletedEach = 40;  // one row of so many

// Spread over the index, so that its pages split in their middles.
std::string text_of(std::int64_t row) {
  return "<" + std::to_string(10'000'000'000 + row * 30'011'999 % 8'999'999'999) + ">";
}

std::string bytes_of(const std::string& folder) {
  std::ostringstream bytes;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    bytes << std::ifstream(entry.path(), std::ios::binary).rdbuf();
  }
  return bytes.str();
}

class SqliteScrubTest : public ::testing::Test {
 protected:
  SqliteScrubTest() {
    database_->write("test.fill", [](Unit& unit) {
      unit.execute("create table phone (text text not null primary key, row bigint)", {});
      for (std::int64_t row = 0; row < kRows; ++row) {
        unit.execute("insert into phone (text, row) values ($1, $2)", {text_of(row), row});
      }
    });
    database_->write("test.delete", [](Unit& unit) {
      unit.execute("delete from phone where row % $1 = 0", {kDeletedEach});
    });
  }
  // Deleted rows of which a file of the folder still holds the text.
  std::int64_t traces() const {
    const std::string bytes = bytes_of(folder_.path());
    std::int64_t left = 0;
    std::size_t at = bytes.find('<');
    std::vector<bool> seen(static_cast<std::size_t>(kRows / kDeletedEach));
    std::map<std::string, std::size_t> deleted;
    for (std::int64_t row = 0; row < kRows; row += kDeletedEach) {
      deleted.emplace(text_of(row), static_cast<std::size_t>(row / kDeletedEach));
    }
    for (; at != std::string::npos; at = bytes.find('<', at + 1)) {
      const auto found = deleted.find(bytes.substr(at, text_of(0).size()));
      if (found == deleted.end() || seen[found->second]) continue;
      seen[found->second] = true;
      ++left;
    }
    return left;
  }

  TemporaryFolder folder_;
  std::unique_ptr<Database> database_ = open_sqlite({.folder = folder_.path()});
};

TEST_F(SqliteScrubTest, RewritesTheFileWithoutWhatWasDeleted) {
  database_->checkpoint();
  const std::string file = folder_.path() + "/siyu.db";
  const auto before = std::filesystem::file_size(file);
  database_->scrub();
  EXPECT_EQ(traces(), 0);
  // Pages that had split are full again: it is another file, not the old one looked at.
  EXPECT_LT(std::filesystem::file_size(file), before);
  EXPECT_EQ(database_->health().wal_bytes, 0);
  const auto rows = database_->read([](Session& session) {
    return session.one("select count(*) from phone", {},
                       [](const Row& row) { return row.integer(0); });
  });
  EXPECT_EQ(rows, kRows - kRows / kDeletedEach);
}

TEST_F(SqliteScrubTest, UnitsAndReadsGoOnBesideIt) {
  std::vector<std::thread> threads;
  for (int each = 0; each < 4; ++each) {
    threads.emplace_back([&, each] {
      for (int round = 0; round < 20; ++round) {
        if (each == 0 && round % 5 == 0) database_->scrub();
        database_->write("test.add", [&](Unit& unit) {
          unit.execute("insert into phone (text, row) values ($1, 1)",
                       {"new " + std::to_string(each * 100 + round)});
        });
        database_->read([](Session& session) {
          session.query("select 1 from phone limit 1", {}, [](const Row&) {});
        });
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  database_->scrub();
  const auto added = database_->read([](Session& session) {
    return session.one("select count(*) from phone where text like 'new %'", {},
                       [](const Row& row) { return row.integer(0); });
  });
  EXPECT_EQ(added, 80);
  EXPECT_EQ(traces(), 0);
}

}  // namespace
}  // namespace store
