#include "customer/name_terms.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/random.h"
#include "customer/pinyin.h"

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

// Syllables known from other names, against the rules for the whole name.
TEST(Pinyin, IsThatOfTheRulesWhateverStandsBesideACharacter) {
  const std::u16string special =
      u"令狐万俟澹台长孙秘卜种重刀干葛盖过华纪筠靓牟粘区繁仇任单召折舍沈峙隗解莘燕尉乐员查翟曾一〇"
      u"々";
  base::SeededRandom random(3);
  for (int i = 0; i < 4000; ++i) {
    icu::UnicodeString name;
    for (std::uint64_t length = 1 + random.next() % 5; length > 0; --length) {
      const bool is_special = random.next() % 2 == 0;
      const auto other = static_cast<char16_t>(0x4e00 + random.next() % 0x5200);
      name.append(is_special ? special[random.next() % special.size()] : other);
    }
    if (random.next() % 10 == 0) name.append(u'a');
    std::string text;
    ASSERT_EQ(pinyin_of(name), pinyin_by_rules(name)) << name.toUTF8String(text);
  }
}

}  // namespace
}  // namespace customer
