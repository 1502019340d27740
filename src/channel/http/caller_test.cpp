#include "channel/http/caller.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <latch>
#include <thread>

#include "channel/http/receiver.h"

namespace channel {
namespace {

using outbox::Sent;

CallerOptions local() {
  CallerOptions options;
  options.allowed = *AllowedNetworks::parse("127.0.0.1");
  return options;
}

const AnswerMeaning kUsual{};

HttpCall post(const std::string& url, const std::string& body = "{}") {
  return {{.method = "POST", .url = url, .headers = {{"X-Id", body}}, .body = body}, &kUsual};
}

outbox::Outcome call(const std::string& url, CallerOptions options = local()) {
  const HttpCall one = post(url);
  return Caller(std::move(options)).call({&one, 1}).front();
}

// Accepts, reads what comes, does as told, closes. For as many connections as told.
class RawReceiver {
 public:
  RawReceiver(std::string answer, int connections) {
    listener_ = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    EXPECT_EQ(::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(::listen(listener_, 16), 0);
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::jthread([this, answer = std::move(answer), connections] {
      for (int i = 0; i < connections; ++i) serve(answer);
    });
  }
  ~RawReceiver() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }
  RawReceiver(const RawReceiver&) = delete;
  RawReceiver& operator=(const RawReceiver&) = delete;

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/"; }
  int requests() const { return requests_; }
  // The first bytes of somebody, the first whole request.
  void wait_for_bytes() const { is_reached_.wait(false); }
  void wait_for_request() const { requests_.wait(0); }

 private:
  void serve(const std::string& answer) {
    const int peer = ::accept(listener_, nullptr, nullptr);
    if (peer < 0) return;
    std::string got;
    char bytes[4096];
    // Every request here ends with its body "{}".
    while (!got.ends_with("{}")) {
      const ssize_t count = ::recv(peer, bytes, sizeof bytes, 0);
      if (count <= 0) break;
      is_reached_ = true;
      is_reached_.notify_all();
      got.append(bytes, static_cast<std::size_t>(count));
    }
    if (got.ends_with("{}")) {
      ++requests_;
      requests_.notify_all();
    }
    if (answer == "hang") {
      while (::recv(peer, bytes, sizeof bytes, 0) > 0) {
      }
    } else {
      ::send(peer, answer.data(), answer.size(), MSG_NOSIGNAL);
    }
    ::close(peer);
  }

  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<int> requests_ = 0;
  std::atomic<bool> is_reached_ = false;
  std::jthread thread_;
};

TEST(Caller, SendsManyAndKeepsTheirOrder) {
  TestReceiver receiver([](const net::Request& request) {
    return net::make_response(request.body == "7" ? 404 : 200, "text/plain", request.body);
  });
  std::vector<HttpCall> calls;
  for (int i = 0; i < 100; ++i) calls.push_back(post(receiver.url("/a?b"), std::to_string(i)));
  Caller caller(local());
  const auto outcomes = caller.call(calls);
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    EXPECT_EQ(outcomes[i].sent, i == 7 ? Sent::refused : Sent::done) << i;
  }
  EXPECT_EQ(receiver.asked().size(), 100u);
  EXPECT_EQ(receiver.asked().front().target, "/a?b");
  EXPECT_TRUE(caller.call({}).empty());
}

TEST(Caller, ReachesNoInternalAddressUnlessAllowed) {
  TestReceiver receiver;
  for (const std::string& url : {receiver.url(), "http://localhost:" + receiver.url().substr(17)}) {
    const auto refused = call(url, {});
    EXPECT_EQ(refused.sent, Sent::refused) << url;
    EXPECT_EQ(refused.problem, "channel.forbidden_address") << url;
  }
  for (const char* url : {"http://127.1/", "http://2130706433/", "http://0x7f.1/", "http://[::1]/",
                          "http://[::ffff:127.0.0.1]/", "http://0.0.0.0/",
                          "http://169.254.169.254/latest/meta-data/"}) {
    EXPECT_EQ(call(url, {}).problem, "channel.forbidden_address") << url;
  }
  EXPECT_TRUE(receiver.asked().empty());
  EXPECT_EQ(call(receiver.url()).sent, Sent::done);
}

// Wherever it would lead, it is not followed.
TEST(Caller, FollowsNoRedirect) {
  TestReceiver receiver([](const net::Request& request) {
    auto response = net::make_response(request.path == "/" ? 302 : 200, "text/plain", "");
    response.headers.set("Location", "/there");
    return response;
  });
  const auto outcome = call(receiver.url());
  EXPECT_EQ(outcome.sent, Sent::refused);
  EXPECT_EQ(outcome.problem, "http.302");
  EXPECT_EQ(receiver.asked().size(), 1u);
}

TEST(Caller, NobodyThereHasDoneNothing) {
  std::string url;
  {
    TestReceiver gone;
    url = gone.url();
  }
  const auto outcome = call(url);
  EXPECT_EQ(outcome.sent, Sent::unavailable);
  EXPECT_EQ(outcome.problem, "channel.cannot_connect");
}

TEST(Caller, AnAnswerThatDoesNotComeIsUnknown) {
  CallerOptions options = local();
  options.call_time_max = {300};
  {
    RawReceiver hanging("hang", 1);
    const auto outcome = call(hanging.url(), options);
    EXPECT_EQ(outcome.sent, Sent::unknown);
    EXPECT_EQ(outcome.problem, "channel.timed_out");
  }
  RawReceiver silent("", 3);
  EXPECT_EQ(call(silent.url()).sent, Sent::unknown);
  EXPECT_EQ(silent.requests(), 1);
}

// A connection kept open that ends when the next request is on it: libcurl would write the request
// again on a new one.
TEST(Caller, WritesARequestOnce) {
  RawReceiver closing("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", 4);
  Caller caller(local());
  const HttpCall one = post(closing.url());
  int done = 0;
  int unknown = 0;
  for (int i = 0; i < 4; ++i) {
    const auto outcome = caller.call({&one, 1}).front();
    done += outcome.sent == Sent::done ? 1 : 0;
    unknown += outcome.sent == Sent::unknown ? 1 : 0;
  }
  EXPECT_EQ(done + unknown, 4);
  EXPECT_EQ(closing.requests(), done);
}

TEST(Caller, BeginsNoMoreWhereTheReceiverHangs) {
  CallerOptions options = local();
  options.call_time_max = {200};
  options.begin_time_max = {1};
  std::latch hold(1);
  TestReceiver receiver([&](const net::Request&) {
    hold.wait();
    return net::make_response(200, "text/plain", "");
  });
  const std::vector<HttpCall> calls(kCallsAtOnce + 3, post(receiver.url()));
  const auto outcomes = Caller(options).call(calls);
  hold.count_down();
  const auto begun = static_cast<std::size_t>(std::ranges::count_if(
      outcomes, [](const outbox::Outcome& each) { return each.sent == Sent::unknown; }));
  EXPECT_LE(begun, kCallsAtOnce);
  EXPECT_EQ(outcomes.back().sent, Sent::not_begun);
}

// Whoever hangs does not hold up the end of the program.
TEST(Caller, StoppedItGivesUpWhatIsUnderWay) {
  std::stop_source stop;
  CallerOptions options = local();
  options.call_time_max = base::kHour;
  options.stop = stop.get_token();
  options.stop_time_max = {1};
  outbox::Outcome outcome;
  RawReceiver hanging("hang", 1);
  {
    const std::jthread calling([&] { outcome = call(hanging.url(), options); });
    hanging.wait_for_request();
    stop.request_stop();
  }
  EXPECT_EQ(outcome.sent, Sent::unknown);
  EXPECT_EQ(outcome.problem, "channel.given_up");
}

// It waits for TLS that does not come about.
TEST(Caller, StoppedBeforeAnythingIsWrittenNothingHasHappened) {
  std::stop_source stop;
  CallerOptions options = local();
  options.stop = stop.get_token();
  options.stop_time_max = {1};
  outbox::Outcome outcome;
  RawReceiver hanging("hang", 1);
  {
    const std::jthread calling([&] { outcome = call("https" + hanging.url().substr(4), options); });
    hanging.wait_for_bytes();
    stop.request_stop();
  }
  EXPECT_EQ(outcome.sent, Sent::not_begun);
}

// All that are under way have an answer that comes after the stop, and in time.
TEST(Caller, StoppedItBeginsNoMore) {
  std::stop_source stop;
  CallerOptions options = local();
  options.stop = stop.get_token();
  options.stop_time_max = base::kHour;
  std::latch arrived(kCallsAtOnce);
  TestReceiver receiver([&](const net::Request&) {
    arrived.arrive_and_wait();
    stop.request_stop();
    return net::make_response(200, "text/plain", "");
  });
  const std::vector<HttpCall> calls(kCallsAtOnce + 3, post(receiver.url()));
  Caller caller(options);
  const auto outcomes = caller.call(calls);
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    EXPECT_EQ(outcomes[i].sent, i < kCallsAtOnce ? Sent::done : Sent::not_begun) << i;
  }
  EXPECT_EQ(outcomes.back().sent, Sent::not_begun);
  EXPECT_EQ(caller.call({&calls.front(), 1}).front().sent, Sent::not_begun);
  EXPECT_EQ(receiver.asked().size(), kCallsAtOnce);
}

}  // namespace
}  // namespace channel
