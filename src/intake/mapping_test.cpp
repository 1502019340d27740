#include "intake/mapping.h"

#include <gtest/gtest.h>

#include "intake/mapped_cell.h"
#include "intake/recognise.h"

namespace intake {
namespace {

const base::Zone kShanghai = base::Zone::named("Asia/Shanghai").value();

constexpr std::string_view kCustomers =
    R"({"kind":"customers","columns":[{"column":"手机号","as":"identity","name":"phone"},)"
    R"({"column":"姓名","as":"attribute","name":"name","type":"text"},)"
    R"({"column":"标签","as":"tags","name":"店铺","split":"+"},)"
    R"({"column":"短信","as":"consent","name":"marketing/sms"},{"column":"序号","as":"ignored"}],)"
    R"("constants":[{"name":"from","value":"门店"}],)"
    R"("leave_out":[{"column":"姓名","test":"contains","values":["示例"]}],)"
    R"("since":{"columns":["入会"],"format":"excel"},"apart":["name"]})";

std::string faults(std::string_view json, std::vector<std::string> columns) {
  const auto mapping = read_mapping(json);
  if (!mapping) {
    return std::string(code_of(mapping.error().fault)) + " " + mapping.error().subject;
  }
  std::string out;
  for (const MappingError& error : check_mapping(*mapping, columns)) {
    out += std::string(code_of(error.fault)) + " " + error.subject + ";";
  }
  return out;
}

TEST(Mapping, IsWrittenAsItIsRead) {
  const auto mapping = read_mapping(kCustomers);
  ASSERT_TRUE(mapping.has_value());
  EXPECT_EQ(mapping->columns.size(), 5U);
  EXPECT_EQ(mapping->columns[2].split, "+");
  EXPECT_EQ(mapping->since->format, TimeFormat::excel);
  EXPECT_EQ(to_json_text(*mapping), kCustomers);
  EXPECT_EQ(faults(kCustomers, {"手机号", "姓名", "标签", "短信", "序号", "入会"}), "");
}

TEST(Mapping, OfOrdersIsWrittenAsItIsRead) {
  const std::string_view json =
      R"({"kind":"orders","columns":[{"column":"tel","as":"identity","name":"phone"}],)"
      R"("products":[{"name":"value","type":"money","factors":["a","b"]}],)"
      R"("events":[{"event":"order_closed",)"
      R"("when":[{"column":"state","test":"is","values":["x","y"]},)"
      R"({"column":"tel","test":"filled"}],"time":{"columns":["t"]},"amount":"paid"}],)"
      R"("order":"no"})";
  const auto mapping = read_mapping(json);
  ASSERT_TRUE(mapping.has_value());
  EXPECT_EQ(to_json_text(*mapping), json);
  EXPECT_EQ(faults(json, {"tel", "a", "b", "state", "t", "paid", "no"}), "");
}

TEST(Mapping, TellsEverythingThatIsWrong) {
  EXPECT_EQ(faults("{", {}), "mapping.not_json ");
  EXPECT_EQ(faults(R"({"kind":"customers","colums":[]})", {}), "mapping.not_json /colums");
  EXPECT_EQ(faults(R"({"kind":"people"})", {}), "mapping.unknown_word people");
  EXPECT_EQ(faults(R"({"kind":"customers","columns":[{"column":"a","as":"attribute"},)"
                   R"({"column":"a","as":"ignored"},{"column":"b","as":"property","name":"x"},)"
                   R"({"column":"c","as":"attribute","name":"x"}],"order":"a"})",
                   {"a", "b"}),
            "mapping.bad_name ;mapping.doubled_column a;mapping.not_of_kind b;"
            "mapping.no_such_column c;mapping.doubled_name x;mapping.no_customer ;"
            "mapping.not_of_kind order;");
  EXPECT_EQ(faults(R"({"kind":"events","columns":[{"column":"a","as":"identity","name":"phone"}]})",
                   {"a"}),
            "mapping.no_event ;");
  EXPECT_EQ(faults(R"({"kind":"orders","columns":[{"column":"a","as":"identity","name":"phone"}],)"
                   R"("events":[{"event":"order_paid","when":[{"column":"a","test":"above",)"
                   R"("values":["ten"]}]}]})",
                   {"a"}),
            "mapping.bad_number ten;mapping.no_time order_paid;mapping.no_order ;");
}

TEST(Mapping, WhatIsComputedIsNoColumns) {
  const std::string columns = R"("columns":[{"column":"a","as":"identity","name":"phone"},)"
                              R"({"column":"b","as":"USE","name":"overdue"}]EVENTS})";
  const auto with = [&](std::string_view kind, std::string_view use, std::string_view events) {
    std::string json = R"({"kind":")" + std::string(kind) + R"(",)" + columns;
    json.replace(json.find("USE"), 3, use);
    json.replace(json.find("EVENTS"), 6, events);
    return faults(json, {"a", "b", "t"});
  };
  EXPECT_EQ(with("customers", "attribute", ""), "mapping.computed_name overdue;");
  EXPECT_EQ(with("events", "property", R"(,"events":[{"event":"x","time":{"columns":["t"]}}])"),
            "");  // an event may have one
}

TEST(Mapping, ColumnsOfOneNameAreToldApart) {
  const std::vector<std::string> header = {" a ", "b", "a", "", "a"};
  const std::vector<std::string> expected = {"a", "b", "a#2", "#4", "a#3"};
  EXPECT_EQ(column_names(header), expected);
}

std::string time(TimeFormat format, std::string_view cell) {
  const auto moment = read_time(format, cell, kShanghai);
  return moment ? base::to_iso8601_utc(*moment) : std::string(moment.error());
}

TEST(MappedCell, ReadsTimesAsFilesHaveThem) {
  const TimeFormat any = TimeFormat::automatic;
  const std::string morning = "2026-06-19T02:00:00.000Z";
  for (const char* cell :
       {"2026-06-19 10:00:00", "2026/6/19 10:00", "2026年6月19日 10:00:00", "2026年6月19日10时00分",
        "2026-06-19T10:00:00+08:00", "2026-06-19T02:00:00Z", "1781834400", "1781834400000",
        "46192.4166666667", "　2026-06-19 10:00:00 "}) {
    EXPECT_EQ(time(any, cell), morning) << cell;
  }
  EXPECT_EQ(time(any, "2026/6/19"), "2026-06-18T16:00:00.000Z");
  EXPECT_EQ(time(any, "20260619"), "2026-06-18T16:00:00.000Z");
  EXPECT_EQ(time(any, "46192"), "2026-06-18T16:00:00.000Z");
  EXPECT_EQ(time(any, "1999-13-01"), "value.impossible_date");
  EXPECT_EQ(time(any, "soon"), "value.not_a_time");
  EXPECT_EQ(time(TimeFormat::unix_s, "46192"), "1970-01-01T12:49:52.000Z");
  EXPECT_EQ(time(TimeFormat::iso, "46192"), "value.not_a_time");
  EXPECT_EQ(time(TimeFormat::excel, "2026-06-19"), "value.not_a_time");
}

std::string phone(std::string_view cell) {
  const auto value = read_identity("phone", cell);
  return value ? *value : std::string(value.error());
}

TEST(MappedCell, ReadsPhonesInTheirNormalForm) {
  EXPECT_EQ(phone("142 0000 0003"), "14200000003");
  EXPECT_EQ(phone("+8614200000004"), "14200000004");
  EXPECT_EQ(phone("１４２０００００００５"), "14200000005");
  EXPECT_EQ(phone("14200000012.0"), "14200000012");
  EXPECT_EQ(phone("142******05"), "intake.identity_masked");
  EXPECT_EQ(phone("1420000002"), "intake.phone_digits");
  EXPECT_EQ(phone("142000000022"), "intake.phone_digits");
  EXPECT_EQ(phone("150624920"), "intake.phone_digits");
  EXPECT_EQ(phone("1506249"), "intake.phone_digits");
  EXPECT_EQ(phone("see below"), "intake.identity_unusable");
  EXPECT_EQ(phone("010-88886666"), "01088886666");
}

TEST(MappedCell, MultipliesExactly) {
  EXPECT_EQ(product_of(base::ValueType::money, "2.55", "6"), "15.30");
  EXPECT_EQ(product_of(base::ValueType::money, "2.55", "-6"), "15.30");
  EXPECT_EQ(product_of(base::ValueType::money, "0.125", "1"), "0.13");
  EXPECT_EQ(product_of(base::ValueType::money, "￥1,000", "0.5"), "500.00");
  EXPECT_EQ(product_of(base::ValueType::decimal, "0.5", "0.5"), "0.25");
  EXPECT_EQ(product_of(base::ValueType::integer, "3", "4"), "12");
  EXPECT_EQ(product_of(base::ValueType::money, "two", "3").error(), "value.not_a_number");
  EXPECT_EQ(product_of(base::ValueType::money, "9000000000000", "9000000000000").error(),
            "value.out_of_range");
}

TEST(MappedCell, SplitsTags) {
  const std::vector<std::string> expected = {"复购", "高价值"};
  EXPECT_EQ(tags_in("\"复购\",高价值", ""), expected);
  EXPECT_EQ(tags_in("复购、高价值；复购", ""), expected);
  EXPECT_EQ(tags_in("复购+高价值", "+"), expected);
  EXPECT_TRUE(tags_in(" - ", "").empty());
}

TEST(MappedCell, TestsCells) {
  EXPECT_TRUE(holds({"", CellTest::is, {"a", "b"}}, " b "));
  EXPECT_FALSE(holds({"", CellTest::is_not, {"a", "b"}}, "b"));
  EXPECT_TRUE(holds({"", CellTest::contains, {"示例"}}, "男（示例：男）"));
  EXPECT_TRUE(holds({"", CellTest::empty}, "——"));
  EXPECT_FALSE(holds({"", CellTest::filled}, " "));
  EXPECT_TRUE(holds({"", CellTest::above, {"0"}}, "0.01"));
  EXPECT_FALSE(holds({"", CellTest::above, {"0"}}, "0"));
  EXPECT_TRUE(holds({"", CellTest::below, {"0"}}, "-3"));
  EXPECT_FALSE(holds({"", CellTest::below, {"0"}}, "minus"));
}

std::string recognised(std::vector<std::string> columns,
                       const std::vector<customer::Attribute>& attributes = {}) {
  const Recognised found = recognise(columns, attributes);
  std::string out = std::string(found.file) + " " + std::string(name_of(found.mapping.kind));
  for (const MappedColumn& column : found.mapping.columns) {
    out += " " + column.column + "=" + std::string(name_of(column.as)) + ":" + column.name;
  }
  for (const MappedEvent& event : found.mapping.events) {
    out += " " + event.event + event.event_column + "(" + event.time.columns.front() + "," +
           event.amount + ")";
    for (const CellCondition& condition : event.when) {
      out += "[" + condition.column + " " + std::string(name_of(condition.test)) + " " +
             condition.values.front() + "]";
    }
  }
  for (const std::string& column : found.mapping.key) out += " key:" + column;
  for (const MappingError& error : check_mapping(found.mapping, columns)) {
    out += " !" + std::string(code_of(error.fault)) + " " + error.subject;
  }
  return out;
}

TEST(Recognise, ProposesMappingsByTheWordsOfColumns) {
  EXPECT_EQ(recognised({"姓名", "手机号码", "生日", "喜好"}),
            "any customers 姓名=attribute:name 手机号码=identity:phone 生日=attribute:birthday "
            "喜好=attribute:喜好");
  EXPECT_EQ(recognised({"Order No", "Phone", "Paid At", "Amount", "Refund Amount", "Status"}),
            "any orders Phone=identity:phone order_paid(Paid At,Amount) "
            "order_refunded(Paid At,Refund Amount) order_closed(Paid At,)[Status is 交易关闭]");
  EXPECT_EQ(recognised({"InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate",
                        "UnitPrice", "CustomerID", "Country"}),
            "any events StockCode=property:sku Description=property:Description "
            "Quantity=property:items CustomerID=identity:customer Country=property:Country "
            "InvoiceNo=property:order_id order_refunded(InvoiceDate,)[Quantity below 0] "
            "order_paid(InvoiceDate,)");
  EXPECT_EQ(recognised({"user_id", "event", "timestamp", "platform"}),
            "any events user_id=identity:customer platform=property:platform "
            "event(timestamp,)");
  EXPECT_EQ(recognised({"颜色"}), "any customers 颜色=attribute:颜色 !mapping.no_customer ");
}

customer::Attribute called(std::string name, std::string zh, std::string en) {
  return {.id = {1}, .name = std::move(name), .note = {.label_zh = zh, .label_en = en}};
}

TEST(Recognise, AColumnHeadedByAnAttributesLabelIsThatAttribute) {
  const std::vector<customer::Attribute> attributes = {
      called("born_on", "生日", "Born on"), called("tea", "爱喝的茶", ""), called("city", "", "")};
  EXPECT_EQ(recognised({"手机号", "生日", "爱喝的茶", "城市"}, attributes),
            "any customers 生日=attribute:born_on 爱喝的茶=attribute:tea 手机号=identity:phone "
            "城市=attribute:city");
  EXPECT_EQ(recognised({"phone", "Born on", "birthday"}, attributes),
            "any customers Born on=attribute:born_on phone=identity:phone "
            "birthday=attribute:birthday");
  // One column an attribute: the other language's is left to a person.
  EXPECT_EQ(recognised({"phone", "Born on", "born_on"}, attributes),
            "any customers Born on=attribute:born_on phone=identity:phone");
  // Of orders a column is what it is of an order.
  EXPECT_TRUE(recognised({"Order No", "Phone", "Paid At", "Amount", "爱喝的茶"}, attributes)
                  .starts_with("any orders Phone=identity:phone order_paid"));
}

TEST(Recognise, ALabelOfSeveralIsNobodysWithoutTheName) {
  const std::vector<customer::Attribute> attributes = {called("color", "颜色", "Colour"),
                                                       called("shade", "颜色", "Shade")};
  EXPECT_EQ(recognised({"phone", "颜色"}, attributes),
            "any customers phone=identity:phone 颜色=attribute:颜色");
  EXPECT_EQ(recognised({"phone", "颜色 shade", "颜色 color"}, attributes),
            "any customers 颜色 shade=attribute:shade 颜色 color=attribute:color "
            "phone=identity:phone");
}

TEST(Recognise, AFileOfTheProgramsOwnComesBackAsItWas) {
  const std::vector<customer::Attribute> attributes = {called("birthday", "生日", "Birthday"),
                                                       called("city", "", "")};
  EXPECT_EQ(recognised({"customer", "生日", "attribute:city", "identity:phone", "tags", "lists",
                        "created_at", "last_event_at", "orders", "net"},
                       attributes),
            "any customers customer=identity:customer 生日=attribute:birthday "
            "attribute:city=attribute:city identity:phone=identity:phone");
  EXPECT_EQ(recognised({"customer", "tags"}, attributes),
            "any customers customer=identity:customer tags=tags:导入");
}

// One time, of the order: what was never paid, or was cancelled, is no payment.
TEST(Recognise, WhatIsNotPaidIsNoPayment) {
  const std::vector<std::string> columns = {"order_id", "customer_id", "created_at", "status",
                                            "total"};
  const Mapping mapping = recognise(columns).mapping;
  ASSERT_EQ(mapping.events.size(), 3U);
  EXPECT_EQ(mapping.events[0].event, "order_created");
  EXPECT_EQ(mapping.events[2].event, "order_closed");
  ASSERT_EQ(mapping.events[1].event, "order_paid");
  ASSERT_EQ(mapping.events[1].when.size(), 1U);
  const CellCondition& paid = mapping.events[1].when.front();
  EXPECT_EQ(paid.column, "status");
  for (const char* state : {"cancelled", "Cancelled", "CANCELED", "unpaid", "Pending", "待付款",
                            "待支付", "交易关闭", "已取消"}) {
    EXPECT_FALSE(holds(paid, state)) << state;
  }
  for (const char* state : {"paid", "已完成", "shipped", "待发货", ""}) {
    EXPECT_TRUE(holds(paid, state)) << state;
  }
  EXPECT_TRUE(holds(mapping.events[2].when.front(), "Cancelled"));
  EXPECT_FALSE(holds(mapping.events[2].when.front(), "unpaid"));
  // Lines of orders are asked the same; a time of payment says it by itself.
  EXPECT_EQ(recognised({"order_id", "sku", "customer_id", "created_at", "status", "amount"}),
            "any events sku=property:sku customer_id=identity:customer order_id=property:order_id "
            "order_refunded(created_at,amount)[amount below 0] "
            "order_paid(created_at,amount)[status is_not 交易关闭]");
  EXPECT_EQ(recognised({"order_id", "sku", "customer_id", "paid_at", "status", "amount"}),
            "any events sku=property:sku customer_id=identity:customer order_id=property:order_id "
            "order_refunded(paid_at,amount)[amount below 0] order_paid(paid_at,amount)");
}

TEST(Recognise, EveryKnownFileIsRecognisedByItsSigns) {
  EXPECT_TRUE(recognised({"电话", "备注"}).starts_with("scrm_add_friend customers"));
  EXPECT_TRUE(recognised({"电话", "备注", "城市"}).starts_with("any customers"));
  EXPECT_TRUE(recognised({"手机号", "微信昵称", "姓名", "性别", "地区", "备注"})
                  .starts_with("scrm_import_customer customers"));
}

}  // namespace
}  // namespace intake
