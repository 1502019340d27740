#include "timeline/block_changes.h"

#include <algorithm>
#include <utility>

#include "timeline/value_column.h"

namespace timeline {
namespace {

// Calls `visit(begin, end)` for each run of entries that are equal by `key`.
template <typename Entry, typename Key, typename Visit>
void each_run(std::span<Entry> entries, Key key, Visit visit) {
  for (std::size_t begin = 0, end = 0; begin < entries.size(); begin = end) {
    while (end < entries.size() && key(entries[end]) == key(entries[begin])) ++end;
    visit(entries.subspan(begin, end - begin));
  }
}

}  // namespace

void BlockChanges::add(std::uint32_t row, base::Moment time, Change change) {
  if (change.kind == ChangeKind::attribute) {
    attribute_entries_.push_back({change.attribute, row, {time, std::move(change.value)}});
  } else {
    membership_entries_.push_back({change.membership, row, {time, change.kind == ChangeKind::on}});
  }
}

void BlockChanges::derive(const ChangeTypes& types) {
  std::ranges::stable_sort(attribute_entries_, {}, &AttributeEntry::attribute);
  const auto attribute_row = [](const AttributeEntry& entry) {
    return std::pair(entry.attribute, entry.row);
  };
  std::vector<AttributeChange> changes;  // of one attribute and row
  each_run(std::span(attribute_entries_), attribute_row, [&](std::span<AttributeEntry> entries) {
    const base::AttributeId attribute = entries.front().attribute;
    if (attribute_streams_.empty() || attribute_streams_.back().attribute != attribute) {
      const auto type = types.type_of(attribute).value_or(base::ValueType::text);
      attribute_streams_.push_back({attribute, type, {}, {}});
    }
    changes.clear();
    for (AttributeEntry& entry : entries) changes.push_back(std::move(entry.change));
    changes.resize(keep_last_of_each_moment(changes));
    AttributeStream& stream = attribute_streams_.back();
    for (AttributeChange& change : changes) {
      stream.rows.add_entry(entries.front().row);
      stream.changes.push_back(std::move(change));
    }
  });
  attribute_entries_.clear();

  std::ranges::stable_sort(membership_entries_, {}, &MembershipEntry::key);
  const auto membership_row = [](const MembershipEntry& entry) {
    return std::pair(entry.key, entry.row);
  };
  std::vector<Switch> switches;
  each_run(std::span(membership_entries_), membership_row, [&](std::span<MembershipEntry> entries) {
    const MembershipKey key = entries.front().key;
    switches.clear();
    for (const MembershipEntry& entry : entries) switches.push_back(entry.change);
    for (const Span& span : spans_of(key.kind, switches)) {
      if (membership_streams_.empty() || membership_streams_.back().key != key) {
        membership_streams_.push_back({key, {}, {}});
      }
      membership_streams_.back().rows.add_entry(entries.front().row);
      membership_streams_.back().spans.push_back(span);
    }
  });
  membership_entries_.clear();
}

void BlockChanges::write(ImageWriter& image) const {
  for (const AttributeStream& stream : attribute_streams_) write(stream, image);
  for (const MembershipStream& stream : membership_streams_) write(stream, image);
}

void BlockChanges::write(const AttributeStream& stream, ImageWriter& image) {
  std::vector<std::int64_t> times;
  PendingValues values({}, stream.type);
  for (std::uint32_t entry = 0; entry < stream.changes.size(); ++entry) {
    const AttributeChange& change = stream.changes[entry];
    times.push_back(change.since.ms);
    if (change.value) values.add(entry, *change.value);
  }
  image.put(StreamHead{.id = stream.attribute.value, .columns = 1});
  stream.rows.write(image);
  image.put_ints(times);
  values.write(stream.changes.size(), image);
}

void BlockChanges::write(const MembershipStream& stream, ImageWriter& image) {
  std::vector<std::int64_t> from;
  std::vector<std::int64_t> lengths;
  for (const Span& span : stream.spans) {
    from.push_back(span.from.ms);
    const std::uint64_t length =
        static_cast<std::uint64_t>(span.to.ms) - static_cast<std::uint64_t>(span.from.ms);
    lengths.push_back(span.to == base::kMomentMax ? 0 : static_cast<std::int64_t>(length));
  }
  image.put(
      SpanStreamHead{.id = stream.key.id, .kind = static_cast<std::uint64_t>(stream.key.kind)});
  stream.rows.write(image);
  image.put_ints(from);
  image.put_ints(lengths);
}

}  // namespace timeline
