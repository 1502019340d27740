// What anybody can tell from a request alone. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "ledger/bundle.h"
#include "ledger/fault.h"

namespace ledger {

// Of a bundle that a caller may make.
bool is_bundle_id(std::string_view id);

// Its id, cause, moments, amounts and sums; nothing: well formed.
std::optional<Fault> fault_of(const Bundle& bundle);

// Whether a commit's amounts are parts of what a hold would do: one for each posting, of its sign
// (or 0) and not beyond it, each transfer summing to zero.
bool are_parts(std::span<const Transfer> transfers, std::span<const std::int64_t> amounts);

}  // namespace ledger
