#include "timeline/block_state.h"

#include <algorithm>
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
  RowMask changed;
  const std::size_t first_row = delta->first_row();
  const base::Moment latest = base->latest_known_since();
  delta->each(publication, [&](const Delta::Entry& entry) {
    const bool counts =
        mentions == nullptr || names(*mentions, entry) ||
        (entry.time < latest && entry.row < first_row && entry.time < base->known_since(entry.row));
    if (counts) changed.add(entry.row);
  });
  const std::size_t count = row_count(publication);
  for (std::size_t row = first_row; row < count; ++row) changed.add(row);
  if (changed.none()) return changed;
  return changed & rows(publication);
}

base::CustomerId BlockState::person(std::size_t row) const {
  return row < delta->first_row() ? base->person(row) : delta->birth(row).person;
}

base::Moment BlockState::created_at(std::size_t row) const {
  return row < delta->first_row() ? base->created_at(row) : delta->birth(row).created_at;
}

std::size_t BlockState::event_count(std::size_t row, Publication publication) const {
  std::size_t count = row < delta->first_row() ? base->event_count(row) : 0;
  delta->each_of_row(row, publication, [&](const Delta::Entry&) { ++count; });
  return count;
}

bool BlockState::is_changed(std::size_t row, Publication publication) const {
  bool changed = row >= delta->first_row();
  delta->each_of_row(row, publication, [&](const Delta::Entry&) { changed = true; });
  return changed;
}

std::size_t BlockState::waiting() const {
  std::size_t waiting = delta->entries() + delta->births(kEverything);
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
  const auto arrived = static_cast<std::ptrdiff_t>(to.events.size());
  read_arrived(row, publication, to);
  const auto begin = to.events.begin() + person.first_event;
  person.event_count = static_cast<std::uint32_t>(to.events.end() - begin);
  std::inplace_merge(begin, to.events.begin() + arrived, to.events.end(), is_before);
}

void BlockState::read_arrived(std::size_t row, Publication publication, Rows& to) const {
  const auto first = static_cast<std::ptrdiff_t>(to.events.size());
  delta->each_of_row(row, publication,
                     [&](const Delta::Entry& entry) { to.events.push_back(event_of(entry, to)); });
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
    if (entry >= found.front() && entry <= found.back()) slots.push_back(all_slots[i]);
    ++entry;
  }
}

Rows BlockState::read_all(Publication publication) const {
  Rows all;
  const RowMask there = rows(publication);
  const std::size_t count = row_count(publication);
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
