#include "net/networks.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <vector>

namespace net {
namespace {

TEST(Networks, AreReadAndHold) {
  const auto holds = [](const char* text, std::initializer_list<std::uint8_t> address) {
    const std::vector<std::uint8_t> bytes(address);
    return Networks::parse(text)->contains(bytes);
  };
  EXPECT_TRUE(holds("10.2.0.0/16, 127.0.0.1", {10, 2, 255, 255}));
  EXPECT_TRUE(holds("10.2.0.0/16, 127.0.0.1", {127, 0, 0, 1}));
  EXPECT_FALSE(holds("10.2.0.0/16, 127.0.0.1", {10, 3, 0, 0}));
  EXPECT_FALSE(holds("10.2.0.0/16, 127.0.0.1", {127, 0, 0, 2}));
  EXPECT_TRUE(holds("0.0.0.0/0", {1, 2, 3, 4}));
  EXPECT_FALSE(holds("", {127, 0, 0, 1}));
  EXPECT_FALSE(holds("0.0.0.0/0", {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}));
  EXPECT_TRUE(holds("::1", {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}));
  EXPECT_TRUE(holds("fd00::/8", {0xfd, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}));
  for (const char* text : {"10.2", "10.0.0.0/33", "10.0.0.0/x", "10.0.0.0/", "::1/129", "host",
                           "10.0.0.0/8;127.0.0.1", "10.0.0.0/8 127.0.0.1", "127.0.0.1:80",
                           "https://127.0.0.1", "::1%lo", "10.0.0.0/+8", "010.0.0.1"}) {
    EXPECT_FALSE(Networks::parse(text)) << text;
  }
}

}  // namespace
}  // namespace net
