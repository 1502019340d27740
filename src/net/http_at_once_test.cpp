// What a server's event loop answers by itself, before any handler's thread.
#include <algorithm>

#include "net/http_server_fixture.h"
#include "net/later.h"

namespace net {
namespace {

// /now is answered on the loop, everything else by a handler.
class HttpAtOnceTest : public HttpServerFixture {
 protected:
  HttpAtOnceTest() {
    options_.handler_threads = 1;
    options_.handle_at_once = [this](const Request& request) -> std::optional<Response> {
      if (request.path == "/throw-now") throw std::runtime_error("thrown at once");
      if (request.path != "/now") return std::nullopt;
      ++at_once_;
      return make_response(200, "text/plain", "at once " + request.body);
    };
  }

  std::atomic<int> at_once_ = 0;
};

std::string post_now(std::string_view body) {
  return "POST /now HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + std::string(body);
}

TEST_F(HttpAtOnceTest, NeedsNoThreadOfAHandler) {
  start();
  RawPeer waiting = peer();
  waiting.send(get("/wait"));
  wait_for_waiting(1);
  RawPeer raw = peer();
  raw.send(post_now("abc"));
  EXPECT_EQ(status_in(raw.until("at once abc")), 200);
  open_gate();
  EXPECT_EQ(status_in(waiting.until("127.0.0.1")), 200);
  EXPECT_EQ(server_->counts().requests_answered, 2U);
}

TEST_F(HttpAtOnceTest, TheRestIsHandledAsEver) {
  start();
  RawPeer raw = peer();
  raw.send(get("/other"));
  EXPECT_EQ(status_in(raw.until("GET /other  127.0.0.1")), 200);
  EXPECT_EQ(at_once_, 0);
}

TEST_F(HttpAtOnceTest, ALargeBodyIsNotReadOnTheLoop) {
  start();
  RawPeer raw = peer();
  raw.send(post_now(std::string(kAtOnceBodyBytesMax, 'a')));
  EXPECT_NE(raw.until("aa").find("HTTP/1.1 200"), std::string::npos);
  EXPECT_EQ(at_once_, 1);
  RawPeer larger = peer();
  larger.send(post_now(std::string(kAtOnceBodyBytesMax + 1, 'a')));
  EXPECT_NE(larger.until("127.0.0.1").find("POST /now a"), std::string::npos);
  EXPECT_EQ(at_once_, 1);
}

TEST_F(HttpAtOnceTest, WhatThrowsIsAnInternalError) {
  start();
  RawPeer raw = peer();
  raw.send(get("/throw-now"));
  EXPECT_EQ(status_in(raw.until("}")), 500);
  EXPECT_EQ(failure_.get_future().get(), "thrown at once");
  raw.send(post_now("on"));
  EXPECT_EQ(status_in(raw.until("at once on")), 200);
}

TEST_F(HttpAtOnceTest, RequestsOfAConnectionKeepTheirOrder) {
  start();
  RawPeer raw = peer();
  raw.send(get("/wait") + post_now("second") + get("/third") + post_now("fourth"));
  wait_for_waiting(1);
  EXPECT_EQ(at_once_, 0);
  open_gate();
  const std::string answers = raw.until("at once fourth");
  const std::array<std::size_t, 4> found = {
      answers.find("GET /wait"), answers.find("at once second"), answers.find("GET /third"),
      answers.find("at once fourth")};
  EXPECT_TRUE(std::ranges::is_sorted(found)) << answers;
  EXPECT_NE(found.back(), std::string::npos);
}

// More requests at once than a socket takes answers: the connection goes on when it is read.
TEST_F(HttpAtOnceTest, ManyPipelinedRequestsAreAllAnswered) {
  start();
  constexpr int kRequests = 5000;
  std::string bytes;
  for (int i = 0; i < kRequests; ++i) bytes += post_now(std::to_string(i));
  bytes += "GET /last HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
  RawPeer raw = peer();
  std::thread sending([&] { raw.send(bytes); });
  std::size_t answered = 0;
  for (int i = 0; i < kRequests; ++i) {
    answered += raw.until("at once " + std::to_string(i)).ends_with(std::to_string(i));
  }
  sending.join();
  EXPECT_EQ(answered, static_cast<std::size_t>(kRequests));
  EXPECT_NE(raw.rest().find("GET /last"), std::string::npos);
}

TEST_F(HttpAtOnceTest, AnAnswerMayComeLater) {
  std::promise<std::shared_ptr<Later>> handed;
  options_.handle_at_once = [&](const Request&) -> std::optional<Response> {
    Response first;
    first.later = std::make_shared<Later>();
    handed.set_value(first.later);
    return first;
  };
  start();
  RawPeer raw = peer();
  raw.send(get("/later"));
  const auto later = handed.get_future().get();
  std::thread stopping([&] { server_->stop(); });
  later->answer(make_response(201, "text/plain", "later"));
  const std::string answer = raw.rest();
  stopping.join();
  EXPECT_EQ(status_in(answer), 201);
  EXPECT_TRUE(answer.ends_with("later"));
}

// Answers that became known together, of connections on several loops.
TEST_F(HttpAtOnceTest, AnswersGivenTogetherReachEveryConnection) {
  constexpr std::size_t kPeers = 40;
  std::mutex mutex;
  std::vector<std::pair<std::string, std::shared_ptr<Later>>> waiting;
  options_.io_threads = 3;
  options_.handle_at_once = [&](const Request& request) -> std::optional<Response> {
    Response first;
    first.later = std::make_shared<Later>();
    const std::scoped_lock lock(mutex);
    waiting.emplace_back(request.path, first.later);
    ++waiting_;
    waiting_.notify_all();
    return first;
  };
  start();
  std::vector<std::unique_ptr<RawPeer>> peers;
  for (std::size_t i = 0; i < kPeers; ++i) {
    peers.push_back(std::make_unique<RawPeer>(server_->port()));
    peers.back()->send(get("/" + std::to_string(i)));
  }
  wait_for_waiting(kPeers);
  for (const auto& [path, later] : waiting) {
    later->answer(make_response(200, "text/plain", "to " + path + "."));
  }
  for (std::size_t i = 0; i < kPeers; ++i) {
    const std::string wanted = "to /" + std::to_string(i) + ".";
    EXPECT_NE(peers[i]->until(wanted).find(wanted), std::string::npos);
  }
}

}  // namespace
}  // namespace net
