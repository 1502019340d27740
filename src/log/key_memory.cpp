#include "log/key_memory.h"

namespace event_log {

std::optional<std::int64_t> KeyMemory::row_of(const KeyHash& key) const {
  const std::lock_guard lock(mutex_);
  const auto found = rows_.find(key);
  if (found == rows_.end()) return std::nullopt;
  return found->second;
}

void KeyMemory::set(const KeyHash& key, std::int64_t row) {
  const std::lock_guard lock(mutex_);
  rows_[key] = row;
}

void KeyMemory::forget(const KeyHash& key, std::int64_t row) {
  const std::lock_guard lock(mutex_);
  const auto found = rows_.find(key);
  if (found != rows_.end() && found->second == row) rows_.erase(found);
}

std::size_t KeyMemory::size() const {
  const std::lock_guard lock(mutex_);
  return rows_.size();
}

}  // namespace event_log
