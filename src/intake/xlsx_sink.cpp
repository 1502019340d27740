#include "intake/xlsx_sink.h"

#include <unistd.h>
#include <xlsxwriter.h>

#include <array>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "base/check.h"
#include "intake/sheet_number.h"
#include "intake/workbook.h"
#include "store/failure.h"

namespace intake {
namespace {

constexpr std::size_t kPieceBytes = 64 * 1024;

[[noreturn]] void throw_full() {
  throw store::Failure(store::FailureKind::full,
                       "the workbook cannot be written: make room and export again");
}

bool is_number(base::ValueType type) {
  return type == base::ValueType::integer || type == base::ValueType::decimal ||
         type == base::ValueType::money;
}

// The front of valid UTF-8 that Excel keeps in one cell.
std::string_view front_of(std::string_view text) {
  if (text.size() <= kCellUnitsMax) return text;
  std::size_t units = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if ((byte & 0xC0) == 0x80) continue;
    units += byte >= 0xF0 ? 2 : 1;
    if (units > kCellUnitsMax) return text.substr(0, at);
  }
  return text;
}

}  // namespace

// The file the workbook is made in; its name goes when the book does.
struct XlsxSink::Book {
  explicit Book(const std::string& in) : folder(in), path(in + "/.workbook-XXXXXX") {
    handle = mkstemp(path.data());  // readable for its owner alone
    if (handle < 0) throw_full();
    lxw_workbook_options options = {};
    options.constant_memory = LXW_TRUE;
    options.tmpdir = folder.data();
    options.use_zip64 = LXW_TRUE;
    workbook = workbook_new_opt(path.c_str(), &options);
    if (workbook == nullptr) throw_full();
    money = workbook_add_format(workbook);
    format_set_num_format_index(money, 2);  // 0.00
  }
  ~Book() {
    // Nothing else frees it.
    if (workbook != nullptr) static_cast<void>(workbook_close(workbook));
    close(handle);
    unlink(path.c_str());
  }
  Book(const Book&) = delete;
  Book& operator=(const Book&) = delete;

  std::string folder;
  std::string path;
  int handle = -1;
  lxw_workbook* workbook = nullptr;  // null: closed
  lxw_worksheet* sheet = nullptr;
  lxw_format* money = nullptr;
};

XlsxSink::XlsxSink(ByteSink& out, const std::string& folder)
    : out_(out), book_(std::make_unique<Book>(folder)) {}

XlsxSink::~XlsxSink() = default;

void XlsxSink::open(std::span<const SinkColumn> columns) {
  columns_.assign(columns.begin(), columns.end());
  add_sheet();
}

// The library keeps a sheet in a file of its own and does not tell that its disk was full.
void XlsxSink::check_disk() const {
  std::FILE* const file = book_->sheet->optimize_tmpfile;
  if (file != nullptr && (std::fflush(file) != 0 || std::ferror(file) != 0)) throw_full();
}

void XlsxSink::add_sheet() {
  if (book_->sheet != nullptr) check_disk();
  book_->sheet = workbook_add_worksheet(book_->workbook, nullptr);
  if (book_->sheet == nullptr) throw_full();
  rows_ = 1;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    write_text(static_cast<std::uint16_t>(i), columns_[i].header);
  }
  worksheet_freeze_panes(book_->sheet, 1, 0);
}

void XlsxSink::write_text(std::uint16_t column, std::string_view text) {
  const std::string written = sheet_text(text);
  const std::string kept(front_of(written));
  if (kept.size() < written.size()) ++cut_texts_;
  const lxw_error error = worksheet_write_string(book_->sheet, static_cast<lxw_row_t>(rows_ - 1),
                                                 column, kept.c_str(), nullptr);
  CHECK(error == LXW_NO_ERROR);
}

void XlsxSink::row(std::span<const std::string> fields) {
  CHECK(fields.size() == columns_.size());
  if (rows_ == kSheetRowsMax) add_sheet();
  ++rows_;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const std::string& field = fields[i];
    const auto column = static_cast<std::uint16_t>(i);
    if (field.empty()) continue;
    if (!is_number(columns_[i].type) || !is_kept_whole(field)) {
      write_text(column, field);
      continue;
    }
    double value = 0;
    std::from_chars(field.data(), field.data() + field.size(), value);
    const bool is_money = columns_[i].type == base::ValueType::money;
    const lxw_error error =
        worksheet_write_number(book_->sheet, static_cast<lxw_row_t>(rows_ - 1), column, value,
                               is_money ? book_->money : nullptr);
    CHECK(error == LXW_NO_ERROR);
  }
}

void XlsxSink::finish() {
  check_disk();
  const lxw_error error = workbook_close(std::exchange(book_->workbook, nullptr));
  if (error != LXW_NO_ERROR) throw_full();
  std::array<char, kPieceBytes> piece;
  while (true) {
    const ssize_t count = read(book_->handle, piece.data(), piece.size());
    if (count < 0) throw_full();
    if (count == 0) break;
    out_.write({piece.data(), static_cast<std::size_t>(count)});
  }
  book_.reset();
}

}  // namespace intake
