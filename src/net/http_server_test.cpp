#include "net/http_server.h"

#include <sys/stat.h>
#include <sys/un.h>

#include <condition_variable>
#include <cstring>
#include <mutex>

#include "net/http_client.h"
#include "net/http_server_fixture.h"
#include "net/later.h"

namespace net {
namespace {

using HttpServerTest = HttpServerFixture;

constexpr std::string_view kGet = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

TEST_F(HttpServerTest, AnswersAndKeepsTheConnection) {
  start();
  HttpClient client({.base_url = "http://127.0.0.1:" + std::to_string(server_->port())});
  for (int i = 0; i < 3; ++i) {
    const auto answer = client.send({Method::post, "/a%20b?q=1", {}, "body"});
    ASSERT_TRUE(answer.has_value()) << answer.error().reason;
    EXPECT_EQ(answer->status, 200);
    EXPECT_EQ(answer->body, "POST /a%20b body 127.0.0.1");
    EXPECT_EQ(answer->headers.find("content-type"), "text/plain");
  }
  EXPECT_EQ(server_->counts().connections_accepted, 1u);
  EXPECT_EQ(client.send({Method::head, "/", {}, ""})->body, "");
  EXPECT_EQ(client.send({Method::head, "/", {}, ""})->headers.find("Content-Length"), "17");
  EXPECT_EQ(client.send({Method::del, "/", {}, ""})->body, "DELETE /  127.0.0.1");
  EXPECT_EQ(client.send({Method::get, "/fixed", {}, ""})->body, "fixed bytes");
  const auto empty = client.send({Method::get, "/empty", {}, ""});
  EXPECT_EQ(empty->status, 204);
  EXPECT_EQ(empty->headers.find("Content-Length"), std::nullopt);
  EXPECT_EQ(server_->counts().connections_accepted, 1u);
  EXPECT_EQ(server_->counts().requests_answered, 8u);
}

TEST_F(HttpServerTest, AnswersCarryTheDateOfTheClock) {
  class MadeClock final : public base::Clock {
   public:
    base::Moment now() const override { return base::Moment{1'767'225'599'999}; }
  };
  const MadeClock clock;
  options_.clock = &clock;
  start();
  EXPECT_NE(answer_to(kGet).find("Date: Wed, 31 Dec 2025 23:59:59 GMT\r\n"), std::string::npos);
  server_.reset();
}

TEST_F(HttpServerTest, AnswersOverTheLocalSocket) {
  options_.tcp = std::nullopt;
  options_.socket_path = folder_ / "siyu.sock";
  std::filesystem::create_directories(folder_ / std::string(200, 'd'));
  const std::vector<std::string> paths = {options_.socket_path,
                                          (folder_ / std::string(200, 'd') / "siyu.sock").string()};
  for (const std::string& path : paths) {
    options_.socket_path = path;
    start();
    struct stat state{};
    ASSERT_EQ(::stat(path.c_str(), &state), 0);
    EXPECT_EQ(state.st_mode & 0777, 0600u);
    HttpClient client({.socket_path = path});
    EXPECT_EQ(client.send({Method::get, "/", {}, ""})->body, "GET /  local");
    EXPECT_EQ(client.send({Method::get, "/", {}, ""})->body, "GET /  local");
    EXPECT_EQ(server_->counts().connections_accepted, 1u);

    const auto second = HttpServer::start(options_);
    ASSERT_FALSE(second.has_value());
    EXPECT_EQ(second.error().fault, ListenFault::address_in_use);
    EXPECT_TRUE(client.send({Method::get, "/", {}, ""}).has_value());
    server_->stop();
    EXPECT_FALSE(std::filesystem::exists(path));
    const auto refused = client.send({Method::get, "/", {}, ""});
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().fault, ClientFault::cannot_connect);
  }
}

TEST_F(HttpServerTest, ReplacesASocketLeftFromACrash) {
  options_.socket_path = folder_ / "siyu.sock";
  const int left = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, options_.socket_path.c_str(), sizeof address.sun_path - 1);
  ASSERT_EQ(::bind(left, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  ::close(left);
  start();
  HttpClient client({.socket_path = options_.socket_path});
  EXPECT_TRUE(client.send({Method::get, "/", {}, ""}).has_value());
}

TEST_F(HttpServerTest, SaysWhyItCannotListen) {
  start();
  options_.tcp->port = server_->port();
  auto second = HttpServer::start(options_);
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().fault, ListenFault::address_in_use);
  options_.tcp = HostPort{"192.0.2.1", 0};
  second = HttpServer::start(options_);
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().fault, ListenFault::bad_address);
  options_.tcp = std::nullopt;
  options_.socket_path = folder_ / "no such folder" / "siyu.sock";
  EXPECT_FALSE(HttpServer::start(options_).has_value());
}

TEST_F(HttpServerTest, AnAnswerMayComeLaterFromAnyThread) {
  std::promise<std::shared_ptr<Later>> handed;
  options_.handler_threads = 1;
  options_.handle = [&](const Request& request) {
    if (request.path == "/now") return make_response(200, "text/plain", "now");
    EXPECT_TRUE(request.takes_later);
    Response first;
    first.headers.add("X-First", "yes");
    first.later = std::make_shared<Later>();
    handed.set_value(first.later);
    return first;
  };
  start();
  auto slow = peer();
  slow.send(get("/later") + get("/now"));
  const auto later = handed.get_future().get();
  // The only handler thread is free, and other connections are answered.
  EXPECT_NE(answer_to(get("/now")).find("now"), std::string::npos);
  std::thread([&] { later->answer(make_response(201, "text/plain", "later")); }).join();
  const std::string answered = slow.until("later");
  EXPECT_EQ(status_in(answered), 201);
  EXPECT_NE(answered.find("X-First: yes"), std::string::npos);
  EXPECT_EQ(status_in(slow.until("now")), 200);
}

TEST_F(HttpServerTest, StopWaitsForAnswersThatComeLater) {
  std::promise<std::shared_ptr<Later>> handed;
  options_.handle = [&](const Request&) {
    Response first;
    first.later = std::make_shared<Later>();
    handed.set_value(first.later);
    return first;
  };
  start();
  auto slow = peer();
  slow.send(get("/later"));
  const auto later = handed.get_future().get();
  std::thread stopping([&] { server_->stop(); });
  later->answer(make_response(200, "text/plain", "after all"));
  stopping.join();
  EXPECT_NE(slow.rest().find("after all"), std::string::npos);
}

TEST_F(HttpServerTest, PipelinedRequestsAreAnsweredInOrder) {
  start();
  std::string bytes;
  for (int i = 0; i < 200; ++i) {
    bytes += "POST /" + std::to_string(i) + " HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nab";
  }
  const std::string answers = answer_to(bytes);
  std::size_t at = 0;
  for (int i = 0; i < 200; ++i) {
    const std::size_t next = answers.find("POST /" + std::to_string(i) + " ab", at);
    ASSERT_NE(next, std::string::npos) << i;
    at = next;
  }
}

TEST_F(HttpServerTest, BytesMayComeOneByOne) {
  start();
  RawPeer raw = peer();
  const std::string_view bytes =
      "POST /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
      "3;ext=1\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
  for (const char byte : bytes) ASSERT_TRUE(raw.send(std::string_view(&byte, 1)));
  EXPECT_EQ(status_in(raw.until("abcde 127.0.0.1")), 200);
  raw.send(kGet);
  EXPECT_EQ(status_in(raw.until("GET /  127.0.0.1")), 200);
}

TEST_F(HttpServerTest, AnHttp10PeerIsAnsweredAndClosed) {
  start();
  RawPeer raw = peer();
  raw.send("GET / HTTP/1.0\r\n\r\n");
  const std::string answer = raw.rest();
  EXPECT_EQ(status_in(answer), 200);
  EXPECT_NE(answer.find("Connection: close"), std::string::npos);
}

// Each line: what a bad peer sends, what it is answered.
TEST_F(HttpServerTest, RefusesBadRequests) {
  options_.limits.header_bytes_max = 1000;
  options_.limits.body_bytes_max = 10;
  start();
  const std::string long_field(1100, 'a');
  const std::vector<std::pair<std::string, int>> cases = {
      {"\r\n\r\n\r\n", 400},
      {"nonsense\r\n\r\n", 400},
      {"GET / HTTP/2.0\r\nHost: x\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400},
      {"GET x HTTP/1.1\r\nHost: x\r\n\r\n", 400},
      {"GET /%00 HTTP/1.1\r\nHost: x\r\n\r\n", 400},
      {"GET /../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost: x\r\nbad name: y\r\n\r\n", 400},
      {"GET / HTTP/1.1\nHost: x\n\n", 400},
      {"GET / HTTP/1.1\r\nHost", 400},  // and no more
      {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400},
      {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\nab",
       400},
      {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab", 400},  // cut short
      {"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400},
      {"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n", 501},
      {"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501},
      {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\n\r\n", 413},
      {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nabcdef\r\n"
       "6\r\nabcdef\r\n0\r\n\r\n",
       413},
      {"GET / HTTP/1.1\r\nHost: x\r\nA: " + long_field + "\r\n\r\n", 431},
      {"GET /" + long_field + " HTTP/1.1\r\nHost: x\r\n\r\n", 431},
  };
  for (const auto& [bytes, status] : cases) {
    SCOPED_TRACE(bytes.substr(0, 80));
    const std::string answer = answer_to(bytes + std::string(kGet));
    // What follows a refused request is never taken for another one.
    const bool cut = bytes.ends_with("Host") || bytes.ends_with("5\r\n\r\nab");
    const std::string got = cut ? answer_to(bytes) : answer;
    EXPECT_EQ(status_in(got), status) << got;
    EXPECT_NE(got.find("application/problem+json"), std::string::npos);
    EXPECT_EQ(got.find("HTTP/1.1", 1), std::string::npos) << got;
  }
  EXPECT_EQ(status_in(answer_to(kGet)), 200);
}

TEST_F(HttpServerTest, LargeBodiesAreAdmittedRouteByRoute) {
  options_.admit_body = [](const Request& request) {
    return Admission{request.path == "/large" ? std::size_t{3'000'000} : std::size_t{70'000}};
  };
  start();
  HttpClient client({.base_url = "http://127.0.0.1:" + std::to_string(server_->port())});
  const std::string large(3'000'000, 'x');  // libcurl asks first: Expect: 100-continue
  const auto taken = client.send({Method::post, "/large", {}, large});
  ASSERT_TRUE(taken.has_value()) << taken.error().reason;
  EXPECT_EQ(taken->status, 200);
  EXPECT_EQ(taken->body.size(), large.size() + 22);
  const auto refused = client.send({Method::post, "/small", {}, large});
  ASSERT_TRUE(refused.has_value()) << refused.error().reason;
  EXPECT_EQ(refused->status, 413);
}

// Not a byte of the body is waited for.
TEST_F(HttpServerTest, WhoMayNotSendALargeBodyIsToldBeforeIt) {
  options_.limits.body_bytes_max = 10;
  std::atomic<int> asked = 0;
  options_.admit_body = [&](const Request& request) {
    ++asked;
    if (request.path == "/throw") throw std::runtime_error("admission failed");
    if (request.headers.find("Authorization") == "Bearer known") return Admission{100};
    return Admission{0, make_response(401, "text/plain", "who are you?")};
  };
  start();
  const auto post = [](std::string_view fields) {
    return "POST / HTTP/1.1\r\nHost: x\r\n" + std::string(fields) + "\r\n";
  };
  for (const std::string_view body :
       {"Content-Length: 100\r\n", "Transfer-Encoding: chunked\r\n"}) {
    RawPeer raw = peer();
    raw.send(post(body));
    const std::string answer = raw.until("who are you?");
    EXPECT_EQ(status_in(answer), 401) << answer;
    EXPECT_NE(answer.find("Connection: close"), std::string::npos);
    raw.finish_sending();
    EXPECT_EQ(raw.rest(), "");
  }
  EXPECT_EQ(asked, 2);
  EXPECT_EQ(status_in(answer_to(post("Content-Length: 10\r\n") + std::string(10, 'x'))), 200);
  EXPECT_EQ(asked, 2) << "a small body needs no admission";
  const std::string known = "Authorization: Bearer known\r\n";
  EXPECT_EQ(status_in(answer_to(post(known + "Content-Length: 100\r\n") + std::string(100, 'x'))),
            200);
  EXPECT_EQ(status_in(answer_to(post(known + "Content-Length: 101\r\n"))), 413);
  EXPECT_EQ(status_in(answer_to("POST /throw HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\n\r\n")),
            500);
  EXPECT_EQ(failure_.get_future().get(), "admission failed");
}

// Closing at once would reset the connection under a peer that still sends.
TEST_F(HttpServerTest, ARefusedPeerMaySendOnForAWhile) {
  start();
  RawPeer raw = peer();
  raw.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5000000\r\n\r\n");
  EXPECT_EQ(status_in(raw.until("}")), 413);
  const std::string bytes(100'000, 'x');
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(raw.send(bytes));
  raw.finish_sending();
  EXPECT_EQ(raw.rest(), "");
}

TEST_F(HttpServerTest, BodiesOfAllConnectionsHaveOneBudget) {
  options_.limits.bodies_bytes_max = 150;
  start();
  RawPeer first = peer();
  first.send("POST /wait HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n" +
             std::string(100, 'a'));
  wait_for_waiting(1);
  const std::string second =
      "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n" + std::string(100, 'a');
  EXPECT_EQ(status_in(answer_to(second)), 503);
  open_gate();
  EXPECT_EQ(status_in(first.until("127.0.0.1")), 200);
  EXPECT_EQ(status_in(answer_to(second)), 200);
}

TEST_F(HttpServerTest, LargeAnswersOfAllConnectionsHaveOneBudget) {
  options_.limits.answers_bytes_max = kLargeAnswer + kLargeAnswer / 2;
  start();
  const std::string large = "GET /much HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
  {
    RawPeer first = peer();
    first.send(large);
    EXPECT_EQ(status_in(first.until("\r\n\r\n")), 200);  // and reads no further
    EXPECT_EQ(status_in(answer_to(large)), 503);
    EXPECT_EQ(status_in(answer_to(get("/"))), 200);
  }
  EXPECT_TRUE(eventually([](const HttpCounts& counts) { return counts.connections_open == 0; }));
  const std::string whole = answer_to(large);
  EXPECT_EQ(status_in(whole), 200);
  EXPECT_GT(whole.size(), kLargeAnswer);
}

TEST_F(HttpServerTest, SlowHeadersAndBodiesAreTimedOut) {
  options_.limits.header_time_max = base::Duration{20};
  options_.limits.body_time_max = base::Duration{20};
  options_.limits.linger_time_max = base::Duration{20};
  start();
  RawPeer header = peer();
  header.send("GET / HT");
  EXPECT_EQ(status_in(header.rest()), 408);
  RawPeer body = peer();
  body.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab");
  EXPECT_EQ(status_in(body.rest()), 408);
}

TEST_F(HttpServerTest, SendingOnDoesNotHelpTheSlow) {
  options_.limits.header_time_max = base::Duration{20};
  options_.limits.linger_time_max = base::Duration{20};
  options_.limits.header_bytes_max = 100'000'000;
  std::atomic<int> timed_out = 0;
  options_.refuse = [&](Refusal refusal) {
    timed_out += refusal == Refusal::request_timeout;
    return response_of(refusal);
  };
  start();
  RawPeer dripping = peer();
  dripping.send("GET / HTTP/1.1\r\nA: ");
  while (dripping.send("a")) {
  }
  EXPECT_EQ(timed_out, 1);
  EXPECT_TRUE(eventually([](const HttpCounts& counts) { return counts.connections_open == 0; }));
  server_.reset();
}

TEST_F(HttpServerTest, IdleConnectionsAreClosedSilently) {
  options_.limits.idle_time_max = base::Duration{20};
  start();
  RawPeer raw = peer();
  EXPECT_EQ(raw.rest(), "");
  RawPeer used = peer();
  used.send(kGet);
  EXPECT_EQ(status_in(used.until("127.0.0.1")), 200);
  EXPECT_EQ(used.rest(), "");
}

TEST_F(HttpServerTest, APeerThatDoesNotReadIsCutOff) {
  options_.limits.write_time_max = base::Duration{50};
  const std::string large(16'000'000, 'x');
  options_.handle = [&](const Request&) { return Response{200, {}, "", large}; };
  start();
  RawPeer raw = peer();
  raw.send(kGet);
  EXPECT_TRUE(eventually([](const HttpCounts& counts) {
    return counts.requests_answered == 1 && counts.connections_open == 0;
  }));
}

TEST_F(HttpServerTest, AHalfClosedPeerGetsItsAnswer) {
  start();
  RawPeer raw = peer();
  raw.send("POST /wait HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nab");
  raw.finish_sending();
  wait_for_waiting(1);
  open_gate();
  const std::string answer = raw.rest();
  EXPECT_EQ(status_in(answer), 200);
  EXPECT_NE(answer.find("POST /wait ab"), std::string::npos);
}

TEST_F(HttpServerTest, APeerThatGoesAwayHarmsNobody) {
  start();
  for (int i = 0; i < 20; ++i) {
    RawPeer raw = peer();
    raw.send(i % 2 == 0 ? "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nab" : kGet);
  }
  EXPECT_TRUE(eventually([](const HttpCounts& counts) { return counts.connections_open == 0; }));
  EXPECT_EQ(status_in(answer_to(kGet)), 200);
}

// A handler at /watch that answers once its sender is gone, or the gate is open.
class Watching {
 public:
  Response answer(const Request& request) {
    const std::stop_token gone = request.sender_gone();
    EXPECT_EQ(gone, request.sender_gone());  // asked again: the same
    std::unique_lock lock(mutex_);
    watched_ = true;
    changed_.notify_all();
    changed_.wait(lock, gone, [this] { return released_; });
    was_gone_ = gone.stop_requested();
    ended_ = true;
    changed_.notify_all();
    return make_response(200, "text/plain", was_gone_ ? "gone" : "there");
  }
  void wait_until_watched() {
    std::unique_lock lock(mutex_);
    EXPECT_TRUE(changed_.wait_for(lock, std::chrono::seconds(kFailsafe.tv_sec),
                                  [this] { return watched_; }));
  }
  // Whether the sender had gone when the handler ended.
  bool ended_with_sender_gone() {
    std::unique_lock lock(mutex_);
    EXPECT_TRUE(
        changed_.wait_for(lock, std::chrono::seconds(kFailsafe.tv_sec), [this] { return ended_; }));
    return was_gone_;
  }
  void release() {
    const std::scoped_lock lock(mutex_);
    released_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable_any changed_;
  bool watched_ = false;
  bool released_ = false;
  bool ended_ = false;
  bool was_gone_ = false;
};

TEST_F(HttpServerTest, AHandlerLearnsThatItsSenderIsGone) {
  Watching watching;
  options_.handle = [&](const Request& request) { return watching.answer(request); };
  start();
  {
    RawPeer raw = peer();
    raw.send(kGet);
    watching.wait_until_watched();
  }
  EXPECT_TRUE(watching.ended_with_sender_gone());
  EXPECT_TRUE(eventually([](const HttpCounts& counts) { return counts.connections_open == 0; }));
  EXPECT_EQ(server_->counts().requests_abandoned, 1U);
}

TEST_F(HttpServerTest, AWatchedSenderMaySendTheNextRequest) {
  Watching watching;
  options_.handle = [&](const Request& request) {
    return request.path == "/watch" ? watching.answer(request) : answer(request);
  };
  start();
  RawPeer raw = peer();
  raw.send("GET /watch HTTP/1.1\r\nHost: x\r\n\r\n");
  watching.wait_until_watched();
  // More than is kept, in pieces: part of it arrives while the first is handled.
  const std::string body(60'000, 'b');
  raw.send("POST /next HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n" + body);
  watching.release();
  EXPECT_NE(raw.until("there").find("there"), std::string::npos);
  EXPECT_NE(raw.until(body + " 127.0.0.1").find("POST /next b"), std::string::npos);
  raw.send("GET /last HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_NE(raw.rest().find("GET /last"), std::string::npos);
  EXPECT_EQ(server_->counts().requests_abandoned, 0U);
}

TEST_F(HttpServerTest, WhatIsSentBeforeTheWatchIsKept) {
  Watching watching;
  options_.handle = [&](const Request& request) {
    return request.path == "/watch" ? watching.answer(request) : answer(request);
  };
  start();
  RawPeer raw = peer();
  raw.send("GET /watch HTTP/1.1\r\nHost: x\r\n\r\nGET /next HTTP/1.1\r\nHost: x\r\n\r\n");
  watching.wait_until_watched();
  watching.release();
  EXPECT_NE(raw.until("GET /next").find("there"), std::string::npos);
}

TEST_F(HttpServerTest, StopEndsAWatchedHandlerThatHangs) {
  Watching watching;
  options_.handle = [&](const Request& request) { return watching.answer(request); };
  options_.limits.stop_time_max = base::Duration{50};
  start();
  RawPeer raw = peer();
  raw.send(kGet);
  watching.wait_until_watched();
  server_->stop();
  EXPECT_TRUE(watching.ended_with_sender_gone());
}

TEST_F(HttpServerTest, AFullQueueIsRefusedAndTheConnectionStays) {
  options_.handler_threads = 1;
  options_.limits.queued_requests_max = 1;
  start();
  const std::string_view wait = "GET /wait HTTP/1.1\r\nHost: x\r\n\r\n";
  RawPeer running = peer();
  running.send(wait);
  wait_for_waiting(1);
  RawPeer queued = peer();
  queued.send(wait);
  ASSERT_TRUE(eventually([](const HttpCounts& counts) { return counts.requests_queued == 1; }));
  RawPeer refused = peer();
  refused.send(kGet);
  const std::string answer = refused.until("}");
  EXPECT_EQ(status_in(answer), 503);
  EXPECT_NE(answer.find("Retry-After: 1"), std::string::npos);
  open_gate();
  EXPECT_EQ(status_in(running.until("127.0.0.1")), 200);
  EXPECT_EQ(status_in(queued.until("127.0.0.1")), 200);
  refused.send(kGet);
  EXPECT_EQ(status_in(refused.until("127.0.0.1")), 200);
}

TEST_F(HttpServerTest, TooManyConnectionsAreRefused) {
  options_.limits.connections_max = 10;
  start();
  std::vector<std::unique_ptr<RawPeer>> peers;
  for (int i = 0; i < 10; ++i) peers.push_back(std::make_unique<RawPeer>(server_->port()));
  for (const auto& one : peers) one->send(kGet);
  for (const auto& one : peers) EXPECT_EQ(status_in(one->until("127.0.0.1")), 200);
  EXPECT_EQ(status_in(answer_to(kGet)), 503);
  peers.pop_back();
  EXPECT_TRUE(eventually([](const HttpCounts& counts) { return counts.connections_open < 10; }));
  EXPECT_EQ(status_in(answer_to(kGet)), 200);
}

TEST_F(HttpServerTest, ManyClientsAtOnce) {
  options_.io_threads = 2;
  start();
  std::atomic<int> good = 0;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 16; ++thread) {
    threads.emplace_back([&, thread] {
      HttpClient client({.base_url = "http://127.0.0.1:" + std::to_string(server_->port())});
      for (int i = 0; i < 50; ++i) {
        const std::string body = std::to_string(thread * 1000 + i);
        const auto answer = client.send({Method::post, "/", {}, body});
        if (answer && answer->body == "POST / " + body + " 127.0.0.1") ++good;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(good, 800);
}

TEST_F(HttpServerTest, AThrowingHandlerIsAnInternalError) {
  start();
  RawPeer raw = peer();
  raw.send("GET /throw HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(status_in(raw.until("}")), 500);
  EXPECT_EQ(failure_.get_future().get(), "thrown");
  raw.send(kGet);
  EXPECT_EQ(status_in(raw.until("127.0.0.1")), 200);
}

TEST_F(HttpServerTest, RefusalsCanBeWorded) {
  options_.refuse = [](Refusal refusal) {
    return make_response(status_of(refusal), "text/plain",
                         "ours: " + std::string(code_of(refusal)));
  };
  start();
  EXPECT_NE(answer_to("GET / HTTP/1.1\r\n\r\n").find("ours: net.bad_request"), std::string::npos);
}

TEST_F(HttpServerTest, StopFinishesWhatRunsAndClosesTheRest) {
  start();
  RawPeer idle = peer();
  idle.send(kGet);
  EXPECT_EQ(status_in(idle.until("127.0.0.1")), 200);
  RawPeer in_header = peer();
  in_header.send("GET / HT");
  RawPeer running = peer();
  running.send("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n");
  wait_for_waiting(1);
  ASSERT_TRUE(eventually([](const HttpCounts& counts) { return counts.connections_open == 3; }));
  std::thread stopping([this] { server_->stop(); });
  EXPECT_EQ(idle.rest(), "");
  EXPECT_EQ(in_header.rest(), "");
  open_gate();
  const std::string answer = running.rest();
  stopping.join();
  EXPECT_EQ(status_in(answer), 200);
  EXPECT_NE(answer.find("Connection: close"), std::string::npos);
  const int probe = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(server_->port());
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_NE(::connect(probe, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  ::close(probe);
}

TEST_F(HttpServerTest, StopDoesNotWaitForeverForTheNetwork) {
  options_.limits.stop_time_max = base::Duration{20};
  start();
  RawPeer slow = peer();
  slow.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab");
  RawPeer running = peer();
  running.send("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n");
  wait_for_waiting(1);
  std::thread stopping([this] { server_->stop(); });
  EXPECT_EQ(slow.rest(), "");
  open_gate();
  stopping.join();
  EXPECT_EQ(server_->counts().connections_open, 0u);
}

TEST_F(HttpServerTest, TheClientTellsWhatWentWrong) {
  options_.limits.write_time_max = base::Duration{1000};
  start();
  const std::string url = "http://127.0.0.1:" + std::to_string(server_->port());
  HttpClient hasty({.base_url = url, .total_time_max = base::Duration{30}});
  const auto late = hasty.send({Method::get, "/wait", {}, ""});
  ASSERT_FALSE(late.has_value());
  EXPECT_EQ(late.error().fault, ClientFault::timed_out);
  HttpClient small({.base_url = url, .response_bytes_max = 3});
  const auto large = small.send({Method::get, "/", {}, ""});
  ASSERT_FALSE(large.has_value());
  EXPECT_EQ(large.error().fault, ClientFault::answer_too_large);
  open_gate();
  server_->stop();
  const auto gone = HttpClient({.base_url = url}).send({Method::get, "/", {}, ""});
  ASSERT_FALSE(gone.has_value());
  EXPECT_EQ(gone.error().fault, ClientFault::cannot_connect);
}

}  // namespace
}  // namespace net
