// Tokens and how they are stored and compared. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/random.h"

namespace rights {

inline constexpr std::size_t kTokenBytes = 43;
// 32 random bytes as kTokenBytes characters of base64url.
std::string new_token(base::Random& random);

// SHA-256 in hexadecimal: what the database knows of a token.
std::string hash_of(std::string_view token);

// A name as it is compared: NFC, A–Z in lower case. Text that is not UTF-8 stays as it is.
std::string name_key_of(std::string_view name);

// 1 to kUserNameCharactersMax characters, no control characters, no space at either end.
bool is_good_name(std::string_view name);

}  // namespace rights
