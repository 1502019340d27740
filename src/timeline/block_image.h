// How a block lies in its image: written by block_writer.cpp, checked and read by block_reader.cpp.
//
//   BlockHead
//   mask of persons · people · created_at · known_since · event begins · slot begins
//   sequence · slots · origins
//   of each event name   StreamHead · mask · ends · times · origins · columns of values
//   of each attribute    StreamHead · mask · ends · times · column of values
//   of each membership   SpanStreamHead · mask · ends · from · lengths
//
//   column of integers   PackedInts::Form · bytes
//   column of values     ValueHead · codes · ends · texts    texts and lists, when one is known
//                        ValueHead · codes · numbers         numbers too far apart
//                        ValueHead · codes                   other numbers
//
// Every piece begins at a multiple of kPieceAlignment; what is between is zero. Little-endian.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <type_traits>
#include <vector>

#include "timeline/packed_ints.h"
#include "timeline/row_mask.h"

namespace timeline {

inline constexpr std::size_t kPieceAlignment = 8;
// Changes with the layout; an image with another one is not read.
inline constexpr std::uint32_t kBlockMark = 0x3142'5953;  // "SYB1"

struct BlockHead {
  std::uint32_t mark = kBlockMark;
  std::uint32_t rows = 0;
  std::uint32_t events = 0;
  std::uint32_t event_streams = 0;
  std::uint32_t attribute_streams = 0;
  std::uint32_t membership_streams = 0;
  std::uint32_t origins = 0;
  std::uint32_t slot_bytes = 0;
  std::uint32_t last_slot = 0;
  std::uint32_t zero = 0;
  std::int64_t latest_known_since = 0;
};

struct StreamHead {
  std::int64_t id = 0;  // of the event name or attribute
  std::uint64_t columns = 0;
};

struct SpanStreamHead {
  std::int64_t id = 0;
  std::uint64_t kind = 0;  // MembershipKind
};

struct ValueHead {
  std::int64_t property = 0;
  std::uint32_t type = 0;  // base::ValueType
  std::uint32_t dictionary_size = 0;
  std::uint32_t numbers = 0;  // in the table of them; 0: there is none
  std::uint32_t text_bytes = 0;
};

constexpr std::size_t aligned(std::size_t bytes) {
  return (bytes + kPieceAlignment - 1) / kPieceAlignment * kPieceAlignment;
}

class ImageWriter {
 public:
  template <typename Piece>
  void put(const Piece& piece) {
    static_assert(std::is_trivially_copyable_v<Piece>);
    static_assert(std::has_unique_object_representations_v<Piece>);  // no byte undefined
    static_assert(sizeof(Piece) % kPieceAlignment == 0);
    put_bytes(std::as_bytes(std::span(&piece, 1)));
  }
  void put_bytes(std::span<const std::byte> bytes) {
    image_.insert(image_.end(), bytes.begin(), bytes.end());
    image_.resize(aligned(image_.size()));
  }
  void put_ints(std::span<const std::int64_t> values) { put_ints(packed_form(values), values); }
  void put_ints(const PackedInts::Form& form, std::span<const std::int64_t> values) {
    put(form);
    pack(form, values, image_);
    image_.resize(aligned(image_.size()));
  }
  // The image; the writer is empty afterwards.
  std::vector<std::byte> finish() {
    image_.shrink_to_fit();
    return std::move(image_);
  }

 private:
  std::vector<std::byte> image_;
};

// Reads the pieces one after the other. After the first that cannot be there, or fail(), it has
// failed and gives nothing but empty pieces.
class ImageCursor {
 public:
  explicit ImageCursor(std::span<const std::byte> image) : image_(image) {}

  bool failed() const { return failed_; }
  void fail() { failed_ = true; }
  std::size_t at() const { return at_; }
  std::size_t left() const { return image_.size() - at_; }

  template <typename Piece>
  Piece take() {
    Piece piece{};
    const std::span<const std::byte> bytes = take_bytes(sizeof piece);
    if (!failed_) std::memcpy(&piece, bytes.data(), sizeof piece);
    return piece;
  }
  const RowMask& take_mask() {
    static const RowMask kNone;
    const std::span<const std::byte> bytes = take_bytes(sizeof(RowMask));
    return failed_ ? kNone : *reinterpret_cast<const RowMask*>(bytes.data());
  }
  // Of as many values as the caller knows there are.
  PackedInts take_ints(std::size_t size) {
    const auto form = take<PackedInts::Form>();
    if (!is_possible(form) || form.size != size) fail();
    const std::span<const std::byte> bytes = take_bytes(failed_ ? 0 : packed_bytes(form));
    return failed_ ? PackedInts() : PackedInts(form, bytes);
  }
  // The same, of raws that are the values themselves.
  PackedInts take_raws(std::size_t size) {
    PackedInts ints = take_ints(size);
    if (ints.form().base != 0 || ints.form().scale != 1) fail();
    return failed_ ? PackedInts() : ints;
  }
  std::span<const std::byte> take_bytes(std::size_t size) {
    if (failed_ || size > left()) fail();
    if (failed_) return {};
    const std::span<const std::byte> bytes = image_.subspan(at_, size);
    at_ = std::min(at_ + aligned(size), image_.size());
    return bytes;
  }

 private:
  std::span<const std::byte> image_;
  std::size_t at_ = 0;
  bool failed_ = false;
};

}  // namespace timeline
