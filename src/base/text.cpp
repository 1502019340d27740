#include "base/text.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <utility>
#include <vector>

#include "base/check.h"

namespace base {
namespace {

constexpr std::size_t kDigestBytes = 32;
constexpr std::size_t kNearestCodePointsMax = 128;
constexpr std::size_t kNearestDistanceMax = 4;

std::uint8_t byte_at(std::string_view text, std::size_t at) {
  return static_cast<std::uint8_t>(text[at]);
}

bool is_continuation(std::uint8_t byte) { return (byte & 0xC0) == 0x80; }

// What a lead byte promises: the length of its sequence and the range of its second byte, which is
// where overlong forms, surrogates and code points beyond U+10FFFF show. Length 0: no lead byte.
struct Lead {
  std::size_t bytes;
  std::uint8_t second_min;
  std::uint8_t second_max;
};

Lead lead_of(std::uint8_t byte) {
  if (byte < 0x80) return {1, 0, 0};
  if (byte < 0xC2) return {0, 0, 0};
  if (byte < 0xE0) return {2, 0x80, 0xBF};
  if (byte == 0xE0) return {3, 0xA0, 0xBF};
  if (byte == 0xED) return {3, 0x80, 0x9F};
  if (byte < 0xF0) return {3, 0x80, 0xBF};
  if (byte == 0xF0) return {4, 0x90, 0xBF};
  if (byte < 0xF4) return {4, 0x80, 0xBF};
  if (byte == 0xF4) return {4, 0x80, 0x8F};
  return {0, 0, 0};
}

// Whether eight bytes from there on are there, and ASCII.
bool is_ascii_word(std::string_view text, std::size_t at) {
  std::uint64_t word = 0;
  if (text.size() - at < sizeof word) return false;
  std::memcpy(&word, text.data() + at, sizeof word);
  return (word & 0x8080'8080'8080'8080ULL) == 0;
}

std::u32string decode(std::string_view text) {
  std::u32string out;
  for (std::size_t at = 0; at < text.size();) {
    const Lead lead = lead_of(byte_at(text, at));
    if (lead.bytes == 0 || at + lead.bytes > text.size()) break;
    const std::uint32_t first = byte_at(text, at);
    char32_t code = lead.bytes == 1 ? first : first & (0x7FU >> lead.bytes);
    for (std::size_t i = 1; i < lead.bytes; ++i) {
      code = (code << 6) | (byte_at(text, at + i) & 0x3FU);
    }
    out.push_back(code);
    at += lead.bytes;
  }
  return out;
}

// Optimal string alignment distance.
std::size_t distance(const std::u32string& left, const std::u32string& right) {
  std::vector<std::size_t> before_last(right.size() + 1);
  std::vector<std::size_t> last(right.size() + 1);
  std::vector<std::size_t> row(right.size() + 1);
  for (std::size_t j = 0; j <= right.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= left.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= right.size(); ++j) {
      const std::size_t changed = left[i - 1] == right[j - 1] ? 0 : 1;
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + changed});
      const bool swapped =
          i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1];
      if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
    std::swap(before_last, last);
    std::swap(last, row);
  }
  return last[right.size()];
}

}  // namespace

std::size_t utf8_prefix(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    if (is_ascii_word(text, at)) {
      at += sizeof(std::uint64_t);
      continue;
    }
    const Lead lead = lead_of(byte_at(text, at));
    if (lead.bytes == 0 || at + lead.bytes > text.size()) return at;
    if (lead.bytes > 1) {
      const std::uint8_t second = byte_at(text, at + 1);
      if (second < lead.second_min || second > lead.second_max) return at;
      for (std::size_t i = 2; i < lead.bytes; ++i) {
        if (!is_continuation(byte_at(text, at + i))) return at;
      }
    }
    at += lead.bytes;
  }
  return at;
}

bool is_utf8(std::string_view text) { return utf8_prefix(text) == text.size(); }

std::string to_nfc(std::string_view text) {
  const bool ascii = std::all_of(text.begin(), text.end(),
                                 [](char c) { return static_cast<std::uint8_t>(c) < 0x80; });
  if (ascii) return std::string(text);
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* nfc = icu::Normalizer2::getNFCInstance(status);
  CHECK(U_SUCCESS(status));
  const icu::StringPiece piece(text.data(), static_cast<std::int32_t>(text.size()));
  if (nfc->isNormalizedUTF8(piece, status) && U_SUCCESS(status)) return std::string(text);
  std::string out;
  icu::StringByteSink<std::string> sink(&out);
  nfc->normalizeUTF8(0, piece, sink, nullptr, status);
  CHECK(U_SUCCESS(status));
  return out;
}

std::size_t code_points(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return !is_continuation(static_cast<std::uint8_t>(c));
  }));
}

std::optional<std::string> nearest(std::string_view text, std::span<const std::string> candidates) {
  const std::u32string wanted = decode(text);
  if (wanted.size() > kNearestCodePointsMax) return std::nullopt;
  const std::string* best = nullptr;
  std::size_t best_distance = 0;
  for (const std::string& candidate : candidates) {
    const std::u32string letters = decode(candidate);
    if (letters.size() > kNearestCodePointsMax) continue;
    const std::size_t longer = std::max(wanted.size(), letters.size());
    const std::size_t allowed = std::min((longer + 2) / 3, kNearestDistanceMax);
    if (longer - std::min(wanted.size(), letters.size()) > allowed) continue;
    const std::size_t found = distance(wanted, letters);
    if (found > allowed) continue;
    const bool better =
        best == nullptr || found < best_distance || (found == best_distance && candidate < *best);
    if (!better) continue;
    best = &candidate;
    best_distance = found;
  }
  if (best == nullptr) return std::nullopt;
  return *best;
}

namespace {

// Whether commas, tabs and line ends stand there as in UTF-16 of this order.
bool is_utf16(std::string_view head, Encoding encoding) {
  const std::size_t sign = encoding == Encoding::utf16_le ? 0 : 1;
  std::size_t paired = 0;
  std::size_t bare = 0;
  for (std::size_t at = 0; at + 1 < head.size(); at += 2) {
    const bool separates = std::string_view(",\t\r\n").find(head[at + sign]) != head.npos;
    if (separates) ++(head[at + 1 - sign] == '\0' ? paired : bare);
  }
  return paired > 1 && paired > bare;
}

}  // namespace

Encoding detect_encoding(std::string_view head) {
  if (head.starts_with("\xEF\xBB\xBF")) return Encoding::utf8;
  if (head.starts_with("\xFF\xFE")) return Encoding::utf16_le;
  if (head.starts_with("\xFE\xFF")) return Encoding::utf16_be;
  if (is_utf16(head, Encoding::utf16_le)) return Encoding::utf16_le;
  if (is_utf16(head, Encoding::utf16_be)) return Encoding::utf16_be;
  const std::size_t valid = utf8_prefix(head);
  const std::string_view rest = head.substr(valid);
  if (rest.empty()) return Encoding::utf8;
  const Lead lead = lead_of(byte_at(rest, 0));
  bool cut = lead.bytes > rest.size();
  for (std::size_t i = 1; cut && i < rest.size(); ++i) {
    const std::uint8_t byte = byte_at(rest, i);
    cut = i == 1 ? byte >= lead.second_min && byte <= lead.second_max : is_continuation(byte);
  }
  return cut ? Encoding::utf8 : Encoding::gb18030;
}

std::string to_hex(std::span<const std::byte> bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const std::byte byte : bytes) {
    out.push_back(kDigits[std::to_integer<std::size_t>(byte >> 4)]);
    out.push_back(kDigits[std::to_integer<std::size_t>(byte & std::byte{15})]);
  }
  return out;
}

std::string to_base64url(std::span<const std::byte> bytes) {
  constexpr std::string_view kLetters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string out;
  out.reserve((bytes.size() * 4 + 2) / 3);
  std::uint32_t pending = 0;
  unsigned bits = 0;
  for (const std::byte byte : bytes) {
    pending = ((pending << 8) | std::to_integer<std::uint32_t>(byte)) & 0xFFFFU;
    for (bits += 8; bits >= 6; bits -= 6) out.push_back(kLetters[(pending >> (bits - 6)) & 63U]);
  }
  if (bits > 0) out.push_back(kLetters[(pending << (6 - bits)) & 63U]);
  return out;
}

std::optional<std::string> from_hex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  std::string out;
  out.reserve(text.size() / 2);
  unsigned pending = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    unsigned digit = 0;
    if (c >= '0' && c <= '9') {
      digit = static_cast<unsigned>(c - '0');
    } else if (c >= 'a' && c <= 'f') {
      digit = static_cast<unsigned>(c - 'a') + 10;
    } else if (c >= 'A' && c <= 'F') {
      digit = static_cast<unsigned>(c - 'A') + 10;
    } else {
      return std::nullopt;
    }
    pending = pending * 16 + digit;
    if (i % 2 == 0) continue;
    out.push_back(static_cast<char>(static_cast<std::uint8_t>(pending)));
    pending = 0;
  }
  return out;
}

std::string sha256(std::string_view bytes) {
  // Looked up once: EVP_sha256() is looked up at every use, which costs more than the digest.
  static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  CHECK(algorithm != nullptr);
  std::string out(kDigestBytes, '\0');
  const int done =
      EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(out.data()), nullptr,
                 algorithm, nullptr);
  CHECK(done == 1);
  return out;
}

std::string hmac_sha256(std::string_view key, std::string_view bytes) {
  std::string out(kDigestBytes, '\0');
  const unsigned char* made =
      HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
           reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
           reinterpret_cast<unsigned char*>(out.data()), nullptr);
  CHECK(made != nullptr);
  return out;
}

bool equal_secrets(std::string_view left, std::string_view right) {
  if (left.size() != right.size()) return false;
  return CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

}  // namespace base
