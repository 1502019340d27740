// Which identities tell somebody who they read of: whoever sees masks sees these masked, and does
// not find them by a part.
//
//   phone, email          always
//   openid, unionid, external_userid, device, member_number and customer (the key a brand gives)
//                         numbers of programs and of the brand, which tell nobody anything; but for
//                         a value that holds a phone or an "@", or letters beyond ASCII, as names
//                         do
//   every other kind      always: a brand has declared it, nobody knows what is in it
//
// A name in ASCII ("lixiaoming") given as a key is not told from a number: docs/roles.md says so.
// Pure; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace customer {

enum class Telling : std::uint8_t {
  nothing,
  phone,    // the whole is one
  email,    // or what has an "@"
  name,     // letters beyond ASCII
  a_phone,  // somewhere within
  unknown,  // of a kind of which nobody knows
};
// Of a value as given or in its normal form.
Telling told_by(std::string_view kind, std::string_view value);

inline constexpr std::size_t kMobileDigits = 11;  // of mainland China: 1, then 3 to 9

// Whether the whole text is a Chinese mobile number, as digits alone.
bool is_mobile(std::string_view text);

// A Chinese mobile number, or another country's with its plus.
bool is_like_phone(std::string_view text);

// The first Chinese mobile number in the text from a byte on: eleven digits with no more beside
// them. Nothing: there is none.
struct PhoneWithin {
  std::size_t at;
  std::size_t size;
};
std::optional<PhoneWithin> phone_within(std::string_view text, std::size_t from = 0);

}  // namespace customer
