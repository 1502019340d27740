// Values in the order they arrive, for readers who look on.
//
// One thread appends at a time; any thread reads what was there when it looked, without a lock. A
// value never moves and is never changed.
//
//   pieces  16, 32, 64, … values, each allocated when it is reached
//
// Memory: at most twice the values; a large piece's untouched pages are not resident.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <type_traits>

#include "base/check.h"

namespace timeline {

template <typename Item>
class ArrivalList {
  static_assert(std::is_trivially_destructible_v<Item>);

 public:
  static constexpr std::size_t kFirstPiece = 16;
  static constexpr std::size_t kPieces = 28;  // 4,294,967,280 values

  ArrivalList() = default;
  ~ArrivalList() {
    for (std::size_t piece = 0; piece < kPieces && pieces_[piece] != nullptr; ++piece) {
      std::allocator<Item>().deallocate(pieces_[piece], kFirstPiece << piece);
    }
  }
  ArrivalList(const ArrivalList&) = delete;
  ArrivalList& operator=(const ArrivalList&) = delete;

  std::size_t size() const { return size_.load(std::memory_order_acquire); }
  // Requires a value that the caller knows to be there: below a size() it has read, or told by
  // something that was stored after the value.
  const Item& operator[](std::size_t at) const {
    const std::size_t piece = piece_of(at);
    return pieces_[piece][at - begin_of(piece)];
  }
  // Its number.
  std::size_t append(const Item& item) {
    const std::size_t at = size_.load(std::memory_order_relaxed);
    const std::size_t piece = piece_of(at);
    CHECK(piece < kPieces);
    if (at == begin_of(piece))
      pieces_[piece] = std::allocator<Item>().allocate(kFirstPiece << piece);
    std::construct_at(pieces_[piece] + (at - begin_of(piece)), item);
    size_.store(at + 1, std::memory_order_release);
    return at;
  }

  // In order, until `visit` answers false.
  template <typename Visit>
  void each(Visit visit) const {
    const std::size_t size = this->size();
    for (std::size_t piece = 0; begin_of(piece) < size; ++piece) {
      const std::size_t here = std::min(kFirstPiece << piece, size - begin_of(piece));
      for (std::size_t i = 0; i < here; ++i) {
        if (!visit(pieces_[piece][i])) return;
      }
    }
  }

  std::size_t bytes() const {
    const std::size_t size = this->size();
    return size == 0 ? 0 : begin_of(piece_of(size - 1) + 1) * sizeof(Item);
  }

 private:
  static std::size_t piece_of(std::size_t at) {
    return static_cast<std::size_t>(std::bit_width(at / kFirstPiece + 1)) - 1;
  }
  static std::size_t begin_of(std::size_t piece) {
    return kFirstPiece * ((std::size_t{1} << piece) - 1);
  }

  std::array<Item*, kPieces> pieces_{};
  std::atomic<std::size_t> size_ = 0;
};

}  // namespace timeline
