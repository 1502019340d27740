// What the cells of a sheet become.
#include <algorithm>

#include "intake/xlsx_fixture.h"

namespace intake {
namespace {

SheetNotes notes_of(const Book& book, std::string_view sheet = {}) {
  const std::string bytes = book.bytes();
  auto file = TableFile::of_bytes(bytes, sheet);
  EXPECT_TRUE(file.has_value());
  if (!file) return {};
  told_rows(**file);
  return (*file)->notes();
}

std::string cell(std::string_view inside) {
  return told_rows(Book("<row><c " + std::string(inside) + "</c></row>").bytes());
}

TEST(XlsxSource, CellsOfEveryKind) {
  EXPECT_EQ(cell(R"(r="A1"><v>14200000012</v>)"), "1:14200000012");
  EXPECT_EQ(cell(R"(t="n"><v>1.4200000012E10</v>)"), "1:14200000012");
  EXPECT_EQ(cell(R"(t="b"><v>1</v>)"), "1:true");
  EXPECT_EQ(cell(R"(t="b"><v>0</v>)"), "1:false");
  EXPECT_EQ(cell(R"(t="str"><f>A2&amp;"x"</f><v>x</v>)"), "1:x");
  EXPECT_EQ(cell(R"(t="inlineStr"><is><t>茶</t></is>)"), "1:茶");
  EXPECT_EQ(cell(R"(t="inlineStr"><is><r><t>a</t></r><r><rPr/><t xml:space="preserve"> b</t></r>)"
                 "<rPh><t>no</t></rPh></is>"),
            "1:a b");
  EXPECT_EQ(cell(R"(t="d"><v>2026-01-31T08:00:00</v>)"), "1:2026-01-31T08:00:00");
  EXPECT_EQ(cell(R"(t="inlineStr"><is><t><![CDATA[</row>&]]>&lt;&#33590;</t></is>)"),
            "1:</row>&<茶");
}

TEST(XlsxSource, TextsStayAsTheyAre) {
  const auto text = [](const std::string& inside) {
    return cell(R"(t="inlineStr"><is><t>)" + inside + "</t></is>");
  };
  EXPECT_EQ(text("a,\"b\""), "1:a,\"b\"");
  EXPECT_EQ(text("a_x000D_\nb_x000d_c\nd"), "1:a/b/c/d");
  EXPECT_EQ(text("_x005F_x000D_ _x41_ _xD800_ _x8336_"), "1:_x000D_ _x41_ _xD800_ 茶");
  EXPECT_EQ(text("=1+1"), "1:=1+1");
  EXPECT_EQ(text("'=1+1"), "1:'=1+1");
  EXPECT_EQ(text("''"), "1:''");
  EXPECT_EQ(text("&lt;script&gt;"), "1:<script>");
  EXPECT_EQ(text("a_x0000_"), "1:!csv.nul_character");
}

TEST(XlsxSource, RowsAreAsWideAsTheWidestAndKeepTheirNumbers) {
  Book book(R"(<row r="1"><c r="A1"><v>1</v></c><c r="C1"><v>3</v></c></row>)"
            R"(<row r="2"/><row r="3"><c r="A3" s="0"/></row>)"
            R"(<row r="4"><c r="A4" t="inlineStr"><is><t>x
y</t></is></c></row>)"
            R"(<row r="5"><c><v>1</v></c><c><v>2</v></c></row>)"
            R"(<row><c r="D6"><v>4</v></c></row><row r="100"><c r="B100"><v>2</v></c></row>)");
  EXPECT_EQ(told_rows(book.bytes()), "1:1||3 4:x/y|| 5:1|2| 6:|||4 100:|2||");
}

TEST(XlsxSource, SharedTexts) {
  Book book(R"(<row><c t="s"><v>1</v></c><c t="s"><v>0</v></c><c t="s"><v>2</v></c></row>)");
  book.texts(
      "<si><t>姓名</t></si><si><r><t>手</t></r><r><t>机</t></r><rPh><t>shou</t></rPh></si>"
      "<si><t/></si>");
  EXPECT_EQ(told_rows(book.bytes()), "1:手机|姓名");
  book.texts("<si><t>one</t></si>");
  EXPECT_EQ(told_rows(book.bytes()), " !intake.damaged_workbook");
  book.without("xl/sharedStrings.xml");
  EXPECT_EQ(told_rows(book.bytes()), "intake.damaged_workbook");
}

TEST(XlsxSource, DatesByTheFormatsOfCells) {
  Book book(R"(<row><c s="1"><v>45000</v></c><c s="2"><v>45000.25</v></c>)"
            R"(<c s="0"><v>45000</v></c>)"
            R"(<c s="3"><v>42</v></c><c s="9"><v>7</v></c></row>)");
  book.part(
      "xl/styles.xml",
      R"(<styleSheet><numFmts><numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m/d h:mm"/>)"
      R"(<numFmt numFmtId="165" formatCode="00000"/></numFmts>)"
      R"(<cellStyleXfs><xf numFmtId="22"/></cellStyleXfs>)"
      R"(<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/>)"
      R"(<xf numFmtId="165"/></cellXfs></styleSheet>)");
  EXPECT_EQ(told_rows(book.bytes()), "1:2023-03-15|2023-03-15 06:00:00|45000|00042|7");
  EXPECT_EQ(notes_of(book).dates, 2);
  book.part("xl/workbook.xml",
            R"(<workbook><workbookPr date1904="1"/><sheets><sheet name="a" id="1"/></sheets>)"
            "</workbook>");
  EXPECT_EQ(told_rows(book.bytes()), "1:2027-03-16|2027-03-16 06:00:00|45000|00042|7");
}

TEST(XlsxSource, NotesWhatAPersonShouldKnow) {
  Book book("");
  book.sheet(
      R"(<cols><col min="1" max="1"/><col min="2" max="3" hidden="1"/>)"
      R"(<col min="7" max="16384" hidden="true"/></cols><sheetData>)"
      R"(<row><c><v>1</v></c><c><f>A1*2</f><v>2</v></c><c t="e"><v>#N/A</v></c>)"
      R"(<c><v>4</v></c></row>)"
      R"(<row hidden="1"><c><f>1/0</f></c><c t="str"><f>""</f><v></v></c>)"
      R"(<c><v>1E17</v></c></row>)"
      R"(<row hidden="1"/></sheetData><mergeCells><mergeCell ref="A1:B1"/><mergeCell ref="C1:C9"/>)"
      "</mergeCells>");
  EXPECT_EQ(told_rows(book.bytes()), "1:1|2||4 2:||100000000000000000|");
  EXPECT_EQ(notes_of(book), (SheetNotes{.formulas = 3,
                                        .formulas_without_value = 1,
                                        .errors = 1,
                                        .dates = 0,
                                        .digits_lost = 1,
                                        .merged_ranges = 2,
                                        .hidden_rows = 1,
                                        .hidden_columns = 2}));
}

TEST(XlsxSource, NotesAreOfOneReading) {
  const std::string bytes = Book("<row><c><f>1</f><v>1</v></c></row>").bytes();
  auto file = TableFile::of_bytes(bytes);
  ASSERT_TRUE(file.has_value());
  const std::string first = told_rows(**file);
  (*file)->rewind();
  EXPECT_EQ((*file)->notes(), SheetNotes{});
  EXPECT_EQ(told_rows(**file), first);
  EXPECT_EQ((*file)->notes().formulas, 1);
}

constexpr std::string_view kThreeSheets =
    R"(<workbook><sheets><sheet name="说明" id="1"/><sheet name="藏" state="veryHidden" id="2"/>)"
    R"(<sheet name="客户" id="3"/><sheet name="图" id="4"/></sheets></workbook>)";

Book three_sheets() {
  const auto sheet = [](std::string_view value) {
    return "<worksheet><sheetData><row><c>" + std::string(value) +
           "</c></row></sheetData></worksheet>";
  };
  Book book("");
  book.part("xl/workbook.xml", std::string(kThreeSheets))
      .part("xl/_rels/workbook.xml.rels",
            R"(<Relationships><Relationship Id="1" Type="a/worksheet" Target="worksheets/a.xml"/>)"
            R"(<Relationship Id="2" Type="a/worksheet" Target="../xl/worksheets/b.xml"/>)"
            R"(<Relationship Id="3" Type="a/worksheet" Target="/xl/worksheets/c.xml"/>)"
            R"(<Relationship Id="4" Type="a/chartsheet" Target="chartsheets/d.xml"/>)"
            "</Relationships>")
      .part("xl/worksheets/a.xml", sheet(""))
      .part("xl/worksheets/b.xml", sheet("<v>2</v>"))
      .part("xl/worksheets/c.xml", sheet("<v>3</v>"));
  return book;
}

TEST(XlsxSource, TakesTheFirstSheetThatSomebodySees) {
  const std::string bytes = three_sheets().bytes();
  auto file = TableFile::of_bytes(bytes);
  ASSERT_TRUE(file.has_value());
  const auto sheets = (*file)->sheets();
  ASSERT_EQ(sheets.size(), 3U);
  EXPECT_EQ(sheets[0].name, "说明");
  EXPECT_TRUE(sheets[0].is_empty);
  EXPECT_FALSE(sheets[0].is_hidden);
  EXPECT_TRUE(sheets[1].is_hidden);
  EXPECT_FALSE(sheets[1].is_empty);
  EXPECT_FALSE(sheets[2].is_empty);
  EXPECT_EQ((*file)->sheet(), 2U);
  EXPECT_EQ(told_rows(**file), "1:3");
  EXPECT_EQ(told_rows(bytes, "藏"), "1:2");
  EXPECT_EQ(told_rows(bytes, "说明"), "");
  EXPECT_EQ(told_rows(bytes, "图"), "intake.no_such_sheet");
  Book hidden = three_sheets();
  hidden.part("xl/worksheets/c.xml", "<worksheet/>");
  EXPECT_EQ(told_rows(hidden.bytes()), "1:2");
  hidden.part("xl/worksheets/b.xml", "<worksheet/>");
  EXPECT_EQ(told_rows(hidden.bytes()), "");
}

TEST(XlsxSource, NamesWithPrefixesAndWithoutATopPart) {
  Book book("");
  book.part("xl/worksheets/sheet1.xml",
            R"(<x:worksheet xmlns:x="s"><x:sheetData><x:row><x:c t="inlineStr"><x:is><x:t>a</x:t>)"
            "</x:is></x:c></x:row></x:sheetData></x:worksheet>");
  EXPECT_EQ(told_rows(book.bytes()), "1:a");
  book.without("_rels/.rels").without("xl/styles.xml").part("xl/Styles.xml", "<styleSheet/>");
  EXPECT_EQ(told_rows(book.bytes()), "1:a");
}

TEST(XlsxSource, TellsHowMuchTextThereWillBe) {
  std::string rows;
  for (int i = 0; i < 20'000; ++i) rows += "<row><c><v>123456</v></c></row>";
  const std::string bytes = Book(rows).bytes();
  auto file = TableFile::of_bytes(bytes);
  ASSERT_TRUE(file.has_value());
  std::string piece(1000, '\0');
  std::uint64_t seen = (*file)->read(piece);  // the mark
  seen += (*file)->read(piece);
  const std::uint64_t exact = 3 + 20'000 * 7;
  EXPECT_NEAR(static_cast<double>((*file)->size_bytes()), static_cast<double>(exact), exact * 0.1);
  for (std::size_t count = seen; count > 0; seen += count) count = (*file)->read(piece);
  EXPECT_EQ(seen, exact);
  EXPECT_EQ((*file)->size_bytes(), exact);
  (*file)->rewind();
  EXPECT_EQ((*file)->size_bytes(), exact);
}

}  // namespace
}  // namespace intake
