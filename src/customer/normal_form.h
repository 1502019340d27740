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

// Whether a text (the name of a file) tells an identity's value, in whatever spelling: full width,
// case, and what stands between letters and digits make no difference, nor does the +86 of a phone.
// A value of fewer letters and digits than kToldBytesMin tells somebody only as a word of its own;
// longer ones are looked for anywhere, so that a date beside a number may be taken for one.
inline constexpr std::size_t kToldBytesMin = 6;
bool tells(std::string_view text, std::string_view value);

}  // namespace customer
