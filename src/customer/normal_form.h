// The forms by which identities are found (identity.h has the rules). Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "customer/identity.h"

namespace customer {

inline constexpr std::size_t kPhoneDigitsMin = 5;
inline constexpr std::size_t kPhoneDigitsMax = 20;

// NFC with outer spaces dropped; nothing when it is too long or no text.
std::optional<std::string> normal_account(std::string_view account);

}  // namespace customer
