// Bytes of a file into UTF-8, piece by piece. ICU is named in csv_decoder.cpp alone.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/text.h"

namespace intake {

// What bytes that the encoding does not know become (U+FFFD); UTF-8 is passed on as it is.
inline constexpr std::string_view kUnknownCharacter = "\xEF\xBF\xBD";

// Not thread safe.
class CsvDecoder {
 public:
  explicit CsvDecoder(base::Encoding encoding);
  ~CsvDecoder();

  // Appends the text of `bytes` to `out`; a character cut at their end waits for the next call,
  // unless they are the last. A byte order mark at the start is dropped.
  void append(std::string_view bytes, bool last, std::string& out);

 private:
  struct Converter;

  void append_utf8(std::string_view bytes, bool last, std::string& out);

  std::unique_ptr<Converter> converter_;  // null: UTF-8
  std::string start_;                     // the first bytes, while they may be a mark
  bool started_ = false;
};

}  // namespace intake
