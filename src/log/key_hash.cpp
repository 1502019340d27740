#include "log/key_hash.h"

#include <fmt/format.h>

#include <charconv>
#include <cstring>

#include "base/check.h"
#include "base/text.h"

namespace event_log {
namespace {

constexpr std::size_t kHalfDigits = 16;

std::uint64_t half_from(std::string_view digits) {
  std::uint64_t half = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, half, 16);
  CHECK(error == std::errc());
  CHECK(stop == end);
  return half;
}

}  // namespace

KeyHash hash_of(std::string_view key) {
  const std::string digest = base::sha256(key);
  KeyHash hash;
  std::memcpy(&hash.high, digest.data(), sizeof hash.high);
  std::memcpy(&hash.low, digest.data() + sizeof hash.high, sizeof hash.low);
  return hash;
}

std::string to_text(const KeyHash& hash) {
  return fmt::format("{:016x}{:016x}", hash.high, hash.low);
}

KeyHash key_hash_from(std::string_view text) {
  CHECK(text.size() == 2 * kHalfDigits);
  return {half_from(text.substr(0, kHalfDigits)), half_from(text.substr(kHalfDigits))};
}

}  // namespace event_log
