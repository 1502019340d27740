#include "net/later.h"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>

namespace net {
namespace {

TEST(Later, GivesTheAnswerInWhicheverOrderTheTwoSidesCome) {
  for (const bool answer_first : {true, false}) {
    Later later;
    std::string got;
    const auto answer = [&] { later.answer(make_response(201, "text/plain", "done")); };
    if (answer_first) answer();
    later.on_answer([&](const Response& response) { got = response.body; });
    EXPECT_EQ(got, answer_first ? "done" : "");
    if (!answer_first) answer();
    EXPECT_EQ(got, "done");
  }
}

TEST(Later, TwoThreadsMeetOnce) {
  for (int round = 0; round < 200; ++round) {
    Later later;
    std::atomic<int> calls = 0;
    std::thread answering([&] { later.answer(make_response(200, "text/plain", "x")); });
    later.on_answer([&](const Response&) { ++calls; });
    answering.join();
    EXPECT_EQ(calls, 1);
  }
}

TEST(Later, WhoLooksOnSeesTheAnswerBeforeWhoGetsIt) {
  for (const bool answer_first : {true, false}) {
    Later later;
    std::string told;
    const auto answer = [&] { later.answer(make_response(201, "text/plain", "done")); };
    if (answer_first) answer();
    later.look_on([&](const Response& response) { told += "saw " + response.body; });
    later.on_answer([&](const Response& response) { told += ", got " + response.body; });
    if (!answer_first) answer();
    EXPECT_EQ(told, "saw done, got done");
  }
}

TEST(Later, TheHandlersHeadersReplaceThoseOfTheAnswer) {
  Response first;
  first.headers.add("cache-control", "no-store");
  Response answer = make_response(200, "text/plain", "x");
  answer.headers.add("Cache-Control", "public");
  const Response whole = with_headers_of(std::move(answer), first);
  EXPECT_EQ(whole.headers.find("Content-Type"), "text/plain");
  EXPECT_EQ(whole.headers.find("Cache-Control"), "no-store");
  EXPECT_EQ(whole.headers.fields().size(), 2u);
}

}  // namespace
}  // namespace net
