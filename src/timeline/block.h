// A block: up to kBlockRows persons with everything known of them, in columns. Immutable.
//
// A block is one flat image of bytes without pointers: the same in memory and in a snapshot that
// is mapped. Block reads it in place (block_image.h draws it).
//
//   rows         person, created_at, known_since, where the row's events begin
//   sequence     per row its events in the order (time, slot): the number of the stream each is in,
//                and the slots as differences
//   events       one Stream per event name: times, origins, one ValueColumn per property
//   attributes   one Stream per attribute: since when, and the value
//   memberships  one SpanStream per tag, list, consent, identity kind
//
// In a stream the entries lie row after row, in each row by (time, slot); only rows that have some
// take room. Attributes and memberships are what the row's change events come to
// (timeline/change.h), with the same meaning as MemoryHistory.
//
// Any thread. Views borrow the image, which the Block keeps alive.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/id.h"
#include "base/moment.h"
#include "base/value.h"
#include "timeline/history.h"
#include "timeline/packed_ints.h"
#include "timeline/row_mask.h"
#include "timeline/rows.h"

namespace timeline {

// Entries [begin, end) of a stream.
struct EntryRange {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  bool empty() const { return begin == end; }
  std::uint32_t size() const { return end - begin; }
};

// Values of one property or attribute. Each entry has a code: 0 is unknown; otherwise the values
// are numbered from 1 on. A column of numbers (int, decimal, money, bool, time, date) numbers them
// by size, so that codes compare as the values do; one of texts or lists has a dictionary, in no
// order.
class ValueColumn {
 public:
  base::PropertyId property() const { return property_; }  // 0: of an attribute
  base::ValueType type() const { return type_; }
  std::uint64_t code(std::uint32_t entry) const { return codes_.raw(entry); }
  // Of the entries from `begin` on, one each.
  void read_codes(std::uint32_t begin, std::span<std::uint64_t> codes) const {
    codes_.read(begin, codes);
  }
  bool known(std::uint32_t entry) const { return code(entry) != 0; }

  // Texts and lists: how many different ones there are; otherwise 0.
  std::uint32_t dictionary_size() const { return dictionary_size_; }
  // The value of a code other than 0.
  base::Value value_of(std::uint64_t code) const;
  // Columns of numbers: int, micros, cents, 0 or 1, ms, or for dates a number in their order
  // (year × 512 + month × 32 + day). Requires dictionary_size() == 0 and a code other than 0.
  std::int64_t number_of(std::uint64_t code) const {
    return numbers_.size() == 0 ? codes_.form().value_of(code) : numbers_[code - 1];
  }
  // Columns of numbers: the least code whose number is >= `number`, at least 1; may be more than
  // any there is.
  std::uint64_t code_at_least(std::int64_t number) const;
  std::size_t bytes() const { return bytes_; }  // of the image

 private:
  friend class BlockReader;
  base::PropertyId property_{};
  base::ValueType type_ = base::ValueType::text;
  std::size_t bytes_ = 0;
  PackedInts codes_;
  PackedInts numbers_;  // by code, when they lie too far apart to be counted from the least one
  std::uint32_t dictionary_size_ = 0;
  PackedInts text_ends_;  // of each dictionary entry in texts_
  std::span<const std::byte> texts_;
};

class Stream {
 public:
  const RowMask& rows() const { return *rows_; }
  // Of a row; empty when it has no entries.
  EntryRange range(std::size_t row) const;
  // Where the entries of the row that is the `rank`-th of rows() end; they begin where those of the
  // one before do.
  std::uint32_t end_of_rank(std::size_t rank) const {
    return static_cast<std::uint32_t>(ends_[rank]);
  }
  // Of the row that is the `rank`-th of rows(): for going through all rows in order.
  EntryRange range_of_rank(std::size_t rank) const;
  std::uint32_t size() const { return static_cast<std::uint32_t>(times_.size()); }

  const PackedInts& times() const { return times_; }
  base::Moment time(std::uint32_t entry) const { return {times_[entry]}; }
  OriginNumber origin(std::uint32_t entry) const {  // of events
    return static_cast<OriginNumber>(origins_[entry]);
  }
  std::span<const ValueColumn> columns() const { return columns_; }
  // Null: no entry has this property.
  const ValueColumn* column(base::PropertyId property) const;

 private:
  friend class BlockReader;
  const RowMask* rows_ = nullptr;
  PackedInts ends_;  // of the rows that have entries
  PackedInts times_;
  PackedInts origins_;
  std::vector<ValueColumn> columns_;
};

class SpanStream {
 public:
  const RowMask& rows() const { return *rows_; }
  EntryRange range(std::size_t row) const;
  Span span(std::uint32_t entry) const;
  // Whether one of the row's spans holds `at`.
  bool holds(std::size_t row, base::Moment at) const;
  // The rows of which one span holds `at`.
  RowMask holding(base::Moment at) const;

 private:
  friend class BlockReader;
  const RowMask* rows_ = nullptr;
  PackedInts ends_;
  PackedInts from_;
  PackedInts lengths_;  // 0: without end
};

// What a block's image takes, by kind; the parts sum up to the image.
struct BlockBytes {
  std::size_t order = 0;  // times, sequence, slots, origins
  std::size_t properties = 0;
  std::size_t side = 0;       // masks, ends and forms of the streams
  std::size_t histories = 0;  // attributes and memberships
  std::size_t rows = 0;
};

class Block {
 public:
  // Nothing: the image is damaged. `keeper` keeps the bytes alive. Checks everything a reader uses
  // as an index or a size, so that no read leaves the image or goes on for ever; does not check
  // sums (timeline/snapshot.h does), so values may be wrong. About 3 ns an event. Requires an image
  // that begins at an address divisible by 8.
  static std::shared_ptr<const Block> read(std::span<const std::byte> image,
                                           std::shared_ptr<const void> keeper);

  std::size_t row_count() const { return row_count_; }  // empty ones included
  const RowMask& persons() const { return *persons_; }  // the rows that are not empty
  base::CustomerId person(std::size_t row) const { return {people_[row]}; }
  base::Moment created_at(std::size_t row) const;   // kMomentMax: unknown
  base::Moment known_since(std::size_t row) const;  // the earlier of created_at and first event
  // The greatest known_since, so that most questions need not look at each row's.
  base::Moment latest_known_since() const { return latest_known_since_; }
  std::uint32_t event_count() const { return static_cast<std::uint32_t>(sequence_.size()); }
  std::uint32_t event_count(std::size_t row) const;

  // Null: none of its persons has it.
  const Stream* events(base::EventTypeId type) const;
  const Stream* attribute(base::AttributeId attribute) const;
  const SpanStream* membership(MembershipKey key) const;
  // Names in this block, ascending.
  std::span<const base::EventTypeId> event_types() const { return event_types_; }
  std::span<const base::AttributeId> attributes() const { return attributes_; }
  std::span<const MembershipKey> memberships() const { return memberships_; }

  // Event i of the row in the order of its history is the next one of stream
  // event_types()[streams(row)[i]] not seen before. Appended to `streams`, `slots`.
  void read_sequence(std::size_t row, std::vector<std::uint32_t>& streams) const;
  void read_slots(std::size_t row, std::vector<Slot>& slots) const;
  // The row with all its events, appended to `rows`; each event's properties ascending by id.
  void read_row(std::size_t row, Rows& rows) const;

  // The greatest slot of any event, 0 for a block without events.
  Slot last_slot() const { return last_slot_; }
  // Those of the events, each once, ascending.
  std::span<const OriginNumber> origins() const { return origins_; }
  // Whether an event came from this origin.
  bool has_origin(OriginNumber origin) const;

  std::span<const std::byte> image() const { return image_; }
  // False: it lies in what others keep, as in a snapshot that is mapped.
  bool owns_image() const { return owns_image_; }
  const BlockBytes& bytes() const { return bytes_; }

 private:
  friend class BlockReader;
  friend std::shared_ptr<const Block> block_of(std::vector<std::byte> image);
  Block() = default;
  static std::shared_ptr<Block> made(std::span<const std::byte> image,
                                     std::shared_ptr<const void> keeper);
  std::span<const std::byte> image_;
  std::shared_ptr<const void> keeper_;
  bool owns_image_ = false;
  BlockBytes bytes_;
  std::size_t row_count_ = 0;
  const RowMask* persons_ = nullptr;
  PackedInts people_;
  PackedInts created_;
  PackedInts known_since_;
  PackedInts event_begins_;  // row_count + 1
  PackedInts slot_begins_;   // row_count + 1: bytes of slots_
  PackedInts sequence_;
  std::span<const std::byte> slots_;
  base::Moment latest_known_since_ = base::kMomentMin;
  Slot last_slot_ = 0;
  std::vector<OriginNumber> origins_;
  std::vector<base::EventTypeId> event_types_;
  std::vector<Stream> events_;
  std::vector<base::AttributeId> attributes_;
  std::vector<Stream> attribute_streams_;
  std::vector<MembershipKey> memberships_;
  std::vector<SpanStream> membership_streams_;
};

class ChangeTypes;  // timeline/change.h: which event names change attributes and memberships

// The image of a block of these rows. Requires at most kBlockRows rows, no events in empty ones,
// and values of one type in a property. About 80 ns an event with two properties.
std::vector<std::byte> write_block(const Rows& rows, const ChangeTypes& changes);
// The block of an image that is sound (CHECK); it owns it.
std::shared_ptr<const Block> block_of(std::vector<std::byte> image);
// write_block and block_of in one.
std::shared_ptr<const Block> make_block(const Rows& rows, const ChangeTypes& changes);
// The same with an image of its own.
std::shared_ptr<const Block> own_copy(const Block& block);

}  // namespace timeline
