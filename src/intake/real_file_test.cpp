// Real files of ../shared/data, where they are: their figures are those of facts.json.
#include <cstdio>
#include <fstream>
#include <sstream>

#include "intake/import_fixture.h"

namespace intake {
namespace {

const std::string kData = std::string(SIYU_SOURCE_DIR) + "/../shared/data/";

// The file's text; nothing when it is not there. `.gz` files go through gzip.
std::optional<std::string> text_of(const std::string& path) {
  if (!std::ifstream(kData + path)) return std::nullopt;
  if (!path.ends_with(".gz")) {
    std::ifstream file(kData + path, std::ios::binary);
    std::ostringstream out;
    out << file.rdbuf();
    return out.str();
  }
  FILE* pipe = popen(("gzip -dc " + kData + path).c_str(), "r");
  if (pipe == nullptr) return std::nullopt;
  std::string out;
  std::string piece(1 << 16, '\0');
  for (std::size_t count = 1; count > 0;) {
    count = std::fread(piece.data(), 1, piece.size(), pipe);
    out.append(piece, 0, count);
  }
  if (pclose(pipe) != 0) return std::nullopt;
  return out;
}

class RealFileTest : public ImportTest {};

TEST_P(RealFileTest, CdnowSample) {
  const auto text = text_of("transactions/cdnow_sample.txt");
  if (!text) GTEST_SKIP() << kData << "transactions/cdnow_sample.txt is not there";
  std::istringstream lines(*text);
  std::string file = "customer,event,time,amount,items\n";
  std::string master, sample, day, items, amount;
  while (lines >> master >> sample >> day >> items >> amount) {
    file += sample + ",order_paid," + day.substr(0, 4) + "-" + day.substr(4, 2) + "-" +
            day.substr(6, 2) + "," + amount + "," + items + "\n";
  }
  const auto first = events(file);
  EXPECT_EQ(told(first), "6919 rows: 6919 new, 0 repeated, 0 left out");
  EXPECT_EQ(first.customers_created, 2357);
  EXPECT_EQ(persons(), 2357);
  EXPECT_EQ(told(events(file)), "6919 rows: 0 new, 6919 repeated, 0 left out");
  EXPECT_EQ(count("order_paid"), 6919);
  CsvText exported;
  EXPECT_EQ(export_events(export_means(), exported.sink()).rows, 6919);
  EXPECT_EQ(told(events(exported.text())), "6919 rows: 0 new, 6919 repeated, 0 left out");
}

TEST_P(RealFileTest, TianchiSliceWithItsCutLastLine) {
  const auto text = text_of("events/tianchi_userbehavior_slice.csv.gz");
  if (!text) GTEST_SKIP() << kData << "events/tianchi_userbehavior_slice.csv.gz is not there";
  // The first and the last rows; the last line is cut in its time, as it came.
  const std::size_t head = text->find('\n', 300'000) + 1;
  const std::string part =
      text->substr(0, head) + text->substr(text->rfind('\n', text->size() - 3000) + 1);
  std::istringstream lines(part);
  std::string file = "customer,event,sku,category,time";
  std::int64_t rows = 0;
  for (std::string line; std::getline(lines, line); ++rows) {
    std::istringstream fields(line);
    std::string user, item, category, behavior, seconds;
    std::getline(fields, user, ',');
    std::getline(fields, item, ',');
    std::getline(fields, category, ',');
    std::getline(fields, behavior, ',');
    std::getline(fields, seconds, ',');
    file += "\n" + user + "," + behavior + "," + item + "," + category + "," + seconds;
    if (seconds.size() == 10) file += "000";
  }
  const auto report = events(file);
  EXPECT_EQ(report.counts.rows, rows);
  EXPECT_EQ(report.counts.refused, 1);
  ASSERT_EQ(report.left_out.size(), 1U);
  EXPECT_EQ(report.left_out[0].code, "intake.cut_last_line");
  EXPECT_EQ(report.left_out[0].line, rows + 1);
  EXPECT_FALSE(report.times_look_like_seconds);
}

INSTANTIATE_TEST_SUITE_P(Both, RealFileTest, store::kBothDatabases, store::dialect_name);

}  // namespace
}  // namespace intake
