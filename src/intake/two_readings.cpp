#include "intake/two_readings.h"

#include <cstring>
#include <vector>

namespace intake {
namespace {

constexpr std::int64_t kProgressRows = 1000;
constexpr std::size_t kPieceBytes = 64 * 1024;

}  // namespace

TwoReadings::TwoReadings(ByteSource& file, const ImportRequest& request, HeaderRules (*rules)())
    : file_(file), request_(request), rules_(rules), encoding_(encoding_of(file)) {}

base::Result<std::unique_ptr<Table>, ImportError> TwoReadings::open() {
  if (is_opened_) {
    file_.rewind();
    bytes_before_ += file_.size_bytes();
  }
  is_opened_ = true;
  auto table = std::make_unique<Table>(file_, encoding_);
  if (auto opened = table->open(rules_()); !opened) {
    return base::unexpected(std::move(opened.error()));
  }
  return table;
}

base::Result<void, ImportError> TwoReadings::look(
    Table& table, const std::function<void(const TableRow&)>& each) {
  std::int64_t rows = 0;
  for (TableRow row; table.next(row);) {
    each(row);
    if (++rows % kProgressRows == 0) tell(table.bytes_read(), 0);
    if (rows > kImportRowsMax) {
      return base::unexpected(ImportError{ImportFault::too_many_rows, ""});
    }
  }
  return read_whole();
}

base::Result<void, ImportError> TwoReadings::read_whole() const {
  const auto fault = file_.fault();
  if (!fault) return {};
  const bool too_big = *fault == FormFault::too_big;
  return base::unexpected(
      ImportError{too_big ? ImportFault::too_big_workbook : ImportFault::damaged_workbook, ""});
}

base::Result<bool, ImportError> TwoReadings::has_few_lines() {
  file_.rewind();
  std::vector<char> piece(kPieceBytes);
  std::int64_t ends = 0;
  for (std::size_t count = file_.read(piece); count > 0; count = file_.read(piece)) {
    const char* const end = piece.data() + count;
    for (const char each : {'\n', '\r'}) {
      for (const char* at = piece.data(); at < end; ++at, ++ends) {
        at = static_cast<const char*>(std::memchr(at, each, static_cast<std::size_t>(end - at)));
        if (at == nullptr) break;
      }
    }
  }
  if (auto whole = read_whole(); !whole) return base::unexpected(std::move(whole.error()));
  file_.rewind();
  return ends < kImportRowsMax;
}

void TwoReadings::tell(std::uint64_t bytes_read, std::int64_t rows) const {
  tell_bytes(bytes_before_ + bytes_read, rows);
}

void TwoReadings::tell_end(std::int64_t rows) const { tell_bytes(2 * file_.size_bytes(), rows); }

void TwoReadings::tell_bytes(std::uint64_t bytes_done, std::int64_t rows) const {
  if (!request_.progress) return;
  request_.progress({rows, bytes_done, 2 * file_.size_bytes()});
}

}  // namespace intake
