// A row of rfm_segments.tsv.
#pragma once

#include <string_view>

namespace lifecycle {

struct RfmSegmentRow {
  std::string_view key;
  std::string_view recency;  // "1-5"
  std::string_view frequency;
  std::string_view money;
  std::string_view label_zh;
  std::string_view label_en;
};

}  // namespace lifecycle
