// Real files through the routes of the wizard: sent, mapped, looked at, imported in the background.
// What the preview says of the whole file, what the import wrote and what is asked afterwards are
// the figures of facts.json and cn_import/expected.json.

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <map>
#include <set>
#include <thread>

#include "data_files.h"

namespace data {
namespace {

constexpr std::chrono::minutes kFailsafe{5};  // nothing below waits this long unless it is broken

std::string text_of(const json::value& value) { return std::string(value.as_string()); }

class WizardDataTest : public DataTest {
 protected:
  // The upload, as its page shows it.
  json::value sent(const fs::path& file) {
    return send(net::Method::post, "/api/v1/uploads?file=" + file.filename().string(),
                read_file(unpacked(kData / file, folder_.path())));
  }
  static std::string path_of(const json::value& upload) {
    return "/api/v1/uploads/" + std::to_string(upload.at("id").as_int64());
  }
  json::value mapped(const json::value& upload, std::string_view mapping) {
    const json::value seen =
        send(net::Method::put, path_of(upload) + "/mapping", std::string(mapping));
    EXPECT_TRUE(seen.at("problems").as_array().empty()) << json::serialize(seen.at("problems"));
    return seen;
  }
  // The report, once the import has ended.
  json::value imported(const json::value& upload) {
    ask(path_of(upload) + "/import", {});
    const auto begin = std::chrono::steady_clock::now();
    while (true) {
      const json::value now = send(net::Method::get, path_of(upload), "");
      if (now.at("state") != "importing") {
        EXPECT_EQ(now.at("state"), "done") << json::serialize(now.at("fault"));
        return now.at("report");
      }
      if (std::chrono::steady_clock::now() - begin > kFailsafe) {
        ADD_FAILURE() << "it does not end";
        return now.at("report");
      }
      std::this_thread::yield();
    }
  }

  // What orders say of each month, once all of them are known.
  json::array months(const std::string& from, const std::string& to) {
    const std::string path = "/api/v1/revenue?by=month&from=" + from + "&to=" + to;
    const auto begin = std::chrono::steady_clock::now();
    while (true) {
      const json::value answer = send(net::Method::get, path, "");
      if (answer.at("fresh").as_bool()) return answer.at("periods").as_array();
      if (std::chrono::steady_clock::now() - begin > kFailsafe) {
        ADD_FAILURE() << "orders are never all known";
        return {};
      }
    }
  }

  json::array orders(const std::string& query) {
    return send(net::Method::get, "/api/v1/orders" + query, "").at("orders").as_array();
  }
  // Each order's state against what somebody else has found of the Youzan export.
  void expect_orders(const json::value& expected) {
    const json::array received = orders("?state=received");
    EXPECT_EQ(std::ssize(received), expected.at("completed_orders").as_int64());
    EXPECT_EQ(sum_of(received, "paid"), text_of(expected.at("completed_paid")));
    const json::array closed = orders("?state=closed");
    EXPECT_EQ(std::ssize(closed), expected.at("unpaid_closed").as_int64());
    EXPECT_EQ(sum_of(closed, "paid"), "0.00");
    const json::array all = orders("");
    EXPECT_EQ(std::ssize(all), expected.at("data_rows").as_int64());
    EXPECT_EQ(sum_of(all, "paid"), text_of(expected.at("gross_paid")));
    EXPECT_EQ(sum_of(all, "refunded"), text_of(expected.at("refunded")));
    // One was given back whole, one is paid and not sent.
    EXPECT_EQ(sum_of(orders("?state=refunded"), "paid"), "66.60");
    EXPECT_EQ(sum_of(orders("?state=paid"), "paid"),
              text_of(expected.at("july_paid_by_payment_time")));
  }
  static std::string sum_of(const json::array& orders, std::string_view figure) {
    double sum = 0;
    for (const json::value& order : orders) sum += std::stod(text_of(order.at(figure)));
    return money(sum);
  }

  // The households of demographics.csv with what it says of them, by the mapping that is proposed.
  void expect_demographics(std::int64_t rows) {
    const fs::path file = "transactions/completejourney/demographics.csv";
    std::map<std::string, std::int64_t> of_income;
    std::map<std::string, std::int64_t> with_kids;
    for (const std::string& line : lines_of(kData / file, folder_.path())) {
      const auto fields = fields_of(line);
      if (fields[0] == "household_id") continue;
      ++of_income[fields[2]];
      ++with_kids[fields[7]];
    }
    const json::value upload = sent(file);
    EXPECT_EQ(upload.at("rows").as_int64(), rows);
    EXPECT_EQ(upload.at("mapping").at("kind"), "customers");
    const json::value report = imported(upload);
    EXPECT_EQ(report.at("rows_imported").as_int64(), rows);
    EXPECT_EQ(report.at("rows_left_out"), 0);
    EXPECT_EQ(count("income is known"), rows);
    for (const auto& [income, households] : of_income) {
      EXPECT_EQ(count("income = \"" + income + "\""), households) << income;
    }
    for (const auto& [kids, households] : with_kids) {
      EXPECT_EQ(count("kids_count = \"" + kids + "\""), households) << kids;
    }
  }

  static std::string money(double amount) {
    std::ostringstream out;
    out.precision(2);
    out << std::fixed << amount;
    return out.str();
  }
};

// What the file says of its rows with a customer.
struct RetailRows {
  std::int64_t rows = 0;
  std::map<std::string, std::int64_t> returned_cents;  // by month
};
RetailRows retail_rows(const fs::path& folder) {
  RetailRows out;
  for (const std::string& line :
       lines_of(kData / "transactions/online_retail_2010-12_2011-06.csv.gz", folder)) {
    const auto fields = fields_of(line);
    if (fields.size() != 8 || fields[6].empty() || fields[6] == "CustomerID") continue;
    ++out.rows;
    const int quantity = std::stoi(fields[3]);
    if (quantity >= 0) continue;
    out.returned_cents[fields[4].substr(0, 7)] +=
        std::llround(-quantity * std::stod(fields[5]) * 100);
  }
  return out;
}

// Next, next, import: the mapping that is proposed, the same thing twice on an invoice and what
// was given back included.
TEST_P(WizardDataTest, OnlineRetailAsItIsProposed) {
  const json::value& facts = facts_.at("online_retail_2010-12_2011-06");
  const RetailRows rows = retail_rows(folder_.path());
  const json::value upload = sent("transactions/online_retail_2010-12_2011-06.csv.gz");
  EXPECT_EQ(upload.at("rows"), facts.at("rows"));
  EXPECT_EQ(upload.at("encoding"), "UTF-8");
  EXPECT_EQ(upload.at("columns").at(6).at("filled").as_int64(), rows.rows);
  EXPECT_EQ(rows.rows, facts.at("rows").as_int64() - facts.at("rows_without_customer").as_int64());
  EXPECT_TRUE(upload.at("problems").as_array().empty());
  EXPECT_EQ(upload.at("preview").at("made"), rows.rows);
  EXPECT_EQ(upload.at("preview").at("unusable_count"), facts.at("rows_without_customer"));
  EXPECT_EQ(upload.at("preview").at("values_left_out_count"), 0);
  const json::value report = imported(upload);
  EXPECT_EQ(report.at("rows_imported"), rows.rows);
  EXPECT_EQ(report.at("rows_repeated"), 0);
  EXPECT_EQ(report.at("rows_left_out"), facts.at("rows_without_customer"));
  EXPECT_EQ(report.at("customers_created"), facts.at("customers"));
  EXPECT_EQ(count("everyone"), facts.at("customers").as_int64());
  EXPECT_EQ(count("did order_paid where (amount > 0)"), facts.at("clean_customers").as_int64());
  EXPECT_EQ(count("did order_paid where (amount > 0) distinct(order_id) >= 2"),
            facts.at("clean_customers_with_2_or_more_invoices").as_int64());
  double sum = 0;
  const json::object& expected = facts.at("clean_revenue_by_month").as_object();
  const json::array by_month = months("2010-12-01", "2011-07-01");
  ASSERT_EQ(by_month.size(), expected.size());
  for (std::size_t i = 0; i < by_month.size(); ++i) {
    const auto& [name, amount] = expected.begin()[static_cast<std::ptrdiff_t>(i)];
    EXPECT_EQ(text_of(by_month[i].at("paid")), money(amount.to_number<double>())) << name;
    const auto returned = static_cast<double>(rows.returned_cents.at(name)) / 100;
    EXPECT_EQ(text_of(by_month[i].at("refunded")), money(returned)) << name;
    EXPECT_EQ(text_of(by_month[i].at("net")), money(amount.to_number<double>() - returned));
    sum += amount.to_number<double>();
  }
  EXPECT_EQ(money(sum), money(facts.at("clean_revenue").as_double()));
}

constexpr std::string_view kTransactions =
    R"({"kind":"events","columns":[{"column":"household_id","as":"identity","name":"customer"},)"
    R"({"column":"product_id","as":"property","name":"sku","type":"text"},)"
    R"({"column":"basket_id","as":"property","name":"order_id","type":"text"},)"
    R"({"column":"coupon_disc","as":"property","name":"coupon_discount","type":"money"}],)"
    R"("events":[{"event":"order_paid","time":{"columns":["transaction_timestamp"]},)"
    R"("amount":"sales_value"}]})";
constexpr std::string_view kRedemptions =
    R"({"kind":"events","columns":[{"column":"household_id","as":"identity","name":"customer"},)"
    R"({"column":"coupon_upc","as":"property","name":"coupon","type":"text"},)"
    R"({"column":"campaign_id","as":"property","name":"campaign","type":"text"}],)"
    R"("events":[{"event":"coupon_used","time":{"columns":["redemption_date"]}}]})";
constexpr std::string_view kCampaigns =
    R"({"kind":"customers","columns":[{"column":"household_id","as":"identity","name":"customer"},)"
    R"({"column":"campaign_id","as":"tags","name":"campaign"}]})";

TEST_P(WizardDataTest, CompleteJourney) {
  const json::value& facts = facts_.at("completejourney_dev");
  const fs::path folder = "transactions/completejourney";
  const auto import = [&](const fs::path& file, std::string_view mapping) {
    const json::value upload = sent(folder / file);
    EXPECT_EQ(mapped(upload, mapping).at("preview").at("unusable_count"), 0) << file;
    const json::value report = imported(upload);
    EXPECT_EQ(report.at("rows_left_out"), 0) << file;
    return report;
  };
  const json::value bought = import("transactions_sample.csv.gz", kTransactions);
  EXPECT_EQ(bought.at("rows_imported"), facts.at("transactions_rows"));
  EXPECT_EQ(bought.at("customers_created"), facts.at("households"));
  EXPECT_EQ(count("did order_paid where (coupon_discount > 0)"), [&] {
    std::set<std::string> households;
    for (const std::string& line :
         lines_of(kData / folder / "transactions_sample.csv.gz", folder_.path())) {
      const auto fields = fields_of(line);
      if (fields[7] != "0" && fields[7] != "coupon_disc") households.insert(fields[0]);
    }
    return static_cast<std::int64_t>(households.size());
  }());
  double paid = 0;
  std::int64_t payments = 0;
  for (const json::value& month : months("2017-01-01", "2018-01-01")) {
    paid += std::stod(text_of(month.at("paid")));
    payments += month.at("payments").as_int64();
  }
  EXPECT_EQ(money(paid), money(facts.at("sales_value").to_number<double>()));
  EXPECT_EQ(payments, facts.at("transactions_rows").as_int64());

  const json::value used = import("coupon_redemptions.csv", kRedemptions);
  EXPECT_EQ(used.at("rows_imported"), facts.at("coupon_redemptions_rows"));
  EXPECT_EQ(count("did coupon_used"), facts.at("redeeming_households").as_int64());
  const json::value sends = import("campaigns.csv", kCampaigns);
  EXPECT_EQ(sends.at("rows_imported"), facts.at("campaign_sends"));
  for (const auto& [campaign, funnel] : facts.at("campaign_funnel_sent_redeemed").as_object()) {
    const std::string tag = "tag \"campaign/" + std::string(campaign) + "\"";
    EXPECT_EQ(count(tag), funnel.at(0).as_int64()) << campaign;
    EXPECT_EQ(
        count(tag + " and did coupon_used where (campaign = \"" + std::string(campaign) + "\")"),
        funnel.at(1).as_int64())
        << campaign;
  }
  expect_demographics(facts.at("demographics_rows").as_int64());
}

// The Chinese exports as they are recognised: what the program says of the orders is what somebody
// else has found.
TEST_P(WizardDataTest, ExportsOfYouzan) {
  const json::value expected = json::parse(read_file(kData / "cn_import/expected.json"));
  const json::value customers = sent("cn_import/youzan_customers.csv");
  EXPECT_EQ(customers.at("recognised"), "youzan_customers");
  const json::value people = imported(customers);
  EXPECT_EQ(people.at("rows_imported"), expected.at(0).at("rows_with_usable_phone"));
  EXPECT_EQ(people.at("reviews_opened"), 1);
  EXPECT_EQ(
      send(net::Method::get, "/api/v1/merge-reviews", "").at("merge_reviews").as_array().size(),
      1U);
  const json::value orders = sent("cn_import/youzan_orders.csv");
  EXPECT_EQ(orders.at("recognised"), "youzan_orders");
  const json::value report = imported(orders);
  EXPECT_EQ(report.at("customers_created").as_int64(),
            std::ssize(expected.at(1).at("phones_not_in_customer_file").as_array()));
  const json::array by_month = months("2026-06-01", "2026-08-01");
  ASSERT_EQ(by_month.size(), 2U);
  EXPECT_EQ(by_month[0].at("paid"), expected.at(1).at("june_paid_by_payment_time"));
  EXPECT_EQ(by_month[1].at("paid"), expected.at(1).at("july_paid_by_payment_time"));
  const auto sum = [&](std::string_view figure) {
    return money(std::stod(text_of(by_month[0].at(figure))) +
                 std::stod(text_of(by_month[1].at(figure))));
  };
  EXPECT_EQ(sum("paid"), text_of(expected.at(1).at("gross_paid")));
  EXPECT_EQ(sum("refunded"), text_of(expected.at(1).at("refunded")));
  EXPECT_EQ(sum("net"), text_of(expected.at(1).at("net_paid")));
  EXPECT_EQ(by_month[0].at("payments").as_int64() + by_month[1].at("payments").as_int64(),
            expected.at(1).at("paid_orders").as_int64());
  expect_orders(expected.at(1));
}

INSTANTIATE_TEST_SUITE_P(Both, WizardDataTest, store::kBothDatabases, store::dialect_name);

}  // namespace
}  // namespace data
