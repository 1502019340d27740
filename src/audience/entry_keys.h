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
    of_text_.assign(column_ == nullptr ? 0 : std::size_t{column_->dictionary_size()} + 1, kUnseen);
    of_number_.clear();
  }
  // 0: unknown, or equal to nothing.
  std::uint32_t of(std::uint32_t entry, KeyNumbers& numbers) {
    const std::uint64_t code = column_ == nullptr ? 0 : column_->code(entry);
    if (code == 0) return 0;
    std::uint32_t& key = code < of_text_.size()
                             ? of_text_[code]
                             : of_number_.try_emplace(code, kUnseen).first->second;
    if (key == kUnseen) key = numbers.of(column_->value_of(code));
    return key;
  }

 private:
  const timeline::ValueColumn* column_ = nullptr;
  static constexpr std::uint32_t kUnseen = ~std::uint32_t{0};
  std::vector<std::uint32_t> of_text_;  // by code, of a column with a dictionary
  std::unordered_map<std::uint64_t, std::uint32_t> of_number_;  // of the others
};

}  // namespace audience
