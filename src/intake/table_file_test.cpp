// What a file is, by its content alone.
#include "intake/table_file.h"

#include <fstream>
#include <sstream>

#include "intake/customer_file.h"
#include "intake/import_fixture.h"
#include "intake/xlsx_fixture.h"

namespace intake {
namespace {

using std::literals::string_view_literals::operator""sv;

std::string encoded(std::u16string_view text, bool big_endian) {
  std::string out;
  for (const char16_t unit : text) {
    const char low = static_cast<char>(unit & 0xFF);
    const char high = static_cast<char>(unit >> 8);
    out += big_endian ? high : low;
    out += big_endian ? low : high;
  }
  return out;
}

TEST(TableFile, EncodingsOfCsv) {
  const std::u16string text = u"手机号,姓名\n14200000012,阿乐\n";
  const std::string rows = "1:手机号|姓名 2:14200000012|阿乐";
  for (const bool big_endian : {false, true}) {
    const std::string bytes = encoded(text, big_endian);
    EXPECT_EQ(told_rows(bytes), rows);
    const std::string mark = encoded(u"\uFEFF", big_endian);
    EXPECT_EQ(told_rows(mark + bytes), rows);
    const auto file = TableFile::of_bytes(bytes);
    ASSERT_TRUE(file.has_value());
    EXPECT_EQ((*file)->encoding(),
              big_endian ? base::Encoding::utf16_be : base::Encoding::utf16_le);
    EXPECT_EQ((*file)->form(), FileForm::csv);
    EXPECT_TRUE((*file)->sheets().empty());
  }
  EXPECT_EQ(told_rows("\xEF\xBB\xBF手机号,姓名\n14200000012,阿乐\n"), rows);
  EXPECT_EQ(told_rows("\xCA\xD6\xBB\xFA\xBA\xC5,\xD0\xD5\xC3\xFB\n14200000012,\xB0\xA2\xC0\xD6\n"),
            rows);
  EXPECT_EQ(told_rows(""), "");
  EXPECT_EQ(told_rows("a\n", "One"), "intake.no_such_sheet");
}

std::string ole(std::string_view stream) {
  std::string bytes = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";
  bytes.resize(512 * 20);
  bytes[30] = 9;   // sectors of 512 bytes
  bytes[48] = 15;  // the first of the directory
  const std::string name = encoded(std::u16string(stream.begin(), stream.end()), false);
  bytes.replace(512 * 16 + 128, name.size(), name);
  return bytes;
}

TEST(TableFile, WhatIsNoTable) {
  EXPECT_EQ(told_rows(ole("Workbook")), "intake.old_excel");
  EXPECT_EQ(told_rows(ole("EncryptedPackage")), "intake.encrypted");
  EXPECT_EQ(told_rows(ole("Workbook").substr(0, 600)), "intake.damaged_workbook");
  EXPECT_EQ(told_rows(ole("Workbook").substr(0, 100)), "intake.damaged_workbook");
  EXPECT_EQ(told_rows("\x09\x08\x08\x00\x00\x05"sv), "intake.old_excel");
  EXPECT_EQ(told_rows("\n<HTML><table><tr><td>1</td></tr></table>"), "intake.web_page");
  EXPECT_EQ(told_rows("\xEF\xBB\xBF<?xml version=\"1.0\"?><Workbook/>"), "intake.web_page");
  EXPECT_EQ(told_rows("<name>,<phone>\n"), "1:<name>|<phone>");
  EXPECT_EQ(told_rows("%PDF-1.7\n"), "intake.no_table");
  EXPECT_EQ(told_rows("\x1F\x8B\x08"), "intake.no_table");
  EXPECT_EQ(told_rows("PK\x03\x04"), "intake.damaged_workbook");
  EXPECT_EQ(told_rows("PK,name\n"), "1:PK|name");
}

TEST(TableFile, NamesSayNothing) {
  const store::TemporaryFolder folder;
  const auto written = [&](const std::string& name, const std::string& bytes) {
    std::ofstream(folder.path() + "/" + name, std::ios::binary) << bytes;
    auto file = TableFile::open(folder.path() + "/" + name);
    return file ? std::string(name_of((*file)->form())) + " " + told_rows(**file)
                : std::string(code_of(file.error()));
  };
  EXPECT_EQ(written("table.xlsx", "a,b\n1,2\n"), "csv 1:a|b 2:1|2");
  EXPECT_EQ(written("table.csv", Book("<row><c><v>1</v></c></row>").bytes()), "xlsx 1:1");
  const auto missing = TableFile::open(folder.path() + "/none.xlsx");
  ASSERT_FALSE(missing.has_value());
  EXPECT_EQ(missing.error(), FormFault::not_found);
  const auto unreadable = TableFile::open(folder.path());
  ASSERT_FALSE(unreadable.has_value());
  EXPECT_EQ(unreadable.error(), FormFault::not_readable);
}

const std::string kData = std::string(SIYU_SOURCE_DIR) + "/../shared/data/cn_import/";

TEST(TableFile, TemplatesOfOthers) {
  const auto friends = TableFile::open(kData + "scrm_add_friend.xlsx");
  if (!friends) GTEST_SKIP() << kData << "scrm_add_friend.xlsx is not there";
  EXPECT_EQ(told_rows(**friends), "1:电话|备注 2:14200000021|张三 3:1420000002|少一位 4:|没有号码");
  const auto customers = TableFile::open(kData + "scrm_import_customer.xlsx");
  ASSERT_TRUE(customers.has_value());
  const std::string rows = told_rows(**customers);
  EXPECT_TRUE(rows.starts_with("1:手机号|微信昵称|姓名|性别|地区|备注 2:14200000011|测试|"))
      << rows;
  EXPECT_TRUE(
      rows.ends_with(" 3:14200000012|阿乐|乐乐|女|安徽-合肥|老客户 "
                     "4:14200000011|重复|重复|男|北京-东城|"))
      << rows;
  ASSERT_EQ((*customers)->sheets().size(), 3U);
  EXPECT_TRUE((*customers)->sheets()[2].is_empty);
}

class TableFileImport : public ImportTest {
 protected:
  std::string imported(const std::string& bytes) {
    auto file = TableFile::of_bytes(bytes);
    if (!file) return std::string(code_of(file.error()));
    const auto report = import_customers(means(), **file, request());
    return report ? told(*report) : std::string(code_of(report.error().fault));
  }
};

TEST_P(TableFileImport, AWorkbookIsImportedLikeAnyFile) {
  const std::string header = R"(<row r="2"><c t="inlineStr"><is><t>customer</t></is></c>)"
                             R"(<c t="inlineStr"><is><t>level:int</t></is></c></row>)";
  const std::string rows = R"(<row r="3"><c><v>1.4200000012E10</v></c><c><v>3</v></c></row>)"
                           R"(<row r="5"><c><v>14200000013</v></c><c t="inlineStr"><is><t>a
b</t></is></c></row>)"
                           R"(<row r="9"><c r="B9"><v>4</v></c></row>)";
  EXPECT_EQ(imported(Book(header + rows).bytes()),
            "3 rows: 1 new, 0 repeated, 2 left out; 5:2 level value.not_a_number; "
            "9:1 customer intake.customer_missing");
  EXPECT_EQ(persons(), 1);
  // Found broken at its end, nothing of it is imported.
  const std::string more = R"(<row r="10"><c><v>14200000014</v></c></row><row r="1"/>)";
  EXPECT_EQ(imported(Book(header + rows + more).bytes()), "intake.damaged_workbook");
  EXPECT_EQ(persons(), 1);
}

// Nothing of these columns needs a first reading; damage is found before anything is written.
TEST_P(TableFileImport, ADamagedWorkbookOfEventsIsNotImportedInPart) {
  const auto row = [](int number, std::string_view a, std::string_view b, std::string_view c) {
    std::string cells;
    for (const std::string_view text : {a, b, c}) {
      cells += "<c t=\"inlineStr\"><is><t>" + std::string(text) + "</t></is></c>";
    }
    return "<row r=\"" + std::to_string(number) + "\">" + cells + "</row>";
  };
  const std::string rows =
      row(1, "customer", "event", "time") + row(2, "li", "app_opened", "2026-01-31T08:00:00Z");
  const auto import = [&](const std::string& sheet) {
    const std::string bytes = Book(sheet).bytes();
    auto file = TableFile::of_bytes(bytes);
    if (!file) return std::string(code_of(file.error()));
    const auto report = import_events(means(), **file, request());
    return report ? told(*report) : std::string(code_of(report.error().fault));
  };
  EXPECT_EQ(import(rows + "<row r=\"1\"/>"), "intake.damaged_workbook");
  EXPECT_EQ(persons(), 0);
  EXPECT_EQ(import(rows), "1 rows: 1 new, 0 repeated, 0 left out");
  EXPECT_EQ(persons(), 1);
}

INSTANTIATE_TEST_SUITE_P(Both, TableFileImport, store::kBothDatabases, store::dialect_name);

}  // namespace
}  // namespace intake
