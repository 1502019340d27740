#include "intake/file_look.h"

#include <algorithm>

#include "customer/telling_identity.h"
#include "intake/column_guess.h"
#include "intake/mapped_cell.h"
#include "intake/mapping.h"
#include "intake/recognise.h"

namespace intake {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Also with spaces and strokes within, +86 before and stars for what is masked.
bool is_phone(std::string_view cell) {
  std::string digits;
  for (const char c : without_spaces(cell)) {
    if (c != ' ' && c != '-') digits += c == '*' ? '0' : c;
  }
  if (digits.starts_with("+86")) digits.erase(0, 3);
  return customer::is_mobile(digits);
}

bool is_email(std::string_view cell) {
  const std::string_view text = without_spaces(cell);
  const std::size_t at = text.find('@');
  return at != std::string_view::npos && at > 0 && text.find('.', at) != std::string_view::npos &&
         text.find_first_of(" ,;") == std::string_view::npos;
}

class LookedCells {
 public:
  void add(std::string_view cell) {
    if (is_blank(cell)) return;
    ++filled_;
    phones_ += is_phone(cell) ? 1 : 0;
    emails_ += is_email(cell) ? 1 : 0;
    guess_.add(cell);
  }

  CellsAre are() const {
    if (is_nearly_all(phones_)) return CellsAre::phones;
    if (is_nearly_all(emails_)) return CellsAre::emails;
    const bool times =
        guess_.type() == base::ValueType::date || guess_.type() == base::ValueType::time;
    return times ? CellsAre::times : CellsAre::other;
  }

  // Nothing that a name could be.
  bool is_typed() const { return are() != CellsAre::other || is_number() || is_boolean(); }
  bool is_like(const LookedCells& other) const {
    if (are() != CellsAre::other || other.are() != CellsAre::other) return are() == other.are();
    return is_number() == other.is_number() && is_boolean() == other.is_boolean();
  }

 private:
  bool is_nearly_all(std::int64_t count) const { return filled_ > 0 && count * 10 >= filled_ * 9; }
  bool is_number() const {
    return guess_.type() == base::ValueType::integer || guess_.type() == base::ValueType::decimal;
  }
  bool is_boolean() const { return guess_.type() == base::ValueType::boolean; }

  ColumnGuess guess_;
  std::int64_t filled_ = 0;
  std::int64_t phones_ = 0;
  std::int64_t emails_ = 0;
};

// Years stand over columns as well as in them.
bool is_year(std::string_view cell) {
  const std::string_view text = without_spaces(cell);
  return text.size() == 4 && std::ranges::all_of(text, is_digit);
}

// As FileLook::header has it.
bool is_header(std::span<const std::string> first, std::span<const LookedCells> cells) {
  const auto known = [](const std::string& name) {
    return is_known_column(name) || name.find(':') != std::string::npos;
  };
  if (std::ranges::any_of(column_names(first), known)) return true;
  bool any = false;
  for (std::size_t i = 0; i < first.size(); ++i) {
    if (is_blank(first[i]) || !cells[i].is_typed()) continue;
    LookedCells above;
    above.add(first[i]);
    if (!above.is_like(cells[i])) return true;
    any = any || !is_year(first[i]);
  }
  return !any;
}

}  // namespace

base::Result<FileLook, std::string_view> look_at_head(ByteSource& file) {
  std::vector<std::string> first;
  std::vector<LookedCells> cells;
  {
    CsvReader reader(file, encoding_of(file));
    CsvRow row;
    if (!reader.next(row)) return base::unexpected(std::string_view("intake.empty_file"));
    if (row.fault) return base::unexpected(std::string_view("intake.header_unreadable"));
    first = row.fields;
    cells.resize(first.size());
    for (std::int64_t rows = 0; rows < kLookedRowsMax && reader.next(row); ++rows) {
      if (row.fault) continue;
      const std::size_t count = std::min(row.fields.size(), cells.size());
      for (std::size_t i = 0; i < count; ++i) cells[i].add(row.fields[i]);
    }
  }
  file.rewind();
  FileLook look{is_header(first, cells)};
  look.columns = column_names(first, look.header);
  for (const LookedCells& column : cells) look.cells.push_back(column.are());
  return look;
}

}  // namespace intake
