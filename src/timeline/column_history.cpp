#include "timeline/column_history.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <deque>
#include <utility>
#include <vector>

#include "base/check.h"

namespace timeline {
namespace {

// Numbers codes from 1 on as they come.
class CodeNumbers {
 public:
  // At most so many different codes.
  explicit CodeNumbers(std::size_t codes_max)
      : shift_(64 - static_cast<unsigned>(std::bit_width(2 * codes_max))),
        places_(std::size_t{1} << (64 - shift_)) {}

  // Requires a code other than 0.
  std::uint32_t of(std::uint64_t code) {
    constexpr std::uint64_t kSpread = 0x9e37'79b9'7f4a'7c15;  // 2^64 by the golden ratio
    std::size_t at = (code * kSpread) >> shift_;
    while (places_[at].code != code) {
      if (places_[at].code == 0) {
        places_[at] = {code, ++numbers_};
        break;
      }
      at = (at + 1) & (places_.size() - 1);
    }
    return places_[at].number;
  }

 private:
  struct Place {
    std::uint64_t code = 0;  // 0: open
    std::uint32_t number = 0;
  };
  unsigned shift_;
  std::vector<Place> places_;
  std::uint32_t numbers_ = 0;
};

class ColumnHistory final : public History {
 public:
  ColumnHistory(std::shared_ptr<const Block> block, std::size_t row,
                std::shared_ptr<const Origins> origins)
      : block_(std::move(block)), row_(row), origins_(std::move(origins)) {
    CHECK(block_->persons().has(row));
  }

  base::CustomerId customer() const override { return block_->person(row_); }
  base::Moment known_since() const override { return block_->known_since(row_); }

  std::span<const EventAt> events(base::EventTypeId type) const override {
    const auto types = block_->event_types();
    const auto at = std::ranges::lower_bound(types, type);
    if (at == types.end() || *at != type) return {};
    return decoded(static_cast<std::uint32_t>(at - types.begin())).events;
  }

  const base::Value* property(std::uint32_t order, base::PropertyId property) const override {
    DecodedStream& stream = decoded(stream_of(order));
    DecodedColumn* column = decoded_column(stream, property);
    if (column == nullptr) return nullptr;
    const std::uint32_t entry = entries_[order];
    std::uint32_t& place = column->places[entry - stream.range.begin];
    if (place == kNotDecoded) {
      const std::uint64_t code = column->column->code(entry);
      place = code == 0 ? kUnknown : keep(column->column->value_of(code));
    }
    return place == kUnknown ? nullptr : &values_[place];
  }

  // Codes are equal exactly where the values are; they only have to be made small.
  std::vector<std::uint32_t> value_numbers(base::EventTypeId type, base::PropertyId property,
                                           std::size_t first) const override {
    const std::size_t count = events(type).size() - first;
    std::vector<std::uint32_t> numbers(count, 0);
    const Stream* stream = block_->events(type);
    const ValueColumn* column = stream == nullptr ? nullptr : stream->column(property);
    if (column == nullptr || count == 0) return numbers;
    std::vector<std::uint64_t> codes(count);
    column->read_codes(stream->range(row_).begin + static_cast<std::uint32_t>(first), codes);
    CodeNumbers known(count);
    for (std::size_t i = 0; i < count; ++i) numbers[i] = codes[i] == 0 ? 0 : known.of(codes[i]);
    return numbers;
  }

  std::string_view source(std::uint32_t order) const override {
    const DecodedStream& stream = decoded(stream_of(order));
    return origins_->source_name(stream.stream->origin(entries_[order]));
  }

  std::span<const AttributeChange> attribute(base::AttributeId attribute) const override {
    const auto known = std::ranges::find(attributes_, attribute, &DecodedAttribute::id);
    if (known != attributes_.end()) return known->changes;
    DecodedAttribute decoded{attribute, {}};
    if (const Stream* stream = block_->attribute(attribute)) {
      const EntryRange range = stream->range(row_);
      const ValueColumn& values = stream->columns().front();
      for (std::uint32_t entry = range.begin; entry < range.end; ++entry) {
        AttributeChange& change = decoded.changes.emplace_back();
        change.since = stream->time(entry);
        if (const std::uint64_t code = values.code(entry); code != 0) {
          change.value = values.value_of(code);
        }
      }
    }
    return attributes_.emplace_back(std::move(decoded)).changes;
  }

  std::span<const Span> membership(MembershipKey key) const override {
    const auto known = std::ranges::find(memberships_, key, &DecodedMembership::key);
    if (known != memberships_.end()) return known->spans;
    DecodedMembership decoded{key, {}};
    if (const SpanStream* stream = block_->membership(key)) {
      const EntryRange range = stream->range(row_);
      for (std::uint32_t entry = range.begin; entry < range.end; ++entry) {
        decoded.spans.push_back(stream->span(entry));
      }
    }
    return memberships_.emplace_back(std::move(decoded)).spans;
  }

 private:
  static constexpr std::uint32_t kNotDecoded = 0;
  static constexpr std::uint32_t kUnknown = UINT32_MAX;

  struct DecodedColumn {
    const ValueColumn* column = nullptr;
    std::vector<std::uint32_t> places;  // in values_, by entry of the row
  };
  struct DecodedStream {
    std::uint32_t number = 0;  // in event_types()
    const Stream* stream = nullptr;
    EntryRange range;
    std::vector<EventAt> events;
    std::vector<DecodedColumn> columns;
  };
  struct DecodedAttribute {
    base::AttributeId id;
    std::vector<AttributeChange> changes;
  };
  struct DecodedMembership {
    MembershipKey key;
    std::vector<Span> spans;
  };

  void read_sequence() const {
    if (!sequence_.empty()) return;
    block_->read_sequence(row_, sequence_);
    entries_.resize(sequence_.size());
  }

  std::uint32_t stream_of(std::uint32_t order) const {
    read_sequence();
    CHECK(order < sequence_.size());
    return sequence_[order];
  }

  // What it answers stays where it is.
  DecodedStream& decoded(std::uint32_t number) const {
    const auto known = std::ranges::find(streams_, number, &DecodedStream::number);
    if (known != streams_.end()) return *known;
    const Stream* stream = block_->events(block_->event_types()[number]);
    DecodedStream& made = streams_.emplace_back();
    made.number = number;
    made.stream = stream;
    made.range = stream->range(row_);
    if (made.range.empty()) return made;
    read_sequence();
    made.events.reserve(made.range.size());
    std::uint32_t entry = made.range.begin;
    for (std::uint32_t order = 0; entry < made.range.end; ++order) {
      if (sequence_[order] != number) continue;
      made.events.push_back({stream->time(entry), order});
      entries_[order] = entry++;
    }
    return made;
  }

  // Null: no event of the block has the property.
  static DecodedColumn* decoded_column(DecodedStream& stream, base::PropertyId property) {
    for (DecodedColumn& column : stream.columns) {
      if (column.column->property() == property) return &column;
    }
    const ValueColumn* column = stream.stream->column(property);
    if (column == nullptr) return nullptr;
    stream.columns.push_back({column, std::vector(stream.range.size(), kNotDecoded)});
    return &stream.columns.back();
  }

  std::uint32_t keep(base::Value value) const {
    values_.push_back(std::move(value));
    return static_cast<std::uint32_t>(values_.size() - 1);
  }

  std::shared_ptr<const Block> block_;
  std::size_t row_;
  std::shared_ptr<const Origins> origins_;
  // What has been decoded. Deques: others point into them.
  mutable std::vector<std::uint32_t> sequence_;  // by order: the number of the stream
  mutable std::vector<std::uint32_t> entries_;   // by order: the entry, once its stream is decoded
  mutable std::deque<DecodedStream> streams_;
  mutable std::deque<DecodedAttribute> attributes_;
  mutable std::deque<DecodedMembership> memberships_;
  mutable std::deque<base::Value> values_ = std::deque<base::Value>(1);  // place 0 is not used
};

}  // namespace

std::unique_ptr<History> history_of(std::shared_ptr<const Block> block, std::size_t row,
                                    std::shared_ptr<const Origins> origins) {
  return std::make_unique<ColumnHistory>(std::move(block), row, std::move(origins));
}

}  // namespace timeline
