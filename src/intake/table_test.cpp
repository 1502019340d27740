#include "intake/table.h"

#include <gtest/gtest.h>

#include <array>

namespace intake {
namespace {

constexpr std::array<std::string_view, 2> kRequired = {"customer", "time"};
constexpr std::array<std::string_view, 1> kOptional = {"key"};
constexpr std::array<std::string_view, 1> kReserved = {"source"};

// "line:fields" and "line:code@column" a row, or the file's fault with its subject.
std::string read(std::string_view text) {
  TextSource source(text);
  Table table(source, base::Encoding::utf8);
  const auto opened = table.open(
      {kRequired, kOptional, kReserved, [](std::string_view name) { return name.size() == 1; }});
  if (!opened) return std::string(code_of(opened.error().fault)) + " " + opened.error().subject;
  std::string out;
  for (TableRow row; table.next(row);) {
    out += std::to_string(row.csv.line) + ":";
    if (row.left_out) {
      out += std::string(row.left_out->code) + "@" + std::to_string(row.left_out->column) +
             row.left_out->column_name;
    } else {
      for (const std::string& field : row.csv.fields) out += field + "|";
    }
    out += " ";
  }
  return out;
}

TEST(Table, FitsRowsToTheHeader) {
  EXPECT_EQ(read("customer,time,a\n1,2,3\n"), "2:1|2|3| ");
  EXPECT_EQ(read(" customer ,time\n1,2,,\n3,4"), "2:1|2| 3:3|4| ");
  EXPECT_EQ(read("customer,time,a\n1,2\n1,2,3,4\n1,2,3"),
            "2:intake.too_few_fields@3a 3:intake.too_many_fields@4 4:1|2|3| ");
  EXPECT_EQ(read("customer,time,a\n1,2,3\n1,2"), "2:1|2|3| 3:intake.cut_last_line@3a ");
  EXPECT_EQ(read("customer,time,\n1,\"2\n"), "2:csv.unclosed_quote@2time ");
}

TEST(Table, RefusesHeaders) {
  EXPECT_EQ(read(""), "intake.empty_file ");
  EXPECT_EQ(read("\n\n"), "intake.empty_file ");
  EXPECT_EQ(read("customer,\"time\n"), "intake.header_unreadable csv.unclosed_quote");
  EXPECT_EQ(read("customer,a\n"), "intake.missing_column time");
  EXPECT_EQ(read("customer,time,a,a\n"), "intake.doubled_column a");
  EXPECT_EQ(read("customer,time,customer\n"), "intake.doubled_column customer");
  EXPECT_EQ(read("customer,time,a:int,a\n"), "intake.doubled_column a");
  EXPECT_EQ(read("customer,time,a:number\n"), "intake.unknown_type a:number");
  EXPECT_EQ(read("customer,time,long\n"), "intake.bad_column_name long");
  EXPECT_EQ(read("customer,time,:int\n"), "intake.bad_column_name :int");
  EXPECT_EQ(read("customer,time,source\n"), "intake.reserved_column source");
  EXPECT_EQ(read("customer,time" + std::string(kImportColumnsMax, ',')),
            "intake.too_many_columns ");
}

TEST(Table, NamesAndTypes) {
  TextSource source("customer,time,a:money, b : int ,a:text,,key\n");
  Table table(source, base::Encoding::utf8);
  ASSERT_TRUE(table.open({kRequired, kOptional, kReserved, [](std::string_view) { return true; }}));
  ASSERT_EQ(table.columns().size(), 7U);
  EXPECT_EQ(table.columns()[2].type, base::ValueType::money);
  EXPECT_EQ(table.columns()[3].name, "b");
  EXPECT_EQ(table.columns()[3].type, base::ValueType::integer);
  EXPECT_EQ(table.columns()[4].type, base::ValueType::text);
  EXPECT_EQ(table.columns()[5].name, "");
  EXPECT_EQ(index_of(table.columns(), "key"), 6U);
  EXPECT_EQ(index_of(table.columns(), "a"), std::nullopt);
}

}  // namespace
}  // namespace intake
