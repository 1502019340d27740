// The rows of a stream that is being written, and where the entries of each end.
#pragma once

#include <cstdint>
#include <vector>

#include "timeline/block_image.h"
#include "timeline/row_mask.h"

namespace timeline {

class StreamRows {
 public:
  // Entries come row after row.
  void add_entry(std::size_t row) {
    if (!mask_.has(row)) {
      ends_.push_back(size());
      mask_.add(row);
    }
    ++ends_.back();
  }
  std::int64_t size() const { return ends_.empty() ? 0 : ends_.back(); }
  void write(ImageWriter& image) const {
    image.put(mask_);
    image.put_ints(ends_);
  }

 private:
  RowMask mask_;
  std::vector<std::int64_t> ends_;
};

}  // namespace timeline
