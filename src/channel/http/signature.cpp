#include "channel/http/signature.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <span>

#include "base/check.h"
#include "base/text.h"

namespace channel {
namespace {

// The longest of the four: SHA-256.
using DigestBytes = std::array<unsigned char, 32>;

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

const EVP_MD* algorithm_of(SignatureHash hash) {
  switch (hash) {
    case SignatureHash::hmac_sha256:
    case SignatureHash::sha256:
      return EVP_sha256();
    case SignatureHash::hmac_sha1:
      return EVP_sha1();
    case SignatureHash::md5:
      return EVP_md5();
  }
  base::unreachable();
}

std::string base64_of(std::span<const unsigned char> bytes) {
  std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');  // OpenSSL ends it with a NUL
  const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), bytes.data(),
                                     static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(length));
  return out;
}

}  // namespace

std::string signature_of(const Signed& request) {
  const std::string seconds = std::to_string(request.at.ms / 1000);
  const std::string hash =
      base::hmac_sha256(request.key, seconds + "." + std::string(request.body));
  return "t=" + seconds + ",v1=" + base::to_hex(std::as_bytes(std::span(hash)));
}

bool is_keyed(SignatureHash hash) {
  return hash == SignatureHash::hmac_sha256 || hash == SignatureHash::hmac_sha1;
}

std::string signature_by_scheme(const SchemeInput& input) {
  const EVP_MD* algorithm = algorithm_of(input.hash);
  DigestBytes digest{};
  unsigned int length = 0;
  if (is_keyed(input.hash)) {
    const std::string key(input.key);  // with an address, an empty one too
    CHECK(HMAC(algorithm, key.data(), static_cast<int>(key.size()), bytes_of(input.text),
               input.text.size(), digest.data(), &length) != nullptr);
  } else {
    CHECK(EVP_Digest(input.text.data(), input.text.size(), digest.data(), &length, algorithm,
                     nullptr) == 1);
  }
  const auto bytes = std::span(digest).first(length);
  return input.encoding == SignatureEncoding::hex ? base::to_hex(std::as_bytes(bytes))
                                                  : base64_of(bytes);
}

}  // namespace channel
