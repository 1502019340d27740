#include "intake/row_sink.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/text.h"
#include "intake/xlsx_fixture.h"
#include "intake/xlsx_sink.h"
#include "store/failure.h"
#include "store/test_database.h"

namespace intake {
namespace {

class TextOut final : public ByteSink {
 public:
  void write(std::string_view bytes) override { text += bytes; }
  std::string text;
};

using Rows = std::vector<std::vector<std::string>>;

const std::vector<SinkColumn> kColumns = {{"customer", base::ValueType::text},
                                          {"level:int", base::ValueType::integer},
                                          {"spent:money", base::ValueType::money},
                                          {"born:date", base::ValueType::date}};

std::string written(FileForm form, const Rows& rows) {
  const store::TemporaryFolder folder;
  TextOut out;
  const auto sink = make_row_sink(form, out, folder.path());
  sink->open(kColumns);
  for (const auto& row : rows) sink->row(row);
  sink->finish();
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
  return out.text;
}

const std::vector<std::string> kFormulas = {
    "=1+1", "+86 142", "-2",     "@SUM(A1)",          "\tx", "\r=1",   "'=1", "''",
    "'",    "'a",      "''=1+1", "=HYPERLINK(\"h\")", "a",   "=1\n,\""};

TEST(RowSink, CsvGuardsTextsAndReadingTakesTheGuardAway) {
  EXPECT_EQ(written(FileForm::csv, {{"=1+1", "-5", "-0.50", "--05-17"}, {"'a", "1", "", ""}}),
            "\xEF\xBB\xBF"
            "customer,level:int,spent:money,born:date\r\n"
            "'=1+1,-5,-0.50,'--05-17\r\n'a,1,,\r\n");
  for (const std::string& text : kFormulas) {
    const std::string bytes = written(FileForm::csv, {{text, "1", "", ""}});
    TextSource source(bytes);
    CsvReader reader(source, encoding_of(source));
    CsvRow row;
    ASSERT_TRUE(reader.next(row));
    ASSERT_TRUE(reader.next(row));
    EXPECT_EQ(row.fields[0], text);
  }
}

TEST(RowSink, ADateWithoutAYearIsNoSumAndIsReadBack) {
  const std::string bytes = written(FileForm::csv, {{"ann", "1", "", "--05-17"}});
  EXPECT_NE(bytes.find(",'--05-17\r\n"), std::string::npos) << bytes;
  TextSource source(bytes);
  CsvReader reader(source, encoding_of(source));
  CsvRow row;
  ASSERT_TRUE(reader.next(row));
  ASSERT_TRUE(reader.next(row));
  EXPECT_EQ(row.fields[3], "--05-17");
  EXPECT_EQ(base::parse_value(base::ValueType::date, row.fields[3], nullptr),
            base::Value(base::Date{0, 5, 17}));
}

TEST(RowSink, WorkbooksHoldTextsAndNumbersAndNoFormulas) {
  const std::string bytes =
      written(FileForm::xlsx, {{"=1+1", "-5", "12.50", "2026-01-31"},
                               {"0142", "1234567890123456", "0.10", "--05-17"},
                               {"_x000D_ \x01", "", "", ""}});
  EXPECT_EQ(told_rows(bytes),
            "1:customer|level:int|spent:money|born:date 2:=1+1|-5|12.5|2026-01-31 "
            "3:0142|1234567890123456|0.1|--05-17 4:_x000D_ \x01|||");
  auto file = TableFile::of_bytes(bytes);
  ASSERT_TRUE(file.has_value());
  told_rows(**file);
  EXPECT_EQ((*file)->notes(), SheetNotes{});
  for (const std::string& text : kFormulas) {
    std::string shown = text;
    std::ranges::replace(shown, '\r', '/');
    std::ranges::replace(shown, '\n', '/');
    EXPECT_EQ(told_rows(written(FileForm::xlsx, {{text, "1", "", ""}})),
              "1:customer|level:int|spent:money|born:date 2:" + shown + "|1||");
  }
}

TEST(RowSink, WorkbooksCutWhatExcelCannotHold) {
  const store::TemporaryFolder folder;
  TextOut out;
  XlsxSink sink(out, folder.path());
  sink.open(kColumns);
  sink.row(std::vector<std::string>{std::string(kCellUnitsMax, 'a'), "1", "", ""});
  EXPECT_EQ(sink.cut_texts(), 0);
  sink.row(std::vector<std::string>{std::string(kCellUnitsMax + 1, 'a'), "1", "", ""});
  EXPECT_EQ(sink.cut_texts(), 1);
  sink.finish();
  const std::string rows = told_rows(out.text);
  EXPECT_EQ(std::ranges::count(rows, 'a'), 1 + 2 * static_cast<std::ptrdiff_t>(kCellUnitsMax));
}

TEST(RowSink, ManyRowsGoOnInAFurtherSheet) {
  const store::TemporaryFolder folder;
  TextOut out;
  const auto sink = make_row_sink(FileForm::xlsx, out, folder.path());
  const std::vector<SinkColumn> one = {{"n", base::ValueType::integer}};
  sink->open(one);
  for (std::int64_t i = 0; i < kSheetRowsMax; ++i) {
    sink->row(std::vector<std::string>{std::to_string(i)});
  }
  sink->finish();
  const auto file = TableFile::of_bytes(out.text);
  ASSERT_TRUE(file.has_value());
  ASSERT_EQ((*file)->sheets().size(), 2U);
  EXPECT_EQ(told_rows(out.text, (*file)->sheets()[1].name),
            "1:n 2:" + std::to_string(kSheetRowsMax - 1));
}

TEST(RowSink, AFolderThatIsNotThereIsAFullDisk) {
  TextOut out;
  EXPECT_THROW(make_row_sink(FileForm::xlsx, out, "/nowhere/at/all"), store::Failure);
}

}  // namespace
}  // namespace intake
