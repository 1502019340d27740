// CSV in: RFC 4180 as files really are, read in pieces, with line numbers as an editor shows them.
//
//   - UTF-8, UTF-16, GB18030, told by the content; a byte order mark is no part of the first field
//   - lines end in LF or CRLF, or all of them in CR (told from the first 64 KiB; else a CR alone is
//     a character like any other); the last may end with the file
//   - a field in quotes may hold separators, line ends and doubled quotes; a quote inside an
//     unquoted field is a plain character
//   - empty lines are skipped and counted
//   - an apostrophe that keeps a field from being a formula ('=1+1, '+86) is taken away: guarded()
//
// A row that cannot be read is answered as a row with a fault, and reading goes on behind it. A row
// whose quote is not closed would swallow what follows: reading goes on in its second line.
// Memory: at most two rows of kRowBytesMax. Not thread safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "intake/form.h"

namespace intake {

inline constexpr std::size_t kCsvFieldBytesMax = 64 * 1024;  // as UTF-8
inline constexpr std::size_t kCsvRowBytesMax = 1024 * 1024;  // as UTF-8, quotes counted
inline constexpr std::size_t kCsvFieldsMax = 1000;           // of a row

// What a row of a text that was made of somebody's file by a mapping is in that file.
struct RowOrigin {
  struct Column {
    std::size_t number = 0;  // of the file, from 1; 0: of none
    std::string name;
  };
  std::vector<Column> columns;  // one per field of the text
  std::string_view fault;       // code of why the file's row is of no use; empty: it is
  Column fault_at = {};
  bool is_known = false;  // nothing of it is new: it counts as repeated
};

// Where bytes come from: a file, an upload, a test's string.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  // Fills the front of `bytes` (never empty) and answers how many; 0 at the end.
  virtual std::size_t read(std::span<char> bytes) = 0;
  // To the first byte again, for the second reading of a file.
  virtual void rewind() = 0;
  // May be an estimate until the end was reached once. From any thread.
  virtual std::uint64_t size_bytes() const = 0;

  // What a person sees as line `line` of the text, where the text was made of something else (of a
  // sheet, of a file by a mapping). Asked in the order of the text, by the thread that reads.
  virtual std::int64_t line_of(std::int64_t line) { return line; }
  // Of the row whose line was asked for last; null: its own columns are the file's.
  virtual const RowOrigin* origin() const { return nullptr; }
  // What stands between two fields, of a text that was made here; nothing: to be found out.
  virtual std::optional<char> separator() const { return std::nullopt; }
  // What ended the file early, to be asked when read() has answered 0: then the file as a whole is
  // no good.
  virtual std::optional<FormFault> fault() const { return std::nullopt; }
};

// Bytes in memory, which must outlive it.
class TextSource final : public ByteSource {
 public:
  explicit TextSource(std::string_view text) : text_(text) {}
  std::size_t read(std::span<char> bytes) override;
  void rewind() override { at_ = 0; }
  std::uint64_t size_bytes() const override { return text_.size(); }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

// The encoding of a whole source, from its mark, or from where NULs stand in its front (UTF-16
// without a mark), or from the 64 KiB behind its first byte beyond ASCII: GB18030 unless nearly all
// of it is UTF-8. Leaves the source rewound.
base::Encoding encoding_of(ByteSource& source);

// Of a row with several the leftmost is told, of one field the earlier listed.
enum class CsvFault : std::uint8_t {
  row_too_long,
  too_many_fields,
  unclosed_quote,  // the file ends, or field_too_long, inside a quoted field of many lines
  field_too_long,
  text_after_quote,  // between a closing quote and the separator
  nul_character,     // U+0000
  not_text,          // bytes that the encoding does not know
};
std::string_view code_of(CsvFault fault);  // "csv.row_too_long", …

class CsvDecoder;

struct CsvRow {
  std::int64_t line = 0;            // of its first character, from 1, as ByteSource::line_of has it
  std::vector<std::string> fields;  // valid UTF-8; with a fault: those before it
  std::optional<CsvFault> fault;
  std::size_t fault_field = 0;  // index
  bool has_line_end = true;     // false: the file ends with it
};

class CsvReader {
 public:
  // Reads from where `source` stands, which must be its start and outlive the reader.
  CsvReader(ByteSource& source, base::Encoding encoding);
  ~CsvReader();

  // The next row that is not empty; nothing at the end of the file. Reuse of `row` saves memory.
  bool next(CsvRow& row);

  // Comma, tab or semicolon: what stands between the names of the header. Once a row was asked for.
  char separator() const { return separator_; }
  // Bytes of the source that have been taken in, for progress.
  std::uint64_t bytes_read() const { return bytes_read_; }

 private:
  bool fill();
  void advance(std::size_t bytes);
  void give_up(CsvRow& row);

  ByteSource& source_;
  std::unique_ptr<CsvDecoder> decoder_;
  std::string piece_;      // of bytes, as read
  std::string text_;       // decoded and not yet answered
  std::size_t begin_ = 0;  // of the next row in text_
  std::int64_t line_ = 1;  // of begin_
  std::uint64_t bytes_read_ = 0;
  bool exhausted_ = false;
  char separator_ = ',';
  std::optional<bool> carriage_returns_;  // end lines; nothing: not looked at yet
};

// Where bytes go to: a file, a download, a test's string.
class ByteSink {
 public:
  virtual ~ByteSink() = default;
  virtual void write(std::string_view bytes) = 0;
};

// Text for a spreadsheet that must not take it for a formula: with an apostrophe in front when it
// begins with = + - @ tab or carriage return, perhaps behind other apostrophes. CsvReader takes one
// away from such a field, so that the text comes back.
std::string guarded(std::string_view text);

// One field as it is written: quoted when it must be, also for readers that look for another
// separator. Rows end in CRLF.
std::string csv_field(std::string_view text);
std::string csv_line(std::span<const std::string> fields);

}  // namespace intake
