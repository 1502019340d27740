// A set of rows of one block.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace timeline {

inline constexpr std::size_t kBlockRows = 1024;  // at most, of one block

class RowMask {
 public:
  static constexpr std::size_t kWords = kBlockRows / 64;

  static RowMask first(std::size_t rows) {
    RowMask mask;
    for (std::size_t word = 0; word < kWords && rows > 0; ++word) {
      const std::size_t here = rows < 64 ? rows : 64;
      mask.words_[word] = here == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << here) - 1;
      rows -= here;
    }
    return mask;
  }

  bool has(std::size_t row) const { return (words_[row / 64] >> (row % 64) & 1) != 0; }
  void add(std::size_t row) { words_[row / 64] |= std::uint64_t{1} << (row % 64); }
  void remove(std::size_t row) { words_[row / 64] &= ~(std::uint64_t{1} << (row % 64)); }
  bool none() const {
    std::uint64_t any = 0;
    for (const std::uint64_t word : words_) any |= word;
    return any == 0;
  }
  std::size_t count() const {
    std::size_t rows = 0;
    for (const std::uint64_t word : words_) rows += bits_in(word);
    return rows;
  }
  // How many rows of the set are before `row`.
  std::size_t rank(std::size_t row) const {
    std::size_t before = 0;
    for (std::size_t word = 0; word < row / 64; ++word) {
      before += bits_in(words_[word]);
    }
    const std::uint64_t below = (std::uint64_t{1} << (row % 64)) - 1;
    return before + bits_in(words_[row / 64] & below);
  }

  RowMask& operator&=(const RowMask& other) {
    for (std::size_t word = 0; word < kWords; ++word) words_[word] &= other.words_[word];
    return *this;
  }
  RowMask& operator|=(const RowMask& other) {
    for (std::size_t word = 0; word < kWords; ++word) words_[word] |= other.words_[word];
    return *this;
  }
  // Without the rows of `other`.
  RowMask& operator-=(const RowMask& other) {
    for (std::size_t word = 0; word < kWords; ++word) words_[word] &= ~other.words_[word];
    return *this;
  }
  friend RowMask operator&(RowMask left, const RowMask& right) { return left &= right; }
  friend RowMask operator|(RowMask left, const RowMask& right) { return left |= right; }
  friend RowMask operator-(RowMask left, const RowMask& right) { return left -= right; }
  friend bool operator==(const RowMask&, const RowMask&) = default;

  // Ascending.
  template <typename Visit>
  void each(Visit visit) const {
    for (std::size_t word = 0; word < kWords; ++word) {
      for (std::uint64_t left = words_[word]; left != 0; left &= left - 1) {
        visit(word * 64 + static_cast<std::size_t>(std::countr_zero(left)));
      }
    }
  }

  std::array<std::uint64_t, kWords>& words() { return words_; }
  const std::array<std::uint64_t, kWords>& words() const { return words_; }

 private:
  // Sums of pairs, of fours, of bytes, then all bytes by one product (Warren, Hacker's Delight,
  // 5-1). std::popcount is a call that looks bytes up where the machine may have no instruction for
  // it.
  static std::size_t bits_in(std::uint64_t word) {
    word -= word >> 1 & 0x5555'5555'5555'5555;
    word = (word & 0x3333'3333'3333'3333) + (word >> 2 & 0x3333'3333'3333'3333);
    word = (word + (word >> 4)) & 0x0f0f'0f0f'0f0f'0f0f;
    return word * 0x0101'0101'0101'0101 >> 56;
  }

  std::array<std::uint64_t, kWords> words_{};
};

}  // namespace timeline
