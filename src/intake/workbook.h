// Inside the module: the parts of an Excel workbook around its sheets: which sheets there are, the
// formats of cells, the texts that cells share. Not thread safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "intake/form.h"
#include "intake/sheet_number.h"
#include "intake/xml_stream.h"
#include "intake/zip_archive.h"

namespace intake {

// Gives a part of the archive, of at most bytes_max bytes, to the handler.
struct XmlPart {
  std::string name;
  std::uint64_t bytes_max;
};
[[nodiscard]] base::Result<void, FormFault> read_part(ZipArchive& archive, const XmlPart& part,
                                                      XmlHandler& handler);

struct Workbook {
  std::vector<Sheet> sheets;             // is_empty is not known yet
  std::vector<std::string> sheet_parts;  // names in the archive
  std::string texts_part;                // "": none
  DateSystem date_system = DateSystem::from_1900;
  std::vector<NumberFormat> formats;  // of cells, by the index that cells name
};

// Errors: no_workbook, damaged (also: no sheet), encrypted, too_big.
[[nodiscard]] base::Result<Workbook, FormFault> read_workbook(ZipArchive& archive);

// The texts that cells name by number. 8 bytes each beside the text.
class SharedTexts {
 public:
  // At most kSharedTextBytesMax, numbers included (too_big).
  [[nodiscard]] base::Result<void, FormFault> read(ZipArchive& archive, const std::string& part);

  std::size_t size() const { return ends_.size(); }
  std::string_view operator[](std::size_t index) const {
    const std::uint64_t begin = index == 0 ? 0 : ends_[index - 1];
    return std::string_view(text_).substr(begin, ends_[index] - begin);
  }

 private:
  class Reader;

  std::string text_;
  std::vector<std::uint64_t> ends_;
};

// Text as cells mean it: _x000D_ is the character with that number, and every line end is LF.
std::string cell_text(std::string_view text);
// The other way: characters that XML does not know, and what would be taken for one of them, as
// _xHHHH_.
std::string sheet_text(std::string_view text);

}  // namespace intake
