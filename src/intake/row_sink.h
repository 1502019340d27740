// Tables out: one header, then rows of texts, as CSV or as an Excel workbook. Nothing that a
// customer wrote becomes a formula in a spreadsheet.
//
//   CSV    a cell of a text column that begins with = + - @ tab or carriage return gets an
//          apostrophe in front (guarded() in intake/csv.h); reading takes it away again. Numbers,
//          dates, times and booleans stand as they are. UTF-8 with byte order mark.
//   xlsx   every cell of a text column is a text cell, never a formula; whole and decimal numbers
//          and money are number cells when Excel can hold them (15 digits), all else is text. Rows
//          beyond kSheetRowsMax go on in a further sheet with the same header; text beyond 32,767
//          characters is cut and counted.
//
// Not thread safe. A full disk throws store::Failure{full}.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/value.h"
#include "intake/csv.h"
#include "intake/table_file.h"

namespace intake {

struct SinkColumn {
  std::string header;
  base::ValueType type = base::ValueType::text;
};

class RowSink {
 public:
  virtual ~RowSink() = default;
  // First, once.
  virtual void open(std::span<const SinkColumn> columns) = 0;
  // As many fields as columns, as base::to_text writes values.
  virtual void row(std::span<const std::string> fields) = 0;
  // Last, once: everything is in the ByteSink then (its own finish() is its owner's).
  virtual void finish() = 0;
  virtual std::int64_t cut_texts() const { return 0; }
};

// `out` outlives it. `folder`: where a workbook is put together before it goes to `out`, in a file
// that nobody else can open and that is gone afterwards.
std::unique_ptr<RowSink> make_row_sink(FileForm form, ByteSink& out, const std::string& folder);

}  // namespace intake
