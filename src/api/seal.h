// Marks of pages for whoever sees phones masked: where a page ended is said by an identity or a
// key, so the mark is handed out sealed and opened again by the same run of the program.
//
// A seal is hexadecimal: 16 bytes of HMAC over the text, then the text under a stream made from
// them. Somebody else's or an older run's seal opens to nothing. Immutable; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/random.h"

namespace api {

class Seal {
 public:
  explicit Seal(base::Random& random);

  std::string close(std::string_view text) const;
  std::optional<std::string> open(std::string_view sealed) const;

 private:
  std::string under_stream(std::string_view text, std::string_view tag) const;

  std::string key_;
};

}  // namespace api
