// Syntax errors and canonical spellings of the golden cases handed to the project; skipped where
// those are not at hand (the answers of the cases are tests/golden's).

#include <gtest/gtest.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <fstream>
#include <iterator>
#include <string>

#include "audience/bind.h"
#include "audience/memory_names.h"
#include "audience/parse.h"
#include "audience/print.h"
#include "base/calendar.h"

namespace audience {
namespace {

namespace json = boost::json;

constexpr const char* kCases = SIYU_SOURCE_DIR "/../shared/data/oracles/rules/cases.json";

std::string text_of(const json::value& value) { return std::string(value.as_string()); }

class GoldenText : public testing::Test {
 protected:
  void SetUp() override {
    std::ifstream file(kCases);
    if (!file) GTEST_SKIP() << kCases << " is not there";
    const std::string bytes((std::istreambuf_iterator<char>(file)), {});
    cases_ = json::parse(bytes).as_object();
  }

  const json::array& part(std::string_view key) const { return cases_.at(key).as_array(); }

 private:
  json::object cases_;
};

std::string rule_text(const json::object& object) {
  if (const json::value* rule = object.if_contains("rule")) return text_of(*rule);
  std::string text;
  for (const json::value& part : object.at("parts").as_array()) {
    const std::string piece = text_of(part.at(0));
    for (std::int64_t i = 0; i < part.at(1).as_int64(); ++i) text += piece;
  }
  return text;
}

void declare(MemoryNames& names, const json::object& declares) {
  for (const auto& [name, type] : declares.at("attributes").as_object()) {
    std::string word = text_of(type);
    if (word == "text list") word = "text_list";
    names.declare_attribute(std::string_view(name), *base::value_type_named(word));
  }
  for (const json::value& tag : declares.at("tags").as_array()) {
    const std::string full = text_of(tag);
    const std::size_t slash = full.find('/');
    names.declare_tag(full.substr(0, slash), full.substr(slash + 1));
  }
}

TEST_F(GoldenText, MistakesAtTheirByte) {
  const base::Zone zone = *base::Zone::named("Asia/Shanghai");
  BindOptions options;
  options.zone = &zone;
  int checked = 0;
  for (const json::value& value : part("syntax_errors")) {
    const json::object& object = value.as_object();
    const std::string text = rule_text(object);
    SCOPED_TRACE(text.substr(0, 100));
    MemoryNames names;
    const json::value* declares = object.if_contains("declares");
    if (declares != nullptr) declare(names, declares->as_object());
    const auto bound = compile(text, names, options);
    ASSERT_FALSE(bound);
    if (declares != nullptr) {
      EXPECT_TRUE(parse(text));
    }
    if (!object.at("offset").is_null()) {
      EXPECT_EQ(static_cast<std::int64_t>(bound.error().offset), object.at("offset").as_int64());
      EXPECT_EQ(std::string(code_of(bound.error().fault)),
                "audience." + text_of(object.at("code_hint")));
    }
    ++checked;
  }
  EXPECT_GT(checked, 0);
}

TEST_F(GoldenText, CanonicalSpelling) {
  int checked = 0;
  for (const json::value& value : part("canonical")) {
    const std::string canonical = text_of(value.at("canonical"));
    for (const std::string& text : {text_of(value.at("input")), canonical}) {
      const auto rule = parse(text);
      ASSERT_TRUE(rule) << text;
      EXPECT_EQ(print(*rule), canonical);
    }
    ++checked;
  }
  EXPECT_GT(checked, 0);
}

}  // namespace
}  // namespace audience
