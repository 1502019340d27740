// Inside the module's tests: workbooks put together by hand, good and bad.
#pragma once

#include <gtest/gtest.h>
#include <zip.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "intake/table_file.h"

namespace intake {

using Parts = std::vector<std::pair<std::string, std::string>>;

// The bytes of a zip archive of these parts.
inline std::string zip_of(const Parts& parts, const char* password = nullptr) {
  zip_source_t* bytes = zip_source_buffer_create(nullptr, 0, 0, nullptr);
  zip_t* zip = zip_open_from_source(bytes, ZIP_TRUNCATE, nullptr);
  EXPECT_NE(zip, nullptr);
  zip_source_keep(bytes);
  for (const auto& [name, text] : parts) {
    zip_source_t* source = zip_source_buffer(zip, text.data(), text.size(), 0);
    const zip_int64_t index = zip_file_add(zip, name.c_str(), source, ZIP_FL_ENC_UTF_8);
    EXPECT_GE(index, 0);
    if (password == nullptr) continue;
    EXPECT_EQ(
        zip_file_set_encryption(zip, static_cast<zip_uint64_t>(index), ZIP_EM_AES_128, password),
        0);
  }
  EXPECT_EQ(zip_close(zip), 0) << zip_strerror(zip);
  EXPECT_EQ(zip_source_open(bytes), 0);
  EXPECT_EQ(zip_source_seek(bytes, 0, SEEK_END), 0);
  std::string out(static_cast<std::size_t>(zip_source_tell(bytes)), '\0');
  EXPECT_EQ(zip_source_seek(bytes, 0, SEEK_SET), 0);
  EXPECT_EQ(zip_source_read(bytes, out.data(), out.size()), static_cast<zip_int64_t>(out.size()));
  zip_source_close(bytes);
  zip_source_free(bytes);
  return out;
}

// The parts of a workbook around one sheet; each may be replaced, added or taken out.
class Book {
 public:
  explicit Book(std::string_view rows) {
    sheet("<sheetData>" + std::string(rows) + "</sheetData>");
  }

  // What stands inside of <worksheet>.
  Book& sheet(std::string_view inside) {
    return part("xl/worksheets/sheet1.xml", "<worksheet>" + std::string(inside) + "</worksheet>");
  }
  // What stands inside of <sst>.
  Book& texts(std::string_view inside) {
    return part("xl/sharedStrings.xml", "<sst>" + std::string(inside) + "</sst>");
  }
  Book& part(const std::string& name, std::string text) {
    without(name);
    parts_.emplace_back(name, std::move(text));
    return *this;
  }
  Book& without(const std::string& name) {
    std::erase_if(parts_, [&](const auto& part) { return part.first == name; });
    return *this;
  }
  const Parts& parts() const { return parts_; }
  std::string bytes() const { return zip_of(parts_); }

 private:
  Parts parts_ = {
      {"[Content_Types].xml", "<Types/>"},
      {"_rels/.rels",
       R"(<Relationships><Relationship Id="1" Type="a/officeDocument" Target="xl/workbook.xml"/>)"
       "</Relationships>"},
      {"xl/workbook.xml",
       R"(<workbook xmlns:r="r"><sheets><sheet name="One" sheetId="1" r:id="1"/></sheets>)"
       "</workbook>"},
      {"xl/_rels/workbook.xml.rels",
       R"(<Relationships><Relationship Id="1" Type="a/worksheet" Target="worksheets/sheet1.xml"/>)"
       R"(<Relationship Id="2" Type="a/sharedStrings" Target="sharedStrings.xml"/>)"
       R"(<Relationship Id="3" Type="a/styles" Target="/xl/styles.xml"/></Relationships>)"},
      {"xl/sharedStrings.xml", "<sst/>"},
      {"xl/styles.xml", "<styleSheet/>"},
  };
};

// "1:a|b 3:c|d", line ends as /, then " !" and the code of what ended it; or the code it is refused
// with.
inline std::string told_rows(TableFile& file) {
  CsvReader reader(file, encoding_of(file));
  std::string out;
  CsvRow row;
  while (reader.next(row)) {
    if (!out.empty()) out += ' ';
    out += std::to_string(row.line) + ":";
    for (std::size_t i = 0; i < row.fields.size(); ++i) out += (i > 0 ? "|" : "") + row.fields[i];
    if (row.fault) out += "!" + std::string(code_of(*row.fault));
  }
  std::ranges::replace(out, '\n', '/');
  if (file.fault()) out += " !" + std::string(code_of(*file.fault()));
  return out;
}
inline std::string told_rows(std::string_view bytes, std::string_view sheet = {}) {
  auto file = TableFile::of_bytes(bytes, sheet);
  return file ? told_rows(**file) : std::string(code_of(file.error()));
}

}  // namespace intake
