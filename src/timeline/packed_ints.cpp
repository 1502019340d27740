#include "timeline/packed_ints.h"

#include <algorithm>
#include <array>
#include <bit>
#include <numeric>

#include "base/check.h"

namespace timeline {
namespace {

static_assert(std::endian::native == std::endian::little);

constexpr unsigned kWordBits = 64;
constexpr std::array<std::byte, kPackedPadding> kNoBytes{};

std::uint64_t mask_of(unsigned width) {
  return width == kWordBits ? ~std::uint64_t{0} : (std::uint64_t{1} << width) - 1;
}

std::uint64_t distance(std::int64_t from, std::int64_t to) {
  return static_cast<std::uint64_t>(to) - static_cast<std::uint64_t>(from);
}

// The least value, the greatest step that all values are apart, and how many steps there are.
struct Steps {
  std::int64_t least = 0;
  std::int64_t step = 1;
  std::uint64_t count = 0;
};

Steps steps_of(std::span<const std::int64_t> values) {
  if (values.empty()) return {};
  const auto [least, greatest] = std::ranges::minmax(values);
  const std::uint64_t range = distance(least, greatest);
  if (range == 0) return {least, 1, 0};
  std::uint64_t step = range;
  for (const std::int64_t value : values) {
    // Most values are a whole number of the steps found so far: a division, no Euclid.
    const std::uint64_t rest = distance(least, value) % step;
    if (rest == 0) continue;
    step = std::gcd(step, rest);
    if (step == 1) break;
  }
  const bool too_far = step > static_cast<std::uint64_t>(INT64_MAX);
  if (too_far) step = 1;
  return {least, static_cast<std::int64_t>(step), range / step};
}

PackedInts::Form form_of(const Steps& steps, std::size_t size, std::uint64_t raw_max) {
  CHECK(size <= UINT32_MAX);
  unsigned width = static_cast<unsigned>(std::bit_width(raw_max));
  if (width > kNarrowBitsMax) width = kWordBits;
  return {steps.least, steps.step, static_cast<std::uint32_t>(size), width};
}

std::size_t value_bytes(const PackedInts::Form& form) {
  return (std::size_t{form.size} * form.width + 7) / 8;
}

}  // namespace

PackedInts::PackedInts(const Form& form, std::span<const std::byte> bytes)
    : form_(form),
      mask_(mask_of(form.width)),
      bytes_(form.width == 0 ? kNoBytes.data() : bytes.data()) {
  CHECK(bytes.size() == packed_bytes(form));
}

std::uint64_t PackedInts::raw_at_least(std::int64_t value) const {
  if (value <= form_.base) return 0;
  const std::uint64_t above = distance(form_.base, value);
  const auto scale = static_cast<std::uint64_t>(form_.scale);
  return above / scale + (above % scale == 0 ? 0 : 1);
}

std::size_t packed_bytes(const PackedInts::Form& form) {
  return form.size == 0 || form.width == 0 ? 0 : value_bytes(form) + kPackedPadding;
}

bool is_possible(const PackedInts::Form& form) {
  return form.scale > 0 && (form.width <= kNarrowBitsMax || form.width == kWordBits) &&
         (form.size > 0 || form.width == 0);
}

PackedInts::Form packed_form(std::span<const std::int64_t> values) {
  const Steps steps = steps_of(values);
  return form_of(steps, values.size(), steps.count);
}

std::optional<PackedInts::Form> packed_form_above_zero(std::span<const std::int64_t> values,
                                                       std::size_t size) {
  Steps steps = steps_of(values);
  const auto step = static_cast<std::uint64_t>(steps.step);
  if (steps.count > UINT64_MAX / step - 1) {
    // One more step below the least value would not leave 64 bits to the distance of the greatest.
    steps = {steps.least, 1, steps.count * step};
  }
  if (steps.count >= UINT64_MAX - 1) return std::nullopt;
  PackedInts::Form form = form_of(steps, size, values.empty() ? 0 : steps.count + 1);
  form.base = static_cast<std::int64_t>(static_cast<std::uint64_t>(steps.least) -
                                        static_cast<std::uint64_t>(steps.step));
  return form;
}

void pack(const PackedInts::Form& form, std::span<const std::int64_t> values,
          std::vector<std::byte>& bytes) {
  CHECK(values.size() == form.size);
  if (packed_bytes(form) == 0) return;
  const std::size_t start = bytes.size();
  bytes.resize(start + packed_bytes(form));
  std::byte* at = bytes.data() + start;
  const auto scale = static_cast<std::uint64_t>(form.scale);
  std::uint64_t word = 0;  // the bits not written yet
  unsigned filled = 0;     // of them, below 64
  for (const std::int64_t value : values) {
    const std::uint64_t above = distance(form.base, value);
    const std::uint64_t raw = scale == 1 ? above : above / scale;
    word |= raw << filled;
    filled += form.width;
    if (filled < kWordBits) continue;
    std::memcpy(at, &word, sizeof word);
    at += sizeof word;
    filled -= kWordBits;
    // What of `raw` did not fit; nothing when it ended with the word.
    word = filled == 0 ? 0 : raw >> (form.width - filled);
  }
  std::memcpy(at, &word, (filled + 7) / 8);
}

}  // namespace timeline
