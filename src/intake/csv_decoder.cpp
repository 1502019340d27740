#include "intake/csv_decoder.h"

#include <unicode/ucnv.h>
#include <unicode/ustring.h>

#include <array>
#include <utility>

#include "base/check.h"

namespace intake {
namespace {

constexpr std::string_view kMark = "\xEF\xBB\xBF";
constexpr std::size_t kUnitsAtOnce = 4096;

const char* icu_name(base::Encoding encoding) {
  switch (encoding) {
    case base::Encoding::utf8:
      return "UTF-8";
    case base::Encoding::utf16_le:
      return "UTF-16LE";
    case base::Encoding::utf16_be:
      return "UTF-16BE";
    case base::Encoding::gb18030:
      return "GB18030";
  }
  base::unreachable();
}

}  // namespace

struct CsvDecoder::Converter {
  explicit Converter(base::Encoding encoding) {
    UErrorCode status = U_ZERO_ERROR;
    handle = ucnv_open(icu_name(encoding), &status);
    CHECK(U_SUCCESS(status));
  }
  ~Converter() { ucnv_close(handle); }
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;

  UConverter* handle = nullptr;
  char16_t high = 0;  // a high surrogate whose other half comes with the next piece
};

CsvDecoder::CsvDecoder(base::Encoding encoding) {
  if (encoding != base::Encoding::utf8) converter_ = std::make_unique<Converter>(encoding);
}

CsvDecoder::~CsvDecoder() = default;

void CsvDecoder::append_utf8(std::string_view bytes, bool last, std::string& out) {
  if (started_) {
    out += bytes;
    return;
  }
  start_ += bytes;
  const bool undecided = start_.size() < kMark.size() && kMark.starts_with(start_);
  if (undecided && !last) return;
  started_ = true;
  out += start_.starts_with(kMark) ? start_.substr(kMark.size()) : start_;
  start_.clear();
}

void CsvDecoder::append(std::string_view bytes, bool last, std::string& out) {
  if (converter_ == nullptr) return append_utf8(bytes, last, out);
  std::array<char16_t, kUnitsAtOnce> units;
  std::array<char, kUnitsAtOnce * 3> text;
  const char* from = bytes.data();
  const char* const end = from + bytes.size();
  UErrorCode status = U_BUFFER_OVERFLOW_ERROR;
  while (status == U_BUFFER_OVERFLOW_ERROR) {
    status = U_ZERO_ERROR;
    char16_t* to = units.data();
    if (converter_->high != 0) *to++ = std::exchange(converter_->high, u'\0');
    ucnv_toUnicode(converter_->handle, &to, units.data() + units.size(), &from, end, nullptr, last,
                   &status);
    CHECK(U_SUCCESS(status) || status == U_BUFFER_OVERFLOW_ERROR);
    const bool more = status == U_BUFFER_OVERFLOW_ERROR || !last;
    if (more && to != units.data() && U16_IS_LEAD(*(to - 1))) converter_->high = *--to;
    std::int32_t bytes_made = 0;
    UErrorCode written = U_ZERO_ERROR;
    u_strToUTF8WithSub(text.data(), static_cast<std::int32_t>(text.size()), &bytes_made,
                       units.data(), static_cast<std::int32_t>(to - units.data()), 0xFFFD, nullptr,
                       &written);
    CHECK(U_SUCCESS(written));
    append_utf8({text.data(), static_cast<std::size_t>(bytes_made)},
                last && status != U_BUFFER_OVERFLOW_ERROR, out);
  }
}

}  // namespace intake
