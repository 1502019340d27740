// Inside the module: one sheet of an Excel workbook as CSV text in UTF-8 with its mark, made while
// it is read (intake/table_file.h says of what). Unreadable parts end the text with a fault().
//
// One thread at a time; size_bytes() from any.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "intake/csv.h"
#include "intake/line_map.h"
#include "intake/sheet_rows.h"
#include "intake/workbook.h"

namespace intake {

class XlsxSource final : public ByteSource {
 public:
  // `sheet`: its name, or "" as in TableFile. Errors: no_workbook and those behind it.
  [[nodiscard]] static base::Result<std::unique_ptr<XlsxSource>, FormFault> open(
      std::unique_ptr<ZipArchive> archive, std::string_view sheet);

  const std::vector<Sheet>& sheets() const { return workbook_.sheets; }
  std::size_t sheet() const { return sheet_; }
  SheetNotes notes() const { return rows_->notes(); }

  std::size_t read(std::span<char> bytes) override;
  void rewind() override;
  // Until the end was reached once: what the text will be if it goes on as so far.
  std::uint64_t size_bytes() const override { return size_bytes_; }
  std::int64_t line_of(std::int64_t line) override { return lines_.of(line); }
  std::optional<char> separator() const override { return ','; }
  std::optional<FormFault> fault() const override { return fault_; }

 private:
  explicit XlsxSource(std::unique_ptr<ZipArchive> archive) : archive_(std::move(archive)) {}

  [[nodiscard]] base::Result<void, FormFault> prepare(std::string_view sheet);
  [[nodiscard]] base::Result<void, FormFault> find_empty_sheets();
  bool fill();
  void fail(FormFault fault);
  void take_row(std::int64_t row, std::span<const std::string> cells);

  std::unique_ptr<ZipArchive> archive_;
  Workbook workbook_;
  SharedTexts texts_;
  std::size_t sheet_ = 0;

  // Of this reading.
  std::unique_ptr<ZipEntry> entry_;
  std::unique_ptr<SheetRows> rows_;
  std::unique_ptr<XmlStream> stream_;
  LineMap lines_;
  std::string text_;       // made and not yet read
  std::size_t begin_ = 0;  // in text_
  std::uint64_t made_bytes_ = 0;
  std::int64_t line_ = 1;    // of the row that comes next
  std::size_t columns_ = 0;  // of the widest row so far
  bool has_ended_ = false;
  std::optional<FormFault> fault_;

  std::atomic<std::uint64_t> size_bytes_ = 0;
  bool is_size_known_ = false;
};

}  // namespace intake
