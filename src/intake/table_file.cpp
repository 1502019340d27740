#include "intake/table_file.h"

#include <algorithm>
#include <array>

#include "base/check.h"
#include "intake/file.h"
#include "intake/xlsx_source.h"
#include "intake/zip_archive.h"

namespace intake {
namespace {

using std::literals::string_view_literals::operator""sv;

constexpr std::size_t kHeadBytes = 4096;
constexpr std::size_t kSectorBytesMax = 4096;
constexpr std::string_view kOleMagic = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";

enum class Content : std::uint8_t { csv, zip, ole, old_excel, web_page, no_table };

std::string front_of(ByteSource& source, std::size_t bytes) {
  std::string front;
  std::string piece(bytes, '\0');
  while (front.size() < bytes) {
    const std::size_t count = source.read(std::span(piece).first(bytes - front.size()));
    if (count == 0) break;
    front.append(piece, 0, count);
  }
  source.rewind();
  return front;
}

bool begins_as_web_page(std::string_view head) {
  if (head.starts_with("\xEF\xBB\xBF")) head.remove_prefix(3);
  head.remove_prefix(std::min(head.find_first_not_of(" \t\r\n"), head.size()));
  std::string begin(head.substr(0, 16));
  std::ranges::transform(begin, begin.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  constexpr std::array kBegins = {"<!doctype"sv, "<html"sv, "<head"sv,  "<meta"sv,
                                  "<style"sv,    "<body"sv, "<table"sv, "<?xml"sv};
  return std::ranges::any_of(kBegins, [&](std::string_view tag) { return begin.starts_with(tag); });
}

Content content_of(std::string_view head) {
  if (head.starts_with("PK\x03\x04"sv) || head.starts_with("PK\x05\x06"sv)) return Content::zip;
  if (head.starts_with(kOleMagic)) return Content::ole;
  // Excel 2 to 4: a record "beginning of file" and its length.
  constexpr std::array kOldExcel = {"\x09\x00\x04\x00"sv, "\x09\x02\x06\x00"sv,
                                    "\x09\x04\x06\x00"sv, "\x09\x08\x08\x00"sv};
  const auto begins = [&](std::string_view magic) { return head.starts_with(magic); };
  if (std::ranges::any_of(kOldExcel, begins)) return Content::old_excel;
  constexpr std::array kOthers = {
      "%PDF-"sv,
      "\x89PNG\r\n"sv,
      "\xFF\xD8\xFF"sv,
      "GIF8"sv,
      "\x1F\x8B"sv,
      "Rar!"sv,
      "7z\xBC\xAF"sv,
      "SQLite format 3\0"sv,
      "\x7F"
      "ELF"sv,
  };
  if (std::ranges::any_of(kOthers, begins)) return Content::no_table;
  return begins_as_web_page(head) ? Content::web_page : Content::csv;
}

std::uint32_t number_at(std::string_view bytes, std::size_t at, std::size_t count) {
  std::uint32_t number = 0;
  for (std::size_t i = count; i > 0; --i) {
    number = number << 8 | static_cast<unsigned char>(bytes[at + i - 1]);
  }
  return number;
}

// Which of the two an OLE file is: a workbook with a password has a stream EncryptedPackage in its
// directory ([MS-CFB] 2.2, 2.6.1), else it is a workbook of Excel 97 to 2003.
FormFault fault_of_ole(ByteSource& source, std::string_view head) {
  constexpr std::string_view kStream = "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0"sv;
  constexpr std::size_t kHeaderBytes = 512;
  constexpr std::uint64_t kDirectoryAtMax = 512 << 20;
  if (head.size() < kHeaderBytes) return FormFault::damaged;
  const std::uint32_t shift = std::min<std::uint32_t>(number_at(head, 30, 2), 12);
  const std::uint64_t at = (std::uint64_t{number_at(head, 48, 4)} + 1) << shift;
  if (at > std::min(source.size_bytes(), kDirectoryAtMax)) return FormFault::damaged;
  std::string window;
  std::string piece(kSectorBytesMax, '\0');
  std::uint64_t passed = 0;
  for (std::size_t count = source.read(piece); count > 0; count = source.read(piece)) {
    passed += count;
    if (passed <= at) continue;
    const std::uint64_t fresh = std::min<std::uint64_t>(passed - at, count);
    window += std::string_view(piece).substr(count - fresh, fresh);
    if (window.size() >= kSectorBytesMax) break;
  }
  source.rewind();
  return window.find(kStream) == std::string::npos ? FormFault::old_excel : FormFault::encrypted;
}

// Nothing: it may be read as CSV, or, with `zip`, as a workbook.
struct Recognised {
  std::optional<FormFault> fault;
  bool zip = false;
};

Recognised recognise(ByteSource& source) {
  const std::string head = front_of(source, kHeadBytes);
  switch (content_of(head)) {
    case Content::csv:
      return {};
    case Content::zip:
      return {{}, true};
    case Content::ole:
      return {fault_of_ole(source, head)};
    case Content::old_excel:
      return {FormFault::old_excel};
    case Content::web_page:
      return {FormFault::web_page};
    case Content::no_table:
      return {FormFault::no_table};
  }
  base::unreachable();
}

}  // namespace

std::string_view name_of(FileForm form) {
  switch (form) {
    case FileForm::csv:
      return "csv";
    case FileForm::xlsx:
      return "xlsx";
  }
  base::unreachable();
}

std::string_view code_of(FormFault fault) {
  switch (fault) {
    case FormFault::not_found:
      return "intake.file_not_found";
    case FormFault::not_readable:
      return "intake.file_not_readable";
    case FormFault::old_excel:
      return "intake.old_excel";
    case FormFault::encrypted:
      return "intake.encrypted";
    case FormFault::web_page:
      return "intake.web_page";
    case FormFault::no_workbook:
      return "intake.no_workbook";
    case FormFault::no_table:
      return "intake.no_table";
    case FormFault::damaged:
      return "intake.damaged_workbook";
    case FormFault::too_big:
      return "intake.too_big_workbook";
    case FormFault::no_such_sheet:
      return "intake.no_such_sheet";
  }
  base::unreachable();
}

TableFile::TableFile(std::unique_ptr<ByteSource> source, XlsxSource* workbook)
    : form_(workbook == nullptr ? FileForm::csv : FileForm::xlsx),
      encoding_(workbook == nullptr ? encoding_of(*source) : base::Encoding::utf8),
      source_(std::move(source)),
      workbook_(workbook) {}

TableFile::~TableFile() = default;

base::Result<std::unique_ptr<TableFile>, FormFault> TableFile::make(
    std::unique_ptr<ByteSource> source, const OpenArchive& open_archive, std::string_view sheet) {
  const Recognised recognised = recognise(*source);
  if (recognised.fault) return base::unexpected(*recognised.fault);
  if (!recognised.zip) {
    if (!sheet.empty()) return base::unexpected(FormFault::no_such_sheet);
    return std::unique_ptr<TableFile>(new TableFile(std::move(source), nullptr));
  }
  auto archive = open_archive();
  if (!archive) return base::unexpected(archive.error());
  auto workbook = XlsxSource::open(std::move(*archive), sheet);
  if (!workbook) return base::unexpected(workbook.error());
  XlsxSource* const opened = workbook->get();
  return std::unique_ptr<TableFile>(new TableFile(std::move(*workbook), opened));
}

base::Result<std::unique_ptr<TableFile>, FormFault> TableFile::open(const std::string& path,
                                                                    std::string_view sheet) {
  auto file = FileSource::open(path);
  if (!file) {
    const bool missing = file.error() == FileFault::not_found;
    return base::unexpected(missing ? FormFault::not_found : FormFault::not_readable);
  }
  return make(
      std::make_unique<FileSource>(std::move(*file)), [&] { return ZipArchive::open(path); },
      sheet);
}

base::Result<std::unique_ptr<TableFile>, FormFault> TableFile::of_bytes(std::string_view bytes,
                                                                        std::string_view sheet) {
  return make(
      std::make_unique<TextSource>(bytes), [&] { return ZipArchive::of_bytes(bytes); }, sheet);
}

std::span<const Sheet> TableFile::sheets() const {
  if (workbook_ == nullptr) return {};
  return workbook_->sheets();
}

std::size_t TableFile::sheet() const { return workbook_ == nullptr ? 0 : workbook_->sheet(); }

SheetNotes TableFile::notes() const {
  return workbook_ == nullptr ? SheetNotes{} : workbook_->notes();
}

}  // namespace intake
