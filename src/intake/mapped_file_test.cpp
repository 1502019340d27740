// Files through mappings into the database.
#include <string>
#include <string_view>

#include "intake/mapped_fixture.h"

namespace intake {
namespace {

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
            "6 rows: 3 new, 0 repeated, 3 left out; 5:1 手机 intake.identity_missing; "
            "6:1 手机 intake.identity_unusable; 8:1 手机 intake.phone_digits");
  EXPECT_EQ(told_values(), "4:1 手机 intake.identity_masked;4:5 生日 value.impossible_date;");
  ASSERT_EQ(notes_.other_persons_count, 1);
  EXPECT_EQ(notes_.other_persons.front().line, 7);
  EXPECT_EQ(notes_.other_persons.front().column_name, "备用");
  EXPECT_EQ(report.customers_created, 3);
  EXPECT_EQ(report.reviews_opened, 1);
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
  EXPECT_EQ(again.counts.repeated, 3);
  EXPECT_EQ(again.reviews_opened, 0);
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
  for (int i = 0; i < 4500; ++i) text += std::to_string(14'200'000'000 + i) + "\n";
  static_assert(kCustomerRowsAtOnce == 4000);
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
  EXPECT_EQ(report->counts.rows, 4000);
  EXPECT_EQ(persons(), 4000);
  // Whoever sends the file again goes on from there.
  EXPECT_EQ(told(import(file, *mapping)), "4500 rows: 500 new, 4000 repeated, 0 left out");
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

TEST_P(MappedFileTest, ARefundHasNoSignAndWhatWasGivenBackIsNoSale) {
  const ImportReport own = import(
      "who,qty,paid,at\n"
      "u1,2,25.00,2026-06-19 10:00\n"
      "u1,-2,-25.00,2026-06-19 11:00\n"
      "u1,-1,3.00,2026-06-19 12:00\n",
      R"({"kind":"events","columns":[{"column":"who","as":"identity","name":"customer"}],)"
      R"("events":[{"event":"order_refunded","when":[{"column":"qty","test":"below",)"
      R"("values":["0"]}],"time":{"columns":["at"]},"amount":"paid"},)"
      R"({"event":"order_paid","time":{"columns":["at"]},"amount":"paid"}]})");
  EXPECT_EQ(told(own), "3 rows: 3 new, 0 repeated, 0 left out");
  EXPECT_EQ(logged(),
            "order_paid 2026-06-19T02:00:00.000Z {\"amount\":\"25.00\"}\n"
            "order_refunded 2026-06-19T03:00:00.000Z {\"amount\":\"25.00\"}\n"
            "order_refunded 2026-06-19T04:00:00.000Z {\"amount\":\"3.00\"}\n");
  const ImportReport product = import(
      "who,qty,price,at\n"
      "u2,2,1.00,2026-06-19 10:00\n"
      "u2,-2,1.00,2026-06-19 11:00\n"
      "u2,2,-1.00,2026-06-19 11:00\n"
      "u2,-1,0.00,2026-06-19 12:00\n",
      R"({"kind":"events","columns":[{"column":"who","as":"identity","name":"customer"}],)"
      R"("products":[{"name":"amount","factors":["price","qty"]}],)"
      R"("events":[{"event":"order_paid","time":{"columns":["at"]}}]})");
  EXPECT_EQ(told(product),
            "4 rows: 2 new, 0 repeated, 2 left out; 3:2 qty intake.paid_below_zero; "
            "4:3 price intake.paid_below_zero");
}

TEST_P(MappedFileTest, AKeyIsOfItsEventAndOfAllItsCells) {
  const auto mapping = [](std::string_view event, std::string_view key) {
    return R"({"kind":"events","columns":[{"column":"who","as":"identity","name":"customer"}],)"
           R"("events":[{"event":")" +
           std::string(event) + R"(","time":{"columns":["at"]}}],"key":[)" + std::string(key) +
           "]}";
  };
  const std::string_view counted =
      "who,id,at\n"
      "u1,1,2026-06-19 10:00\n"
      "u1,2,2026-06-19 11:00\n";
  EXPECT_EQ(told(import(counted, mapping("view", R"("id")"))),
            "2 rows: 2 new, 0 repeated, 0 left out");
  EXPECT_EQ(told(import(counted, mapping("login", R"("id")"))),
            "2 rows: 2 new, 0 repeated, 0 left out");
  const std::string_view lines =
      "who,no,sku,at\n"
      "u1,i1,,2026-06-19 10:00\n"
      "u1,i1,,2026-06-19 11:00\n"
      "u1,i1/2,3,2026-06-19 10:00\n"
      "u1,i1,2/3,2026-06-19 10:00\n";
  EXPECT_EQ(told(import(lines, mapping("bought", R"("no","sku")"))),
            "4 rows: 4 new, 0 repeated, 0 left out");
  EXPECT_EQ(told(import(lines, mapping("bought", R"("no","sku")"))),
            "4 rows: 0 new, 4 repeated, 0 left out");
}

TEST_P(MappedFileTest, AnApostropheIsTakenAwayOnce) {
  import("who,sku,at\nu1,''=1,2026-06-19 10:00\n",
         R"({"kind":"events","columns":[{"column":"who","as":"identity","name":"customer"},)"
         R"({"column":"sku","as":"property","name":"sku","type":"text"}],)"
         R"("events":[{"event":"seen","time":{"columns":["at"]}}]})");
  EXPECT_EQ(logged(), "seen 2026-06-19T02:00:00.000Z {\"sku\":\"'=1\"}\n");
}

TEST_P(MappedFileTest, YouzanFiles) {
  const auto customers = import_known("youzan_customers.csv", "youzan_customers");
  if (!customers) GTEST_SKIP() << kData << " is not there";
  EXPECT_EQ(notes_.rows, 8);
  EXPECT_EQ(told(*customers),
            "8 rows: 6 new, 0 repeated, 2 left out; 3:3 客户手机号 intake.identity_missing; "
            "6:3 客户手机号 intake.identity_masked");
  EXPECT_EQ(told_values(), "9:4 客户生日 value.impossible_date;");
  EXPECT_EQ(notes_.other_persons_count, 1);
  EXPECT_EQ(customers->reviews_opened, 1);
  EXPECT_EQ(persons(), 6);
  const auto same = import_known("youzan_customers.csv", "youzan_customers");
  EXPECT_EQ(same->counts.written, 0);
  EXPECT_EQ(same->reviews_opened, 0);
  EXPECT_EQ(persons(), 6);
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

INSTANTIATE_TEST_SUITE_P(Both, MappedFileTest, store::kBothDatabases, store::dialect_name);

}  // namespace
}  // namespace intake
