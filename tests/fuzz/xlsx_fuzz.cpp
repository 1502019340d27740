// Any bytes as a workbook: the sheet's XML, the shared texts and the formats of cells of a good
// archive, or as the archive itself. Rows rise, fields are within the limits, a second reading
// gives the same.
#include <zip.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/text.h"
#include "intake/table_file.h"

namespace {

constexpr std::string_view kWorkbook =
    R"(<workbook><sheets><sheet name="One" id="1"/></sheets></workbook>)";
constexpr std::string_view kRelations =
    R"(<Relationships><Relationship Id="1" Type="a/worksheet" Target="sheet.xml"/>)"
    R"(<Relationship Id="2" Type="a/sharedStrings" Target="texts.xml"/>)"
    R"(<Relationship Id="3" Type="a/styles" Target="styles.xml"/></Relationships>)";

std::string zip_of(const std::vector<std::pair<const char*, std::string_view>>& parts) {
  zip_source_t* bytes = zip_source_buffer_create(nullptr, 0, 0, nullptr);
  zip_t* zip = zip_open_from_source(bytes, ZIP_TRUNCATE, nullptr);
  CHECK(zip != nullptr);
  zip_source_keep(bytes);
  for (const auto& [name, text] : parts) {
    zip_source_t* source = zip_source_buffer(zip, text.data(), text.size(), 0);
    const zip_int64_t index = zip_file_add(zip, name, source, 0);
    CHECK(index >= 0);
    CHECK(zip_set_file_compression(zip, static_cast<zip_uint64_t>(index), ZIP_CM_STORE, 0) == 0);
  }
  CHECK(zip_close(zip) == 0);
  CHECK(zip_source_open(bytes) == 0);
  CHECK(zip_source_seek(bytes, 0, SEEK_END) == 0);
  std::string out(static_cast<std::size_t>(zip_source_tell(bytes)), '\0');
  CHECK(zip_source_seek(bytes, 0, SEEK_SET) == 0);
  CHECK(zip_source_read(bytes, out.data(), out.size()) == static_cast<zip_int64_t>(out.size()));
  zip_source_close(bytes);
  zip_source_free(bytes);
  return out;
}

std::vector<intake::CsvRow> rows_of(intake::TableFile& file) {
  intake::CsvReader reader(file, file.encoding());
  std::vector<intake::CsvRow> rows;
  std::int64_t line = 0;
  for (intake::CsvRow row; reader.next(row);) {
    CHECK(row.line > line);
    line = row.line;
    for (const std::string& field : row.fields) {
      CHECK(field.size() <= intake::kCsvFieldBytesMax);
      CHECK(base::is_utf8(field));
    }
    rows.push_back(row);
  }
  return rows;
}

void check(std::string_view bytes) {
  const auto file = intake::TableFile::of_bytes(bytes);
  if (!file) return;
  const std::vector<intake::CsvRow> rows = rows_of(**file);
  const intake::SheetNotes notes = (*file)->notes();
  const auto fault = (*file)->fault();
  (*file)->rewind();
  const std::vector<intake::CsvRow> again = rows_of(**file);
  CHECK(rows.size() == again.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    CHECK(rows[i].line == again[i].line);
    CHECK(rows[i].fields == again[i].fields);
    CHECK(rows[i].fault == again[i].fault);
  }
  CHECK(notes == (*file)->notes());
  CHECK(fault == (*file)->fault());
}

}  // namespace

// The three parts stand behind each other, divided by a NUL.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check(text);
  const std::size_t first = std::min(text.find('\0'), text.size());
  const std::string_view rest = text.substr(std::min(first + 1, text.size()));
  const std::size_t second = std::min(rest.find('\0'), rest.size());
  check(zip_of({{"[Content_Types].xml", "<Types/>"},
                {"xl/workbook.xml", kWorkbook},
                {"xl/_rels/workbook.xml.rels", kRelations},
                {"xl/sheet.xml", text.substr(0, first)},
                {"xl/texts.xml", rest.substr(0, second)},
                {"xl/styles.xml", rest.substr(std::min(second + 1, rest.size()))}}));
  return 0;
}
