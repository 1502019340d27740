#include "timeline/block.h"

#include <algorithm>

#include "base/check.h"
#include "timeline/varint.h"

namespace timeline {
namespace {

EntryRange range_in(const PackedInts& ends, std::size_t rank) {
  return {rank == 0 ? 0 : static_cast<std::uint32_t>(ends[rank - 1]),
          static_cast<std::uint32_t>(ends[rank])};
}

std::string text_in(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// Ends early where the bytes make no sense.
base::TextList list_in(std::span<const std::byte> bytes) {
  base::TextList list;
  auto at = bytes.begin();
  while (at != bytes.end()) {
    const auto size = read_varint(at, bytes.end());
    const auto left = static_cast<std::size_t>(bytes.end() - at);
    if (!size || *size > left) break;
    list.push_back(text_in(bytes.last(left).first(*size)));
    at += static_cast<std::ptrdiff_t>(*size);
  }
  return list;
}

base::Date date_of(std::int64_t number) {
  return {static_cast<std::int16_t>(number >> 9), static_cast<std::uint8_t>(number >> 5 & 15),
          static_cast<std::uint8_t>(number & 31)};
}

// The element of `values` at the place of `key` in `keys`, which are sorted; null: not there.
template <typename Key, typename Value>
const Value* find_sorted(std::span<const Key> keys, std::span<const Value> values, Key key) {
  const auto at = std::ranges::lower_bound(keys, key);
  if (at == keys.end() || *at != key) return nullptr;
  return &values[static_cast<std::size_t>(at - keys.begin())];
}

}  // namespace

base::Value ValueColumn::value_of(std::uint64_t code) const {
  CHECK(code != 0);
  switch (type_) {
    case base::ValueType::integer:
      return number_of(code);
    case base::ValueType::decimal:
      return base::Decimal{number_of(code)};
    case base::ValueType::money:
      return base::Money{number_of(code)};
    case base::ValueType::boolean:
      return number_of(code) != 0;
    case base::ValueType::time:
      return base::Moment{number_of(code)};
    case base::ValueType::date:
      return date_of(number_of(code));
    case base::ValueType::text:
    case base::ValueType::text_list:
      break;
  }
  CHECK(code <= dictionary_size_);
  const auto begin = code == 1 ? 0 : static_cast<std::size_t>(text_ends_[code - 2]);
  const auto bytes = texts_.subspan(begin, static_cast<std::size_t>(text_ends_[code - 1]) - begin);
  if (type_ == base::ValueType::text) return text_in(bytes);
  return list_in(bytes);
}

std::uint64_t ValueColumn::code_at_least(std::int64_t number) const {
  if (numbers_.size() > 0) {
    std::size_t begin = 0;
    for (std::size_t end = numbers_.size(); begin < end;) {
      const std::size_t middle = (begin + end) / 2;
      if (numbers_[middle] < number) {
        begin = middle + 1;
      } else {
        end = middle;
      }
    }
    return begin + 1;
  }
  const std::int64_t least = number_of(1);
  if (number <= least) return 1;
  const std::uint64_t above =
      static_cast<std::uint64_t>(number) - static_cast<std::uint64_t>(least);
  const auto scale = static_cast<std::uint64_t>(codes_.form().scale);
  const std::uint64_t steps = above / scale + (above % scale == 0 ? 0 : 1);
  return steps == UINT64_MAX ? steps : steps + 1;  // no code is as great (packed_form_above_zero)
}

EntryRange Stream::range(std::size_t row) const {
  return rows_->has(row) ? range_in(ends_, rows_->rank(row)) : EntryRange{};
}

EntryRange Stream::range_of_rank(std::size_t rank) const { return range_in(ends_, rank); }

const ValueColumn* Stream::column(base::PropertyId property) const {
  const auto at = std::ranges::lower_bound(columns_, property, {}, &ValueColumn::property);
  return at != columns_.end() && at->property() == property ? &*at : nullptr;
}

EntryRange SpanStream::range(std::size_t row) const {
  return rows_->has(row) ? range_in(ends_, rows_->rank(row)) : EntryRange{};
}

Span SpanStream::span(std::uint32_t entry) const {
  const std::int64_t from = from_[entry];
  const std::int64_t length = lengths_[entry];
  if (length == 0) return {{from}, base::kMomentMax};
  return {{from},
          {static_cast<std::int64_t>(static_cast<std::uint64_t>(from) +
                                     static_cast<std::uint64_t>(length))}};
}

bool SpanStream::holds(std::size_t row, base::Moment at) const {
  const EntryRange entries = range(row);
  for (std::uint32_t entry = entries.begin; entry < entries.end; ++entry) {
    const Span here = span(entry);
    if (here.from > at) return false;
    if (at < here.to) return true;
  }
  return false;
}

RowMask SpanStream::holding(base::Moment at) const {
  RowMask held;
  std::uint32_t entry = 0;
  std::size_t rank = 0;
  rows_->each([&](std::size_t row) {
    const std::uint32_t end = range_in(ends_, rank++).end;
    for (; entry < end; ++entry) {
      const Span here = span(entry);
      if (here.from <= at && at < here.to) held.add(row);
    }
  });
  return held;
}

base::Moment Block::created_at(std::size_t row) const {
  return created_.raw(row) == 0 ? base::kMomentMax : base::Moment{created_[row]};
}

base::Moment Block::known_since(std::size_t row) const {
  return known_since_.raw(row) == 0 ? base::kMomentMax : base::Moment{known_since_[row]};
}

std::uint32_t Block::event_count(std::size_t row) const {
  return static_cast<std::uint32_t>(event_begins_[row + 1] - event_begins_[row]);
}

const Stream* Block::events(base::EventTypeId type) const {
  return find_sorted(event_types(), std::span<const Stream>(events_), type);
}

const Stream* Block::attribute(base::AttributeId attribute) const {
  return find_sorted(attributes(), std::span<const Stream>(attribute_streams_), attribute);
}

const SpanStream* Block::membership(MembershipKey key) const {
  return find_sorted(memberships(), std::span<const SpanStream>(membership_streams_), key);
}

void Block::read_sequence(std::size_t row, std::vector<std::uint32_t>& streams) const {
  const auto begin = static_cast<std::size_t>(event_begins_[row]);
  const std::uint32_t count = event_count(row);
  streams.reserve(streams.size() + count);
  for (std::size_t i = begin; i < begin + count; ++i) {
    streams.push_back(static_cast<std::uint32_t>(sequence_.raw(i)));
  }
}

void Block::read_slots(std::size_t row, std::vector<Slot>& slots) const {
  const auto begin = static_cast<std::size_t>(slot_begins_[row]);
  const auto end = static_cast<std::size_t>(slot_begins_[row + 1]);
  const auto bytes = slots_.subspan(begin, end - begin);
  auto at = bytes.begin();
  std::int64_t slot = 0;
  for (std::uint32_t i = 0; i < event_count(row); ++i) {
    const std::uint64_t number = read_varint(at, bytes.end()).value_or(0);
    slot = i == 0 ? static_cast<std::int64_t>(number) : apply_difference(slot, number);
    slots.push_back(static_cast<Slot>(slot));
  }
}

void Block::read_row(std::size_t row, Rows& rows) const {
  std::vector<std::uint32_t> streams;
  std::vector<Slot> slots;
  read_sequence(row, streams);
  read_slots(row, slots);
  rows.rows.push_back({person(row), created_at(row), static_cast<std::uint32_t>(rows.events.size()),
                       event_count(row)});
  constexpr std::uint32_t kNotBegun = UINT32_MAX;
  std::vector<std::uint32_t> next(events_.size(), kNotBegun);  // entry of each stream
  for (std::size_t i = 0; i < streams.size(); ++i) {
    const Stream& stream = events_[streams[i]];
    std::uint32_t& entry = next[streams[i]];
    if (entry == kNotBegun) entry = stream.range(row).begin;
    const auto first = static_cast<std::uint32_t>(rows.properties.size());
    for (const ValueColumn& column : stream.columns()) {
      if (const std::uint64_t code = column.code(entry); code != 0) {
        rows.properties.push_back({column.property(), column.value_of(code)});
      }
    }
    rows.events.push_back({event_types_[streams[i]], stream.time(entry), slots[i],
                           stream.origin(entry), first,
                           static_cast<std::uint32_t>(rows.properties.size()) - first});
    ++entry;
  }
}

bool Block::has_origin(OriginNumber origin) const {
  return std::ranges::binary_search(origins_, origin);
}

}  // namespace timeline
