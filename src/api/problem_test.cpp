#include "api/problem.h"

#include <gtest/gtest.h>

#include "api/problem_table.h"

namespace api {
namespace {

constexpr Language kLanguages[] = {Language::chinese, Language::english};

TEST(Problem, NoSentenceShowsItsPlace) {
  for (const ProblemText& text : kProblems) {
    for (const Language language : kLanguages) {
      for (const std::string_view subject : {"", "city"}) {
        const std::string sentence = sentence_of(text, language, subject);
        EXPECT_EQ(sentence.find_first_of("{}"), std::string::npos) << text.code << ": " << sentence;
        EXPECT_EQ(sentence.find("  "), std::string::npos) << text.code << ": " << sentence;
        EXPECT_EQ(sentence.find("()"), std::string::npos) << text.code << ": " << sentence;
        EXPECT_EQ(sentence.find("（）"), std::string::npos) << text.code << ": " << sentence;
        EXPECT_NE(sentence.front(), ' ') << text.code << ": " << sentence;
      }
      const net::Response response = response_of(Refusal(text.code), language);
      EXPECT_EQ(response.body.find("{subject}"), std::string::npos) << text.code;
    }
  }
}

TEST(Problem, APlaceWithoutSubjectGoesWithWhatLedToIt) {
  const auto sentence = [](std::string_view code, Language language) {
    return sentence_of(*find_problem(code), language, "");
  };
  EXPECT_EQ(sentence("customer.text_too_long", Language::english), "The text is too long.");
  EXPECT_EQ(sentence("customer.text_too_long", Language::chinese), "文本过长。");
  EXPECT_EQ(sentence("customer.identity_invalid", Language::english), "This is no valid identity.");
  EXPECT_EQ(sentence("customer.identity_invalid", Language::chinese), "这不是有效的身份。");
  EXPECT_EQ(sentence("log.bad_name", Language::english),
            "The name is empty, too long, or has control characters or spaces at its ends.");
  EXPECT_EQ(sentence("log.bad_name", Language::chinese), "名称为空、过长、含控制字符或首尾空格。");
}

TEST(Problem, ALongSubjectIsCutAtACharacter) {
  const ProblemText& text = *find_problem("customer.unknown_attribute");
  EXPECT_EQ(sentence_of(text, Language::english, "city"), "There is no attribute city.");
  std::string name = "a";
  while (name.size() < 2 * kSubjectBytesMax) name += "城";
  const std::string sentence = sentence_of(text, Language::english, name);
  EXPECT_LE(sentence.size(), kSubjectBytesMax + 40);
  EXPECT_TRUE(sentence.ends_with("城….")) << sentence;
}

}  // namespace
}  // namespace api
