#include "customer/name_terms.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace customer {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

TEST(NameTermsTest, AChineseNameIsFoundByItsPartsItsPinyinAndItsInitials) {
  EXPECT_THAT(name_terms("张晓明"), UnorderedElementsAre("张晓明", "晓明", "明", "zhangxiaoming",
                                                         "xiaoming", "ming", "zxm", "xm"));
}

TEST(NameTermsTest, FamilyNamesAreReadAsSuch) {
  EXPECT_THAT(name_terms("单雄"), ::testing::Contains("shanxiong"));
  EXPECT_THAT(name_terms("吕布"), ::testing::Contains("lubu"));
}

TEST(NameTermsTest, OtherScriptsAreFoldedAndHaveNoPinyin) {
  EXPECT_THAT(name_terms("  ＡＮＮ b "), UnorderedElementsAre("annb", "nnb", "nb", "b"));
  EXPECT_EQ(folded_name("Ａnn  B"), "annb");
}

TEST(NameTermsTest, AWordOfAnotherScriptIsOneSyllable) {
  EXPECT_THAT(name_terms("amy陈"), ::testing::IsSupersetOf({"amychen", "chen", "ac", "my陈"}));
}

TEST(NameTermsTest, NothingOfNothing) {
  EXPECT_THAT(name_terms(""), IsEmpty());
  EXPECT_THAT(name_terms(" \t\u3000"), IsEmpty());
  EXPECT_THAT(name_terms("\xff"), IsEmpty());
  EXPECT_THAT(name_terms("🍵"), ElementsAre("🍵"));
}

TEST(NameTermsTest, LongNamesAreCut) {
  const std::string name(1000, 'a');
  EXPECT_EQ(name_terms(name).size(), kNameCharactersMax);
}

TEST(NameTermsTest, OnlyNamesAreNames) {
  EXPECT_TRUE(is_name("昵称"));
  EXPECT_TRUE(is_name("name"));
  EXPECT_FALSE(is_name("city"));
}

}  // namespace
}  // namespace customer
