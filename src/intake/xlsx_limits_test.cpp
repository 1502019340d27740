// Workbooks that are broken or made to do harm.
#include <random>

#include "intake/xlsx_fixture.h"
#include "intake/xml_stream.h"

namespace intake {
namespace {

std::string row_of(std::string_view inside) {
  return "<row><c>" + std::string(inside) + "</c></row>";
}

TEST(XlsxLimits, ZipBombsAreRefusedWhileTheyUnpack) {
  std::string rows = row_of("<v>1</v>");
  rows.append(30 << 20, ' ');
  const std::string bytes = Book(rows).bytes();
  ASSERT_LT(bytes.size(), 100U << 10);
  EXPECT_EQ(told_rows(bytes), "intake.too_big_workbook");
  Book texts(row_of("<v>1</v>"));
  texts.texts(std::string(30 << 20, ' '));
  EXPECT_EQ(told_rows(texts.bytes()), "intake.too_big_workbook");
}

TEST(XlsxLimits, ABombThatLiesAboutItsSize) {
  const std::string tail(30 << 20, ' ');
  std::string bytes = Book(row_of("<v>1</v>") + tail).bytes();
  // The size of the sheet stands in the directory at the end of the archive, as 4 bytes.
  const auto size = static_cast<std::uint32_t>(
      std::string("<worksheet><sheetData></sheetData></worksheet>").size() +
      row_of("<v>1</v>").size() + tail.size());
  const std::string told(reinterpret_cast<const char*>(&size), sizeof size);
  int found = 0;
  for (std::size_t at = bytes.find(told); at != std::string::npos; at = bytes.find(told, at)) {
    bytes.replace(at, 4, std::string("\0\1\0\0", 4));
    ++found;
  }
  ASSERT_GE(found, 1);
  const std::string told_of = told_rows(bytes);
  EXPECT_TRUE(told_of.ends_with("intake.too_big_workbook") ||
              told_of.ends_with("intake.damaged_workbook"))
      << told_of;
}

// 22 bytes of the sheet that each mean 64 KiB of text.
TEST(XlsxLimits, RowsOfHugeSharedTextsAreLeftOut) {
  std::string cells;
  for (int i = 0; i < 100; ++i) cells += R"(<c t="s"><v>0</v></c>)";
  Book book("<row>" + cells + "</row><row><c><v>1</v></c></row>");
  std::mt19937 random(5);
  std::string text;
  for (std::size_t i = 0; i < kCsvFieldBytesMax; ++i) {
    text += static_cast<char>('a' + random() % 26);
  }
  text[10] = '\n';
  book.texts("<si><t>" + text + "</t></si>");
  EXPECT_TRUE(told_rows(book.bytes()).starts_with("1:!csv.row_too_long 2:1|||"));
}

TEST(XlsxLimits, LongCells) {
  const auto inline_text = [](const std::string& text) {
    return "<row><c t=\"inlineStr\"><is><t>" + text + "</t></is></c></row>";
  };
  std::mt19937 random(7);
  std::string text;
  for (std::size_t i = 0; i < kCsvFieldBytesMax; ++i) {
    text += static_cast<char>('a' + random() % 26);
  }
  text[100] = '\n';
  const std::string last = "<row><c><v>7</v></c></row>";
  const std::string shown = told_rows(Book(inline_text(text) + last).bytes());
  EXPECT_EQ(shown.size(), 2 + kCsvFieldBytesMax + 4);
  EXPECT_TRUE(shown.ends_with(" 2:7"));
  EXPECT_EQ(told_rows(Book(inline_text(text + "x") + last).bytes()), "1:!csv.field_too_long 2:7");
  Book shared(R"(<row><c t="s"><v>0</v></c></row>)" + last);
  shared.texts("<si><t>" + text + "x</t></si>");
  EXPECT_EQ(told_rows(shared.bytes()), "1:!csv.field_too_long 2:7");
}

TEST(XlsxLimits, ColumnsFarToTheRight) {
  EXPECT_TRUE(told_rows(Book(R"(<row><c r="ALL1"><v>1</v></c></row>)").bytes()).ends_with("|1"));
  EXPECT_TRUE(told_rows(Book(R"(<row><c r="ALM1"><v>1</v></c></row>)").bytes())
                  .ends_with("!csv.too_many_fields"));
  EXPECT_TRUE(told_rows(Book(R"(<row><c r="XFD1"><v>1</v></c></row>)").bytes())
                  .ends_with("!csv.too_many_fields"));
  EXPECT_EQ(told_rows(Book(R"(<row><c r="ZZZZZZZZZZZZZ1"><v>1</v></c></row>)").bytes()), "1:1");
}

TEST(XlsxLimits, WhatIsNoSheet) {
  const std::string good = row_of("<v>1</v>");
  const auto told = [](const std::string& rows) { return told_rows(Book(rows).bytes()); };
  EXPECT_EQ(told(good + "<row>"), "1:1 !intake.damaged_workbook");
  EXPECT_EQ(told(good + "&nbsp;"), "1:1 !intake.damaged_workbook");
  EXPECT_EQ(told(good + R"(<row r="1"/>)"), "1:1 !intake.damaged_workbook");
  EXPECT_EQ(told(good + R"(<row r="1048577"/>)"), "1:1 !intake.damaged_workbook");
  std::string deep;
  for (int i = 0; i < 70; ++i) deep += "<a>";
  for (int i = 0; i < 70; ++i) deep += "</a>";
  EXPECT_EQ(told(good + deep), "1:1 !intake.damaged_workbook");
  Book entities(good);
  entities.part("xl/worksheets/sheet1.xml",
                R"(<!DOCTYPE a [<!ENTITY b "bbbbbbbb"><!ENTITY c "&b;&b;&b;">]>)"
                "<worksheet><sheetData><row><c><v>&c;</v></c></row></sheetData></worksheet>");
  EXPECT_EQ(told_rows(entities.bytes()), " !intake.damaged_workbook");
  std::mt19937 random(3);
  std::string tag = "<b a=\"";
  while (tag.size() <= kXmlTagBytesMax + (32 << 10)) {
    tag += static_cast<char>('a' + random() % 26);
  }
  EXPECT_EQ(told(good + tag + "\"/>"), "1:1 !intake.damaged_workbook");
}

TEST(XlsxLimits, WhatIsNoWorkbook) {
  const Book good(row_of("<v>1</v>"));
  const auto without = [&](const char* part) {
    return told_rows(Book(good).without(part).bytes());
  };
  EXPECT_EQ(told_rows(good.bytes()), "1:1");
  EXPECT_EQ(without("[Content_Types].xml"), "intake.no_workbook");
  EXPECT_EQ(without("xl/workbook.xml"), "intake.no_workbook");
  EXPECT_EQ(without("xl/_rels/workbook.xml.rels"), "intake.damaged_workbook");
  EXPECT_EQ(without("xl/worksheets/sheet1.xml"), "intake.damaged_workbook");
  EXPECT_EQ(without("xl/styles.xml"), "intake.damaged_workbook");
  EXPECT_EQ(told_rows(Book(good).part("xl/workbook.xml", "<workbook/>").bytes()),
            "intake.damaged_workbook");
  EXPECT_EQ(told_rows(zip_of({{"table.csv", "a,b\n"}})), "intake.no_workbook");
  EXPECT_EQ(told_rows(zip_of(good.parts(), "secret")), "intake.encrypted");
}

// Cut anywhere a workbook is refused; with any byte changed it is read or refused, never more.
TEST(XlsxLimits, CutAndChangedFiles) {
  const std::string bytes = Book(row_of("<v>1</v>") + row_of("<v>2</v>")).bytes();
  for (std::size_t cut = 4; cut < bytes.size(); cut += 7) {
    EXPECT_EQ(told_rows(std::string_view(bytes).substr(0, cut)), "intake.damaged_workbook") << cut;
  }
  std::mt19937 random(1);
  for (int i = 0; i < 2000; ++i) {
    std::string changed = bytes;
    changed[4 + random() % (bytes.size() - 4)] ^= static_cast<char>(1 + random() % 255);
    const std::string told = told_rows(changed);
    EXPECT_TRUE(told == "1:1 2:2" || told.find("intake.") != std::string::npos) << told;
  }
}

}  // namespace
}  // namespace intake
