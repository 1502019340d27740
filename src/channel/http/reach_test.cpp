// What a request may reach, tried on sockets: the rules themselves stand in http_test.cpp.
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "channel/http/caller.h"
#include "channel/http/receiver.h"

namespace channel {
namespace {

using outbox::Sent;

const AnswerMeaning kUsual{};

outbox::Outcome call(const std::string& url, const std::string& allowed) {
  CallerOptions options;
  options.allowed = *AllowedNetworks::parse(allowed);
  const HttpCall one{{.method = "POST", .url = url, .headers = {}, .body = "{}"}, &kUsual};
  return Caller(std::move(options)).call({&one, 1}).front();
}

std::string port_of(const TestReceiver& receiver) {
  const std::string url = receiver.url("");
  return url.substr(url.rfind(':'));
}

// Every way to write it, at a port where somebody would answer.
TEST(Reach, OnesOwnMachineIsNotReachedHoweverItIsWritten) {
  TestReceiver receiver;
  for (const char* host : {"127.0.0.1",
                           "127.1",
                           "127.0.1",
                           "127.255.255.254",
                           "2130706433",
                           "0x7f000001",
                           "0x7f.0.0.1",
                           "0x7F.1",
                           "017700000001",
                           "0177.0.0.1",
                           "0177.1",
                           "0",
                           "0.0.0.0",
                           "0x0",
                           "00.0.0.0",
                           "[::]",
                           "[::1]",
                           "[0:0:0:0:0:0:0:1]",
                           "[::ffff:127.0.0.1]",
                           "[::ffff:7f00:1]",
                           "[::ffff:0.0.0.0]",
                           "[::127.0.0.1]",
                           "[64:ff9b::7f00:1]"}) {
    const auto outcome = call("http://" + std::string(host) + port_of(receiver) + "/", "");
    EXPECT_EQ(outcome.problem, "channel.forbidden_address") << host;
    EXPECT_EQ(outcome.sent, Sent::refused) << host;
  }
  EXPECT_TRUE(receiver.asked().empty());
}

// The address is looked at, not the name: these resolve without asking anybody outside.
TEST(Reach, ANameThatLeadsInsideIsNotReached) {
  TestReceiver receiver;
  for (const char* name : {"localhost", "LOCALHOST", "metadata.localhost"}) {
    const std::string url = "http://" + std::string(name) + port_of(receiver) + "/";
    EXPECT_EQ(call(url, "").problem, "channel.forbidden_address") << name;
    EXPECT_EQ(call(url, "10.0.0.0/8").problem, "channel.forbidden_address") << name;
  }
  EXPECT_TRUE(receiver.asked().empty());
  EXPECT_EQ(call("http://localhost" + port_of(receiver) + "/", "127.0.0.1, ::1").sent, Sent::done);
  EXPECT_EQ(receiver.asked().size(), 1u);
}

// An address that carries an allowed one is not that one.
TEST(Reach, WhatIsAllowedIsAllowedAsItIsWritten) {
  TestReceiver receiver;
  const std::string port = port_of(receiver);
  EXPECT_EQ(call("http://[::ffff:127.0.0.1]" + port + "/", "127.0.0.1").problem,
            "channel.forbidden_address");
  EXPECT_EQ(call("http://127.0.0.1" + port + "/", "127.0.0.2").problem,
            "channel.forbidden_address");
  EXPECT_TRUE(receiver.asked().empty());
  EXPECT_EQ(call("http://2130706433" + port + "/", "127.0.0.1").sent, Sent::done);
}

// Whoever may be asked sends on to somebody who may not, and to somebody who may.
TEST(Reach, NoRedirectIsFollowed) {
  for (const int status : {301, 302, 303, 307, 308}) {
    TestReceiver inside;
    TestReceiver first([&](const net::Request&) {
      auto response = net::make_response(status, "text/plain", "");
      response.headers.set("Location", inside.url("/secrets"));
      return response;
    });
    const auto outcome = call(first.url(), "127.0.0.1");
    EXPECT_EQ(outcome.sent, Sent::refused) << status;
    EXPECT_EQ(outcome.problem, "http." + std::to_string(status));
    EXPECT_EQ(first.asked().size(), 1u);
    EXPECT_TRUE(inside.asked().empty()) << status;
  }
}

// Set for as long as it lives; the one there was comes back.
class Variable {
 public:
  Variable(const char* name, const std::string& text) : name_(name) {
    const char* known = ::getenv(name);
    if (known != nullptr) before_ = known;
    ::setenv(name, text.c_str(), 1);
  }
  ~Variable() {
    if (before_) {
      ::setenv(name_, before_->c_str(), 1);
    } else {
      ::unsetenv(name_);
    }
  }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  const char* name_;
  std::optional<std::string> before_;
};

// A proxy would be the address that is looked at, and would reach what may not be reached.
TEST(Reach, ProxiesOfTheEnvironmentAreNotUsed) {
  TestReceiver proxy;
  TestReceiver receiver;
  const Variable http("http_proxy", proxy.url());
  const Variable https("https_proxy", proxy.url());
  const Variable upper("HTTPS_PROXY", proxy.url());
  const Variable all("ALL_PROXY", proxy.url());
  const Variable lower("all_proxy", proxy.url());
  const Variable none("no_proxy", "");
  EXPECT_EQ(call(receiver.url(), "127.0.0.1").sent, Sent::done);
  EXPECT_EQ(call("http://10.0.0.1/", "127.0.0.1").problem, "channel.forbidden_address");
  EXPECT_EQ(call("https://10.0.0.1/", "127.0.0.1").problem, "channel.forbidden_address");
  EXPECT_EQ(receiver.asked().size(), 1u);
  EXPECT_TRUE(proxy.asked().empty());
}

}  // namespace
}  // namespace channel
