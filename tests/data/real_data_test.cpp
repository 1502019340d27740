// Real files with independent answers (../shared/data, facts.json): imported as canonical CSV
// through the whole program, asked as rules in words, on both databases. Skipped where the files
// are absent.
//
// How rows become events: one order_paid a row. CDNOW: items = number of CDs, amount = dollars.
// Online Retail: only clean rows (a customer, quantity > 0, price > 0), order_id = invoice, amount
// = quantity × price in cents. rfm_orders: amount = revenue. Times are of the workspace's zone.

#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "base/calendar.h"
#include "data_files.h"

namespace data {
namespace {

std::int64_t cents_of(const std::string& text) {
  return static_cast<std::int64_t>(std::llround(std::stod(text) * 100));
}

std::string yuan(std::int64_t cents) {
  const std::string digits = std::to_string(cents % 100);
  return std::to_string(cents / 100) + "." + (digits.size() == 1 ? "0" : "") + digits;
}

class RealDataTest : public DataTest {
 protected:
  json::value import(const std::string& csv) {
    const std::string file = folder_.path() + "/events.csv";
    std::ofstream(file, std::ios::binary) << csv;
    return ask("/local/v1/import",
               {{"kind", "events"}, {"file", file}, {"dry_run", false}, {"live", false}});
  }

  std::string only(const std::string& rule) {
    const json::value answer = ask("/api/v1/rules/list", {{"rule", rule}});
    const json::array& people = answer.at("customers").as_array();
    EXPECT_EQ(people.size(), 1u);
    return people.empty() ? "" : std::string(people[0].at("key").as_string());
  }

  // Amounts of all events in cents, by month "1997-01", and in all as "". The zone is eight hours
  // ahead of UTC, and every time of these files is written in it.
  std::map<std::string, std::int64_t> revenue() {
    const std::string file = folder_.path() + "/out.csv";
    ask("/local/v1/export", {{"what", "events"}, {"audience", ""}, {"file", file}});
    const auto lines = lines_of(file, folder_.path());
    const auto header = fields_of(lines[0]);
    const auto column = std::ranges::find(header, "amount:money") - header.begin();
    std::map<std::string, std::int64_t> sums;
    for (std::size_t i = 1; i < lines.size(); ++i) {
      const auto fields = fields_of(lines[i]);
      const std::int64_t cents = cents_of(fields[static_cast<std::size_t>(column)]);
      sums[""] += cents;
      sums[local_month(fields[2])] += cents;
    }
    return sums;
  }

  static std::string local_month(const std::string& utc) {
    const auto written = base::parse_moment(utc);
    const base::Zone shanghai = *base::Zone::named("Asia/Shanghai");
    return base::to_iso8601(base::resolve(*written, shanghai), shanghai).substr(0, 7);
  }

  // `did order_paid` within each month of facts' table of customers.
  void expect_active_by_month(const json::value& months) {
    for (const auto& month : months.as_object()) {
      const std::string from(month.key());
      int year = std::stoi(from.substr(0, 4));
      int next = std::stoi(from.substr(5)) + 1;
      if (next == 13) {
        next = 1;
        ++year;
      }
      const std::string to = std::to_string(year) + (next < 10 ? "-0" : "-") + std::to_string(next);
      EXPECT_EQ(count("did order_paid between " + from + "-01 and " + to + "-01"),
                month.value().as_int64())
          << from;
    }
  }

  void expect_revenue_by_month(const json::value& months) {
    const auto sums = revenue();
    for (const auto& month : months.as_object()) {
      const auto cents =
          static_cast<std::int64_t>(std::llround(month.value().to_number<double>() * 100));
      EXPECT_EQ(sums.at(std::string(month.key())), cents) << month.key();
    }
  }
};

std::string cdnow_csv(const fs::path& folder) {
  std::string csv = "customer,event,time,items,amount\n";
  for (const std::string& line : lines_of(kData / "transactions/cdnow_sample.txt", folder)) {
    std::istringstream in(line);
    std::string master, customer, date, items, amount;
    if (!(in >> master >> customer >> date >> items >> amount)) continue;
    csv += customer + ",order_paid," + date.substr(0, 4) + "-" + date.substr(4, 2) + "-" +
           date.substr(6) + "," + items + "," + amount + "\n";
  }
  return csv;
}

TEST_P(RealDataTest, CdnowSampleAlsoWhenImportedTwice) {
  const json::value& facts = facts_.at("cdnow_sample");
  const std::string csv = cdnow_csv(folder_.path());
  const json::value first = import(csv);
  EXPECT_EQ(first.at("rows_imported"), facts.at("rows"));
  EXPECT_EQ(first.at("rows_left_out").as_int64(), 0);
  const json::value second = import(csv);
  EXPECT_EQ(second.at("rows_imported").as_int64(), 0);
  EXPECT_EQ(second.at("rows_repeated"), facts.at("rows"));

  EXPECT_EQ(count("everyone"), facts.at("customers").as_int64());
  EXPECT_EQ(count("did order_paid on >= 2 days"),
            facts.at("repeat_customers_two_or_more_days").as_int64());
  EXPECT_EQ(count("first order_paid between 1997-01-01 and 1997-03-26"),
            facts.at("customers").as_int64());
  EXPECT_EQ(count("first order_paid before 1997-01-01 or first order_paid since 1997-03-26"), 0);
  expect_active_by_month(facts.at("active_customers_by_month"));
  expect_revenue_by_month(facts.at("revenue_by_month"));
  EXPECT_EQ(revenue().at(""), std::llround(facts.at("revenue").as_double() * 100));
}

std::string online_retail_csv(const fs::path& folder) {
  std::string csv = "customer,event,time,order_id,sku,quantity:int,amount\n";
  for (const std::string& line :
       lines_of(kData / "transactions/online_retail_2010-12_2011-06.csv.gz", folder)) {
    const auto fields = fields_of(line);
    if (fields.size() != 8 || fields[6].empty() || fields[6] == "CustomerID") continue;
    const int quantity = std::stoi(fields[3]);
    const double price = std::stod(fields[5]);
    if (quantity <= 0 || price <= 0) continue;
    csv += fields[6] + ",order_paid," + fields[4] + "," + fields[0] + "," + fields[1] + "," +
           fields[3] + "," + yuan(std::llround(quantity * price * 100)) + "\n";
  }
  return csv;
}

TEST_P(RealDataTest, OnlineRetailHalfAYear) {
  const json::value& facts = facts_.at("online_retail_2010-12_2011-06");
  const json::value report = import(online_retail_csv(folder_.path()));
  EXPECT_EQ(report.at("rows_imported"), facts.at("clean_rows"));
  EXPECT_EQ(count("everyone"), facts.at("clean_customers").as_int64());
  EXPECT_EQ(count("did order_paid distinct(order_id) >= 2"),
            facts.at("clean_customers_with_2_or_more_invoices").as_int64());
  EXPECT_EQ(only("did order_paid distinct(order_id) >= 102"), "12748");
  EXPECT_EQ(only("did order_paid sum(amount) >= 136002.11"), "14646");
  EXPECT_EQ(count("did order_paid sum(amount) >= 39916.50"), 10);
  EXPECT_EQ(count("did order_paid sum(amount) > 39916.50"), 9);
  expect_active_by_month(facts.at("clean_active_customers_by_month"));
  expect_revenue_by_month(facts.at("clean_revenue_by_month"));
}

TEST_P(RealDataTest, RfmOrders) {
  const json::value& facts = facts_.at("rfm_orders");
  std::string csv = "customer,event,time,amount\n";
  const auto lines = lines_of(kData / "transactions/rfm_orders.csv", folder_.path());
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const auto fields = fields_of(lines[i]);
    csv += fields[0] + ",order_paid," + fields[1] + "," + fields[2] + "\n";
  }
  const json::value report = import(csv);
  EXPECT_EQ(report.at("rows_imported"), facts.at("rows"));
  EXPECT_EQ(count("everyone"), facts.at("customers").as_int64());
  EXPECT_EQ(count("did order_paid before 2001-10-29 or did order_paid since 2006-12-31"), 0);
  EXPECT_EQ(revenue().at(""), facts.at("revenue").as_int64() * 100);
}

INSTANTIATE_TEST_SUITE_P(Both, RealDataTest, store::kBothDatabases, store::dialect_name);

}  // namespace
}  // namespace data
