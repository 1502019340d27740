#include "timeline/change_proof.h"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "timeline/memory_history.h"

namespace timeline {
namespace {

// What the events come to, and what they name.
struct Told {
  std::unique_ptr<MemoryHistory> history;
  std::set<base::AttributeId> attributes;
  std::set<MembershipKey> memberships;
};

Told told_by(const Rows& rows, const PersonRow& person, const ChangeTypes& changes) {
  MemoryHistory::Builder build(person.person);
  build.known_since(person.created_at);
  Told told;
  std::vector<const RowEvent*> in_log_order;
  for (const RowEvent& event : rows.events) in_log_order.push_back(&event);
  std::ranges::sort(in_log_order, {}, [](const RowEvent* event) { return event->slot; });
  for (const RowEvent* event : in_log_order) {
    build.known_since(event->time);
    auto change = changes.change_of(
        event->type,
        std::span(rows.properties).subspan(event->first_property, event->property_count));
    if (!change) continue;
    if (change->kind == ChangeKind::attribute) {
      told.attributes.insert(change->attribute);
    } else {
      told.memberships.insert(change->membership);
    }
    add_change(build, event->time, std::move(*change));
  }
  told.history = build.finish();
  return told;
}

bool same(const AttributeChange& one, const AttributeChange& other) {
  return one.since == other.since && one.value == other.value;
}

}  // namespace

bool changes_agree(const Pin& pin, const Pin::Place& place, const Rows& rows,
                   const ChangeTypes& changes) {
  Told told = told_by(rows, rows.rows.front(), changes);
  const Block& block = pin.block(place.block);
  for (const base::AttributeId attribute : block.attributes()) {
    if (block.attribute(attribute)->rows().has(place.row)) told.attributes.insert(attribute);
  }
  for (const MembershipKey key : block.memberships()) {
    if (block.membership(key)->rows().has(place.row)) told.memberships.insert(key);
  }
  const auto history = pin.history(place.block, place.row);
  return history->known_since() == told.history->known_since() &&
         std::ranges::all_of(told.attributes,
                             [&](base::AttributeId attribute) {
                               return std::ranges::equal(history->attribute(attribute),
                                                         told.history->attribute(attribute), same);
                             }) &&
         std::ranges::all_of(told.memberships, [&](MembershipKey key) {
           return std::ranges::equal(history->membership(key), told.history->membership(key));
         });
}

}  // namespace timeline
