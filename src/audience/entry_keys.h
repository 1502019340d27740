// Values of a property as numbers that are equal exactly where the values are, across the streams
// of a block: what `same` compares.
//
// One thread at a time. Borrows the zone, and between open() and the next the stream.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "audience/compare.h"
#include "base/calendar.h"
#include "timeline/block.h"

namespace audience {

// The numbers of one block, from 1 on.
class KeyNumbers {
 public:
  explicit KeyNumbers(const base::Zone& zone) : zone_(&zone) {}
  void clear() { numbers_.clear(); }
  std::size_t size() const { return numbers_.size(); }
  // 0: equal to nothing.
  std::uint32_t of(const base::Value& value) {
    const auto key = equality_key(value, *zone_);
    if (!key) return 0;
    return numbers_.try_emplace(*key, static_cast<std::uint32_t>(numbers_.size() + 1))
        .first->second;
  }

 private:
  const base::Zone* zone_;
  std::unordered_map<std::string, std::uint32_t> numbers_;
};

class EntryKeys {
 public:
  void open(const timeline::Stream& stream, base::PropertyId property) {
    column_ = stream.column(property);
    seen_.clear();
  }
  // 0: unknown, or equal to nothing.
  std::uint32_t of(std::uint32_t entry, KeyNumbers& numbers) {
    const std::uint64_t code = column_ == nullptr ? 0 : column_->code(entry);
    if (code == 0) return 0;
    const auto [seen, is_new] = seen_.try_emplace(code, 0);
    if (is_new) seen->second = numbers.of(column_->value_of(code));
    return seen->second;
  }

 private:
  const timeline::ValueColumn* column_ = nullptr;
  std::unordered_map<std::uint64_t, std::uint32_t> seen_;  // by code
};

}  // namespace audience
