// Names that no attribute of a workspace can be given: those of what is computed of a customer
// (docs/rule_language.md, Computed attributes), which nobody sets. A workspace that had such an
// attribute before keeps it, and its rules mean it.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace customer {

inline constexpr std::array<std::string_view, 12> kComputedNames = {"recency_days",
                                                                    "usual_gap",
                                                                    "overdue",
                                                                    "p_alive",
                                                                    "expected_orders_30d",
                                                                    "expected_orders_90d",
                                                                    "expected_orders_365d",
                                                                    "clv",
                                                                    "rfm_recency",
                                                                    "rfm_frequency",
                                                                    "rfm_money",
                                                                    "rfm_segment"};

inline bool is_computed_name(std::string_view name) {
  return std::ranges::find(kComputedNames, name) != kComputedNames.end();
}

}  // namespace customer
