#include "intake/xlsx_source.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace intake {
namespace {

constexpr std::size_t kPieceBytes = 16 * 1024;
constexpr std::uint64_t kProbeBytes = 64 << 20;  // of a sheet: then it counts as not empty
constexpr std::string_view kMark = "\xEF\xBB\xBF";

// Whether a sheet has a value; a part that cannot be read counts as one that has.
bool has_value(ZipArchive& archive, const Workbook& workbook, const std::string& part) {
  const SharedTexts none;
  bool found = false;
  // Without the shared texts every cell that names one looks damaged.
  SheetRows rows(workbook, none, [&](std::int64_t, std::span<const std::string>) { found = true; });
  XmlStream stream(rows);
  auto entry = archive.entry(part, kSheetXmlBytesMax);
  if (!entry) return true;
  std::array<char, kPieceBytes> piece;
  while (!found && !rows.is_damaged() && (*entry)->bytes_read() < kProbeBytes) {
    const auto count = (*entry)->read(piece);
    const bool good = count && stream.feed({piece.data(), *count}, *count == 0);
    if (!good) return true;
    if (*count == 0) return found;
  }
  return true;
}

std::size_t choose(const std::vector<Sheet>& sheets) {
  const auto first = [&](auto wanted) {
    return static_cast<std::size_t>(std::ranges::find_if(sheets, wanted) - sheets.begin());
  };
  const std::size_t seen = first([](const Sheet& s) { return !s.is_hidden && !s.is_empty; });
  if (seen < sheets.size()) return seen;
  const std::size_t filled = first([](const Sheet& s) { return !s.is_empty; });
  return filled < sheets.size() ? filled : 0;
}

void append_cell(const std::string& cell, std::string& out) {
  if (cell.size() > kCsvFieldBytesMax) {
    out.append(kCsvFieldBytesMax + 1, 'x');  // the row is left out because of it
  } else if (cell.starts_with('\'')) {
    out += csv_field(guarded(cell));  // reading takes away the apostrophe that is not the cell's
  } else {
    out += csv_field(cell);
  }
}

}  // namespace

base::Result<std::unique_ptr<XlsxSource>, FormFault> XlsxSource::open(
    std::unique_ptr<ZipArchive> archive, std::string_view sheet) {
  auto source = std::unique_ptr<XlsxSource>(new XlsxSource(std::move(archive)));
  if (auto ready = source->prepare(sheet); !ready) return base::unexpected(ready.error());
  return source;
}

base::Result<void, FormFault> XlsxSource::prepare(std::string_view sheet) {
  auto workbook = read_workbook(*archive_);
  if (!workbook) return base::unexpected(workbook.error());
  workbook_ = std::move(*workbook);
  for (std::size_t i = 0; i < workbook_.sheets.size(); ++i) {
    workbook_.sheets[i].is_empty = !has_value(*archive_, workbook_, workbook_.sheet_parts[i]);
  }
  sheet_ = choose(workbook_.sheets);
  if (!sheet.empty()) {
    const auto named = std::ranges::find(workbook_.sheets, sheet, &Sheet::name);
    if (named == workbook_.sheets.end()) return base::unexpected(FormFault::no_such_sheet);
    sheet_ = static_cast<std::size_t>(named - workbook_.sheets.begin());
  }
  if (!workbook_.texts_part.empty()) {
    if (auto read = texts_.read(*archive_, workbook_.texts_part); !read) return read;
  }
  rewind();
  if (fault_) return base::unexpected(*fault_);
  return {};
}

void XlsxSource::rewind() {
  text_ = kMark;
  begin_ = 0;
  made_bytes_ = text_.size();
  line_ = 1;
  columns_ = 0;
  lines_ = {};
  has_ended_ = false;
  fault_.reset();
  stream_.reset();
  rows_ = std::make_unique<SheetRows>(
      workbook_, texts_,
      [this](std::int64_t row, std::span<const std::string> cells) { take_row(row, cells); });
  stream_ = std::make_unique<XmlStream>(*rows_);
  entry_.reset();
  auto entry = archive_->entry(workbook_.sheet_parts[sheet_], kSheetXmlBytesMax);
  if (!entry) return fail(entry.error());
  entry_ = std::move(*entry);
  if (!is_size_known_) size_bytes_ = entry_->bytes_told();
}

void XlsxSource::fail(FormFault fault) {
  fault_ = fault;
  has_ended_ = true;
}

void XlsxSource::take_row(std::int64_t row, std::span<const std::string> cells) {
  lines_.add(line_, row);
  columns_ = std::max(columns_, cells.size());
  const std::size_t begin = text_.size();
  const auto row_bytes = [&] { return text_.size() - begin; };
  for (std::size_t i = 0; i < columns_ && row_bytes() <= kCsvRowBytesMax; ++i) {
    if (i > 0) text_.push_back(',');
    if (i < cells.size()) append_cell(cells[i], text_);
  }
  // Left out as a whole, and no longer than it takes to see that.
  if (row_bytes() > kCsvRowBytesMax) text_.replace(begin, row_bytes(), kCsvRowBytesMax + 1, 'x');
  line_ += 1 + std::count(text_.begin() + static_cast<std::ptrdiff_t>(begin), text_.end(), '\n');
  text_.push_back('\n');
  made_bytes_ += text_.size() - begin;
}

bool XlsxSource::fill() {
  if (has_ended_) return false;
  std::array<char, kPieceBytes> piece;
  const auto count = entry_->read(piece);
  if (!count) {
    fail(count.error());
    return false;
  }
  has_ended_ = *count == 0;
  const bool good = stream_->feed({piece.data(), *count}, has_ended_) && !rows_->is_damaged();
  if (!good) fail(FormFault::damaged);
  if (made_bytes_ > kSheetTextBytesMax) fail(FormFault::too_big);
  if (is_size_known_) return true;
  const double share = static_cast<double>(entry_->bytes_told()) /
                       static_cast<double>(std::max<std::uint64_t>(entry_->bytes_read(), 1));
  const double guess = static_cast<double>(made_bytes_) * std::max(share, 1.0);
  is_size_known_ = has_ended_;
  size_bytes_ = has_ended_ ? made_bytes_ : static_cast<std::uint64_t>(guess);
  return true;
}

std::size_t XlsxSource::read(std::span<char> bytes) {
  while (begin_ == text_.size()) {
    text_.clear();
    begin_ = 0;
    if (!fill()) return 0;
  }
  const std::size_t count = std::min(bytes.size(), text_.size() - begin_);
  std::memcpy(bytes.data(), text_.data() + begin_, count);
  begin_ += count;
  return count;
}

}  // namespace intake
