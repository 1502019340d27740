// Inside the module: a customer as a row of a file names them, in one text: the key, or an identity
// of another kind as KIND U+001F VALUE. That character is in no value. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "customer/identity.h"

namespace intake {

inline constexpr std::string_view kCustomerKind = "customer";
inline constexpr char kKindEnd = '\x1F';

// `kind` empty: a customer key.
inline std::string key_text(std::string_view kind, std::string_view value) {
  if (kind.empty() || kind == kCustomerKind) return std::string(value);
  return std::string(kind) + kKindEnd + std::string(value);
}

inline bool is_key(std::string_view text) { return text.find(kKindEnd) == text.npos; }

// Views into `text`.
inline customer::IdentityRef identity_of(std::string_view text) {
  const std::size_t end = text.find(kKindEnd);
  if (end == text.npos) return {kCustomerKind, text};
  return {text.substr(0, end), text.substr(end + 1)};
}

inline std::optional<customer::Found> find_customer(store::Session& session,
                                                    std::string_view text) {
  return is_key(text) ? customer::find_by_key(session, text)
                      : customer::find(session, identity_of(text));
}

}  // namespace intake
