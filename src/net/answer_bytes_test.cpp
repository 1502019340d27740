#include "net/answer_bytes.h"

#include <gtest/gtest.h>

namespace net {
namespace {

std::string bytes_of(const Response& response, const AnswerOptions& options) {
  AnswerBytes bytes;
  bytes.compose(response, options);
  return std::string(bytes.parts()[0]) + std::string(bytes.parts()[1]);
}

TEST(AnswerBytesTest, HaveStatusFieldsAndBody) {
  Response response = make_response(201, "application/json", "{}");
  response.headers.add("X-Empty", "");
  EXPECT_EQ(bytes_of(response, {.date = "now"}),
            "HTTP/1.1 201 Created\r\n"
            "Content-Type: application/json\r\n"
            "X-Empty: \r\n"
            "Date: now\r\n"
            "Content-Length: 2\r\n"
            "\r\n"
            "{}");
}

TEST(AnswerBytesTest, LeaveOutWhatThereIsNot) {
  EXPECT_EQ(bytes_of(Response{204, {}, "never", ""}, {.keep_open = false}),
            "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(bytes_of(Response{}, {}), "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(bytes_of(Response{200, {}, "body", ""}, {.to_head = true}),
            "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n");
}

TEST(AnswerBytesTest, AreTheSameInWhateverPiecesTheyAreTaken) {
  const std::string large(kJoinedBodyBytesMax + 1, 'x');
  for (const bool is_fixed : {true, false}) {
    Response response;
    if (is_fixed) {
      response.fixed_body = large;
    } else {
      response.body = large;
    }
    const std::string whole = bytes_of(response, {});
    EXPECT_TRUE(whole.ends_with("\r\n\r\n" + large));
    AnswerBytes bytes;
    bytes.compose(response, {});
    std::string taken;
    while (!bytes.empty()) {
      const auto [head, body] = bytes.parts();
      const std::string rest = std::string(head) + std::string(body);
      const std::size_t count = std::min<std::size_t>(rest.size(), 1000);
      taken += rest.substr(0, count);
      bytes.consume(count);
    }
    EXPECT_EQ(taken, whole);
  }
}

TEST(AnswerBytesDeathTest, ALineBreakIsNeverSent) {
  for (const std::string_view bad :
       {std::string_view("a\rb"), std::string_view("a\nb"), std::string_view("a\0b", 3)}) {
    Response value;
    value.headers.add("X-Name", bad);
    EXPECT_DEATH(bytes_of(value, {}), "is_fit_for_header");
    Response name;
    name.headers.add(bad, "value");
    EXPECT_DEATH(bytes_of(name, {}), "is_fit_for_header");
  }
}

}  // namespace
}  // namespace net
