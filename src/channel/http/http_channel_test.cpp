#include "channel/http/http_channel.h"

#include <gtest/gtest.h>

#include "store/test_database.h"

namespace channel {
namespace {

class HttpChannelTest : public store::DatabaseTest {
 protected:
  static HttpDefinition definition() {
    return {
        .name = "SMS", .kind = "sms", .request = {.url = "https://sms.example.com/", .body = "{}"}};
  }
  std::string add(const HttpDefinition& definition) {
    const auto made = database().write("add", [&](store::Unit& unit) {
      return add_channel(unit, {.id = {1}, .definition = definition, .now = {1'000}});
    });
    return made ? "added" : std::string(code_of(made.error()));
  }
  std::string change(const HttpDefinition& definition) {
    const auto made = database().write("change", [&](store::Unit& unit) {
      return change_channel(unit, {.id = {1}, .version = 1, .definition = definition});
    });
    return made ? "changed" : std::string(code_of(made.error()));
  }
};
INSTANTIATE_TEST_SUITE_P(Both, HttpChannelTest, store::kBothDatabases, store::dialect_name);

// What is not read back must not be written, wherever it is large.
TEST_P(HttpChannelTest, WhatIsTooLargeIsRefused) {
  HttpDefinition wide = definition();
  wide.meaning.rules = {{200, 299, "/code", std::string(130'000, 'x'), "done"}};
  EXPECT_EQ(add(wide), "channel.definition_too_large");
  // Each 16,000 bytes as they are, 96,000 as JSON writes them.
  HttpDefinition escaped = definition();
  escaped.request.body_kind = "text";
  escaped.request.body = std::string(15'000, '\x01');
  escaped.look_up.request = escaped.request;
  escaped.look_up.request.url = "https://sms.example.com/look";
  EXPECT_EQ(add(escaped), "channel.definition_too_large");
  ASSERT_EQ(add(definition()), "added");
  EXPECT_EQ(change(wide), "channel.definition_too_large");
  EXPECT_EQ(change(escaped), "channel.definition_too_large");
  EXPECT_EQ(database().read(channels).at(0).version, 1);
}

TEST_P(HttpChannelTest, TheLargestThatIsTakenIsReadBack) {
  HttpDefinition large = definition();
  large.meaning.rules = {{200, 299, "/code", std::string(59'000, 'x'), "done"}};
  ASSERT_EQ(add(large), "added");
  EXPECT_EQ(database().read(channels).at(0).definition.meaning.rules.at(0).equals.size(), 59'000u);
}

}  // namespace
}  // namespace channel
