#include <algorithm>
#include <limits>

#include "base/check.h"
#include "timeline/block.h"
#include "timeline/block_image.h"

namespace timeline {
namespace {

// Whether the values begin with 0, rise (or stay) and end with `last`.
bool rise_to(const PackedInts& begins, std::int64_t last) {
  std::int64_t before = 0;
  for (std::size_t i = 0; i < begins.size(); ++i) {
    if (begins[i] < before || (i == 0 && begins[i] != 0)) return false;
    before = begins[i];
  }
  return before == last;
}

// Whether the values rise from above 0 to `last`, each above the one before.
bool are_ends(const PackedInts& ends, std::int64_t last) {
  std::int64_t before = 0;
  for (std::size_t i = 0; i < ends.size(); ++i) {
    if (ends[i] <= before) return false;
    before = ends[i];
  }
  return before == last;
}

bool none_above(const PackedInts& raws, std::uint64_t raw_max) {
  const unsigned width = raws.form().width;
  if (width < 64 && (std::uint64_t{1} << width) - 1 <= raw_max) return true;
  for (std::size_t i = 0; i < raws.size(); ++i) {
    if (raws.raw(i) > raw_max) return false;
  }
  return true;
}

bool holds_texts(base::ValueType type) {
  return type == base::ValueType::text || type == base::ValueType::text_list;
}

}  // namespace

// Every piece is taken with the size it must have, and every number that is used as an index later
// is looked at here, once.
class BlockReader {
 public:
  BlockReader(std::span<const std::byte> image, Block& block) : cursor_(image), block_(block) {}

  bool read() {
    head_ = cursor_.take<BlockHead>();
    if (head_.mark != kBlockMark || head_.rows > kBlockRows) cursor_.fail();
    // Every event takes a byte of slots at least: nothing is larger than the image.
    if (head_.events > head_.slot_bytes || head_.slot_bytes > cursor_.left()) cursor_.fail();
    count(block_.bytes_.side);
    read_rows();
    read_order();
    for (std::uint32_t i = 0; i < head_.event_streams && !cursor_.failed(); ++i) read_events();
    for (std::uint32_t i = 0; i < head_.attribute_streams && !cursor_.failed(); ++i) {
      read_attribute();
    }
    for (std::uint32_t i = 0; i < head_.membership_streams && !cursor_.failed(); ++i) {
      read_membership();
    }
    count(block_.bytes_.histories);
    return !cursor_.failed() && cursor_.left() == 0 && sequence_agrees();
  }

 private:
  // What has been taken since the last call belongs to this part.
  void count(std::size_t& part) {
    part += cursor_.at() - counted_;
    counted_ = cursor_.at();
  }

  void read_rows() {
    const std::size_t rows = head_.rows;
    block_.row_count_ = rows;
    block_.persons_ = &cursor_.take_mask();
    if (!(*block_.persons_ - RowMask::first(rows)).none()) cursor_.fail();
    block_.people_ = cursor_.take_ints(rows);
    block_.created_ = cursor_.take_ints(rows);
    block_.known_since_ = cursor_.take_ints(rows);
    block_.event_begins_ = cursor_.take_ints(rows + 1);
    block_.slot_begins_ = cursor_.take_ints(rows + 1);
    block_.latest_known_since_ = {head_.latest_known_since};
    block_.last_slot_ = head_.last_slot;
    if (!rise_to(block_.event_begins_, head_.events)) cursor_.fail();
    if (!rise_to(block_.slot_begins_, head_.slot_bytes)) cursor_.fail();
    count(block_.bytes_.rows);
  }

  void read_order() {
    block_.sequence_ = cursor_.take_raws(head_.events);
    block_.slots_ = cursor_.take_bytes(head_.slot_bytes);
    const auto origins = cursor_.take_bytes(std::size_t{head_.origins} * sizeof(OriginNumber));
    block_.origins_.resize(origins.size() / sizeof(OriginNumber));
    std::ranges::copy(origins, std::as_writable_bytes(std::span(block_.origins_)).begin());
    count(block_.bytes_.order);
  }

  const RowMask& take_rows() {
    const RowMask& rows = cursor_.take_mask();
    if (rows.none() || !(rows - *block_.persons_).none()) cursor_.fail();
    return rows;
  }

  // Of the rows; how many entries there are in all stands in the last.
  PackedInts take_ends(const RowMask& rows) {
    PackedInts ends = cursor_.take_ints(cursor_.failed() ? 0 : rows.count());
    if (cursor_.failed()) return {};
    const std::int64_t size = ends[ends.size() - 1];
    if (size > head_.events || !are_ends(ends, size)) cursor_.fail();
    return ends;
  }

  static std::size_t last_of(const PackedInts& ends) {
    return ends.size() == 0 ? 0 : static_cast<std::size_t>(ends[ends.size() - 1]);
  }

  void read_events() {
    const auto head = cursor_.take<StreamHead>();
    const base::EventTypeId type{head.id};
    if (!block_.event_types_.empty() && type <= block_.event_types_.back()) cursor_.fail();
    Stream stream;
    stream.rows_ = &take_rows();
    stream.ends_ = take_ends(*stream.rows_);
    const std::size_t size = last_of(stream.ends_);
    count(block_.bytes_.side);
    stream.times_ = cursor_.take_ints(size);
    stream.origins_ = cursor_.take_ints(size);
    count(block_.bytes_.order);
    for (std::uint64_t i = 0; i < head.columns && !cursor_.failed(); ++i) {
      read_column(size, stream);
    }
    count(block_.bytes_.properties);
    if (cursor_.failed()) return;
    block_.event_types_.push_back(type);
    block_.events_.push_back(std::move(stream));
  }

  void read_attribute() {
    const auto head = cursor_.take<StreamHead>();
    const base::AttributeId attribute{head.id};
    if (!block_.attributes_.empty() && attribute <= block_.attributes_.back()) cursor_.fail();
    Stream stream;
    stream.rows_ = &take_rows();
    stream.ends_ = take_ends(*stream.rows_);
    const std::size_t size = last_of(stream.ends_);
    stream.times_ = cursor_.take_ints(size);
    if (head.columns != 1) cursor_.fail();
    read_column(size, stream);
    if (cursor_.failed()) return;
    block_.attributes_.push_back(attribute);
    block_.attribute_streams_.push_back(std::move(stream));
  }

  void read_membership() {
    const auto head = cursor_.take<SpanStreamHead>();
    if (head.kind > static_cast<std::uint64_t>(MembershipKind::identity)) cursor_.fail();
    const MembershipKey key{static_cast<MembershipKind>(head.kind), head.id};
    if (!block_.memberships_.empty() && key <= block_.memberships_.back()) cursor_.fail();
    SpanStream stream;
    stream.rows_ = &take_rows();
    stream.ends_ = take_ends(*stream.rows_);
    stream.from_ = cursor_.take_ints(last_of(stream.ends_));
    stream.lengths_ = cursor_.take_ints(last_of(stream.ends_));
    if (cursor_.failed()) return;
    block_.memberships_.push_back(key);
    block_.membership_streams_.push_back(std::move(stream));
  }

  void read_column(std::size_t entries, Stream& stream) {
    const std::size_t begin = cursor_.at();
    const auto head = cursor_.take<ValueHead>();
    if (head.type >= base::kValueTypeCount) cursor_.fail();
    if (head.dictionary_size > entries || head.numbers > entries) cursor_.fail();
    ValueColumn column;
    column.property_ = {head.property};
    column.type_ = static_cast<base::ValueType>(head.type);
    if (!stream.columns_.empty() && column.property_ <= stream.columns_.back().property_) {
      cursor_.fail();
    }
    if (cursor_.failed()) return;
    if (holds_texts(column.type_)) {
      if (head.numbers != 0) cursor_.fail();
      read_texts(entries, head, column);
    } else {
      if (head.dictionary_size != 0 || head.text_bytes != 0) cursor_.fail();
      read_numbers(entries, head, column);
    }
    column.bytes_ = cursor_.at() - begin;
    if (!cursor_.failed()) stream.columns_.push_back(std::move(column));
  }

  void read_texts(std::size_t entries, const ValueHead& head, ValueColumn& column) {
    column.dictionary_size_ = head.dictionary_size;
    column.codes_ = cursor_.take_raws(entries);
    if (!none_above(column.codes_, head.dictionary_size)) cursor_.fail();
    if (head.dictionary_size == 0) return;
    column.text_ends_ = cursor_.take_ints(head.dictionary_size);
    column.texts_ = cursor_.take_bytes(head.text_bytes);
    std::int64_t before = 0;
    for (std::size_t i = 0; i < column.text_ends_.size(); ++i) {
      const std::int64_t end = column.text_ends_[i];
      if (end < before || end > head.text_bytes) cursor_.fail();
      before = end;
    }
  }

  void read_numbers(std::size_t entries, const ValueHead& head, ValueColumn& column) {
    if (head.numbers == 0) {
      column.codes_ = cursor_.take_ints(entries);
      return;
    }
    column.codes_ = cursor_.take_raws(entries);
    if (!none_above(column.codes_, head.numbers)) cursor_.fail();
    column.numbers_ = cursor_.take_ints(head.numbers);
  }

  // How far the entries of a stream have been named by the sequence.
  struct Named {
    std::size_t row = kBlockRows;
    std::size_t ranks = 0;  // rows begun
    std::uint32_t entries = 0;
    std::uint32_t end = 0;  // of the row's
  };

  // Whether the sequence names in each row each stream as often as it has entries there.
  bool sequence_agrees() const {
    std::vector<Named> named(block_.events_.size());
    for (std::size_t row = 0; row < block_.row_count_; ++row) {
      const auto end = static_cast<std::size_t>(block_.event_begins_[row + 1]);
      for (auto i = static_cast<std::size_t>(block_.event_begins_[row]); i < end; ++i) {
        const std::uint64_t number = block_.sequence_.raw(i);
        if (number >= named.size()) return false;
        Named& stream = named[number];
        if (stream.row != row && !begin_row(block_.events_[number], row, stream)) return false;
        if (++stream.entries > stream.end) return false;
      }
    }
    for (std::size_t number = 0; number < named.size(); ++number) {
      if (named[number].entries != block_.events_[number].size()) return false;
    }
    return true;
  }

  static bool begin_row(const Stream& stream, std::size_t row, Named& named) {
    if (named.entries != named.end || !stream.rows().has(row)) return false;
    if (stream.rows().rank(row) != named.ranks) return false;
    named.row = row;
    named.end = stream.range_of_rank(named.ranks++).end;
    return true;
  }

  ImageCursor cursor_;
  Block& block_;
  BlockHead head_;
  std::size_t counted_ = 0;
};

std::shared_ptr<Block> Block::made(std::span<const std::byte> image,
                                   std::shared_ptr<const void> keeper) {
  CHECK(reinterpret_cast<std::uintptr_t>(image.data()) % kPieceAlignment == 0);
  std::shared_ptr<Block> block(new Block());
  block->image_ = image;
  block->keeper_ = std::move(keeper);
  if (!BlockReader(image, *block).read()) return nullptr;
  return block;
}

std::shared_ptr<const Block> Block::read(std::span<const std::byte> image,
                                         std::shared_ptr<const void> keeper) {
  return made(image, std::move(keeper));
}

std::shared_ptr<const Block> block_of(std::vector<std::byte> image) {
  const auto kept = std::make_shared<const std::vector<std::byte>>(std::move(image));
  const auto block = Block::made(*kept, kept);
  CHECK(block != nullptr);
  block->owns_image_ = true;
  return block;
}

std::shared_ptr<const Block> own_copy(const Block& block) {
  const auto image = block.image();
  return block_of({image.begin(), image.end()});
}

}  // namespace timeline
