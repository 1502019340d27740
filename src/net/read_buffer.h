// Bytes of a connection that have arrived and are not yet read by the parser. A part of
// http_connection.h and included by nothing else.
//
// What is taken from the front never moves the rest, so that bytes may be taken while a read fills
// the space behind them.
//
// Threads: one at a time.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

namespace net {

inline constexpr std::size_t kReadBytes = 16 * 1024;

class ReadBuffer {
 public:
  std::string_view bytes() const { return {storage_.get() + begin_, end_ - begin_}; }
  std::size_t size() const { return end_ - begin_; }
  bool empty() const { return begin_ == end_; }

  // Space behind the bytes, until commit(); moves them, so not while a read is under way.
  std::span<char> prepare(std::size_t count) {
    if (empty()) begin_ = end_ = 0;
    if (capacity_ - end_ < count || is_oversized(count)) make_room(count);
    return {storage_.get() + end_, count};
  }
  // So many bytes have been written into the space.
  void commit(std::size_t count) { end_ += count; }
  // Takes bytes from the front.
  void consume(std::size_t count) { begin_ += count; }
  void clear() { begin_ = end_; }

 private:
  // A large body is read in large pieces; between requests that room is given back.
  bool is_oversized(std::size_t count) const {
    return capacity_ > kReadBytes && end_ + count <= kReadBytes;
  }

  void make_room(std::size_t count) {
    const std::size_t held = size();
    std::size_t wanted = std::max(held + count, kReadBytes);
    if (held > kReadBytes) wanted = std::max(wanted, 2 * held);
    if (wanted == capacity_) {
      std::memmove(storage_.get(), storage_.get() + begin_, held);
    } else {
      auto moved = std::make_unique_for_overwrite<char[]>(wanted);
      if (held > 0) std::memcpy(moved.get(), storage_.get() + begin_, held);
      storage_ = std::move(moved);
      capacity_ = wanted;
    }
    begin_ = 0;
    end_ = held;
  }

  std::unique_ptr<char[]> storage_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace net
