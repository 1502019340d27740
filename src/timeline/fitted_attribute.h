// Fitted attributes: what is computed of everybody from time to time, by a model or a policy over
// all of them, and holds until the next computation.
//
// Who computes is a *family*; one run of a family gives all its attributes of everybody at once.
// The numbers are stored: a new one is a new last one.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/value.h"

namespace timeline {

enum class FittedAttribute : std::uint8_t {
  p_alive = 1,           // decimal, 0 … 1
  expected_orders_30d,   // decimal
  expected_orders_90d,   // decimal
  expected_orders_365d,  // decimal
  clv,                   // money
  rfm_recency,           // int, 1 … 5
  rfm_frequency,
  rfm_money,
  rfm_segment,  // text: the key of a segment
};

enum class FittedFamily : std::uint8_t { value = 1, rfm = 2 };

struct FittedKind {
  FittedAttribute attribute;
  std::string_view name;  // in rules
  base::ValueType type;
  FittedFamily family;
};
// All of them, in the order of their numbers.
std::span<const FittedKind> fitted_kinds();
const FittedKind& kind_of(FittedAttribute attribute);
std::string_view name_of(FittedFamily family);  // "value", "rfm"

}  // namespace timeline
