#include "base/text.h"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace base {
namespace {

std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text));
}

std::string hex(std::string_view text) { return to_hex(bytes_of(text)); }

TEST(Text, TellsValidUtf8) {
  for (const std::string_view good : {"", "a", "私域", "\xF0\x9F\x98\x80", "\xED\x9F\xBF"}) {
    EXPECT_TRUE(is_utf8(good)) << hex(good);
  }
  const std::array<std::string_view, 10> bad = {
      "\x80",              // continuation alone
      "\xC0\x80",          // overlong NUL
      "\xE0\x80\x80",      // overlong
      "\xED\xA0\x80",      // surrogate
      "\xF4\x90\x80\x80",  // beyond U+10FFFF
      "\xF0\x80\x80\x80",  // overlong
      "\xE7\xA7",          // cut
      "\xFF",
      "\xE7\xA7\x41",
      "\xF5\x80\x80\x80",
  };
  for (const std::string_view text : bad) EXPECT_FALSE(is_utf8(text)) << hex(text);
  EXPECT_EQ(utf8_prefix("ab\xC3(c"), 2U);
  EXPECT_EQ(utf8_prefix("私\xE5\x9F"), 3U);
}

TEST(Text, NormalFormAndCount) {
  EXPECT_EQ(to_nfc("e\xCC\x81"), "\xC3\xA9");
  EXPECT_EQ(to_nfc("\xE1\x84\x80\xE1\x85\xA1"), "\xEA\xB0\x80");  // Hangul
  EXPECT_EQ(to_nfc("plain 私域"), "plain 私域");
  EXPECT_EQ(code_points("私域 a\xF0\x9F\x98\x80"), 5U);
}

TEST(Text, FindsTheNearestName) {
  const std::vector<std::string> names = {"order_paid", "order_refunded", "门店", "ab", "ac", "b"};
  EXPECT_EQ(nearest("order_payed", names), "order_paid");
  EXPECT_EQ(nearest("ordre_paid", names), "order_paid");  // swapped neighbours are one step
  EXPECT_EQ(nearest("门占", names), "门店");
  EXPECT_EQ(nearest("ad", names), "ab");  // as near as ac, first in byte order
  EXPECT_EQ(nearest("completely_other", names), std::nullopt);
  EXPECT_EQ(nearest("xy", names), std::nullopt);
  EXPECT_EQ(nearest("a", std::vector<std::string>{}), std::nullopt);
  EXPECT_EQ(nearest(std::string(2000, 'a'), names), std::nullopt);
}

TEST(Text, DetectsEncodings) {
  EXPECT_EQ(detect_encoding("\xEF\xBB\xBFname"), Encoding::utf8);
  EXPECT_EQ(detect_encoding(std::string_view("\xFF\xFEn\0", 4)), Encoding::utf16_le);
  EXPECT_EQ(detect_encoding(std::string_view("\xFE\xFF\0n", 4)), Encoding::utf16_be);
  EXPECT_EQ(detect_encoding(""), Encoding::utf8);
  EXPECT_EQ(detect_encoding("私域\xE7\xA7"), Encoding::utf8);  // cut at the end
  EXPECT_EQ(detect_encoding("\xCB\xBD\xD3\xF2"), Encoding::gb18030);
  EXPECT_EQ(detect_encoding("abc\xCB"), Encoding::utf8);
  EXPECT_EQ(detect_encoding("\xC4\xE3"), Encoding::gb18030);
  EXPECT_EQ(detect_encoding(std::string_view("\x0B\x62,\0a\0\n\0", 8)), Encoding::utf16_le);
  EXPECT_EQ(detect_encoding(std::string_view("\x62\x0B\0,\0a\0\n", 8)), Encoding::utf16_be);
  EXPECT_EQ(detect_encoding(std::string_view("a,b\n1,\0\n", 8)), Encoding::utf8);  // one NUL
}

TEST(Text, HexAndBase64) {
  EXPECT_EQ(hex("\x01\xAB"), "01ab");
  EXPECT_EQ(from_hex("01aB"), "\x01\xAB");
  EXPECT_EQ(from_hex("1"), std::nullopt);
  EXPECT_EQ(from_hex("0g"), std::nullopt);
  EXPECT_EQ(to_base64url(bytes_of("")), "");
  EXPECT_EQ(to_base64url(bytes_of("f")), "Zg");
  EXPECT_EQ(to_base64url(bytes_of("fo")), "Zm8");
  EXPECT_EQ(to_base64url(bytes_of("foobar")), "Zm9vYmFy");
  EXPECT_EQ(to_base64url(bytes_of("\xFB\xFF")), "-_8");
}

TEST(Text, Digests) {
  EXPECT_EQ(hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  // RFC 4231, case 2.
  EXPECT_EQ(hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_TRUE(equal_secrets("same", "same"));
  EXPECT_FALSE(equal_secrets("same", "sama"));
  EXPECT_FALSE(equal_secrets("same", "samea"));
}

}  // namespace
}  // namespace base
