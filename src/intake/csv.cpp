#include "intake/csv.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/check.h"
#include "intake/csv_decoder.h"

namespace intake {
namespace {

constexpr std::size_t kPieceBytes = 16 * 1024;
constexpr std::size_t kProbeBytes = 64 * 1024;
constexpr std::size_t kMarkBytes = 4096;  // where UTF-16 shows itself
// Of text in GB18030 about a quarter looks like UTF-8 by chance.
constexpr std::size_t kValidPerBrokenMin = 4;

// Behind the line end that begins at `at`.
std::size_t behind_line_end(std::string_view text, std::size_t at) {
  const bool both = text[at] == '\r' && at + 1 < text.size() && text[at + 1] == '\n';
  return at + (both ? 2 : 1);
}

// Of a text of which more may follow, unless at_end.
struct LineEnds {
  bool carriage_returns;  // they end lines; else one that no line feed follows is a character
  bool at_end;

  // Where the first line end at or behind `from` begins.
  std::size_t find(std::string_view text, std::size_t from) const {
    if (carriage_returns) return text.find_first_of("\r\n", from);
    const std::size_t feed = text.find('\n', from);
    const std::size_t end = std::min(feed, text.size());
    const bool returned = end > from && text[end - 1] == '\r';
    const bool ends = feed != std::string_view::npos || at_end;
    return returned && ends ? end - 1 : feed;
  }

  std::int64_t count(std::string_view text) const {
    std::int64_t count = 0;
    for (std::size_t at = find(text, 0); at != std::string_view::npos;
         at = find(text, behind_line_end(text, at))) {
      ++count;
    }
    return count;
  }
};

// Whether lines end in carriage returns alone. A few line feeds may stand in quotes; a file made by
// a tool that left a carriage return inside each of its lines has as many of both.
bool ends_in_carriage_returns(std::string_view text) {
  std::size_t returns = 0;
  std::size_t feeds = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\n') ++feeds;
    if (text[at] == '\r' && (at + 1 == text.size() || text[at + 1] != '\n')) ++returns;
  }
  return returns > 2 * feeds;
}

bool is_broken(std::string_view field) {
  return !base::is_utf8(field) || field.find(kUnknownCharacter) != std::string_view::npos;
}

// Whether it would be a formula in a spreadsheet without the apostrophes in front.
bool begins_as_formula(std::string_view text) {
  const std::size_t first = std::min(text.find_first_not_of('\''), text.size());
  return first < text.size() && std::string_view("=+-@\t\r").find(text[first]) != text.npos;
}

// Of the first line that is not empty, outside quotes: a comma if there is one, else a tab, else a
// semicolon.
char separator_in(std::string_view text) {
  bool quoted = false;
  bool begun = false;
  bool tab = false;
  bool semicolon = false;
  for (const char c : text) {
    const bool ends = !quoted && (c == '\n' || c == '\r');
    if (ends && begun) break;
    begun = begun || !ends;
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (c == ',') return c;
    tab = tab || c == '\t';
    semicolon = semicolon || c == ';';
  }
  return tab ? '\t' : semicolon ? ';' : ',';
}

// One row from the front of a text.
class RowScan {
 public:
  RowScan(std::string_view text, LineEnds line_ends, char separator, CsvRow& row)
      : text_(text),
        line_ends_(line_ends),
        at_end_(line_ends.at_end),
        separator_(separator),
        row_(row) {
    row_.fault.reset();
    row_.fault_field = 0;
    row_.has_line_end = true;
  }

  // False: the row goes on behind the text.
  bool scan() {
    for (fields_ = 0;; ++fields_) {
      if (fields_ < kCsvFieldsMax) {
        if (row_.fields.size() <= fields_) row_.fields.emplace_back();
        field_ = &row_.fields[fields_];
        field_->clear();
      } else {
        fail(CsvFault::too_many_fields);
      }
      const bool known = at_ < text_.size() && text_[at_] == '"' ? quoted() : plain();
      if (!known) return false;
      check_field();
      if (ended_) break;
    }
    row_.fields.resize(std::min(fields_ + 1, kCsvFieldsMax));
    if (at_ > kCsvRowBytesMax) fail(CsvFault::row_too_long);
    if (row_.fault) row_.fields.resize(row_.fault_field);
    return true;
  }

  std::size_t bytes() const { return at_; }
  bool is_empty() const { return !row_.fault && fields_ == 0 && at_ <= line_end_bytes_; }

 private:
  void fail(CsvFault fault) {
    const bool told = row_.fault && (row_.fault_field < fields_ || *row_.fault <= fault);
    if (told) return;
    row_.fault = fault;
    row_.fault_field = std::min(fields_, kCsvFieldsMax);
  }

  void keep(std::string_view piece) {
    if (field_->size() + piece.size() > kCsvFieldBytesMax) {
      fail(CsvFault::field_too_long);
    } else if (fields_ < kCsvFieldsMax) {
      *field_ += piece;
    }
  }

  void check_field() {
    if (fields_ >= kCsvFieldsMax || row_.fault) return;
    const bool is_guarded = field_->starts_with('\'') && begins_as_formula(*field_);
    if (is_guarded) field_->erase(0, 1);
    if (field_->find('\0') != std::string::npos) fail(CsvFault::nul_character);
    if (is_broken(*field_)) fail(CsvFault::not_text);
  }

  // From at_ to the separator, over it; or to the end of the row, over that.
  bool plain() {
    const std::size_t stop = std::min(text_.find(separator_, at_), next_line_end(at_));
    if (stop >= text_.size()) {
      if (!at_end_) return false;
      keep(text_.substr(at_));
      at_ = text_.size();
      row_.has_line_end = false;
      ended_ = true;
      return true;
    }
    keep(text_.substr(at_, stop - at_));
    return over(stop);
  }

  bool over(std::size_t stop) {
    if (text_[stop] == separator_) {
      at_ = stop + 1;
      return true;
    }
    const bool may_go_on = text_[stop] == '\r' && stop + 1 == text_.size() && !at_end_;
    if (may_go_on) return false;
    at_ = behind_line_end(text_, stop);
    line_end_bytes_ = at_ - stop;
    ended_ = true;
    return true;
  }

  bool quoted() {
    const std::size_t start = at_ + 1;
    for (std::size_t from = start;;) {
      const std::size_t quote = text_.find('"', from);
      const std::size_t seen = std::min(quote, text_.size()) - start;
      const bool endless = seen > 2 * kCsvFieldBytesMax && has_line_end(start, start + seen - 1);
      if (endless || (quote == std::string_view::npos && at_end_)) {
        return unclosed(endless ? start + seen : text_.size());
      }
      if (quote == std::string_view::npos) return false;
      keep(text_.substr(from, quote - from));
      if (quote + 1 == text_.size() && !at_end_) return false;
      if (quote + 1 < text_.size() && text_[quote + 1] == '"') {
        keep("\"");
        from = quote + 2;
        continue;
      }
      return behind_quote(start, quote);
    }
  }

  bool behind_quote(std::size_t start, std::size_t quote) {
    at_ = quote + 1;
    if (at_ == text_.size()) return plain();
    if (text_[at_] == separator_ || next_line_end(at_) == at_) return over(at_);
    if (text_[at_] == '\r' && at_ + 1 == text_.size() && !at_end_) return false;
    fail(CsvFault::text_after_quote);
    if (has_line_end(start, quote)) return back_to_second_line();
    return plain();
  }

  // The quoted field has no end before `end`.
  bool unclosed(std::size_t end) {
    fail(CsvFault::unclosed_quote);
    if (has_line_end(0, end)) return back_to_second_line();
    at_ = text_.size();
    row_.has_line_end = false;
    ended_ = true;
    return true;
  }

  bool back_to_second_line() {
    at_ = behind_line_end(text_, line_ends_.find(text_, 0));
    ended_ = true;
    return true;
  }

  bool has_line_end(std::size_t from, std::size_t to) { return next_line_end(from) < to; }

  // The length of the text when there is none. Remembers the place, so that a row of many fields is
  // looked through once.
  std::size_t next_line_end(std::size_t from) {
    if (line_end_ < from || line_end_from_ > from) {
      line_end_from_ = from;
      line_end_ = std::min(line_ends_.find(text_, from), text_.size());
    }
    return line_end_;
  }

  std::string_view text_;
  LineEnds line_ends_;
  bool at_end_;
  char separator_;
  CsvRow& row_;
  std::string* field_ = nullptr;
  std::size_t fields_ = 0;
  std::size_t at_ = 0;
  std::size_t line_end_bytes_ = 0;
  std::size_t line_end_ = 0;  // the first one at or behind line_end_from_
  std::size_t line_end_from_ = 1;
  bool ended_ = false;
};

// What the bytes behind the first one beyond ASCII look like.
base::Encoding judge(std::string_view probe) {
  if (base::detect_encoding(probe) == base::Encoding::utf8) return base::Encoding::utf8;
  std::size_t valid = 0;
  std::size_t broken = 0;
  for (std::size_t at = 0; at < probe.size();) {
    const std::size_t good = base::utf8_prefix(probe.substr(at));
    const std::string_view piece = probe.substr(at, good);
    valid += static_cast<std::size_t>(std::count_if(
        piece.begin(), piece.end(), [](char c) { return static_cast<unsigned char>(c) >= 0xC0; }));
    at += good;
    if (at < probe.size()) ++broken;
    ++at;
  }
  return valid >= kValidPerBrokenMin * broken ? base::Encoding::utf8 : base::Encoding::gb18030;
}

}  // namespace

std::size_t TextSource::read(std::span<char> bytes) {
  const std::size_t count = std::min(bytes.size(), text_.size() - at_);
  std::memcpy(bytes.data(), text_.data() + at_, count);
  at_ += count;
  return count;
}

base::Encoding encoding_of(ByteSource& source) {
  std::string probe;
  std::string piece(kPieceBytes, '\0');
  std::string mark;
  for (std::size_t count = source.read(piece); count > 0 && probe.size() < kProbeBytes;
       count = source.read(piece)) {
    std::string_view got(piece.data(), count);
    if (mark.size() < kMarkBytes) mark += got.substr(0, kMarkBytes - mark.size());
    if (probe.empty()) {
      const auto beyond = std::find_if(
          got.begin(), got.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
      got.remove_prefix(static_cast<std::size_t>(beyond - got.begin()));
    }
    probe += got;
  }
  source.rewind();
  const base::Encoding marked = base::detect_encoding(mark);
  const bool utf16 = marked == base::Encoding::utf16_le || marked == base::Encoding::utf16_be;
  return utf16 ? marked : judge(probe);
}

std::string_view code_of(CsvFault fault) {
  switch (fault) {
    case CsvFault::row_too_long:
      return "csv.row_too_long";
    case CsvFault::too_many_fields:
      return "csv.too_many_fields";
    case CsvFault::unclosed_quote:
      return "csv.unclosed_quote";
    case CsvFault::field_too_long:
      return "csv.field_too_long";
    case CsvFault::text_after_quote:
      return "csv.text_after_quote";
    case CsvFault::nul_character:
      return "csv.nul_character";
    case CsvFault::not_text:
      return "csv.not_text";
  }
  base::unreachable();
}

CsvReader::CsvReader(ByteSource& source, base::Encoding encoding)
    : source_(source), decoder_(std::make_unique<CsvDecoder>(encoding)) {}

CsvReader::~CsvReader() = default;

bool CsvReader::fill() {
  if (exhausted_) return false;
  text_.erase(0, begin_);
  begin_ = 0;
  piece_.resize(kPieceBytes);
  const std::size_t count = source_.read(piece_);
  bytes_read_ += count;
  exhausted_ = count == 0;
  decoder_->append({piece_.data(), count}, exhausted_, text_);
  return true;
}

void CsvReader::advance(std::size_t bytes) {
  const std::string_view text = std::string_view(text_).substr(begin_, bytes);
  line_ += LineEnds{*carriage_returns_, false}.count(text);
  begin_ += bytes;
}

// The row at begin_ is longer than a row may be: it is left at its first line end.
void CsvReader::give_up(CsvRow& row) {
  row.fields.clear();
  row.fault = CsvFault::row_too_long;
  row.fault_field = 0;
  while (true) {
    const std::size_t end = LineEnds{*carriage_returns_, exhausted_}.find(text_, begin_);
    const bool cut = end == std::string::npos || (text_[end] == '\r' && end + 1 == text_.size());
    if (!cut || exhausted_) {
      row.has_line_end = end != std::string::npos;
      advance(row.has_line_end ? behind_line_end(text_, end) - begin_ : text_.size() - begin_);
      return;
    }
    begin_ = std::min(end, text_.size());
    fill();
  }
}

bool CsvReader::next(CsvRow& row) {
  if (!carriage_returns_) {
    while (text_.size() < kProbeBytes && fill()) continue;
    const std::string_view probe = std::string_view(text_).substr(0, kProbeBytes);
    carriage_returns_ = ends_in_carriage_returns(probe);
    separator_ = source_.separator().value_or(separator_in(probe));
  }
  while (true) {
    row.line = source_.line_of(line_);
    if (begin_ == text_.size()) {
      if (!fill()) return false;
      continue;
    }
    RowScan scan(std::string_view(text_).substr(begin_), {*carriage_returns_, exhausted_},
                 separator_, row);
    if (scan.scan()) {
      advance(scan.bytes());
      if (scan.is_empty()) continue;
      return true;
    }
    if (text_.size() - begin_ > kCsvRowBytesMax) {
      give_up(row);
      return true;
    }
    const bool more = fill();
    CHECK(more);  // at the end of the file every row is known
  }
}

std::string guarded(std::string_view text) {
  return (begins_as_formula(text) ? "'" : "") + std::string(text);
}

std::string csv_field(std::string_view text) {
  const bool plain = text.find_first_of(",;\t\"\r\n") == std::string_view::npos;
  if (plain) return std::string(text);
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out.push_back('"');
    out.push_back(c);
  }
  out.push_back('"');
  return out;
}

std::string csv_line(std::span<const std::string> fields) {
  std::string out;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (i > 0) out.push_back(',');
    out += csv_field(fields[i]);
  }
  // A row of one empty field would be an empty line.
  if (out.empty()) out = "\"\"";
  return out + "\r\n";
}

}  // namespace intake
