#include "access/totp.h"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

#include "base/check.h"

namespace rights {
namespace {

constexpr std::size_t kSha1Bytes = 20;
constexpr std::uint32_t kCodes = 1'000'000;

std::string percent_encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

}  // namespace

std::int64_t totp_step_of(base::Moment moment) { return moment.ms / kTotpStep.ms; }

std::string totp_code(std::string_view secret, std::int64_t step) {
  std::array<unsigned char, 8> counter{};
  for (std::size_t i = 0; i < counter.size(); ++i) {
    counter[i] = static_cast<unsigned char>(static_cast<std::uint64_t>(step) >> (56 - 8 * i));
  }
  std::array<unsigned char, kSha1Bytes> mac{};
  CHECK(HMAC(EVP_sha1(), secret.data(), static_cast<int>(secret.size()), counter.data(),
             counter.size(), mac.data(), nullptr) != nullptr);
  const std::size_t at = mac.back() & 0x0FU;  // RFC 4226 section 5.3
  const std::uint32_t number = (mac[at] & 0x7FU) << 24U |
                               static_cast<std::uint32_t>(mac[at + 1]) << 16U |
                               static_cast<std::uint32_t>(mac[at + 2]) << 8U | mac[at + 3];
  return fmt::format("{:06}", number % kCodes);
}

std::string to_base32(std::string_view bytes) {
  constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::string out;
  std::uint32_t pending = 0;
  unsigned bits = 0;
  for (const char c : bytes) {
    pending = ((pending << 8U) | static_cast<unsigned char>(c)) & 0xFFFU;
    for (bits += 8; bits >= 5; bits -= 5) out += kLetters[(pending >> (bits - 5)) & 31U];
  }
  if (bits > 0) out += kLetters[(pending << (5 - bits)) & 31U];
  return out;
}

std::string otpauth_uri(const TotpLabel& label, std::string_view secret) {
  const std::string issuer = percent_encoded(label.issuer);
  return fmt::format(
      "otpauth://totp/{0}:{1}?secret={2}&issuer={0}&algorithm=SHA1&digits=6&period=30", issuer,
      percent_encoded(label.name), to_base32(secret));
}

}  // namespace rights
