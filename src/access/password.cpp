#include "access/password.h"

#include <argon2.h>

#include <algorithm>
#include <array>
#include <set>

#include "access/secret.h"
#include "base/check.h"
#include "base/text.h"

namespace rights {
namespace {

// What is left of common passwords when digits and signs at both ends are taken away.
constexpr std::array<std::string_view, 34> kCommonWords = {
    "abc",
    "abcd",
    "abcdef",
    "abcdefg",
    "abcdefgh",
    "abcdefghijkl",
    "admin",
    "adminadmin",
    "administrator",
    "asdf",
    "asdfgh",
    "asdfghjkl",
    "changeme",
    "iloveyou",
    "letmein",
    "mima",
    "passw0rd",
    "password",
    "passwordpassword",
    "q1w2e3r4t5y",
    "qazwsx",
    "qazwsxedc",
    "qazwsxedcrfv",
    "qwer",
    "qwerty",
    "qwertyuiop",
    "qwertyuiopasdfghjkl",
    "root",
    "siyu",
    "welcome",
    "woaini",
    "woainiwoaini",
    "zhanghao",
    "zxcvbnm",
};
constexpr std::size_t kDistinctCharactersMin = 5;
constexpr std::size_t kBesideNameMin = 8;  // bytes a password has beside the user's own name

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80; }

bool is_common(std::string_view lower) {
  if (std::set<char>(lower.begin(), lower.end()).size() < kDistinctCharactersMin) return true;
  const auto begin = std::ranges::find_if(lower, is_letter);
  if (begin == lower.end()) return true;  // no letter at all
  auto end = lower.end();
  while (!is_letter(*(end - 1))) --end;
  const std::string_view core(begin, end);
  return std::ranges::find(kCommonWords, core) != kCommonWords.end();
}

bool is_made_of(std::string_view lower, std::string_view name) {
  if (name.size() < 3) return false;
  std::string rest(lower);
  for (std::size_t at = rest.find(name); at != std::string::npos; at = rest.find(name)) {
    rest.erase(at, name.size());
  }
  return rest.size() < lower.size() && rest.size() < kBesideNameMin;
}

}  // namespace

std::optional<Fault> check_new_password(std::string_view password, std::string_view name) {
  const auto is_control = [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; };
  if (!base::is_utf8(password) || std::ranges::any_of(password, is_control)) {
    return Fault::password_not_text;
  }
  const std::size_t characters = base::code_points(password);
  if (characters < kPasswordCharactersMin) return Fault::password_too_short;
  if (characters > kPasswordCharactersMax) return Fault::password_too_long;
  const std::string lower = name_key_of(password);
  if (is_common(lower) || is_made_of(lower, name_key_of(name))) return Fault::password_common;
  return std::nullopt;
}

std::string hash_password(std::string_view password, base::Random& random,
                          const PasswordCost& cost) {
  CHECK(base::is_utf8(password) && base::code_points(password) <= kPasswordCharactersMax);
  const std::string normal = base::to_nfc(password);
  std::array<std::byte, kPasswordSaltBytes> salt;
  random.fill(salt);
  std::string encoded(argon2_encodedlen(cost.passes, cost.memory_kib, cost.lanes,
                                        kPasswordSaltBytes, kPasswordHashBytes, Argon2_id),
                      '\0');
  const int done = argon2id_hash_encoded(cost.passes, cost.memory_kib, cost.lanes, normal.data(),
                                         normal.size(), salt.data(), salt.size(),
                                         kPasswordHashBytes, encoded.data(), encoded.size());
  CHECK(done == ARGON2_OK);
  encoded.resize(encoded.find('\0'));
  return encoded;
}

bool verify_password(const std::string& hash, std::string_view password) {
  if (!base::is_utf8(password) || base::code_points(password) > kPasswordCharactersMax)
    return false;
  const std::string normal = base::to_nfc(password);
  return argon2id_verify(hash.c_str(), normal.data(), normal.size()) == ARGON2_OK;
}

}  // namespace rights
