// What fields are called and which are personal, changed by two at one moment.
#include <gtest/gtest.h>

#include <barrier>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "server/app_fixture.h"

namespace server {
namespace {

namespace json = boost::json;

constexpr int kTimes = 30;

class FieldNoteTest : public AppFixture {
 protected:
  // Each says one thing of the field at `path`, again and again, and neither takes the other's
  // away.
  void expect_both_kept(const std::string& path) {
    for (int i = 0; i < kTimes; ++i) {
      const json::object label{{"label_en", "l" + std::to_string(i)}};
      const json::object personal{{"personal", i % 2 == 0}};
      std::barrier both(2);
      {
        std::jthread other([&] {
          both.arrive_and_wait();
          EXPECT_EQ(send(net::Method::patch, path, json::serialize(personal)).status, 200);
        });
        both.arrive_and_wait();
        EXPECT_EQ(send(net::Method::patch, path, json::serialize(label)).status, 200);
      }
      const json::value now = ask(net::Method::patch, path, "{}", 200);
      ASSERT_EQ(now.at("label_en"), label.at("label_en")) << i;
      ASSERT_EQ(now.at("personal"), personal.at("personal")) << i;
    }
  }
};

TEST_P(FieldNoteTest, OfAnAttributeTwoAtOnceAreBothKept) {
  const json::value made =
      ask(net::Method::post, "/api/v1/attributes", R"({"name": "tea", "type": "text"})", 201);
  expect_both_kept("/api/v1/attributes/" + std::to_string(made.at("id").as_int64()));
}

TEST_P(FieldNoteTest, OfAPropertyTwoAtOnceAreBothKept) {
  ask(net::Method::post, "/api/v1/event-types",
      R"({"name": "brewed", "properties": [{"name": "tea", "type": "text"}]})", 201);
  expect_both_kept("/api/v1/event-types/brewed/properties/tea");
}

INSTANTIATE_TEST_SUITE_P(Both, FieldNoteTest, store::kBothDatabases, store::dialect_name);

}  // namespace
}  // namespace server
