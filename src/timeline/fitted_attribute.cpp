#include "timeline/fitted_attribute.h"

#include <array>

#include "base/check.h"

namespace timeline {
namespace {

using base::ValueType;

constexpr std::array<FittedKind, 9> kKinds = {{
    {FittedAttribute::p_alive, "p_alive", ValueType::decimal, FittedFamily::value},
    {FittedAttribute::expected_orders_30d, "expected_orders_30d", ValueType::decimal,
     FittedFamily::value},
    {FittedAttribute::expected_orders_90d, "expected_orders_90d", ValueType::decimal,
     FittedFamily::value},
    {FittedAttribute::expected_orders_365d, "expected_orders_365d", ValueType::decimal,
     FittedFamily::value},
    {FittedAttribute::clv, "clv", ValueType::money, FittedFamily::value},
    {FittedAttribute::rfm_recency, "rfm_recency", ValueType::integer, FittedFamily::rfm},
    {FittedAttribute::rfm_frequency, "rfm_frequency", ValueType::integer, FittedFamily::rfm},
    {FittedAttribute::rfm_money, "rfm_money", ValueType::integer, FittedFamily::rfm},
    {FittedAttribute::rfm_segment, "rfm_segment", ValueType::text, FittedFamily::rfm},
}};

}  // namespace

std::span<const FittedKind> fitted_kinds() { return kKinds; }

const FittedKind& kind_of(FittedAttribute attribute) {
  const auto place = static_cast<std::size_t>(attribute) - 1;
  CHECK(place < kKinds.size());
  return kKinds[place];
}

std::string_view name_of(FittedFamily family) {
  switch (family) {
    case FittedFamily::value:
      return "value";
    case FittedFamily::rfm:
      return "rfm";
  }
  base::unreachable();
}

}  // namespace timeline
