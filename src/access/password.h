// Passwords: the rules for new ones, and argon2id.
//
// Pure; any thread. A hash takes kPasswordCost.memory_kib of memory and some 50 ms.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "access/fault.h"
#include "base/random.h"

namespace rights {

inline constexpr std::size_t kPasswordCharactersMin = 12;
inline constexpr std::size_t kPasswordCharactersMax = 128;

// RFC 9106 by name. The parameters are part of every hash, so they may change at any time.
struct PasswordCost {
  std::uint32_t memory_kib = 32 * 1024;
  std::uint32_t passes = 3;
  std::uint32_t lanes = 1;
};
inline constexpr PasswordCost kPasswordCost{};
inline constexpr std::size_t kPasswordSaltBytes = 16;
inline constexpr std::size_t kPasswordHashBytes = 32;

// Whether `password` may be the new password of the user `name`; nothing: it may.
std::optional<Fault> check_new_password(std::string_view password, std::string_view name);

// "$argon2id$v=19$m=…,t=…,p=…$salt$hash". Requires at most kPasswordCharactersMax characters.
std::string hash_password(std::string_view password, base::Random& random,
                          const PasswordCost& cost = kPasswordCost);
// False as well for a text that is no hash. Passwords are compared in NFC.
bool verify_password(const std::string& hash, std::string_view password);

}  // namespace rights
