#include "api/seal.h"

#include <gtest/gtest.h>

namespace api {
namespace {

TEST(SealTest, OpensWhatItClosedAndShowsNothingOfIt) {
  base::SeededRandom random(1);
  const Seal seal(random);
  for (const std::size_t length : {0U, 1U, 31U, 32U, 33U, 300U}) {
    const std::string text(length, '1');
    const std::string sealed = seal.close(text);
    EXPECT_EQ(seal.open(sealed), text);
    EXPECT_EQ(sealed.find("31313131"), std::string::npos) << sealed;
  }
  EXPECT_EQ(seal.open(seal.close("phone/13800000001")), "phone/13800000001");
  EXPECT_NE(seal.close("a"), seal.close("b"));
}

TEST(SealTest, WhatItDidNotCloseOpensToNothing) {
  base::SeededRandom random(1);
  const Seal seal(random);
  const Seal other(random);
  std::string sealed = seal.close("13800000001");
  EXPECT_EQ(other.open(sealed), std::nullopt);
  sealed.back() = sealed.back() == '0' ? '1' : '0';
  EXPECT_EQ(seal.open(sealed), std::nullopt);
  for (const char* text : {"", "00", "zz", "13800000001", "0"}) {
    EXPECT_EQ(seal.open(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace api
