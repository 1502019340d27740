#include "intake/csv.h"

#include <gtest/gtest.h>

#include <random>

namespace intake {
namespace {

// Gives its text in pieces of a few bytes, so that everything is cut somewhere.
class DripSource final : public ByteSource {
 public:
  DripSource(std::string_view text, std::size_t piece_bytes) : all_(text), piece_(piece_bytes) {}
  std::size_t read(std::span<char> bytes) override { return all_.read(bytes.first(piece_)); }
  void rewind() override { all_.rewind(); }
  std::uint64_t size_bytes() const override { return all_.size_bytes(); }

 private:
  TextSource all_;
  std::size_t piece_;
};

std::string read_from(ByteSource& source) {
  CsvReader reader(source, encoding_of(source));
  CsvRow row;
  std::string out;
  while (reader.next(row)) {
    out += std::to_string(row.line);
    for (const std::string& field : row.fields) out += "[" + field + "]";
    if (row.fault) {
      out += std::string(code_of(*row.fault)) + "@" + std::to_string(row.fault_field);
    }
    out += row.has_line_end ? ";" : ".";
  }
  return out;
}

// "line[field][field];" a row, "." where the file ends with it. The same however it is cut.
std::string read(std::string_view text) {
  TextSource whole(text);
  const std::string out = read_from(whole);
  for (const std::size_t piece : {1, 2, 3, 7}) {
    DripSource drip(text, piece);
    EXPECT_EQ(read_from(drip), out) << "in pieces of " << piece;
  }
  return out;
}

TEST(Csv, ReadsRows) {
  EXPECT_EQ(read(""), "");
  EXPECT_EQ(read("a"), "1[a].");
  EXPECT_EQ(read("a,b\n"), "1[a][b];");
  EXPECT_EQ(read("a,b\r\nc,\r\n"), "1[a][b];2[c][];");
  EXPECT_EQ(read("a\rb\rc"), "1[a];2[b];3[c].");
  EXPECT_EQ(read("a\r\"b\nc\"\rd\r"), "1[a];2[b\nc];4[d];");
  // What awk makes of a file with CRLF: a CR inside each line.
  EXPECT_EQ(read("a,b\n1,2\r,3\n4,5\r,6\r\n"), "1[a][b];2[1][2\r][3];3[4][5\r][6];");
  EXPECT_EQ(read("a\n\"b\"\r\nc\r"), "1[a];2[b];3[c];");
  EXPECT_EQ(read("a\n\"b\"\r"), "1[a];2[b];");
  EXPECT_EQ(read(",\n"), "1[][];");
  EXPECT_EQ(read("a,"), "1[a][].");
  EXPECT_EQ(read("\n\na\n\r\n\nb"), "3[a];6[b].");
  EXPECT_EQ(read("\"\"\n"), "1[];");
  EXPECT_EQ(read(" a , b \n"), "1[ a ][ b ];");
}

TEST(Csv, FindsTheSeparatorInTheHeader) {
  EXPECT_EQ(read("a\tb\n1,5\t2\n"), "1[a][b];2[1,5][2];");
  EXPECT_EQ(read("\na;b\n1,5;2\n"), "2[a][b];3[1,5][2];");
  EXPECT_EQ(read("a;b,c\td\n1;2,3\n"), "1[a;b][c\td];2[1;2][3];");
  EXPECT_EQ(read("a;b\tc\n"), "1[a;b][c];");
  EXPECT_EQ(read("\"a;b\"\n1;2\n"), "1[a;b];2[1;2];");
  EXPECT_EQ(read("a\nb;c\n"), "1[a];2[b;c];");
}

TEST(Csv, ReadsQuotes) {
  EXPECT_EQ(read("\"a,b\",\"c\"\"d\"\n"), "1[a,b][c\"d];");
  EXPECT_EQ(read("\"a\nb\r\nc\rd\",e\nf\n"), "1[a\nb\r\nc\rd][e];4[f];");
  EXPECT_EQ(read("a\"b,c\"\n"), "1[a\"b][c\"];");
  EXPECT_EQ(read("\"a\"x,b\nc\n"), "1csv.text_after_quote@0;2[c];");
  EXPECT_EQ(read("z,\"a\nb\"x\nc\n"), "1[z]csv.text_after_quote@1;2[b\"x];3[c];");
  EXPECT_EQ(read("a,\"b"), "1[a]csv.unclosed_quote@1.");
  // What an unclosed quote would swallow is read from the second line on.
  EXPECT_EQ(read("a,\"b\nc,d\ne,f\n"), "1[a]csv.unclosed_quote@1;2[c][d];3[e][f];");
  EXPECT_EQ(read("\"a\""), "1[a].");
}

TEST(Csv, ReportsBadCharacters) {
  EXPECT_EQ(read(std::string_view("a\0b,c\nd\n", 8)), "1csv.nul_character@0;2[d];");
  EXPECT_EQ(read("私域,客户,标签,等级\nx,\xFF\ny\n"),
            "1[私域][客户][标签][等级];2[x]csv.not_text@1;3[y];");
}

TEST(Csv, KeepsItsLimits) {
  const std::string longest(kCsvFieldBytesMax, 'x');
  const std::string fitting = longest + ",b\n";
  TextSource good(fitting);
  EXPECT_EQ(read_from(good), "1[" + longest + "][b];");
  const std::string long_field = "a," + longest + "x,b\nc\n";
  TextSource too_long(long_field);
  EXPECT_EQ(read_from(too_long), "1[a]csv.field_too_long@1;2[c];");
  const std::string commas = std::string(kCsvFieldsMax, ',') + "\nb\n";
  TextSource fields(commas);
  const std::string found = read_from(fields);
  EXPECT_TRUE(found.ends_with("csv.too_many_fields@1000;2[b];")) << found.substr(found.size() - 60);
  const std::string endless = "a\n" + std::string(3 * kCsvRowBytesMax, 'x') + "\r\nb\n";
  TextSource row(endless);
  EXPECT_EQ(read_from(row), "1[a];2csv.row_too_long@0;3[b];");
  std::string quoted = "a,\"";
  for (int i = 0; i < 200'000; ++i) quoted += "x\n";
  TextSource swallowing(quoted);
  const std::string lines = read_from(swallowing);
  EXPECT_TRUE(lines.starts_with("1[a]csv.unclosed_quote@1;2[x];3[x];"));
  EXPECT_TRUE(lines.ends_with("200000[x];"));
}

std::string utf16(std::u16string_view text, bool little) {
  std::string out;
  for (const char16_t unit : text) {
    const char high = static_cast<char>(unit >> 8), low = static_cast<char>(unit & 0xFF);
    out += little ? std::string{low, high} : std::string{high, low};
  }
  return out;
}

TEST(Csv, ReadsEncodings) {
  EXPECT_EQ(read("\xEF\xBB\xBF客户,b\n"), "1[客户][b];");
  EXPECT_EQ(read("\xEF\xBB\xBF"), "");
  const std::u16string_view text = u"\uFEFF客户,\"😀\n\"\r\nb\n";
  EXPECT_EQ(read(utf16(text, true)), "1[客户][😀\n];3[b];");
  EXPECT_EQ(read(utf16(text, false)), "1[客户][😀\n];3[b];");
  EXPECT_EQ(read(utf16(u"\uFEFFa,\xD83D,c", true)), "1[a]csv.not_text@1.");
  EXPECT_EQ(read(utf16(u"\uFEFFa", true) + "b"), "1csv.not_text@0.");
  // 客户,私域 and U+3400 (four bytes) in GB18030.
  EXPECT_EQ(read("a\n\xBF\xCD\xBB\xA7,\xCB\xBD\xD3\xF2\n\x81\x39\xEE\x39\n"),
            "1[a];2[客户][私域];3[㐀];");
  EXPECT_EQ(read("\xBF\xCD\xBB\xA7\xBF\xCD,\xFF\nb\n"), "1[客户客]csv.not_text@1;2[b];");
  const std::string late = std::string(100'000, 'a') + "\n\xBF\xCD\xBB\xA7\n";
  TextSource source(late);
  EXPECT_EQ(encoding_of(source), base::Encoding::gb18030);
}

TEST(Csv, WritesWhatItReads) {
  std::mt19937 random(7);
  const std::string_view letters = "a,\"\r\n |客";
  for (int round = 0; round < 500; ++round) {
    std::vector<std::string> fields(1 + random() % 4);
    std::string expected = "1";
    for (std::string& field : fields) {
      for (std::size_t i = random() % 6; i > 0; --i) {
        const std::size_t at = random() % 8;
        field += at == 7 ? letters.substr(7) : letters.substr(at, 1);
      }
      expected += "[" + field + "]";
    }
    ASSERT_EQ(read(csv_line(fields)), expected + ";");
  }
}

}  // namespace
}  // namespace intake
