// The keys of the window in memory: on SQLite, where the table of keys has no index.
//
// A key points at the row of event_key that was written for it. Entries are made inside units that
// may yet be rolled back, so an entry is a hint: whoever finds one looks at the row, and a row that
// is not there or holds another key means that the key is new.
// Threads: any.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <mutex>
#include <optional>

#include "log/key_hash.h"

namespace event_log {

class KeyMemory {
 public:
  std::optional<std::int64_t> row_of(const KeyHash& key) const;
  void set(const KeyHash& key, std::int64_t row);
  // Only if it still points at this row.
  void forget(const KeyHash& key, std::int64_t row);
  std::size_t size() const;

 private:
  mutable std::mutex mutex_;
  boost::unordered_flat_map<KeyHash, std::int64_t, std::hash<KeyHash>> rows_;
};

}  // namespace event_log
