#include "api/seal.h"

#include <array>
#include <cstddef>
#include <span>

#include "base/text.h"

namespace api {
namespace {

constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kTagBytes = 16;
constexpr std::size_t kBlockBytes = 32;  // of SHA-256

std::string tag_of(const std::string& key, std::string_view text) {
  return base::hmac_sha256(key, "mark " + std::string(text)).substr(0, kTagBytes);
}

}  // namespace

Seal::Seal(base::Random& random) {
  std::array<std::byte, kKeyBytes> bytes{};
  random.fill(bytes);
  key_.assign(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

std::string Seal::under_stream(std::string_view text, std::string_view tag) const {
  std::string out;
  std::string block;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::size_t at = i % kBlockBytes;
    if (at == 0) {
      block = base::hmac_sha256(key_, "stream " + std::string(tag) + std::to_string(i));
    }
    out += static_cast<char>(text[i] ^ block[at]);
  }
  return out;
}

std::string Seal::close(std::string_view text) const {
  const std::string tag = tag_of(key_, text);
  const std::string sealed = tag + under_stream(text, tag);
  return base::to_hex(std::as_bytes(std::span(sealed)));
}

std::optional<std::string> Seal::open(std::string_view sealed) const {
  const auto bytes = base::from_hex(sealed);
  if (!bytes || bytes->size() < kTagBytes) return std::nullopt;
  const std::string tag = bytes->substr(0, kTagBytes);
  std::string text = under_stream(std::string_view(*bytes).substr(kTagBytes), tag);
  if (!base::equal_secrets(tag_of(key_, text), tag)) return std::nullopt;
  return text;
}

}  // namespace api
