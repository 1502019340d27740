// When whose state may change next by the mere passing of time: one moment a subject and customer.
//
// Holds what is due soon only (LiveEngine looks some way ahead). Setting another moment replaces
// the one before. One thread. Memory: about 60 bytes an entry.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <optional>
#include <queue>
#include <vector>

#include "audience/live_states.h"
#include "base/moment.h"

namespace audience {

class LiveDue {
 public:
  using Slot = std::uint32_t;  // the number of a subject
  struct Entry {
    Slot slot = 0;
    PersonNumber person = 0;
    base::Moment at;
  };

  void set(const Entry& entry) {
    moments_[key_of(entry.slot, entry.person)] = entry.at;
    queue_.push(entry);
  }
  void clear(Slot slot, PersonNumber person) { moments_.erase(key_of(slot, person)); }
  void clear(Slot slot) {
    erase_if(moments_, [&](const auto& entry) { return entry.first >> 32 == slot; });
  }
  std::optional<base::Moment> of(Slot slot, PersonNumber person) const {
    const auto found = moments_.find(key_of(slot, person));
    if (found == moments_.end()) return std::nullopt;
    return found->second;
  }
  // The earliest; nothing: none.
  std::optional<base::Moment> next() {
    drop_replaced();
    if (queue_.empty()) return std::nullopt;
    return queue_.top().at;
  }
  // Takes the earliest, if it is due at `now`.
  std::optional<Entry> take(base::Moment now) {
    drop_replaced();
    if (queue_.empty() || queue_.top().at > now) return std::nullopt;
    const Entry entry = queue_.top();
    queue_.pop();
    moments_.erase(key_of(entry.slot, entry.person));
    return entry;
  }
  // Of each of the subjects numbered below `slots`.
  std::vector<std::int64_t> counts(std::size_t slots) const {
    std::vector<std::int64_t> counts(slots, 0);
    for (const auto& [key, at] : moments_) {
      if (key >> 32 < slots) ++counts[key >> 32];
    }
    return counts;
  }
  std::size_t count() const { return moments_.size(); }
  std::size_t bytes() const { return moments_.bucket_count() * 17 + queue_.size() * sizeof(Entry); }

 private:
  static std::uint64_t key_of(Slot slot, PersonNumber person) {
    return (std::uint64_t{slot} << 32) | person;
  }
  void drop_replaced() {
    while (!queue_.empty()) {
      const Entry& first = queue_.top();
      const auto found = moments_.find(key_of(first.slot, first.person));
      if (found != moments_.end() && found->second == first.at) return;
      queue_.pop();
    }
  }
  struct Later {
    bool operator()(const Entry& left, const Entry& right) const { return left.at > right.at; }
  };

  boost::unordered_flat_map<std::uint64_t, base::Moment> moments_;
  std::priority_queue<Entry, std::vector<Entry>, Later> queue_;
};

}  // namespace audience
