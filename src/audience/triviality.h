// Rules that never change: true of everybody at every moment, or of nobody. Found by their form,
// not by counting, so what is found is certain, and not everything of the kind is found: everyone,
// a test beside its own not, empty ranges, counts that every number satisfies or none.
//
// Linear in the tree but for the texts of parts, which are compared. Pure; any thread.
#pragma once

#include <vector>

#include "audience/bind.h"
#include "audience/rule.h"

namespace audience {

enum class Truth : std::uint8_t { open, always, never };

// Of everybody who is known.
Truth truth_of(const BoundRule& rule);

// "audience.always_true" or "audience.never_true" of the whole rule; none where it is open, or
// where an unknown name has been said already.
std::vector<Warning> triviality_warnings(const BoundRule& rule);

// Whether the rule holds for nobody but those for whom `other` holds, as far as its form tells: the
// same, with further conditions, or one of the other's alternatives.
bool is_within(const Rule& rule, const Rule& other);

}  // namespace audience
