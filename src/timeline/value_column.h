// Writing a column of values into a block's image; ValueColumn (timeline/block.h) reads it.
//
// One thread. The values are borrowed until write().
#pragma once

#include <cstdint>
#include <vector>

#include "base/id.h"
#include "base/value.h"
#include "timeline/block_image.h"

namespace timeline {

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
  std::vector<const base::Value*> values_;
};

}  // namespace timeline
