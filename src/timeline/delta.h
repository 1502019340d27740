// What has arrived for the persons of one block since its base was made.
//
//   entries   events in the order they arrived, each with the one before it of the same row
//   births    persons that are not in the base; row = the base's row count + number
//   ends      rows emptied since
//
// Each carries the number of the publication that makes it visible, which never falls from one to
// the next; a reader passes over what is later than its own. Sets of rows tell without looking at
// entries which rows have one of a name, so that a question costs what it asks for.
//
// Memory: 56 bytes an event, its properties packed (timeline/property_bytes.h), 5 KiB a block that
// has any and 150 bytes a name in it. Threads: one appends at a time; any number read, without a
// lock.
#pragma once

#include <array>
#include <atomic>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/id.h"
#include "base/moment.h"
#include "log/event.h"
#include "timeline/arrival_list.h"
#include "timeline/change.h"
#include "timeline/row_mask.h"
#include "timeline/rows.h"

namespace timeline {

// Number of a publication of a store, from 1 on.
using Publication = std::uint64_t;
inline constexpr Publication kEverything = std::numeric_limits<Publication>::max();

// Rows that are only added, for readers who look on.
class GrowingRows {
 public:
  void add(std::size_t row) {
    std::atomic<std::uint64_t>& word = words_[row / 64];
    const std::uint64_t bit = std::uint64_t{1} << (row % 64);
    const std::uint64_t now = word.load(std::memory_order_relaxed);
    if ((now & bit) == 0) word.store(now | bit, std::memory_order_release);
  }
  RowMask rows() const {
    RowMask rows;
    for (std::size_t word = 0; word < RowMask::kWords; ++word) {
      rows.words()[word] = words_[word].load(std::memory_order_acquire);
    }
    return rows;
  }

 private:
  std::array<std::atomic<std::uint64_t>, RowMask::kWords> words_{};
};

class Delta {
 public:
  enum class Changes : std::uint8_t { nothing, attribute, membership };

  struct Entry {
    base::EventTypeId type;
    base::Moment time;
    Publication publication = 0;
    const std::byte* properties = nullptr;  // null: none
    std::int64_t changed = 0;               // id of the attribute or membership
    Slot slot = 0;
    OriginNumber origin = 0;
    std::uint32_t before = 0;  // number of the row's entry before this one + 1; 0: none
    std::uint16_t row = 0;
    Changes changes = Changes::nothing;
    MembershipKind membership = MembershipKind::tag;
  };
  struct Birth {
    base::CustomerId person;
    base::Moment created_at;
    Publication publication = 0;
  };
  struct End {
    std::size_t row = 0;
    Publication publication = 0;
  };

  // `first_row`: the first that is not in the base.
  explicit Delta(std::size_t first_row) : first_row_(first_row) {}

  // --- whoever appends
  struct Arrival {
    std::size_t row = 0;
    Publication publication = 0;
    const Change* change = nullptr;  // what the event changes; null: nothing
    bool early = false;              // before the base's known_since of the row
  };
  void append(const RowEvent& event, std::span<const event_log::KnownProperty> properties,
              const Arrival& arrival);
  // An entry, birth or end of another delta of the same block.
  void append(const Entry& entry, bool early);
  void append(const Birth& birth) { births_.append(birth); }
  void append(const End& end);
  // All ends, published or not.
  const RowMask& ended() const { return ended_; }

  // --- any thread
  // Whether there is nothing up to this publication.
  bool empty(Publication publication) const;
  std::size_t entries() const { return entries_.size(); }
  std::size_t first_row() const { return first_row_; }
  // How many persons are born up to this publication.
  std::size_t births(Publication publication) const;
  // Requires row >= first_row() and a birth the caller knows of.
  const Birth& birth(std::size_t row) const { return births_[row - first_row_]; }
  bool is_ended(std::size_t row, Publication publication) const;

  // In order of arrival, up to this publication.
  template <typename Visit>
  void each(Publication publication, Visit visit) const {
    entries_.each([&](const Entry& entry) {
      if (entry.publication > publication) return false;
      visit(entry);
      return true;
    });
  }
  template <typename Visit>
  void each_end(Publication publication, Visit visit) const {
    ends_.each([&](const End& end) {
      if (end.publication > publication) return false;
      visit(end.row);
      return true;
    });
  }
  // The row's entries up to this publication, the last first.
  template <typename Visit>
  void each_of_row(std::size_t row, Publication publication, Visit visit) const {
    if (entries_.size() == 0) return;  // then there is no of_rows_ either
    std::uint32_t next = of_rows_->last[row].load(std::memory_order_acquire);
    while (next != 0) {
      const Entry& entry = entries_[next - 1];
      if (entry.publication <= publication) visit(entry);
      next = entry.before;
    }
  }
  // What came after this publication, appended to `to`, whose base is another one: `is_early` tells
  // of an entry what Arrival::early would.
  void copy_after(Publication publication, Delta& to,
                  const std::function<bool(const Entry&)>& is_early) const;

  // Rows that have an entry, of any publication: of any name, of this event, that changes an
  // attribute, a membership of this kind, that is early.
  RowMask touched() const;
  RowMask touched_by(base::EventTypeId type) const;
  RowMask attribute_changed() const;
  RowMask membership_changed(MembershipKind kind) const;
  RowMask early() const;
  // Rows that have an entry of a later publication. Takes time in those alone.
  RowMask touched_after(Publication publication) const;

  std::size_t bytes() const;

 private:
  const std::byte* keep(std::span<const event_log::KnownProperty> properties);
  void link(Entry entry, bool early);

  static constexpr std::size_t kMembershipKinds = 4;
  struct EventRows {
    base::EventTypeId type;
    GrowingRows rows;
  };
  // Made before the first entry is there.
  struct OfRows {
    std::array<std::atomic<std::uint32_t>, kBlockRows> last{};  // entry, number + 1
    GrowingRows touched;
    GrowingRows early;
    GrowingRows attribute_changed;
    std::array<GrowingRows, kMembershipKinds> membership_changed;
    // By event: for readers in order of arrival, for whoever appends by name.
    ArrivalList<EventRows*> events;
    boost::unordered_flat_map<std::int64_t, std::unique_ptr<EventRows>> by_event;
  };
  const std::size_t first_row_;
  ArrivalList<Entry> entries_;
  ArrivalList<Birth> births_;
  ArrivalList<End> ends_;
  std::unique_ptr<OfRows> of_rows_;
  RowMask ended_;
  // The bytes of properties: pieces that entries point into.
  std::vector<std::unique_ptr<std::byte[]>> pieces_;
  std::size_t piece_used_ = 0;
  std::size_t piece_size_ = 0;
  std::atomic<std::size_t> property_bytes_ = 0;
  std::vector<std::byte> packed_;
};

}  // namespace timeline
