#include "audience/computed_attribute.h"

#include <algorithm>
#include <vector>

#include "audience/rhythm.h"

namespace audience {

std::span<const ComputedAttribute> computed_attributes() {
  static const std::vector<ComputedAttribute> all = [] {
    std::vector<ComputedAttribute> made;
    for (const auto& [name, rhythm] :
         {std::pair{"recency_days", Rhythm::recency_days},
          std::pair{"usual_gap", Rhythm::usual_gap}, std::pair{"overdue", Rhythm::overdue}}) {
      made.push_back({name, type_of(rhythm), rhythm});
    }
    for (const timeline::FittedKind& kind : timeline::fitted_kinds()) {
      made.push_back({kind.name, kind.type, Rhythm::none, kind.attribute});
    }
    return made;
  }();
  return all;
}

const ComputedAttribute* computed_attribute(std::string_view name) {
  const auto all = computed_attributes();
  const auto found = std::ranges::find(all, name, &ComputedAttribute::name);
  return found == all.end() ? nullptr : &*found;
}

}  // namespace audience
