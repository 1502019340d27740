// What can go wrong with users, sessions and keys, as the caller can act on it.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/moment.h"

namespace rights {

enum class Fault : std::uint8_t {
  not_signed_in,   // no such session or key, or it has ended, expired or been revoked
  csrf_mismatch,   // a change without the session's token in X-CSRF-Token
  not_allowed,     // needs a permission the viewer does not hold
  sign_in_failed,  // name or password is wrong or the user is disabled: which, is not said
  slow_down,       // too many failed attempts: again after `retry_after`
  busy,            // too many passwords are being checked: again after `retry_after`
  link_invalid,    // the owner's or the reset link is unknown, used or expired
  unknown_user,
  unknown_key,
  unknown_session,  // there is none, or it is somebody else's and one may not end it
  bad_name,         // not 1–200 characters of text without control characters
  name_taken,
  password_too_short,
  password_too_long,
  password_not_text,
  password_common,  // on the list of common ones, or made of the user's own name
  wrong_password,   // the current one, when changing it
  last_owner,       // the workspace would be left without an active owner
  no_scopes,        // a key that may do nothing
  public_scopes,    // a public key holds events.track and nothing else
  bad_origin,       // no origin, none of a public key, some of another, or more than kOriginsMax
  expires_in_past,
  too_many,              // users or keys
  code_needed,           // the password was right; the user's second factor asks for a code
  code_wrong,            // no code of the second factor, or one that was taken before
  second_factor_on,      // there is one: remove it first
  second_factor_off,     // there is none
  origin_not_allowed,    // a public key is used from elsewhere than its origins
  too_often,             // a public key: again after `retry_after`
  no_second_factor_key,  // secret_seal.h: second factors cannot be kept or read
  owner_sees_all,        // an owner's scope is all
  scope_needs_staff,     // who does not see all is a member of staff
  needs_proof,           // one's own password or second factor, or anybody's by a key
};
inline constexpr std::size_t kFaultCount = 33;
std::string_view code_of(Fault fault);  // "access.not_signed_in"

struct Error {
  Fault fault;
  base::Duration retry_after{};  // of slow_down and busy
};

}  // namespace rights
