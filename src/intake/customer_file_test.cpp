#include "intake/customer_file.h"

#include <gmock/gmock.h>

#include "customer/attribute.h"
#include "customer/identity.h"
#include "intake/import_fixture.h"

namespace intake {
namespace {

class CustomerFileTest : public ImportTest {
 protected:
  // "name=value" for what the person has today, by name; raw values as "name!raw".
  std::string known(std::string_view key) {
    std::string out;
    database().read([&](store::Session& session) {
      const auto found = customer::find_by_key(session, key);
      ASSERT_TRUE(found.has_value()) << key;
      for (const auto& value : customer::attributes_of(session, found->person)) {
        out += (out.empty() ? "" : " ") + value.name;
        out += value.value ? "=" + base::to_text(*value.value) : "!" + value.raw;
      }
    });
    return out;
  }
};

TEST_P(CustomerFileTest, SetsAttributes) {
  const auto report = customers(
      "customer,city,level,birthday,phone,vip:bool\n"
      "a,杭州,3,--05-17,013800138000,1\n"
      "b,,4.5,1990-01-02,,\n"
      "c,,,,,\n");
  EXPECT_EQ(told(report), "3 rows: 3 new, 0 repeated, 0 left out");
  EXPECT_EQ(report.customers_created, 3);
  EXPECT_EQ(known("a"), "birthday=--05-17 city=杭州 level=3 phone=013800138000 vip=true");
  EXPECT_EQ(known("b"), "birthday=1990-01-02 level=4.5");
  EXPECT_EQ(known("c"), "");
  EXPECT_EQ(count("attribute_changed"), 7);
}

TEST_P(CustomerFileTest, NothingTwice) {
  const std::string_view file =
      "customer,since,city,level\n"
      "a,2026-01-01,杭州,1\n"
      "a,2026-02-01,上海,\n"
      "b,,北京,2\n"
      "b,,南京,\n";
  const auto first = customers(file);
  EXPECT_EQ(told(first), "4 rows: 4 new, 0 repeated, 0 left out");
  EXPECT_EQ(known("a"), "city=上海 level=1");
  EXPECT_EQ(known("b"), "city=南京 level=2");
  const std::int64_t changes = count("attribute_changed");
  EXPECT_EQ(changes, 5);  // 北京 is replaced by a later row of the same file
  clock_.at = clock_.at + base::kDay;
  EXPECT_EQ(told(customers(file)), "4 rows: 0 new, 4 repeated, 0 left out");
  EXPECT_EQ(count("attribute_changed"), changes);
  EXPECT_EQ(told(customers("customer,since,city\na,2025-12-01,广州\n")),
            "1 rows: 1 new, 0 repeated, 0 left out");  // late news about the past
  EXPECT_EQ(known("a"), "city=上海 level=1");
}

// What an earlier row of the same unit has written is known as well as what stood before it.
TEST_P(CustomerFileTest, ARowSaidAgainInOneFileIsARepeat) {
  customers("customer,since,city\nold,2026-01-01,杭州\n");
  const std::string_view file =
      "customer,since,city\n"
      "new,2026-01-01,杭州\n"
      "new,2026-02-01,上海\n"
      "new,2026-01-01,杭州\n"
      "old,2025-12-01,广州\n"
      "old,2026-01-01,杭州\n"
      "old,2025-12-01,广州\n";
  EXPECT_EQ(told(customers(file)), "6 rows: 3 new, 3 repeated, 0 left out");
  EXPECT_EQ(count("attribute_changed"), 4);
  EXPECT_EQ(known("new"), "city=上海");
  EXPECT_EQ(known("old"), "city=杭州");
}

TEST_P(CustomerFileTest, ReportsWrongRows) {
  const auto report = customers(
      "customer,since,level:int,code\n"
      "a,1999-13-01,1,x\n"
      "b,,one,x\n"
      ",,1,x\n"
      "c,1969-01-01,1,x\n"
      "d,,1,1.38E+10\n"
      "e,,1,x\n");
  EXPECT_EQ(told(report),
            "6 rows: 1 new, 0 repeated, 5 left out; 2:2 since value.impossible_date; "
            "3:3 level value.not_a_number; 4:1 customer intake.customer_missing; "
            "5:2 since log.before_1970; 6:4 code value.scientific_notation");
  EXPECT_EQ(persons(), 1);
}

TEST_P(CustomerFileTest, ARowLeftOutReplacesNothing) {
  const auto report = customers("customer,city,level:int\na,杭州,1\na,上海,one\n");
  EXPECT_EQ(told(report), "2 rows: 1 new, 0 repeated, 1 left out; 3:3 level value.not_a_number");
  EXPECT_EQ(known("a"), "city=杭州 level=1");
}

TEST_P(CustomerFileTest, ARowRefusedHalfWayLeavesNothing) {
  customers("customer,since,city\na,2026-01-01,杭州\n");
  database().write("test.fill", [&](store::Unit& unit) {  // all but one of the names there may be
    customer::Writing writing(unit, *log_, {.actor = {}, .now = clock_.now(), .source = "test"});
    for (std::size_t i = 2; i < customer::kAttributesMax; ++i) {
      const auto made =
          customer::declare_attribute(writing, "n" + std::to_string(i), base::ValueType::text);
      EXPECT_TRUE(made.has_value());
    }
  });
  const auto report = customers(
      "customer,city,one,two\n"
      "b,北京,,\n"
      "c,上海,1,2\n"
      "d,广州,3,4\n"
      "a,南京,,\n");
  EXPECT_EQ(told(report),
            "4 rows: 2 new, 0 repeated, 2 left out; 3:0  customer.too_many_names; "
            "4:0  customer.too_many_names");
  EXPECT_EQ(report.customers_created, 1);
  EXPECT_EQ(persons(), 2);
  EXPECT_EQ(count("customer_created"), 2);
  EXPECT_EQ(known("a"), "city=南京");
  EXPECT_EQ(known("b"), "city=北京");
  const auto batch = database().read(
      [&](store::Session& session) { return event_log::find_batch(session, report.batch); });
  EXPECT_EQ(batch->counts.rows, 4);
  EXPECT_EQ(batch->counts.written, 2);
  EXPECT_EQ(batch->counts.refused, 2);
}

TEST_P(CustomerFileTest, KeepsValuesOfTheWrongTypeRaw) {
  customers("customer,level\na,3\n");
  const auto report = customers("customer,level\na,high\n");
  EXPECT_EQ(report.wrong_types, 1);
  EXPECT_EQ(known("a"), "level!high");
}

TEST_P(CustomerFileTest, CountsValuesThatSayNothingInTheTypeOfTheAttribute) {
  customers("customer,spent:text\na,much\n");
  EXPECT_EQ(customers("customer,spent:money\na,12.50\n").wrong_types, 1);
  customers("customer,points:decimal\na,1.5\n");
  EXPECT_EQ(customers("customer,points:int\na,2\n").wrong_types, 0);
}

TEST_P(CustomerFileTest, DryRunAndUndo) {
  customers("customer,city\na,杭州\n");
  ImportRequest dry = request();
  dry.dry_run = true;
  const std::string_view file = "customer,city\na,上海\nb,北京\n";
  EXPECT_EQ(told(customers(file, dry)), "2 rows: 2 new, 0 repeated, 0 left out");
  EXPECT_EQ(known("a"), "city=杭州");
  clock_.at = clock_.at + base::kDay;
  const auto report = customers(file);
  EXPECT_EQ(known("a"), "city=上海");
  undo(report.batch);
  EXPECT_EQ(known("a"), "city=杭州");
  EXPECT_EQ(persons(), 1);
}

TEST_P(CustomerFileTest, StopsWhenItIsTakenBack) {
  std::string file = "customer,city\n";
  for (int i = 0; i < 4100; ++i) file += "c" + std::to_string(i) + ",杭州\n";
  EXPECT_EQ(stopped(import_customers, file, 4000), "intake.taken_back after 4000 rows");
  EXPECT_EQ(stopped(import_customers, file, 4100), "intake.taken_back after 4100 rows");
  EXPECT_EQ(count("attribute_changed"), 0);
  EXPECT_EQ(persons(), 0);
  EXPECT_EQ(told(customers(file)), "4100 rows: 4100 new, 0 repeated, 0 left out");
}

TEST_P(CustomerFileTest, ExportsWhatImportsAgain) {
  customers("customer,city,level,list:text_list\na,\"x, y\",3,p|q\nc,=1+1,-3,\nb,,,\n");
  CsvText out;
  EXPECT_EQ(export_customers(export_means(), out.sink()).rows, 3);
  const std::string text = out.text();
  EXPECT_THAT(text, testing::StartsWith("\xEF\xBB\xBF"
                                        "customer,city:text,level:int,list:text_list\r\n"));
  EXPECT_THAT(text, testing::HasSubstr("\r\na,\"x, y\",3,p|q\r\n"));
  EXPECT_THAT(text, testing::HasSubstr("\r\nb,,,\r\n"));
  EXPECT_THAT(text, testing::HasSubstr("\r\nc,'=1+1,-3,\r\n"));
  EXPECT_EQ(told(customers(text)), "3 rows: 0 new, 3 repeated, 0 left out");
  const auto b = database().read(
      [](store::Session& session) { return customer::find_by_key(session, "b")->person; });
  const auto pieces = [b](std::size_t count) {
    return [b, left = count]() mutable -> std::optional<std::vector<base::CustomerId>> {
      if (left == 0) return std::nullopt;
      if (--left == 1) return std::vector<base::CustomerId>{};
      return std::vector<base::CustomerId>{b, base::CustomerId{12345}};
    };
  };
  CsvText only;
  const ExportReport whole = export_customers(export_means(), only.sink(), pieces(2));
  EXPECT_EQ(whole.rows, 1);
  EXPECT_FALSE(whole.stopped);
  EXPECT_THAT(only.text(), testing::EndsWith("text_list\r\nb,,,\r\n"));

  ExportMeans stopping = export_means();
  std::stop_source stop;
  stopping.stop = stop.get_token();
  stopping.progress = [&](std::int64_t) { stop.request_stop(); };
  CsvText cut;
  const ExportReport stopped = export_customers(stopping, cut.sink(), pieces(9));
  EXPECT_TRUE(stopped.stopped);
  EXPECT_EQ(stopped.rows, 1);
}

INSTANTIATE_TEST_SUITE_P(Both, CustomerFileTest, store::kBothDatabases, store::dialect_name);

}  // namespace
}  // namespace intake
