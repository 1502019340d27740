// Any bytes as a CSV file: every row is within the limits, lines rise, cutting the file into other
// pieces changes nothing, and what was read is read again from what csv_line writes of it.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "base/text.h"
#include "intake/csv.h"

namespace {

class DripSource final : public intake::ByteSource {
 public:
  DripSource(std::string_view text, std::size_t piece_bytes) : all_(text), piece_(piece_bytes) {}
  std::size_t read(std::span<char> bytes) override {
    return all_.read(bytes.first(std::min(piece_, bytes.size())));
  }
  void rewind() override { all_.rewind(); }
  std::uint64_t size_bytes() const override { return all_.size_bytes(); }

 private:
  intake::TextSource all_;
  std::size_t piece_;
};

std::vector<intake::CsvRow> read(intake::ByteSource& source) {
  intake::CsvReader reader(source, intake::encoding_of(source));
  std::vector<intake::CsvRow> rows;
  intake::CsvRow row;
  std::int64_t line = 0;
  while (reader.next(row)) {
    CHECK(row.line > line);
    line = row.line;
    CHECK(row.fields.size() <= intake::kCsvFieldsMax);
    for (const std::string& field : row.fields) {
      CHECK(field.size() <= intake::kCsvFieldBytesMax);
      CHECK(base::is_utf8(field));
    }
    rows.push_back(row);
  }
  return rows;
}

void check_equal(const intake::CsvRow& left, const intake::CsvRow& right) {
  CHECK(left.line == right.line);
  CHECK(left.fields == right.fields);
  CHECK(left.fault == right.fault);
  CHECK(left.has_line_end == right.has_line_end);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::size_t piece = 1 + data[0] % 31U;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  intake::TextSource whole(text);
  const std::vector<intake::CsvRow> rows = read(whole);
  DripSource drip(text, piece);
  const std::vector<intake::CsvRow> again = read(drip);
  CHECK(rows.size() == again.size());
  for (std::size_t i = 0; i < rows.size(); ++i) check_equal(rows[i], again[i]);

  std::string written;
  std::vector<std::vector<std::string>> good;
  for (const intake::CsvRow& row : rows) {
    if (row.fault) continue;
    good.push_back(row.fields);
    std::vector<std::string> fields;
    for (const std::string& field : row.fields) fields.push_back(intake::guarded(field));
    written += intake::csv_line(fields);
  }
  written.insert(0, "\xEF\xBB\xBF");
  intake::TextSource rewritten(written);
  const std::vector<intake::CsvRow> kept = read(rewritten);
  CHECK(kept.size() == good.size());
  for (std::size_t i = 0; i < good.size(); ++i) CHECK(kept[i].fields == good[i]);
  return 0;
}
