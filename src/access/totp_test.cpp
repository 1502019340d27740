#include "access/totp.h"

#include <gtest/gtest.h>

namespace rights {
namespace {

// RFC 6238 appendix B, SHA-1; its codes have eight digits, ours are the last six of them.
TEST(Totp, CodesAreThoseOfTheStandard) {
  const std::string secret = "12345678901234567890";
  const struct {
    std::int64_t seconds;
    std::string code;
  } kCases[] = {{59, "287082"},         {1111111109, "081804"}, {1111111111, "050471"},
                {1234567890, "005924"}, {2000000000, "279037"}, {20000000000, "353130"}};
  for (const auto& each : kCases) {
    EXPECT_EQ(totp_code(secret, totp_step_of(base::Moment{each.seconds * 1000})), each.code);
  }
}

// RFC 4648 section 10, without padding.
TEST(Totp, SecretsAreWrittenInBase32) {
  EXPECT_EQ(to_base32(""), "");
  EXPECT_EQ(to_base32("f"), "MY");
  EXPECT_EQ(to_base32("fo"), "MZXQ");
  EXPECT_EQ(to_base32("foo"), "MZXW6");
  EXPECT_EQ(to_base32("foob"), "MZXW6YQ");
  EXPECT_EQ(to_base32("fooba"), "MZXW6YTB");
  EXPECT_EQ(to_base32("foobar"), "MZXW6YTBOI");
}

TEST(Totp, AnAppReadsTheAddress) {
  EXPECT_EQ(otpauth_uri({"茶 & Co", "li@a"}, "foobar"),
            "otpauth://totp/%E8%8C%B6%20%26%20Co:li%40a?secret=MZXW6YTBOI"
            "&issuer=%E8%8C%B6%20%26%20Co&algorithm=SHA1&digits=6&period=30");
}

}  // namespace
}  // namespace rights
