#include "access/password.h"

#include <gtest/gtest.h>

#include "access/test_means.h"

namespace rights {
namespace {

std::string check(std::string_view password, std::string_view name = "wang") {
  const auto fault = check_new_password(password, name);
  return fault ? std::string(code_of(*fault)).substr(7) : "good";
}

TEST(Password, RulesForNewOnes) {
  EXPECT_EQ(check("correct horse"), "good");
  EXPECT_EQ(check("一二三四五六七八九十甲乙"), "good");
  EXPECT_EQ(check("一二三四五六七八九十甲"), "password_too_short");
  EXPECT_EQ(check("abcdefghij1"), "password_too_short");
  EXPECT_EQ(check(std::string("xy37") + std::string(124, 'q') + "7"), "password_too_long");
  std::string longest;
  for (int i = 0; i < 16; ++i) longest += "a7 xQ-3z";
  EXPECT_EQ(check(longest), "good");
  EXPECT_EQ(check("tab\tin the password"), "password_not_text");
  EXPECT_EQ(check("\xff\xfe not text at all"), "password_not_text");
  for (const char* common :
       {"123456789012", "13800138000138", "aaaaaaaaaaaa", "abababababab", "password1234",
        "Password1234!", "12345qwertyuiop", "!!administrator!!", "WoAiNi1314520", "iloveyou1234"}) {
    EXPECT_EQ(check(common), "password_common") << common;
  }
  EXPECT_EQ(check("wangxiaoming88", "wangxiaoming"), "password_common");
  EXPECT_EQ(check("WangWangWang1", "wang"), "password_common");
  EXPECT_EQ(check("wang and twelve more", "wang"), "good");
}

TEST(Password, IsHashedWithArgon2idAndASaltOfItsOwn) {
  base::SystemRandom random;
  const std::string first = hash_password(kPassword, random, kCheap);
  const std::string second = hash_password(kPassword, random, kCheap);
  EXPECT_TRUE(first.starts_with("$argon2id$v=19$m=8,t=1,p=1$")) << first;
  EXPECT_NE(first, second);
  EXPECT_TRUE(verify_password(first, kPassword));
  EXPECT_TRUE(verify_password(second, kPassword));
  EXPECT_FALSE(verify_password(first, kPassword + " "));
  EXPECT_FALSE(verify_password(first, ""));
  EXPECT_FALSE(verify_password("", kPassword));
  EXPECT_FALSE(verify_password("$argon2id$nonsense", kPassword));
  EXPECT_FALSE(verify_password(first, std::string(100'000, 'x')));
  EXPECT_FALSE(verify_password(first, "\xff"));
}

TEST(Password, CostsWhatItSays) {
  base::SystemRandom random;
  EXPECT_TRUE(hash_password(kPassword, random).starts_with("$argon2id$v=19$m=32768,t=3,p=1$"));
}

TEST(Password, IsComparedInNormalForm) {
  base::SystemRandom random;
  const std::string hash = hash_password("caf\u00e9 au lait, noir", random, kCheap);
  EXPECT_TRUE(verify_password(hash, "cafe\u0301 au lait, noir"));
}

}  // namespace
}  // namespace rights
