// A column of integers, each in as few bits as the column needs: value = base + scale × raw, where
// raw is `width` bits wide. A column of equal values has width 0 and takes no bytes.
//
// PackedInts is a view of bytes that outlive it (a block's image, in memory or mapped from a
// snapshot); pack() makes such bytes. Reading one value takes about a nanosecond and needs nothing
// decoded before it.
//
// Bytes: raw values one after the other, least significant bit first, little-endian, then
// kPackedPadding zero bytes, so that eight bytes can be read at any value. Widths of 0 to 56 bits
// are as they are needed, wider ones take 64. Arithmetic is modulo 2^64, so every int64 can be held
// and a damaged form gives a wrong value, nothing worse.
// Pure; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <vector>

namespace timeline {

inline constexpr std::size_t kPackedPadding = 8;
inline constexpr unsigned kNarrowBitsMax = 56;

class PackedInts {
 public:
  // How a column is packed; stands in front of its bytes wherever it is kept.
  struct Form {
    std::int64_t base = 0;
    std::int64_t scale = 1;  // > 0
    std::uint32_t size = 0;  // values
    std::uint32_t width = 0;
    // The value of a raw.
    std::int64_t value_of(std::uint64_t raw) const {
      return static_cast<std::int64_t>(static_cast<std::uint64_t>(base) +
                                       static_cast<std::uint64_t>(scale) * raw);
    }
    friend bool operator==(const Form&, const Form&) = default;
  };

  PackedInts() = default;  // empty
  // Requires bytes.size() == packed_bytes(form).
  PackedInts(const Form& form, std::span<const std::byte> bytes);

  std::size_t size() const { return form_.size; }
  const Form& form() const { return form_; }

  // Requires at < size(), not looked at.
  std::uint64_t raw(std::size_t at) const {
    const std::size_t bit = at * form_.width;
    std::uint64_t word = 0;
    std::memcpy(&word, bytes_ + bit / 8, sizeof word);
    return (word >> (bit % 8)) & mask_;
  }
  // The raws from `begin` on, one each. Requires begin + raws.size() <= size(), not looked at.
  void read(std::size_t begin, std::span<std::uint64_t> raws) const {
    for (std::size_t i = 0; i < raws.size(); ++i) raws[i] = raw(begin + i);
  }
  std::int64_t operator[](std::size_t at) const { return form_.value_of(raw(at)); }
  // The least raw whose value is >= `value`, for comparing without computing values: 0 when all
  // are, and more than any raw when none is. Of a column made by packed_form.
  std::uint64_t raw_at_least(std::int64_t value) const;

 private:
  Form form_;
  std::uint64_t mask_ = 0;
  const std::byte* bytes_ = nullptr;  // of a column without width: eight bytes of our own
};

// Of a column of this form; padding included. Without width: 0.
std::size_t packed_bytes(const PackedInts::Form& form);
// Whether a form read from a file can be one.
bool is_possible(const PackedInts::Form& form);

// The form in which the values take the fewest bits.
PackedInts::Form packed_form(std::span<const std::int64_t> values);
// The same with raw 0 left free, for entries that have no value: those are packed as form.base,
// which is no value of the column (it may have wrapped around and be greater than all of them).
// The greatest raw is below 2^64 - 1. Nothing: there are not as many raws left.
std::optional<PackedInts::Form> packed_form_above_zero(std::span<const std::int64_t> values,
                                                       std::size_t size);
// Appends packed_bytes(form) bytes. Requires form.size values that `form` was made for.
void pack(const PackedInts::Form& form, std::span<const std::int64_t> values,
          std::vector<std::byte>& bytes);

}  // namespace timeline
