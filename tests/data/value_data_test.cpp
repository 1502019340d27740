// Published fits of real purchases, through import and what `siyu value` asks, on both databases.
//
// CDNOW: Fader, Hardie, Lee 2005 (BG/NBD) and Fader, Hardie 2013 (Gamma-Gamma), 2,357 customers
// until 1997-09-30. Apparel: oracles/btyd (BTYD in R), until 2006-12-31, 104 weeks.

#include <gtest/gtest.h>

#include <map>

#include "data_files.h"

namespace data {
namespace {

class ValueDataTest : public DataTest {
 protected:
  void import(const std::string& rows) {
    const std::string file = folder_.path() + "/events.csv";
    std::ofstream(file, std::ios::binary) << "customer,event,time,amount\n" << rows;
    ask("/local/v1/import",
        {{"kind", "events"}, {"file", file}, {"dry_run", false}, {"live", false}});
  }

  json::value value(const std::string& until) {
    return ask("/local/v1/value", {{"event", "order_paid"},
                                   {"amount", "amount"},
                                   {"until", until},
                                   {"customers", folder_.path() + "/" + until + ".csv"}});
  }

  // The file's rows by customer, then by column.
  std::map<std::string, std::map<std::string, std::string>> customers(const std::string& until) {
    const auto lines = lines_of(folder_.path() + "/" + until + ".csv", folder_.path());
    std::vector<std::string> header;
    std::map<std::string, std::map<std::string, std::string>> rows;
    for (const std::string& line : lines) {
      const auto fields = fields_of(line);
      if (header.empty()) {
        for (const std::string& field : fields) header.push_back(field.substr(0, field.find(':')));
        continue;
      }
      for (std::size_t i = 0; i < header.size(); ++i) rows[fields[0]][header[i]] = fields[i];
    }
    return rows;
  }

  static double number(const json::value& model, std::string_view name) {
    return model.at(name).to_number<double>();
  }
};

TEST_P(ValueDataTest, CdnowAsPublished) {
  std::string rows;
  for (const std::string& line : lines_of(kData / "transactions/cdnow_sample.txt", "")) {
    std::istringstream in(line);
    std::string master, customer, date, items, amount;
    if (!(in >> master >> customer >> date >> items >> amount)) continue;
    rows += customer + ",order_paid," + date.substr(0, 4) + "-" + date.substr(4, 2) + "-" +
            date.substr(6) + "," + amount + "\n";
  }
  import(rows);
  const json::value answer = value("1997-09-30");
  EXPECT_EQ(answer.at("state"), "ready");
  EXPECT_EQ(answer.at("customers"), 2357);
  EXPECT_EQ(answer.at("rows"), 2357);
  const json::value& purchases = answer.at("bgnbd");
  EXPECT_NEAR(number(purchases, "log_likelihood"), -9582.429, 1e-3);
  EXPECT_NEAR(number(purchases, "r"), 0.2426, 1e-3);
  EXPECT_NEAR(number(purchases, "alpha"), 4.4136, 1e-2);
  EXPECT_NEAR(number(purchases, "a"), 0.7929, 1e-2);
  EXPECT_NEAR(number(purchases, "b"), 2.4259, 2e-2);
  EXPECT_EQ(purchases.at("time_unit"), "week");
  EXPECT_NEAR(number(answer.at("mbgnbd"), "r"), 0.525, 1e-3);
  const json::value& spend = answer.at("gamma_gamma");
  EXPECT_EQ(spend.at("customers"), 946);
  EXPECT_NEAR(number(spend, "log_likelihood"), -4055.92, 0.05);
  EXPECT_NEAR(number(spend, "p"), 6.25, 0.02);
  EXPECT_NEAR(number(spend, "q"), 3.74, 0.02);
  EXPECT_NEAR(number(spend, "v"), 15.44, 0.05);
  // The end of that day as a moment is the same.
  const json::value moment = value("1997-10-01T00:00:00+08:00");
  EXPECT_EQ(moment.at("bgnbd"), answer.at("bgnbd"));
  const auto people = customers("1997-09-30");
  ASSERT_EQ(people.size(), 2357u);
  const auto& first = people.at("0001");
  EXPECT_EQ(first.at("frequency"), "2");
  EXPECT_NEAR(std::stod(first.at("recency_weeks")), 30.43, 5e-3);
  EXPECT_NEAR(std::stod(first.at("age_weeks")), 38.86, 5e-3);
  EXPECT_NEAR(std::stod(first.at("mean_amount")), 22.345, 1e-6) << "of 29.73 and 14.96";
}

TEST_P(ValueDataTest, ApparelAsItsOracle) {
  std::string rows;
  const auto lines = lines_of(kData / "transactions/apparel_trans.csv", "");
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const auto fields = fields_of(lines[i]);
    rows += fields[0] + ",order_paid," + fields[1] + "," + fields[2] + "\n";
  }
  import(rows);
  const json::value answer = value("2006-12-31");
  EXPECT_EQ(answer.at("customers"), 600);
  EXPECT_NEAR(number(answer.at("bgnbd"), "log_likelihood"), -5857.0197, 1e-3);
  EXPECT_NEAR(number(answer.at("gamma_gamma"), "log_likelihood"), -1670.663, 2e-2);
  EXPECT_EQ(answer.at("model"), "mbgnbd") << "nine log units likelier";
  const auto people = customers("2006-12-31");
  const auto oracle = lines_of(kData / "oracles/btyd/apparel_per_customer.csv", "");
  ASSERT_EQ(oracle.size(), 601u);
  for (std::size_t i = 1; i < oracle.size(); ++i) {
    const auto fields = fields_of(oracle[i]);
    const auto& person = people.at(fields[0]);
    EXPECT_EQ(person.at("frequency"), fields[1]);
    EXPECT_NEAR(std::stod(person.at("recency_weeks")), std::stod(fields[2]), 1e-4);
    EXPECT_NEAR(std::stod(person.at("age_weeks")), std::stod(fields[3]), 1e-4);
    if (fields[1] != "0") {
      EXPECT_NEAR(std::stod(person.at("mean_amount")), std::stod(fields[4]), 6e-3);
    }
  }
}

TEST_P(ValueDataTest, WithoutEnoughDataNothingIsSaid) {
  import("wang,order_paid,2026-01-01,10.00\nwang,order_paid,2026-01-05,10.00\n");
  const json::value answer = value("2026-01-31");
  EXPECT_EQ(answer.at("state"), "not_enough_data");
  EXPECT_TRUE(answer.at("bgnbd").is_null());
  EXPECT_FALSE(fs::exists(folder_.path() + "/2026-01-31.csv"));
}

INSTANTIATE_TEST_SUITE_P(Both, ValueDataTest, store::kBothDatabases, store::dialect_name);

}  // namespace
}  // namespace data
