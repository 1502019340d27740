#include "intake/sheet_rows.h"

#include <algorithm>
#include <charconv>

#include "base/check.h"

namespace intake {
namespace {

constexpr std::size_t kHiddenRangesMax = 1000;
constexpr std::size_t kColumnsMax = 16'384;                    // XFD
constexpr std::size_t kTextBytesKept = kCsvFieldBytesMax + 1;  // one too many is seen as such

bool is_true(std::string_view text) { return text == "1" || text == "true"; }

template <typename Number>
Number number_in(std::string_view text, Number otherwise) {
  Number number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  return read.ec == std::errc{} ? number : otherwise;
}

// Of "AB12": 28. 0: no such reference.
std::size_t column_of(std::string_view reference) {
  std::size_t column = 0;
  for (const char c : reference) {
    if (c < 'A' || c > 'Z') break;
    column = column * 26 + static_cast<std::size_t>(c - 'A' + 1);
    if (column > kColumnsMax) return 0;
  }
  return column;
}

}  // namespace

SheetRows::Kind SheetRows::kind_of(std::string_view type) {
  if (type == "s") return Kind::shared;
  if (type == "str" || type == "inlineStr") return Kind::text;
  if (type == "b") return Kind::boolean;
  if (type == "e") return Kind::error;
  if (type == "d") return Kind::iso_date;
  return Kind::number;
}

void SheetRows::start(std::string_view name, const XmlAttributes& attributes) {
  if (name == "c" && is_inside_) {
    start_cell(attributes);
  } else if (name == "v" || name == "t") {
    is_written_ = !is_hint_;
  } else if (name == "row" && is_inside_) {
    start_row(attributes);
  } else if (name == "f") {
    has_formula_ = true;
  } else if (name == "rPh") {
    is_hint_ = true;
  } else if (name == "sheetData") {
    is_inside_ = true;
  } else if (name == "mergeCell") {
    ++notes_.merged_ranges;
  } else if (name == "col" && is_true(attributes["hidden"]) && hidden_.size() < kHiddenRangesMax) {
    hidden_.emplace_back(number_in<std::size_t>(attributes["min"], 1),
                         number_in<std::size_t>(attributes["max"], 0));
  }
}

void SheetRows::end(std::string_view name) {
  if (name == "v" || name == "t") {
    is_written_ = false;
  } else if (name == "c" && is_inside_) {
    end_cell();
  } else if (name == "row" && is_inside_) {
    end_row();
  } else if (name == "rPh") {
    is_hint_ = false;
  } else if (name == "sheetData") {
    is_inside_ = false;
  }
}

// A longer text is not kept whole: the row is left out because of it.
void SheetRows::text(std::string_view piece) {
  if (is_written_ && written_.size() < kTextBytesKept) written_ += piece;
}

void SheetRows::start_row(const XmlAttributes& attributes) {
  const std::int64_t row = number_in(attributes["r"], row_ + 1);
  if (row <= row_ || row > kSheetRowsMax) is_damaged_ = true;
  row_ = row;
  is_row_hidden_ = is_true(attributes["hidden"]);
  count_ = 0;
  column_ = 0;
}

void SheetRows::start_cell(const XmlAttributes& attributes) {
  const std::size_t column = column_of(attributes["r"]);
  column_ = column == 0 ? column_ + 1 : column;
  kind_ = kind_of(attributes["t"]);
  format_ = number_in<std::size_t>(attributes["s"], 0);
  has_formula_ = false;
  written_.clear();
}

std::string SheetRows::number_of_cell() {
  const NumberFormat format =
      format_ < workbook_.formats.size() ? workbook_.formats[format_] : NumberFormat{};
  SheetNumber number = show_number(written_, format, workbook_.date_system);
  if (number.is_date) ++notes_.dates;
  if (number.lost_digits) ++notes_.digits_lost;
  return std::move(number.text);
}

std::string SheetRows::value_of_cell() {
  switch (kind_) {
    case Kind::number:
      return number_of_cell();
    case Kind::shared: {
      const std::size_t index = number_in(std::string_view(written_), texts_.size());
      if (index < texts_.size()) return std::string(texts_[index].substr(0, kTextBytesKept));
      is_damaged_ = true;
      return {};
    }
    case Kind::text:
      return cell_text(written_);
    case Kind::boolean:
      return is_true(written_) ? "true" : "false";
    case Kind::error:
      ++notes_.errors;
      return {};
    case Kind::iso_date:
      return written_;
  }
  base::unreachable();
}

void SheetRows::end_cell() {
  if (has_formula_) {
    ++notes_.formulas;
    if (written_.empty() && kind_ != Kind::text) ++notes_.formulas_without_value;
  }
  std::string value = written_.empty() ? std::string() : value_of_cell();
  if (value.empty()) return;
  const std::size_t place = std::min(column_, kCsvFieldsMax + 1);
  if (cells_.size() < place) cells_.resize(place);
  for (std::size_t i = count_; i + 1 < place; ++i) cells_[i].clear();
  cells_[place - 1] = std::move(value);
  count_ = std::max(count_, place);
}

void SheetRows::end_row() {
  if (count_ == 0 || is_damaged_) return;
  columns_ = std::max(columns_, count_);
  if (is_row_hidden_) ++notes_.hidden_rows;
  on_row_(row_, std::span(cells_).first(count_));
}

SheetNotes SheetRows::notes() const {
  SheetNotes notes = notes_;
  for (const auto& [first, last] : hidden_) {
    const std::size_t end = std::min(last, columns_);
    if (first <= end) notes.hidden_columns += static_cast<std::int64_t>(end - first + 1);
  }
  return notes;
}

}  // namespace intake
