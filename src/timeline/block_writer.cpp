#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>
#include <numeric>
#include <utility>

#include "base/check.h"
#include "timeline/block.h"
#include "timeline/block_changes.h"
#include "timeline/block_image.h"
#include "timeline/stream_rows.h"
#include "timeline/value_column.h"
#include "timeline/varint.h"

namespace timeline {
namespace {

using Ints = std::vector<std::int64_t>;

// The known values of a stream, in one column for each property.
class StreamColumns {
 public:
  void add(std::uint32_t entry, const event_log::KnownProperty& property) {
    column_of(property).add(entry, property.value);
  }
  std::size_t size() const { return columns_.size(); }
  void write(std::size_t entries, ImageWriter& image) {
    std::ranges::sort(columns_, {}, &PendingValues::property);
    for (const PendingValues& column : columns_) column.write(entries, image);
  }

 private:
  // Events of a name mostly have the same properties in the same order: the column wanted is the
  // one after the last.
  PendingValues& column_of(const event_log::KnownProperty& property) {
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      last_ = last_ + 1 < columns_.size() ? last_ + 1 : 0;
      if (columns_[last_].property() == property.id) return columns_[last_];
    }
    last_ = columns_.size();
    return columns_.emplace_back(property.id, base::type_of(property.value));
  }

  std::vector<PendingValues> columns_;
  std::size_t last_ = 0;
};

class BlockWriter {
 public:
  BlockWriter(const Rows& rows, const ChangeTypes& changes) : rows_(rows) {
    CHECK(rows.rows.size() <= kBlockRows);
    list_events();
    sort_streams();
    group_events();
    collect_changes(changes);
    encode_slots();
  }

  std::vector<std::byte> write() {
    ImageWriter image;
    write_rows(image);
    image.put_ints(sequence_);
    image.put_bytes(slots_);
    write_origins(image);
    for (std::size_t stream = 0; stream < types_.size(); ++stream) write_stream(stream, image);
    block_changes_.write(image);
    return image.finish();
  }

 private:
  void list_events();
  void sort_streams();
  void group_events();
  void collect_changes(const ChangeTypes& changes);
  void encode_slots();
  void write_rows(ImageWriter& image) const;
  void write_origins(ImageWriter& image) const;
  void write_stream(std::size_t stream, ImageWriter& image);

  std::span<const RowEvent> events_of(const PersonRow& row) const {
    CHECK(row.first_event <= rows_.events.size());
    CHECK(row.event_count <= rows_.events.size() - row.first_event);
    CHECK(row.person || row.event_count == 0);
    return std::span(rows_.events).subspan(row.first_event, row.event_count);
  }
  std::span<const event_log::KnownProperty> properties_of(const RowEvent& event) const {
    CHECK(event.first_property <= rows_.properties.size());
    CHECK(event.property_count <= rows_.properties.size() - event.first_property);
    return std::span(rows_.properties).subspan(event.first_property, event.property_count);
  }

  const Rows& rows_;
  // Of every event, row after row.
  std::vector<const RowEvent*> events_;
  std::vector<std::uint16_t> row_of_event_;
  Ints sequence_;

  std::vector<base::EventTypeId> types_;  // of each stream
  std::vector<StreamColumns> columns_;    // the same
  std::vector<std::uint32_t> ends_;       // of each stream's part of grouped_
  std::vector<std::uint32_t> grouped_;    // the events of the first stream, of the second …
  std::vector<OriginNumber> origins_;     // ascending

  std::vector<std::byte> slots_;
  Ints slot_begins_ = {0};
  Slot last_slot_ = 0;
  BlockChanges block_changes_;
};

// Numbers the event names as they come, counts the events of each in ends_ and takes their values:
// in the one pass over the properties, which are too many to stay in the cache.
void BlockWriter::list_events() {
  boost::unordered_flat_map<std::int64_t, std::uint32_t> numbers;
  boost::unordered_flat_set<OriginNumber> origins;
  events_.reserve(rows_.events.size());
  row_of_event_.reserve(rows_.events.size());
  sequence_.reserve(rows_.events.size());
  slots_.reserve(2 * rows_.events.size());
  for (std::size_t row = 0; row < rows_.rows.size(); ++row) {
    for (const RowEvent& event : events_of(rows_.rows[row])) {
      const auto [at, added] =
          numbers.try_emplace(event.type.value, static_cast<std::uint32_t>(types_.size()));
      if (added) {
        types_.push_back(event.type);
        ends_.push_back(0);
        columns_.emplace_back();
      }
      const std::uint32_t entry = ends_[at->second]++;
      for (const auto& property : properties_of(event)) columns_[at->second].add(entry, property);
      events_.push_back(&event);
      row_of_event_.push_back(static_cast<std::uint16_t>(row));
      sequence_.push_back(at->second);
      if (origins.insert(event.origin).second) origins_.push_back(event.origin);
    }
  }
  std::ranges::sort(origins_);
}

// Numbers them again, by id.
void BlockWriter::sort_streams() {
  std::vector<std::uint32_t> by_id(types_.size());
  std::iota(by_id.begin(), by_id.end(), std::uint32_t{0});
  std::ranges::sort(by_id, {}, [this](std::uint32_t stream) { return types_[stream]; });
  std::vector<std::uint32_t> numbers(types_.size());
  std::vector<std::uint32_t> counts;
  std::vector<StreamColumns> columns;
  for (std::uint32_t stream = 0; stream < by_id.size(); ++stream) {
    numbers[by_id[stream]] = stream;
    counts.push_back(ends_[by_id[stream]]);
    columns.push_back(std::move(columns_[by_id[stream]]));
  }
  std::ranges::sort(types_);
  ends_ = std::move(counts);
  columns_ = std::move(columns);
  for (std::int64_t& stream : sequence_) stream = numbers[static_cast<std::size_t>(stream)];
}

void BlockWriter::group_events() {
  std::uint32_t end = 0;
  for (std::uint32_t& count : ends_) end += std::exchange(count, end);
  // Where each stream begins; what is put there moves it to its end.
  grouped_.resize(events_.size());
  for (std::uint32_t event = 0; event < events_.size(); ++event) {
    grouped_[ends_[static_cast<std::size_t>(sequence_[event])]++] = event;
  }
}

void BlockWriter::collect_changes(const ChangeTypes& changes) {
  std::vector<bool> is_change;
  for (const base::EventTypeId type : types_) is_change.push_back(changes.is_change(type));
  for (std::size_t i = 0; i < events_.size(); ++i) {
    if (!is_change[static_cast<std::size_t>(sequence_[i])]) continue;
    const RowEvent& event = *events_[i];
    if (auto change = changes.change_of(event.type, properties_of(event))) {
      block_changes_.add(row_of_event_[i], event.time, std::move(*change));
    }
  }
  block_changes_.derive(changes);
}

void BlockWriter::encode_slots() {
  for (const PersonRow& row : rows_.rows) {
    const RowEvent* last = nullptr;
    for (const RowEvent& event : events_of(row)) {
      if (last == nullptr) {
        append_varint(event.slot, slots_);
      } else {
        CHECK(std::pair(last->time, last->slot) <= std::pair(event.time, event.slot));
        append_varint(difference(last->slot, event.slot), slots_);
      }
      last = &event;
      last_slot_ = std::max(last_slot_, event.slot);
    }
    slot_begins_.push_back(static_cast<std::int64_t>(slots_.size()));
  }
}

// Unknown moments are packed as raw 0.
void write_moments(const std::vector<base::Moment>& moments, ImageWriter& image) {
  Ints known;
  for (const base::Moment moment : moments) {
    if (moment != base::kMomentMax) known.push_back(moment.ms);
  }
  const auto form = packed_form_above_zero(known, moments.size());
  CHECK(form.has_value());  // a person's times are not 2^64 ms apart
  Ints values;
  for (const base::Moment moment : moments) {
    values.push_back(moment == base::kMomentMax ? form->base : moment.ms);
  }
  image.put_ints(*form, values);
}

void BlockWriter::write_rows(ImageWriter& image) const {
  RowMask persons;
  Ints people;
  Ints event_begins = {0};
  std::vector<base::Moment> created;
  std::vector<base::Moment> known_since;
  base::Moment latest = base::kMomentMin;
  for (std::size_t i = 0; i < rows_.rows.size(); ++i) {
    const PersonRow& row = rows_.rows[i];
    const auto events = events_of(row);
    people.push_back(row.person.value);
    event_begins.push_back(event_begins.back() + static_cast<std::int64_t>(events.size()));
    created.push_back(row.created_at);
    known_since.push_back(events.empty() ? row.created_at
                                         : std::min(row.created_at, events.front().time));
    if (!row.person) continue;
    persons.add(i);
    latest = std::max(latest, known_since.back());
  }
  image.put(
      BlockHead{.rows = static_cast<std::uint32_t>(rows_.rows.size()),
                .events = static_cast<std::uint32_t>(events_.size()),
                .event_streams = static_cast<std::uint32_t>(types_.size()),
                .attribute_streams = static_cast<std::uint32_t>(block_changes_.attributes()),
                .membership_streams = static_cast<std::uint32_t>(block_changes_.memberships()),
                .origins = static_cast<std::uint32_t>(origins_.size()),
                .slot_bytes = static_cast<std::uint32_t>(slots_.size()),
                .last_slot = last_slot_,
                .latest_known_since = latest.ms});
  image.put(persons);
  image.put_ints(people);
  write_moments(created, image);
  write_moments(known_since, image);
  image.put_ints(event_begins);
  image.put_ints(slot_begins_);
}

void BlockWriter::write_origins(ImageWriter& image) const {
  image.put_bytes(std::as_bytes(std::span(origins_)));
}

void BlockWriter::write_stream(std::size_t stream, ImageWriter& image) {
  const std::uint32_t begin = stream == 0 ? 0 : ends_[stream - 1];
  const std::uint32_t size = ends_[stream] - begin;
  StreamRows rows;
  Ints times(size);
  Ints origins(size);
  for (std::uint32_t entry = 0; entry < size; ++entry) {
    const std::uint32_t at = grouped_[begin + entry];
    const RowEvent& event = *events_[at];
    rows.add_entry(row_of_event_[at]);
    times[entry] = event.time.ms;
    origins[entry] = event.origin;
  }
  image.put(StreamHead{.id = types_[stream].value, .columns = columns_[stream].size()});
  rows.write(image);
  image.put_ints(times);
  image.put_ints(origins);
  columns_[stream].write(size, image);
}

}  // namespace

std::vector<std::byte> write_block(const Rows& rows, const ChangeTypes& changes) {
  return BlockWriter(rows, changes).write();
}

std::shared_ptr<const Block> make_block(const Rows& rows, const ChangeTypes& changes) {
  return block_of(write_block(rows, changes));
}

}  // namespace timeline
