// A file of rows whatever its form, told by its content and never by its name: CSV in any encoding,
// or one sheet of an Excel workbook (.xlsx), which is read as CSV text in UTF-8. So everything that
// reads rows reads a ByteSource (intake/csv.h, intake/table.h) and knows one form.
//
//   auto file = TableFile::open(path);
//   if (!file) return code_of(file.error());
//   const auto report = import_customers(means, **file, request);
//   (*file)->notes();                            // complete when it was read to its end
//
// What a sheet's cells become:
//   text (shared, inline, rich)    itself, without its formats; phonetic hints are left out
//   number                         its shortest decimal form, whole numbers without exponent; with
//                                  the zeros in front that a format of zeros shows (000000)
//   number shown as date or time   2026-01-31, 2026-01-31 08:00:00, 08:00:00 (1900 and 1904)
//   percent, currency              the number that is kept (15% is 0.15)
//   boolean                        true, false
//   formula                        the value saved with it
//   error (#N/A), empty            empty
// Rows are as wide as the widest so far; lines are told as the sheet numbers its rows. Hidden rows,
// columns and sheets are read like others. A merged range has its value in its first cell.
//
// Memory: of a workbook its shared texts (kSharedTextBytesMax) and one row. One thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/text.h"
#include "intake/csv.h"
#include "intake/form.h"

namespace intake {

class XlsxSource;
class ZipArchive;

class TableFile final : public ByteSource {
 public:
  // `sheet`: its name; "": the first that is not hidden and not empty, else the first not empty,
  // else the first.
  [[nodiscard]] static base::Result<std::unique_ptr<TableFile>, FormFault> open(
      const std::string& path, std::string_view sheet = {});
  // Bytes in memory, which must outlive it.
  [[nodiscard]] static base::Result<std::unique_ptr<TableFile>, FormFault> of_bytes(
      std::string_view bytes, std::string_view sheet = {});
  ~TableFile() override;

  FileForm form() const { return form_; }
  base::Encoding encoding() const { return encoding_; }  // of what read() gives
  std::span<const Sheet> sheets() const;                 // none of CSV
  std::size_t sheet() const;                             // index of the one that is read
  SheetNotes notes() const;                              // of this reading, so far

  std::size_t read(std::span<char> bytes) override { return source_->read(bytes); }
  void rewind() override { source_->rewind(); }
  std::uint64_t size_bytes() const override { return source_->size_bytes(); }
  std::int64_t line_of(std::int64_t line) override { return source_->line_of(line); }
  std::optional<char> separator() const override { return source_->separator(); }
  std::optional<FormFault> fault() const override { return source_->fault(); }

 private:
  using OpenArchive = std::function<base::Result<std::unique_ptr<ZipArchive>, FormFault>()>;
  [[nodiscard]] static base::Result<std::unique_ptr<TableFile>, FormFault> make(
      std::unique_ptr<ByteSource> source, const OpenArchive& open_archive, std::string_view sheet);
  TableFile(std::unique_ptr<ByteSource> source, XlsxSource* workbook);

  FileForm form_;
  base::Encoding encoding_;
  std::unique_ptr<ByteSource> source_;
  XlsxSource* workbook_;  // source_, when it is one
};

}  // namespace intake
