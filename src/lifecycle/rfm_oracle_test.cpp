// Scores and segments that others have computed (../shared/data/oracles/rfm: R, package rfm 0.3.0),
// where they are.
//
// They cut one whole unit above each quintile and count from there on; we cut at the quintile and
// count what is above. With their cuts as our own ones, every score and every segment is theirs.
// With our quintiles one customer of 597 is in another class: 297 days, between the quintile of
// 296.4 and their cut of 297.4.

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "base/calendar.h"
#include "lifecycle/rfm.h"

namespace lifecycle {
namespace {

const std::string kData = std::string(SIYU_SOURCE_DIR) + "/../shared/data/";

// Rows without the header.
std::vector<std::vector<std::string>> rows_of(const std::string& path) {
  std::vector<std::vector<std::string>> rows;
  std::ifstream file(kData + path);
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::erase_if(line, [](char c) { return c == '\r' || c == '"'; });  // no comma is quoted
    std::stringstream cells(line);
    std::vector<std::string>& row = rows.emplace_back();
    for (std::string cell; std::getline(cells, cell, ',');) row.push_back(cell);
  }
  return rows;
}

std::int32_t day_of(const std::string& text) {
  return base::day_of(base::parse_moment(text)->date).days;
}

// Of each customer in the orders, by name, as of 2006-12-31.
std::map<std::string, RfmFacts> facts_of_orders() {
  std::map<std::string, RfmFacts> facts;
  for (const auto& row : rows_of("transactions/rfm_orders.csv")) {
    const std::int64_t days = day_of("2006-12-31") - day_of(row.at(1));
    RfmFacts& of = facts.try_emplace(row.at(0), RfmFacts{{}, days}).first->second;
    of.recency_days = std::min(of.recency_days, days);
    ++of.orders;
    of.cents += std::stoll(row.at(2)) * 100;
  }
  return facts;
}

// One unit above each quintile; money in units of 1.00. `fifths`: five times the quintile.
RfmCuts cuts_a_unit_above(std::vector<std::int64_t> values, std::int64_t unit) {
  std::ranges::sort(values);
  RfmCuts cuts{};
  const auto last = static_cast<std::int64_t>(values.size()) - 1;
  for (std::int64_t part = 1; part <= 4; ++part) {
    const auto place = static_cast<std::size_t>(last * part / 5);
    const std::int64_t fifths =
        5 * values[place] + last * part % 5 * (values[place + 1] - values[place]);
    cuts[static_cast<std::size_t>(part - 1)] = (fifths + 4) / 5 + unit;  // rounded up
  }
  return cuts;
}

struct Difference {
  int scores = 0;
  int segments = 0;
};

Difference difference(const std::map<std::string, RfmFacts>& facts, const RfmCutsOf& cuts) {
  // Their labels for our keys.
  std::map<std::string, std::string> label;
  for (const RfmSegment& row : shipped_segments()) label[row.key] = row.label_en;
  label["potential_loyalist"] = "Potential Loyalist";
  label["loyal"] = "Loyal Customers";
  label["new"] = "New Customers";
  label["cannot_lose"] = "Can't Lose Them";
  label["at_risk"] = "At Risk";
  label["need_attention"] = "Need Attention";
  label["about_to_sleep"] = "About To Sleep";
  Difference found;
  for (const auto& row : rows_of("oracles/rfm/rfm_scores.csv")) {
    const RfmScores scores = scores_of(facts.at(row.at(0)), cuts);
    const RfmScores theirs{std::stoi(row.at(6)), std::stoi(row.at(7)), std::stoi(row.at(8))};
    const auto segment = segment_of(scores, shipped_segments());
    found.scores += scores != theirs;
    found.segments += label.at(shipped_segments()[*segment].key) != row.at(1);
  }
  return found;
}

TEST(RfmOracle, ScoresAndSegmentsAreThoseOfOthers) {
  const auto facts = facts_of_orders();
  if (facts.empty()) GTEST_SKIP() << "no " << kData;
  EXPECT_EQ(facts.size(), 995);
  EXPECT_EQ(rows_of("oracles/rfm/rfm_scores.csv").size(), 597);
  std::vector<RfmFacts> all;
  std::vector<std::int64_t> days, orders, cents;
  for (const auto& [name, each] : facts) {
    all.push_back(each);
    days.push_back(each.recency_days);
    orders.push_back(each.orders);
    cents.push_back(each.cents);
  }
  const RfmCutsOf theirs{cuts_a_unit_above(days, 1), cuts_a_unit_above(orders, 1),
                         cuts_a_unit_above(cents, 100)};
  EXPECT_EQ(theirs.recency, (RfmCuts{115, 181, 298, 482}));  // 297.4 and more are 298 days
  EXPECT_EQ(theirs.frequency, (RfmCuts{4, 5, 6, 8}));
  EXPECT_EQ(theirs.money, (RfmCuts{25580, 38200, 50640, 66600}));
  const Difference none = difference(facts, theirs);
  EXPECT_EQ(none.scores, 0);
  EXPECT_EQ(none.segments, 0);

  const Difference ours = difference(facts, quintile_cuts(all));
  EXPECT_EQ(ours.scores, 1);
  EXPECT_EQ(ours.segments, 1);
}

}  // namespace
}  // namespace lifecycle
