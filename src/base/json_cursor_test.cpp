#include "base/json_cursor.h"

#include <gtest/gtest.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>
#include <random>

#include "base/json.h"
#include "base/text.h"

namespace base {
namespace {

namespace json = boost::json;

// A tree of what the cursor reads; nothing where it says no.
std::optional<json::value> tree_of(JsonCursor& cursor) {
  const char first = cursor.next();
  if (first == '"') {
    const auto text = cursor.text();
    return text ? std::optional(json::value(json::string(*text))) : std::nullopt;
  }
  if (cursor.take_word("true")) return json::value(true);
  if (cursor.take_word("false")) return json::value(false);
  if (cursor.take_word("null")) return json::value(nullptr);
  if (cursor.take('[')) {
    json::array array;
    if (cursor.take(']')) return array;
    do {
      auto element = tree_of(cursor);
      if (!element) return std::nullopt;
      array.push_back(std::move(*element));
    } while (cursor.take(','));
    return cursor.take(']') ? std::optional(json::value(std::move(array))) : std::nullopt;
  }
  if (cursor.take('{')) {
    json::object object;
    if (cursor.take('}')) return object;
    do {
      const auto name = cursor.text();
      if (!name || !cursor.take(':')) return std::nullopt;
      auto value = tree_of(cursor);
      if (!value || object.contains(*name)) return std::nullopt;
      object.emplace(*name, std::move(*value));
    } while (cursor.take(','));
    return cursor.take('}') ? std::optional(json::value(std::move(object))) : std::nullopt;
  }
  const auto number = cursor.number();
  if (!number) return std::nullopt;
  const char* const end = number->text.data() + number->text.size();
  if (number->has_point) {
    double value = 0;
    EXPECT_EQ(std::from_chars(number->text.data(), end, value).ptr, end);
    return json::value(value);
  }
  std::int64_t value = 0;
  EXPECT_EQ(std::from_chars(number->text.data(), end, value).ptr, end);
  return json::value(value);
}

std::optional<json::value> read(std::string_view text) {
  if (!is_utf8(text)) return std::nullopt;
  JsonCursor cursor(text);
  auto value = tree_of(cursor);
  return value && cursor.at_end() ? std::move(value) : std::nullopt;
}

// What the cursor reads, the tree reads as the same.
bool reads_alike(const std::string& text) {
  const auto plain = read(text);
  if (!plain) return false;
  const auto tree = parse_json(text, text.size());
  EXPECT_TRUE(tree.has_value()) << text;
  if (!tree) return true;
  EXPECT_EQ(*plain, *tree) << text;
  return true;
}

TEST(JsonCursor, ReadsPlainValues) {
  for (const std::string text :
       {R"("")", R"("私域")", R"("a\"b\\c\/d\b\f\n\r\t\u0001\u79c1\ud83d\ude00")", "0", "-1",
        "123456789012345678", "0.5", "-0.25", "12.50", "12.0", "100.00", "123456789.123456", "true",
        "false", "null", "[]", "{}", " [ 1 ,\t\"a\" , {\"b\" : [ ] } ]\r\n",
        R"({"a":1,"b":{"a":2}})"}) {
    EXPECT_TRUE(reads_alike(text)) << text;
  }
}

TEST(JsonCursor, SaysNoToTheRest) {
  for (const std::string text : {"",
                                 " ",
                                 "\"",
                                 "\"a",
                                 R"("\)",
                                 R"("\x")",
                                 R"("\u12")",
                                 R"("\u00g0")",
                                 R"("\u0000")",
                                 R"("\ud800")",
                                 R"("\ud800x")",
                                 R"("\ud800\u0041")",
                                 R"("\udc00")",
                                 "\"a\nb\"",
                                 "-",
                                 "+1",
                                 "01",
                                 "-01",
                                 "1.",
                                 ".5",
                                 "1e3",
                                 "1E3",
                                 "-0",
                                 "-0.0",
                                 "0x1",
                                 "1234567890123456789",
                                 "1234567890.123456",
                                 "tru",
                                 "nul",
                                 "[1,]",
                                 "[1 2]",
                                 "{\"a\" 1}",
                                 "{\"a\":1,}",
                                 "{a:1}",
                                 "[1",
                                 "1 2",
                                 "'a'",
                                 "\"\xff\""}) {
    EXPECT_FALSE(read(text).has_value()) << text;
  }
  EXPECT_FALSE(read(std::string("\0", 1)).has_value());
  EXPECT_FALSE(read(std::string("1\0", 2)).has_value());
}

TEST(JsonCursor, NumbersAreGivenAsTheyAreStored) {
  const auto told = [](std::string_view text) {
    JsonCursor cursor(text);
    const auto number = cursor.number();
    return number ? std::string(number->text) + (number->has_point ? "." : "") : "no";
  };
  EXPECT_EQ(told("12.50"), "12.5.");
  EXPECT_EQ(told("12.00"), "12.");
  EXPECT_EQ(told("100"), "100");
  EXPECT_EQ(told("0.10"), "0.1.");
  EXPECT_EQ(told("-100.0"), "-100.");
}

TEST(JsonCursor, TextsWithEscapesStay) {
  JsonCursor cursor(R"(["a\n1", "b\n2", "c"])");
  ASSERT_TRUE(cursor.take('['));
  const auto first = cursor.text();
  ASSERT_TRUE(cursor.take(','));
  const auto second = cursor.text();
  ASSERT_TRUE(cursor.take(','));
  EXPECT_EQ(cursor.text(), "c");
  EXPECT_EQ(first, "a\n1");
  EXPECT_EQ(second, "b\n2");
}

// Texts made of pieces of JSON, many of them nearly right.
std::string random_text(std::mt19937& random) {
  static constexpr std::string_view kPieces[] = {"{",
                                                 "}",
                                                 "[",
                                                 "]",
                                                 ",",
                                                 ":",
                                                 " ",
                                                 "\"",
                                                 "\"a\"",
                                                 "\"b\":",
                                                 "\"c\":",
                                                 "\\",
                                                 "\\u00e9",
                                                 "\\ud83d\\ude00",
                                                 "\\n",
                                                 "1",
                                                 "-",
                                                 "0",
                                                 ".",
                                                 "5",
                                                 "0.5",
                                                 "12.50",
                                                 "99999999999999999",
                                                 "e",
                                                 "true",
                                                 "false",
                                                 "null",
                                                 "\"a\":1,",
                                                 "[1,2]",
                                                 "\"\xe7\xa7\x81\"",
                                                 "\xe7",
                                                 "\n"};
  std::string text;
  const std::size_t pieces = 1 + random() % 12;
  for (std::size_t i = 0; i < pieces; ++i) text += kPieces[random() % std::size(kPieces)];
  return text;
}

TEST(JsonCursor, ReadsWhatTheTreeReads) {
  std::mt19937 random(3);
  int read = 0;
  for (int i = 0; i < 200'000; ++i) read += reads_alike(random_text(random)) ? 1 : 0;
  EXPECT_GT(read, 1'000);
}

// Bytes of something right, some of them changed.
TEST(JsonCursor, ReadsWhatTheTreeReadsOfDamagedText) {
  const std::string whole =
      R"({"a":[1,-2,3.50,"x\u00e9\n私"],"b":{"c":true,"d":null},"e":"","f":[{},[]]})";
  std::mt19937 random(4);
  int read = 0;
  for (int i = 0; i < 50'000; ++i) {
    std::string text = whole;
    for (std::size_t changes = random() % 3; changes > 0; --changes) {
      text[random() % text.size()] = "\"\\{}[],:01.-eu \n"[random() % 16];
    }
    read += reads_alike(text) ? 1 : 0;
  }
  EXPECT_GT(read, 10'000);
}

}  // namespace
}  // namespace base
