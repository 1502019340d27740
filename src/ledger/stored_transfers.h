// The transfers of a hold, and the amounts of its commit, as the text that stands in the database:
//
//   [[{"account":7,"amount":-500},{"account":8,"amount":500,"expires":99}]]      and  [-200,200]
//
// What a posting does not say is left out. Pure.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/bundle.h"

namespace ledger {

std::string to_stored(std::span<const Transfer> transfers);
std::string to_stored(std::span<const std::int64_t> amounts);  // none: ""
// Of texts that these made (CHECK).
std::vector<Transfer> stored_transfers(std::string_view text);  // "": none
std::vector<std::int64_t> stored_amounts(std::string_view text);

}  // namespace ledger
