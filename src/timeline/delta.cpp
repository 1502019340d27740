#include "timeline/delta.h"

#include <algorithm>
#include <cstring>

#include "base/check.h"
#include "timeline/property_bytes.h"

namespace timeline {
namespace {

constexpr std::size_t kPieceBytesMin = 1024;
constexpr std::size_t kPieceBytesMax = 64 * 1024;  // more only for one event that needs it

}  // namespace

void Delta::append(const RowEvent& event, std::span<const event_log::KnownProperty> properties,
                   const Arrival& arrival) {
  Entry entry;
  entry.type = event.type;
  entry.time = event.time;
  entry.publication = arrival.publication;
  entry.properties = keep(properties);
  entry.slot = event.slot;
  entry.origin = event.origin;
  entry.row = static_cast<std::uint16_t>(arrival.row);
  if (const Change* change = arrival.change; change != nullptr) {
    const bool of_attribute = change->kind == ChangeKind::attribute;
    entry.changes = of_attribute ? Changes::attribute : Changes::membership;
    entry.changed = of_attribute ? change->attribute.value : change->membership.id;
    entry.membership = change->membership.kind;
  }
  link(entry, arrival.early);
}

void Delta::append(const Entry& entry, bool early) {
  Entry moved = entry;
  if (entry.properties != nullptr) {
    std::vector<event_log::KnownProperty> properties;
    read_properties(entry.properties, properties);
    moved.properties = keep(properties);
  }
  link(moved, early);
}

void Delta::append(const End& end) {
  ended_.add(end.row);
  ends_.append(end);
}

void Delta::link(Entry entry, bool early) {
  CHECK(entry.row < kBlockRows);
  if (of_rows_ == nullptr) of_rows_ = std::make_unique<OfRows>();
  std::atomic<std::uint32_t>& last = of_rows_->last[entry.row];
  entry.before = last.load(std::memory_order_relaxed);
  const std::size_t number = entries_.append(entry);
  CHECK(number < std::numeric_limits<std::uint32_t>::max());
  last.store(static_cast<std::uint32_t>(number + 1), std::memory_order_release);

  of_rows_->touched.add(entry.row);
  if (early) of_rows_->early.add(entry.row);
  if (entry.changes == Changes::attribute) of_rows_->attribute_changed.add(entry.row);
  if (entry.changes == Changes::membership) {
    of_rows_->membership_changed[static_cast<std::size_t>(entry.membership)].add(entry.row);
  }
  std::unique_ptr<EventRows>& of_event = of_rows_->by_event[entry.type.value];
  if (of_event == nullptr) {
    of_event = std::make_unique<EventRows>();
    of_event->type = entry.type;
    of_rows_->events.append(of_event.get());
  }
  of_event->rows.add(entry.row);
}

RowMask Delta::touched() const {
  return entries_.size() == 0 ? RowMask() : of_rows_->touched.rows();
}

RowMask Delta::touched_after(Publication publication) const {
  RowMask rows;
  for (std::size_t end = entries_.size(); end > 0; --end) {
    const Entry& entry = entries_[end - 1];
    if (entry.publication <= publication) break;
    rows.add(entry.row);
  }
  return rows;
}

RowMask Delta::touched_by(base::EventTypeId type) const {
  RowMask rows;
  if (entries_.size() == 0) return rows;
  of_rows_->events.each([&](const EventRows* of_event) {
    if (of_event->type != type) return true;
    rows = of_event->rows.rows();
    return false;
  });
  return rows;
}

RowMask Delta::attribute_changed() const {
  return entries_.size() == 0 ? RowMask() : of_rows_->attribute_changed.rows();
}

RowMask Delta::membership_changed(MembershipKind kind) const {
  if (entries_.size() == 0) return {};
  return of_rows_->membership_changed[static_cast<std::size_t>(kind)].rows();
}

RowMask Delta::early() const { return entries_.size() == 0 ? RowMask() : of_rows_->early.rows(); }

const std::byte* Delta::keep(std::span<const event_log::KnownProperty> properties) {
  if (properties.empty()) return nullptr;
  packed_.clear();
  write_properties(properties, packed_);
  if (piece_size_ - piece_used_ < packed_.size()) {
    const std::size_t next = std::clamp(2 * piece_size_, kPieceBytesMin, kPieceBytesMax);
    piece_size_ = std::max(next, packed_.size());
    piece_used_ = 0;
    pieces_.push_back(std::make_unique_for_overwrite<std::byte[]>(piece_size_));
    property_bytes_.fetch_add(piece_size_, std::memory_order_relaxed);
  }
  std::byte* const at = pieces_.back().get() + piece_used_;
  std::memcpy(at, packed_.data(), packed_.size());
  piece_used_ += packed_.size();
  return at;
}

bool Delta::empty(Publication publication) const {
  const auto is_later = [&](const auto& list) {
    return list.size() == 0 || list[0].publication > publication;
  };
  return is_later(entries_) && is_later(births_) && is_later(ends_);
}

std::size_t Delta::births(Publication publication) const {
  std::size_t count = births_.size();
  while (count > 0 && births_[count - 1].publication > publication) --count;
  return count;
}

bool Delta::is_ended(std::size_t row, Publication publication) const {
  bool ended = false;
  ends_.each([&](const End& end) {
    if (end.publication > publication) return false;
    ended = end.row == row;
    return !ended;
  });
  return ended;
}

void Delta::copy_after(Publication publication, Delta& to,
                       const std::function<bool(const Entry&)>& is_early) const {
  const auto copy = [&](const auto& list, const auto& append) {
    std::size_t first = list.size();
    while (first > 0 && list[first - 1].publication > publication) --first;
    for (; first < list.size(); ++first) append(list[first]);
  };
  copy(births_, [&](const Birth& birth) { to.append(birth); });
  copy(entries_, [&](const Entry& entry) { to.append(entry, is_early(entry)); });
  copy(ends_, [&](const End& end) { to.append(end); });
}

std::size_t Delta::bytes() const {
  std::size_t of_rows = 0;
  if (entries_.size() > 0) {
    of_rows = sizeof(OfRows) + of_rows_->events.size() * sizeof(EventRows);
  }
  return sizeof(Delta) + of_rows + entries_.bytes() + births_.bytes() + ends_.bytes() +
         property_bytes_.load(std::memory_order_relaxed);
}

}  // namespace timeline
