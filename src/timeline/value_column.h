// Writing a column of values into a block's image; ValueColumn (timeline/block.h) reads it.
//
// One thread.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/id.h"
#include "base/value.h"
#include "timeline/block_image.h"

namespace timeline {

// How a column numbers a value, in the order of values of its type: cents, micros, milliseconds,
// 0 or 1, the days of a date in their order. Requires one that is no text and no list (CHECK).
std::int64_t column_number(const base::Value& value);

// Different texts numbered from 1 on, one behind the other.
class Dictionary {
 public:
  std::int64_t code_of(std::string_view text);
  std::size_t size() const { return ends_.size(); }
  std::span<const std::int64_t> ends() const { return ends_; }
  std::span<const char> texts() const { return texts_; }

 private:
  std::string_view text_of(std::size_t code) const;
  void grow();

  std::vector<std::uint32_t> table_;  // codes, by hash with open places; 0: none
  std::vector<std::size_t> hashes_;
  std::vector<std::int64_t> ends_;
  std::vector<char> texts_;
};

// The known values of one property or attribute, by ascending entry.
class PendingValues {
 public:
  PendingValues(base::PropertyId property, base::ValueType type)
      : property_(property), type_(type) {}

  base::PropertyId property() const { return property_; }
  // Requires a value of the column's type (CHECK).
  void add(std::uint32_t entry, const base::Value& value);
  // As a column of `entries` entries.
  void write(std::size_t entries, ImageWriter& image) const;

 private:
  void write_texts(std::size_t entries, ImageWriter& image) const;
  void write_numbers(std::size_t entries, ImageWriter& image) const;

  base::PropertyId property_;
  base::ValueType type_;
  std::vector<std::uint32_t> entries_;
  std::vector<std::int64_t> numbers_;  // of texts and lists the codes
  Dictionary dictionary_;              // of texts and lists
  std::vector<std::byte> list_;        // a list as it is spelled; kept for its memory
};

}  // namespace timeline
