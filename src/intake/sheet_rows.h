// Inside the module: the rows of one sheet as its XML comes by.
//
//   SheetRows rows(workbook, texts, on_row);   // told row by row
//   XmlStream stream(rows);                    // feed it the sheet's part
//   if (rows.is_damaged()) return;             // after every feed
//
// Rows without a value are not told, nor those behind a damage; the last cell of a row that is told
// has a value. Not thread safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "intake/csv.h"
#include "intake/form.h"
#include "intake/workbook.h"
#include "intake/xml_stream.h"

namespace intake {

class SheetRows final : public XmlHandler {
 public:
  // `row`: as the sheet numbers it, from 1. At most kCsvFieldsMax + 1 cells: a value further to the
  // right stands in the last of them, so that the row has a field too many.
  using OnRow = std::function<void(std::int64_t row, std::span<const std::string> cells)>;
  // Borrows both.
  SheetRows(const Workbook& workbook, const SharedTexts& texts, OnRow on_row)
      : workbook_(workbook), texts_(texts), on_row_(std::move(on_row)) {}

  void start(std::string_view name, const XmlAttributes& attributes) override;
  void end(std::string_view name) override;
  void text(std::string_view piece) override;

  // A text that is not there, rows that do not rise or end behind kSheetRowsMax.
  bool is_damaged() const { return is_damaged_; }
  // Of the columns up to the last one with a value.
  SheetNotes notes() const;

 private:
  enum class Kind : std::uint8_t { number, shared, text, boolean, error, iso_date };
  static Kind kind_of(std::string_view type);

  void start_row(const XmlAttributes& attributes);
  void start_cell(const XmlAttributes& attributes);
  void end_cell();
  std::string value_of_cell();
  std::string number_of_cell();
  void end_row();

  const Workbook& workbook_;
  const SharedTexts& texts_;
  OnRow on_row_;
  SheetNotes notes_;
  std::vector<std::pair<std::size_t, std::size_t>> hidden_;  // ranges of columns, from 1
  std::size_t columns_ = 0;                                  // of the widest row

  std::int64_t row_ = 0;
  bool is_row_hidden_ = false;
  std::vector<std::string> cells_;  // the first count_ are of this row
  std::size_t count_ = 0;           // up to the last with a value
  std::size_t column_ = 0;          // of the cell, from 1

  Kind kind_ = Kind::number;
  std::size_t format_ = 0;
  bool has_formula_ = false;
  std::string written_;  // in <v> and <t>
  bool is_written_ = false;
  bool is_hint_ = false;    // phonetic
  bool is_inside_ = false;  // of sheetData
  bool is_damaged_ = false;
};

}  // namespace intake
