// What is kept of a key: the first half of its SHA-256. No two keys share one in practice, and a
// key that names a person cannot be read back from it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace event_log {

struct KeyHash {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  friend constexpr auto operator<=>(const KeyHash&, const KeyHash&) = default;
};

KeyHash hash_of(std::string_view key);
// 32 hexadecimal digits, as the database holds it; CHECKs the form when read back.
std::string to_text(const KeyHash& hash);
KeyHash key_hash_from(std::string_view text);

}  // namespace event_log

template <>
struct std::hash<event_log::KeyHash> {
  std::size_t operator()(const event_log::KeyHash& key) const noexcept { return key.low; }
};
