// Files through mappings into the database.
#include <algorithm>
#include <fstream>
#include <sstream>

#include "base/json.h"
#include "customer/identity.h"
#include "customer/record.h"
#include "customer/tag.h"
#include "intake/import_fixture.h"
#include "intake/mapped_source.h"
#include "intake/recognise.h"
#include "intake/table_file.h"

namespace intake {
namespace {

const std::string kData = std::string(SIYU_SOURCE_DIR) + "/../shared/data/cn_import/";

class MappedFileTest : public ImportTest {
 protected:
  MappedMeans mapped_means() { return {zone_}; }

  ImportReport import(ByteSource& file, const Mapping& mapping) {
    MappedSource source(file, mapping, mapped_means());
    const auto opened = source.open();
    if (!opened) {
      ADD_FAILURE() << code_of(opened.error().fault) << " " << opened.error().subject;
      return {};
    }
    const bool customers = mapping.kind == MappingKind::customers;
    auto report = customers ? import_customers(means(), source, request())
                            : import_events(means(), source, request());
    if (!report) {
      ADD_FAILURE() << code_of(report.error().fault) << " " << report.error().subject;
      return {};
    }
    notes_ = source.notes();
    return std::move(*report);
  }

  ImportReport import(std::string_view text, std::string_view json) {
    TextSource file(text);
    const auto mapping = read_mapping(json);
    if (!mapping) {
      ADD_FAILURE() << code_of(mapping.error().fault) << " " << mapping.error().subject;
      return {};
    }
    return import(file, *mapping);
  }

  // A file of shared/data by what is recognised; nothing when it is not there.
  std::optional<ImportReport> import_known(const std::string& name, std::string_view known) {
    if (!std::ifstream(kData + name)) return std::nullopt;
    const auto file = TableFile::open(kData + name);
    if (!file) {
      ADD_FAILURE() << code_of(file.error());
      return std::nullopt;
    }
    CsvReader reader(**file, encoding_of(**file));
    CsvRow header;
    EXPECT_TRUE(reader.next(header));
    const Recognised found = recognise(column_names(header.fields));
    EXPECT_EQ(found.file, known);
    (*file)->rewind();
    return import(**file, found.mapping);
  }

  std::string told_values() const {
    std::string out;
    for (const LeftOut& value : notes_.values_left_out) {
      out += std::to_string(value.line) + ":" + std::to_string(value.column) + " " +
             value.column_name + " " + std::string(value.code) + ";";
    }
    return out;
  }

  std::optional<base::CustomerId> person(std::string_view phone) {
    return database().read([&](store::Session& session) -> std::optional<base::CustomerId> {
      const auto found = customer::find(session, {"phone", phone});
      if (!found) return std::nullopt;
      return found->person;
    });
  }

  std::string tags_of(std::string_view phone) {
    const auto who = person(phone);
    if (!who) return "nobody";
    std::string out;
    database().read([&](store::Session& session) {
      for (const auto& on : customer::tags_of(session, *who)) out += on.tag.name + ";";
    });
    return out;
  }

  MappedNotes notes_;
};

TEST_P(MappedFileTest, CustomersAreNamedByTheFirstUsableIdentity) {
  const std::string_view mapping =
      R"({"kind":"customers","columns":[{"column":"手机","as":"identity","name":"phone"},)"
      R"({"column":"备用","as":"identity","name":"phone"},)"
      R"({"column":"卡号","as":"identity","name":"member_number"},)"
      R"({"column":"名","as":"attribute","name":"name","type":"text"},)"
      R"({"column":"生日","as":"attribute","name":"birthday","type":"date"},)"
      R"({"column":"标签","as":"tags","name":"店"},)"
      R"({"column":"短信","as":"consent","name":"marketing/sms"}],"apart":["name"]})";
  const std::string_view file =
      "手机,备用,卡号,名,生日,标签,短信\n"
      "142 0000 0001,,A1,\"林\n晓\",1999年1月2日,\"甲,乙\",是\n"  // lines 2 and 3
      "142****0002,14200000002,,王,1999-13-01,,否\n"
      ",,,无名,,,\n"
      "12,,,短,,,\n"
      ",14200000001,,别人,,,\n"
      "1420000003,,,缺,,,\n";
  const ImportReport report = import(file, mapping);
  EXPECT_EQ(told(report),
            "6 rows: 2 new, 0 repeated, 4 left out; 5:1 手机 intake.identity_missing; "
            "6:1 手机 intake.identity_unusable; 7:2 备用 intake.another_person; "
            "8:1 手机 intake.phone_digits");
  EXPECT_EQ(told_values(), "4:1 手机 intake.identity_masked;4:5 生日 value.impossible_date;");
  EXPECT_EQ(report.customers_created, 2);
  EXPECT_EQ(tags_of("14200000001"), "乙;甲;");
  EXPECT_TRUE(person("14200000002").has_value());
  EXPECT_EQ(count("consent_given"), 1);
  EXPECT_EQ(count("consent_withdrawn"), 1);
  // The card is the same person's.
  const auto by_card = database().read(
      [&](store::Session& session) { return customer::find(session, {"member_number", "A1"}); });
  ASSERT_TRUE(by_card.has_value());
  EXPECT_EQ(by_card->person, person("14200000001"));
  const ImportReport again = import(file, mapping);
  EXPECT_EQ(again.counts.written, 0);
  EXPECT_EQ(again.counts.repeated, 2);
}

TEST_P(MappedFileTest, UndoTakesAllOfItBack) {
  const ImportReport report =
      import("tel,tag\n14200000001,a\n",
             R"({"kind":"customers","columns":[{"column":"tel","as":"identity","name":"phone"},)"
             R"({"column":"tag","as":"tags","name":"g"}]})");
  EXPECT_EQ(persons(), 1);
  undo(report.batch);
  EXPECT_EQ(persons(), 0);
  EXPECT_FALSE(person("14200000001").has_value());
}

TEST_P(MappedFileTest, AStopEndsItAfterTheUnitItIsAt) {
  std::string text = "tel\n";
  for (int i = 0; i < 2500; ++i) text += std::to_string(14'200'000'000 + i) + "\n";
  TextSource file(text);
  const auto mapping = read_mapping(
      R"({"kind":"customers","columns":[{"column":"tel","as":"identity","name":"phone"}]})");
  ASSERT_TRUE(mapping.has_value());
  MappedSource source(file, *mapping, mapped_means());
  ASSERT_TRUE(source.open().has_value());
  std::stop_source stop;
  ImportRequest stopped = request();
  stopped.stop = stop.get_token();
  stopped.progress = [&](const ImportProgress& progress) {
    if (progress.rows > 0) stop.request_stop();
  };
  const auto report = import_customers(means(), source, stopped);
  ASSERT_TRUE(report.has_value());
  EXPECT_TRUE(report->stopped);
  EXPECT_EQ(report->counts.rows, 1000);
  EXPECT_EQ(persons(), 1000);
  // Whoever sends the file again goes on from there.
  EXPECT_EQ(told(import(file, *mapping)), "2500 rows: 1500 new, 1000 repeated, 0 left out");
}

constexpr std::string_view kOrders =
    R"({"kind":"orders","order":"no","columns":[{"column":"tel","as":"identity","name":"phone"}],)"
    R"("events":[{"event":"order_created","time":{"columns":["placed"]},"amount":"due"},)"
    R"({"event":"order_paid","time":{"columns":["paid_at"]},"amount":"paid"},)"
    R"({"event":"order_refunded","time":{"columns":["done","paid_at"]},"amount":"refunded"},)"
    R"({"event":"order_closed","when":[{"column":"state","test":"is","values":["closed"]}],)"
    R"("time":{"columns":["done","placed"]}}]})";

TEST_P(MappedFileTest, ARowOfOrdersIsAllItsEvents) {
  const std::string header = "no,tel,state,placed,paid_at,done,due,paid,refunded\n";
  const std::string one = "n1,14200000001,ok,2026-06-19 10:00,2026-06-19 10:01,,10,9.9,0.00\n";
  const ImportReport first = import(header + one +
                                        "n2,14200000002,closed,2026-06-19 11:00,,,5,,\n"
                                        "n3,,ok,2026-06-19 11:00,,,5,,\n"
                                        "n4,14200000002,ok,,,,5,,\n"
                                        "n5,14200000002,ok,2026-06-19 12:00,never,,x,,\n",
                                    kOrders);
  EXPECT_EQ(told(first),
            "7 rows: 5 new, 0 repeated, 2 left out; 4:2 tel intake.identity_missing; "
            "5:0  intake.event_missing");
  EXPECT_EQ(told_values(), "6:7 due value.not_a_number;6:5 paid_at value.not_a_time;");
  EXPECT_EQ(count("order_created"), 3);
  EXPECT_EQ(count("order_paid"), 1);
  EXPECT_EQ(count("order_closed"), 1);
  // A newer export of the same orders: n1 has been refunded.
  const ImportReport second =
      import(header + "n1,14200000001,ok,2026-06-19 10:00,2026-06-19 10:01,2026-06-20,10,9.9,3.3\n",
             kOrders);
  EXPECT_EQ(told(second), "3 rows: 1 new, 2 repeated, 0 left out");
  EXPECT_EQ(count("order_refunded"), 1);
  EXPECT_NE(logged().find("order_refunded 2026-06-19T16:00:00.000Z "
                          R"({"amount":"3.30","order_id":"n1"})"),
            std::string::npos)
      << logged();
}

TEST_P(MappedFileTest, OnlyWhatWasRefundedSinceIsARefund) {
  const auto mapping = read_mapping(kOrders);
  ASSERT_TRUE(mapping.has_value());
  TextSource file(
      "no,tel,state,placed,paid_at,done,due,paid,refunded\n"
      "n1,14200000001,ok,2026-06-19 10:00,2026-06-19 10:01,,10,9.9,5.00\n"
      "n2,14200000001,ok,2026-06-19 10:00,2026-06-19 10:01,,10,9.9,3.30\n");
  MappedMeans means = mapped_means();
  means.refunded_cents = [](std::string_view) { return 330; };
  const auto preview = preview_of(file, *mapping, means, 10);
  ASSERT_TRUE(preview.has_value());
  EXPECT_EQ(preview->made, 5);
  EXPECT_EQ(preview->rows[2].fields[2], "order_refunded");
  EXPECT_EQ(preview->rows[2].fields.back(), "1.70");
}

TEST_P(MappedFileTest, EventsByConditionWithAProduct) {
  const std::string_view mapping =
      R"({"kind":"events","columns":[{"column":"who","as":"identity","name":"customer"},)"
      R"({"column":"sku","as":"property","name":"sku"}],)"
      R"("products":[{"name":"amount","factors":["price","qty"]}],)"
      R"("leave_out":[{"column":"sku","test":"is","values":["POST"]}],)"
      R"("events":[{"event":"order_refunded","when":[{"column":"qty","test":"below",)"
      R"("values":["0"]}],"time":{"columns":["at"]}},)"
      R"({"event":"order_paid","when":[{"column":"qty","test":"above","values":["0"]}],)"
      R"("time":{"columns":["at"],"format":"unix_s"}}],"key":["no","sku"]})";
  const ImportReport report = import(
      "who,sku,price,qty,no,at\n"
      "u1,A,2.55,6,i1,1781834400\n"
      "u1,B,1.00,-2,i2,2026-06-19 10:00\n"
      "u1,POST,1.00,1,i3,1781834400\n"
      "u1,C,1.00,0,i3,1781834400\n"
      "u1,A,2.55,6,i1,1781834400\n",
      mapping);
  EXPECT_EQ(told(report), "4 rows: 2 new, 1 repeated, 1 left out; 5:0  intake.event_missing");
  EXPECT_EQ(notes_.left_by_rule, 1);
  EXPECT_EQ(logged(),
            "order_paid 2026-06-19T02:00:00.000Z {\"amount\":\"15.30\",\"sku\":\"A\"}\n"
            "order_refunded 2026-06-19T02:00:00.000Z {\"amount\":\"2.00\",\"sku\":\"B\"}\n");
}

TEST_P(MappedFileTest, YouzanFiles) {
  const auto customers = import_known("youzan_customers.csv", "youzan_customers");
  if (!customers) GTEST_SKIP() << kData << " is not there";
  EXPECT_EQ(notes_.rows, 8);
  EXPECT_EQ(told(*customers),
            "8 rows: 5 new, 0 repeated, 3 left out; 3:3 客户手机号 intake.identity_missing; "
            "5:3 客户手机号 intake.another_person; 6:3 客户手机号 intake.identity_masked");
  EXPECT_EQ(told_values(), "9:4 客户生日 value.impossible_date;");
  for (const char* phone :
       {"14200000001", "14200000002", "14200000003", "14200000004", "14200000005"}) {
    EXPECT_TRUE(person(phone).has_value()) << phone;
  }
  EXPECT_EQ(tags_of("14200000003"), "复购;高价值;");
  const auto orders = import_known("youzan_orders.csv", "youzan_orders");
  EXPECT_EQ(orders->counts.refused, 0) << told(*orders);
  EXPECT_EQ(orders->customers_created, 1);
  EXPECT_TRUE(person("14200000009").has_value());
  EXPECT_EQ(count("order_created"), 6);
  EXPECT_EQ(count("order_paid"), 5);
  EXPECT_EQ(count("order_received"), 3);
  EXPECT_EQ(count("order_refunded"), 2);
  EXPECT_EQ(count("order_closed"), 2);
  const auto again = import_known("youzan_orders.csv", "youzan_orders");
  EXPECT_EQ(again->counts.written, 0);
}

TEST_P(MappedFileTest, ScrmTemplates) {
  const auto customers = import_known("scrm_import_customer.xlsx", "scrm_import_customer");
  if (!customers) GTEST_SKIP() << kData << " is not there";
  EXPECT_EQ(notes_.left_by_rule, 1);
  EXPECT_EQ(told(*customers), "2 rows: 2 new, 0 repeated, 0 left out");
  EXPECT_TRUE(person("14200000012").has_value());
  const auto friends = import_known("scrm_add_friend.xlsx", "scrm_add_friend");
  EXPECT_EQ(told(*friends),
            "3 rows: 1 new, 0 repeated, 2 left out; 3:1 电话 intake.phone_digits; "
            "4:1 电话 intake.identity_missing");
}

// What the mapping makes of a known file, without a database.
MappedPreview preview_of_known(const std::string& name) {
  const auto file = TableFile::open(kData + name);
  EXPECT_TRUE(file.has_value());
  CsvReader reader(**file, encoding_of(**file));
  CsvRow header;
  EXPECT_TRUE(reader.next(header));
  const base::Zone zone = base::Zone::named("Asia/Shanghai").value();
  auto preview = preview_of(**file, recognise(column_names(header.fields)).mapping, {zone}, 100);
  EXPECT_TRUE(preview.has_value());
  return std::move(*preview);
}

// Of the rows whose other field has this text; empty: of all.
struct Sum {
  std::string field;
  std::string of = {};
  std::string text = {};
  std::string from = {};
};
std::string sum_of(const MappedPreview& preview, const Sum& sum) {
  const auto at = [&](std::string_view name) {
    return static_cast<std::size_t>(std::ranges::find(preview.header, name) -
                                    preview.header.begin());
  };
  std::int64_t cents = 0;
  for (const MappedRow& row : preview.rows) {
    if (!sum.of.empty() && row.fields[at(sum.of)] != sum.text) continue;
    if (!sum.from.empty() && row.fields[at("time")] < sum.from) continue;
    const auto value =
        base::parse_value(base::ValueType::money, row.fields[at(sum.field)], nullptr);
    if (value) cents += std::get<base::Money>(*value).cents;
  }
  return base::to_text(base::Value(base::Money{cents}));
}

TEST(MappedFile, ExpectedFiguresOfOthersAreMet) {
  std::ifstream file(kData + "expected.json");
  if (!file) GTEST_SKIP() << kData << " is not there";
  std::stringstream text;
  text << file.rdbuf();
  const auto expected = base::parse_json(text.str(), 100'000);
  ASSERT_TRUE(expected.has_value());
  const auto& people = expected->as_array()[0].as_object();
  const auto customers = preview_of_known("youzan_customers.csv");
  EXPECT_EQ(customers.notes.rows, people.at("data_rows").as_int64());
  EXPECT_EQ(customers.made, people.at("distinct_usable_phones").as_int64());
  EXPECT_EQ(customers.unusable_counts.at("intake.identity_missing"),
            people.at("blank_phone").as_int64());
  EXPECT_EQ(customers.unusable_counts.at("intake.identity_masked"),
            people.at("masked_phone").as_int64());
  const std::int64_t apart = customers.unusable_counts.at("intake.another_person");
  EXPECT_EQ(customers.made + apart, people.at("rows_with_usable_phone").as_int64());
  EXPECT_EQ(sum_of(customers, {"shop_spent:money"}), people.at("sum_spend").as_string());
  EXPECT_EQ(customers.rows[1].fields[0], people.at("normalised").at("row3").as_string());
  EXPECT_EQ(customers.rows[2].fields[0], people.at("normalised").at("row6").as_string());
  EXPECT_EQ(customers.rows[3].fields[0], people.at("normalised").at("row7").as_string());
  EXPECT_EQ(customers.rows[4].fields[0], people.at("normalised").at("row8").as_string());
  EXPECT_EQ(customers.notes.values_left_out.size(), people.at("invalid_dates").as_array().size());
  const auto members = std::ranges::count_if(customers.rows, [&](const MappedRow& row) {
    return std::ranges::find(row.fields, "是") != row.fields.end();
  });
  EXPECT_EQ(members, people.at("members").as_int64());
  const auto& bought = expected->as_array()[1].as_object();
  const auto orders = preview_of_known("youzan_orders.csv");
  EXPECT_EQ(orders.notes.rows, bought.at("data_rows").as_int64());
  const std::string amount = "amount:money";
  EXPECT_EQ(sum_of(orders, {amount, "event", "order_paid"}), bought.at("gross_paid").as_string());
  EXPECT_EQ(sum_of(orders, {amount, "event", "order_refunded"}), bought.at("refunded").as_string());
  const std::string july = "2026-06-30T16:00:00.000Z";  // in Shanghai
  EXPECT_EQ(sum_of(orders, {amount, "event", "order_paid", july}),
            bought.at("july_paid_by_payment_time").as_string());
  const auto paid = std::ranges::count_if(
      orders.rows, [](const MappedRow& row) { return row.fields[2] == "order_paid"; });
  EXPECT_EQ(paid, bought.at("paid_orders").as_int64());
}

INSTANTIATE_TEST_SUITE_P(Both, MappedFileTest, store::kBothDatabases, store::dialect_name);

}  // namespace
}  // namespace intake
