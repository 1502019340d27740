#include "timeline/pinned_rows.h"

#include <algorithm>
#include <cstdint>
#include <set>

namespace timeline {

std::vector<event_log::RowPlace> PinnedRows::rows_of(
    std::span<const base::CustomerId> customers, std::span<const base::EventTypeId> types) const {
  std::set<std::pair<std::uint32_t, std::uint32_t>> persons;
  for (const base::CustomerId customer : customers) {
    if (const auto place = pin_.place_of(customer)) persons.emplace(place->block, place->row);
  }
  std::vector<event_log::RowPlace> found;
  Rows rows;
  for (const auto& [block, row] : persons) pin_.read_row(block, row, rows);
  for (const RowEvent& event : rows.events) {
    if (!types.empty() && std::ranges::find(types, event.type) == types.end()) continue;
    found.push_back({positions_.position_of(event.slot), event.time});
  }
  return found;
}

std::vector<event_log::Position> PinnedRows::rows_at(std::span<const event_log::RowAt> rows) const {
  std::vector<Slot> slots;
  for (const event_log::RowAt& row : rows) {
    const auto place = pin_.place_of(row.customer);
    if (place) pin_.read_slots_at(*place, {row.type, row.time}, slots);
  }
  std::vector<event_log::Position> found;
  found.reserve(slots.size());
  for (const Slot slot : slots) found.push_back(positions_.position_of(slot));
  return found;
}

}  // namespace timeline
