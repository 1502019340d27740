// The attributes that are computed of a customer, by name: those of audience/rhythm.h at the
// moment, the fitted ones (timeline/fitted_attribute.h) by the last run at or before it. Nobody can
// set them, and no attribute of a workspace can be given such a name (customer/computed_name.h).
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "audience/rule.h"
#include "base/value.h"
#include "timeline/fitted_attribute.h"

namespace audience {

struct ComputedAttribute {
  std::string_view name;
  base::ValueType type;
  Rhythm rhythm = Rhythm::none;  // none: fitted
  std::optional<timeline::FittedAttribute> fitted = std::nullopt;
};
std::span<const ComputedAttribute> computed_attributes();
// Null: there is none of this name.
const ComputedAttribute* computed_attribute(std::string_view name);

inline bool is_computed(const Subject& subject) {
  return subject.rhythm != Rhythm::none || subject.fitted.has_value();
}

}  // namespace audience
