#include "access/secret.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>

#include "access/user.h"
#include "base/text.h"

namespace rights {

std::string new_token(base::Random& random) {
  std::array<std::byte, 32> bytes;
  random.fill(bytes);
  return base::to_base64url(bytes);
}

std::string hash_of(std::string_view token) {
  const std::string digest = base::sha256(token);
  return base::to_hex(std::as_bytes(std::span(digest)));
}

std::string name_key_of(std::string_view name) {
  std::string key = base::is_utf8(name) ? base::to_nfc(name) : std::string(name);
  for (char& c : key) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return key;
}

bool is_good_name(std::string_view name) {
  if (name.empty() || !base::is_utf8(name)) return false;
  if (name.front() == ' ' || name.back() == ' ') return false;
  const auto is_control = [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; };
  if (std::ranges::any_of(name, is_control)) return false;
  return base::code_points(name) <= kUserNameCharactersMax;
}

}  // namespace rights
