// Codes that change with time: RFC 6238 with SHA-1, 30 seconds, six digits, as every authenticator
// app makes them. Pure; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/moment.h"

namespace rights {

inline constexpr std::size_t kTotpSecretBytes = 20;  // as long as SHA-1, RFC 4226 section 4
inline constexpr base::Duration kTotpStep{30 * base::kSecond.ms};
inline constexpr std::int64_t kTotpStepsAside = 1;  // a clock may be off by so many

std::int64_t totp_step_of(base::Moment moment);
// "287082"; of the step's number, RFC 6238 section 4.2.
std::string totp_code(std::string_view secret, std::int64_t step);

// RFC 4648 base32 without padding: how people type a secret.
std::string to_base32(std::string_view bytes);

struct TotpLabel {
  std::string issuer;  // the brand
  std::string name;    // of the user
};
// "otpauth://totp/…?secret=…&issuer=…", what an app reads from a QR code.
std::string otpauth_uri(const TotpLabel& label, std::string_view secret);

}  // namespace rights
