#include "access/origin.h"

#include <gtest/gtest.h>

namespace rights {
namespace {

TEST(Origin, IsSpelledAsBrowsersDo) {
  EXPECT_EQ(origin_from("https://Shop.Example.com/"), "https://shop.example.com");
  EXPECT_EQ(origin_from("https://shop.example.com:443"), "https://shop.example.com");
  EXPECT_EQ(origin_from("http://localhost:3000"), "http://localhost:3000");
  EXPECT_EQ(origin_from("http://10.0.0.5:80"), "http://10.0.0.5");
}

TEST(Origin, IsNothingElse) {
  for (const char* text :
       {"", "*", "null", "shop.example.com", "ftp://a", "https://", "https://a/b", "https://a b",
        "https://*.example.com", "https://a:0", "https://a:65536", "https://a:", "https://a:1x",
        "https://u@a", "https://a..b", "https://-a", "https://[::1]", "https://a?x"}) {
    EXPECT_EQ(origin_from(text), std::nullopt) << text;
  }
  EXPECT_EQ(origin_from("https://" + std::string(kOriginBytesMax, 'a')), std::nullopt);
}

TEST(Origin, ListsAreTextsAndBack) {
  const std::vector<std::string> origins = {"https://a", "https://b:1"};
  EXPECT_EQ(joined(origins), "https://a https://b:1");
  EXPECT_EQ(origins_from(joined(origins)), origins);
  EXPECT_TRUE(origins_from("").empty());
}

}  // namespace
}  // namespace rights
