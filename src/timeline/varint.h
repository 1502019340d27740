// Numbers of as many bytes as they need: seven bits each, the lowest first, the highest bit set in
// all but the last.
//
// Pure; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

namespace timeline {

template <typename Bytes>
void append_varint(std::uint64_t value, Bytes& bytes) {
  for (; value >= 0x80; value >>= 7) bytes.push_back(static_cast<std::byte>(value | 0x80));
  bytes.push_back(static_cast<std::byte>(value));
}

// Nothing: the bytes end before the number does, or it has more than 64 bits.
template <typename Iterator>
std::optional<std::uint64_t> read_varint(Iterator& at, const Iterator& end) {
  std::uint64_t value = 0;
  for (unsigned shift = 0; at != end && shift < 64; shift += 7) {
    const auto part = std::to_integer<std::uint64_t>(*at++);
    if (shift == 63 && part > 1) return std::nullopt;
    value |= (part & 0x7f) << shift;
    if (part < 0x80) return value;
  }
  return std::nullopt;
}

// Small differences in either direction as small numbers; wraps, so any difference has one.
inline std::uint64_t difference(std::int64_t from, std::int64_t to) {
  const std::uint64_t ahead = static_cast<std::uint64_t>(to) - static_cast<std::uint64_t>(from);
  return (ahead << 1) ^ (ahead >> 63 != 0 ? ~std::uint64_t{0} : 0);
}

inline std::int64_t apply_difference(std::int64_t from, std::uint64_t difference) {
  const std::uint64_t ahead = (difference >> 1) ^ ((difference & 1) != 0 ? ~std::uint64_t{0} : 0);
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(from) + ahead);
}

}  // namespace timeline
