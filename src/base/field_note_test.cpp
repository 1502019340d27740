#include "base/field_note.h"

#include <gtest/gtest.h>

namespace base {
namespace {

TEST(FieldNoteTest, ALabelIsATextForPeople) {
  EXPECT_EQ(label_from(" 生日 "), "生日");
  EXPECT_EQ(label_from(""), "");
  EXPECT_EQ(label_from("   "), "");
  EXPECT_EQ(label_from("a\nb"), std::nullopt);
  EXPECT_EQ(label_from("\xff"), std::nullopt);
  EXPECT_EQ(label_from(std::string(kLabelBytesMax, 'x')), std::string(kLabelBytesMax, 'x'));
  EXPECT_EQ(label_from(std::string(kLabelBytesMax + 1, 'x')), std::nullopt);
}

TEST(FieldNoteTest, WhoHasNoLabelInALanguageIsCalledByTheOther) {
  const auto called = [](const FieldNote& note) {
    return std::string(label_of(note, "birthday", LabelLanguage::chinese)) + " " +
           std::string(label_of(note, "birthday", LabelLanguage::english));
  };
  EXPECT_EQ(called({}), "birthday birthday");
  EXPECT_EQ(called({.label_zh = "生日"}), "生日 生日");
  EXPECT_EQ(called({.label_zh = "生日", .label_en = "Birthday"}), "生日 Birthday");
}

}  // namespace
}  // namespace base
