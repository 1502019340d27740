#include "timeline/block_state.h"

#include <algorithm>
#include <optional>
#include <ranges>
#include <tuple>

#include "base/check.h"
#include "timeline/property_bytes.h"

namespace timeline {
namespace {

bool is_before(const RowEvent& left, const RowEvent& right) {
  return std::tie(left.time, left.slot) < std::tie(right.time, right.slot);
}

bool names(const Mentions& mentions, const Delta::Entry& entry) {
  if (std::ranges::binary_search(mentions.events, entry.type)) return true;
  switch (entry.changes) {
    case Delta::Changes::nothing:
      return false;
    case Delta::Changes::attribute:
      return std::ranges::binary_search(mentions.attributes, base::AttributeId{entry.changed});
    case Delta::Changes::membership:
      return std::ranges::binary_search(mentions.memberships,
                                        MembershipKey{entry.membership, entry.changed});
  }
  base::unreachable();
}

// By events, and by what is early; without regard to when.
RowMask touched_by(const Delta& delta, const Mentions& mentions) {
  RowMask touched = delta.early();
  for (const base::EventTypeId type : mentions.events) touched |= delta.touched_by(type);
  return touched;
}

// Without regard to which attribute or membership, and when.
RowMask maybe_changed(const Delta& delta, const Mentions& mentions) {
  RowMask maybe;
  if (!mentions.attributes.empty()) maybe |= delta.attribute_changed();
  std::optional<MembershipKind> before;
  for (const MembershipKey& key : mentions.memberships) {
    if (before != key.kind) maybe |= delta.membership_changed(key.kind);
    before = key.kind;
  }
  return maybe;
}

// Values of properties, to make room for: the delta has about as many an event as the base.
std::size_t values_about(const Block& base, const Delta& delta) {
  std::size_t values = 0;
  for (const base::EventTypeId type : base.event_types()) {
    const Stream& stream = *base.events(type);
    values += stream.size() * stream.columns().size();
  }
  const std::size_t events = std::max<std::size_t>(base.event_count(), 1);
  return values + delta.entries() * (values / events + 1);
}

RowEvent event_of(const Delta::Entry& entry, Rows& rows) {
  RowEvent event{entry.type, entry.time, entry.slot, entry.origin, 0, 0};
  event.first_property = static_cast<std::uint32_t>(rows.properties.size());
  if (entry.properties != nullptr) {
    event.property_count =
        static_cast<std::uint32_t>(read_properties(entry.properties, rows.properties));
  }
  return event;
}

}  // namespace

std::size_t BlockState::row_count(Publication publication) const {
  return delta->first_row() + delta->births(publication);
}

bool BlockState::has(std::size_t row, Publication publication) const {
  const bool is_there =
      row < delta->first_row() ? base->persons().has(row) : row < row_count(publication);
  return is_there && !delta->is_ended(row, publication);
}

RowMask BlockState::rows(Publication publication) const {
  RowMask rows = base->persons();
  const std::size_t count = row_count(publication);
  for (std::size_t row = delta->first_row(); row < count; ++row) rows.add(row);
  delta->each_end(publication, [&](std::size_t row) { rows.remove(row); });
  return rows;
}

RowMask BlockState::changed(Publication publication, const Mentions* mentions) const {
  if (hidden != nullptr) return rows(publication);
  RowMask changed = mentions == nullptr ? delta->touched() : touched_by(*delta, *mentions);
  // The delta's sets tell of kinds, not of attributes and memberships one by one, and not when.
  RowMask unsure = mentions == nullptr ? RowMask() : maybe_changed(*delta, *mentions) - changed;
  changed |= unsure;
  // Looked for after the sets: whatever is in them by then is found.
  unsure |= changed & delta->touched_after(publication);
  unsure.each([&](std::size_t row) {
    if (!is_changed_in(row, publication, mentions)) changed.remove(row);
  });
  const std::size_t count = row_count(publication);
  for (std::size_t row = delta->first_row(); row < count; ++row) changed.add(row);
  if (changed.none()) return changed;
  return changed & rows(publication);
}

bool BlockState::is_changed_in(std::size_t row, Publication publication,
                               const Mentions* mentions) const {
  bool changed = false;
  delta->each_of_row(row, publication, [&](const Delta::Entry& entry) {
    changed = changed || mentions == nullptr || names(*mentions, entry) || is_early(entry);
  });
  return changed;
}

bool BlockState::is_early(std::size_t row, base::Moment time) const {
  return row < delta->first_row() && time < base->latest_known_since() &&
         time < base->known_since(row);
}

bool BlockState::hides(OriginNumber origin, Slot slot) const {
  if (hidden == nullptr) return false;
  return std::ranges::any_of(*hidden, [&](const HiddenOrigin& gone) {
    return gone.origin == origin && slot < gone.before;
  });
}

std::int64_t BlockState::count_of(std::span<const OriginNumber> origins) const {
  const auto is_one = [&](OriginNumber origin) {
    return std::ranges::find(origins, origin) != origins.end();
  };
  const RowMask there = rows(kEverything);
  std::int64_t count = 0;
  delta->each(kEverything, [&](const Delta::Entry& entry) {
    if (is_one(entry.origin) && there.has(entry.row) && !hides(entry.origin, entry.slot)) ++count;
  });
  if (!std::ranges::any_of(origins, [&](OriginNumber one) { return base->has_origin(one); })) {
    return count;
  }
  // Whatever the base has came before anything that was hidden: its slots need not be looked at.
  const auto is_new = [&](OriginNumber origin) { return is_one(origin) && !hides(origin, 0); };
  for (const base::EventTypeId type : base->event_types()) {
    const Stream& stream = *base->events(type);
    stream.rows().each([&](std::size_t row) {
      if (!there.has(row)) return;
      const EntryRange range = stream.range(row);
      for (std::uint32_t entry = range.begin; entry < range.end; ++entry) {
        if (is_new(stream.origin(entry))) ++count;
      }
    });
  }
  return count;
}

base::CustomerId BlockState::person(std::size_t row) const {
  return row < delta->first_row() ? base->person(row) : delta->birth(row).person;
}

base::Moment BlockState::created_at(std::size_t row) const {
  return row < delta->first_row() ? base->created_at(row) : delta->birth(row).created_at;
}

std::size_t BlockState::event_count(std::size_t row, Publication publication) const {
  if (hidden != nullptr) {
    Rows read;
    read_row(row, publication, read);
    return read.events.size();
  }
  std::size_t count = row < delta->first_row() ? base->event_count(row) : 0;
  delta->each_of_row(row, publication, [&](const Delta::Entry&) { ++count; });
  return count;
}

bool BlockState::is_changed(std::size_t row, Publication publication) const {
  bool changed = hidden != nullptr || row >= delta->first_row();
  delta->each_of_row(row, publication, [&](const Delta::Entry&) { changed = true; });
  return changed;
}

std::size_t BlockState::waiting() const {
  std::size_t waiting = delta->entries() + delta->births(kEverything);
  if (hidden != nullptr) waiting += base->event_count() + 1;
  delta->each_end(kEverything, [&](std::size_t row) {
    waiting += row < delta->first_row() ? base->event_count(row) + 1 : 1;
  });
  return waiting;
}

void BlockState::read_row(std::size_t row, Publication publication, Rows& to) const {
  if (row < delta->first_row()) {
    base->read_row(row, to);
  } else {
    const Delta::Birth& birth = delta->birth(row);
    to.rows.push_back(
        {birth.person, birth.created_at, static_cast<std::uint32_t>(to.events.size()), 0});
  }
  PersonRow& person = to.rows.back();
  if (hidden != nullptr) {
    const auto begin = to.events.begin() + person.first_event;
    const auto is_hidden = [this](const RowEvent& event) {
      return hides(event.origin, event.slot);
    };
    to.events.erase(std::remove_if(begin, to.events.end(), is_hidden), to.events.end());
  }
  const auto arrived = static_cast<std::ptrdiff_t>(to.events.size());
  read_arrived(row, publication, to);
  const auto begin = to.events.begin() + person.first_event;
  person.event_count = static_cast<std::uint32_t>(to.events.end() - begin);
  std::inplace_merge(begin, to.events.begin() + arrived, to.events.end(), is_before);
}

void BlockState::read_arrived(std::size_t row, Publication publication, Rows& to) const {
  const auto first = static_cast<std::ptrdiff_t>(to.events.size());
  delta->each_of_row(row, publication, [&](const Delta::Entry& entry) {
    if (!hides(entry.origin, entry.slot)) to.events.push_back(event_of(entry, to));
  });
  std::sort(to.events.begin() + first, to.events.end(), is_before);
}

void BlockState::read_slots_at(std::size_t row, const Pin::At& at, std::vector<Slot>& slots) const {
  const Stream* stream = row < delta->first_row() ? base->events(at.type) : nullptr;
  if (stream == nullptr) return;
  const EntryRange all = stream->range(row);
  const auto entries = std::views::iota(all.begin, all.end);
  const auto time = [&](std::uint32_t entry) { return stream->time(entry); };
  const auto found = std::ranges::equal_range(entries, at.time, {}, time);
  if (found.empty()) return;
  // Which of the row's events they are: the numbers of its name, in order.
  const auto types = base->event_types();
  const auto number = std::ranges::lower_bound(types, at.type) - types.begin();
  std::vector<std::uint32_t> streams;
  std::vector<Slot> all_slots;
  base->read_sequence(row, streams);
  base->read_slots(row, all_slots);
  std::uint32_t entry = all.begin;
  for (std::size_t i = 0; i < streams.size(); ++i) {
    if (streams[i] != static_cast<std::uint32_t>(number)) continue;
    const bool is_one = entry >= found.front() && entry <= found.back();
    if (is_one && !hides(stream->origin(entry), all_slots[i])) slots.push_back(all_slots[i]);
    ++entry;
  }
}

Rows BlockState::read_all(Publication publication, bool rows_are_final) const {
  Rows all;
  all.rows.reserve(row_count(publication));
  all.events.reserve(base->event_count() + delta->entries());
  all.properties.reserve(values_about(*base, *delta));
  const RowMask there = rows(publication);
  std::size_t count = row_count(publication);
  if (rows_are_final) {
    while (count > 0 && !there.has(count - 1)) --count;
  }
  for (std::size_t row = 0; row < count; ++row) {
    if (there.has(row)) {
      read_row(row, publication, all);
    } else {
      all.rows.push_back({{}, base::kMomentMax, static_cast<std::uint32_t>(all.events.size()), 0});
    }
  }
  return all;
}

}  // namespace timeline
