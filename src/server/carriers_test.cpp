#include "server/carriers.h"

#include <gtest/gtest.h>

#include <boost/json/object.hpp>
#include <latch>

#include "base/json.h"
#include "channel/http/receiver.h"
#include "server/app_fixture.h"

namespace server {
namespace {

namespace json = boost::json;
using Method = net::Method;

// The whole program with a receiver beside it.
class CarriersTest : public AppFixture {
 protected:
  void SetUp() override {
    AppFixture::SetUp();
    if (IsSkipped()) return;
    send(Method::put, "/api/v1/settings/reachable_networks", R"({"value": "127.0.0.1"})");
  }
  json::object asked(Method method, const std::string& target, const std::string& body = "") {
    const net::Response response = send(method, target, body);
    EXPECT_LT(response.status, 300) << target << " " << response.body;
    auto value = base::parse_json(response.body, 1'000'000);
    return value && value->is_object() ? value->as_object() : json::object{};
  }
  std::int64_t make_channel(const std::string& url) {
    const std::string body =
        R"({"name": "SMS", "kind": "sms", "does_once": true, "request": {"url": ")" + url +
        R"(", "body": "{\"to\": \"${phone}\", \"id\": \"${effect_id}\"}"}})";
    return asked(Method::post, "/api/v1/http-channels", body).at("id").as_int64();
  }
  std::string test_channel(std::int64_t id) {
    const auto intent = asked(Method::post, "/api/v1/http-channels/" + std::to_string(id) + "/test",
                              R"({"values": {"phone": "13800000000"}})");
    return std::string(intent.at("effect_id").as_string());
  }
  std::string states(const std::string& cause) {
    std::string out;
    const json::object page = asked(Method::get, "/api/v1/outbox/intents?cause=" + cause);
    for (const json::value& each : page.at("intents").as_array()) {
      out += (out.empty() ? "" : " ") + std::string(each.at("state").as_string());
    }
    return out;
  }
  void carry(const std::string& cause, const std::string& until) {
    const auto end = std::chrono::steady_clock::now() + kFailsafe;
    while (states(cause) != until && std::chrono::steady_clock::now() < end) {
      app_->carry_outbox();
    }
    EXPECT_EQ(states(cause), until);
  }
};
INSTANTIATE_TEST_SUITE_P(Both, CarriersTest, store::kBothDatabases, store::dialect_name);

TEST_P(CarriersTest, AnHttpChannelSends) {
  channel::TestReceiver receiver;
  const std::int64_t id = make_channel(receiver.url("/send"));
  const std::string effect = test_channel(id);
  const std::string cause = "http_channel/" + std::to_string(id);
  carry(cause, "done");
  const auto requests = receiver.asked();
  ASSERT_EQ(requests.size(), 1u);
  EXPECT_EQ(requests[0].body, R"({"to": "13800000000", "id": ")" + effect + "\"}");
  app_->carry_outbox();
  EXPECT_EQ(receiver.asked().size(), 1u);
}

TEST_P(CarriersTest, WhatIsRefusedIsADeadLetterThatCanBeReplayed) {
  int status = 400;
  channel::TestReceiver receiver(
      [&](const net::Request&) { return net::make_response(status, "application/json", "{}"); });
  const std::int64_t id = make_channel(receiver.url());
  test_channel(id);
  const std::string cause = "http_channel/" + std::to_string(id);
  carry(cause, "dead");
  const auto dead = asked(Method::get, "/api/v1/outbox/dead-letters").at("intents").as_array();
  ASSERT_EQ(dead.size(), 1u);
  EXPECT_EQ(dead[0].at("problem").as_string(), "http.400");
  status = 200;
  asked(Method::post,
        "/api/v1/outbox/dead-letters/" + std::to_string(dead[0].at("id").as_int64()) + "/replay");
  carry(cause, "done");
  EXPECT_EQ(receiver.asked()[0].body, receiver.asked()[1].body);
}

TEST_P(CarriersTest, AWebhookHearsWhatHappens) {
  channel::TestReceiver receiver;
  const auto webhook =
      asked(Method::post, "/api/v1/webhooks",
            R"({"name": "CRM", "events": ["order_paid"], "url": ")" + receiver.url() + "\"}");
  asked(Method::post, "/api/v1/events",
        R"({"events": [{"customer": "anna", "event": "order_paid"}], "mode": "live"})");
  const auto end = std::chrono::steady_clock::now() + kFailsafe;
  while (receiver.asked().empty() && std::chrono::steady_clock::now() < end) app_->carry_outbox();
  ASSERT_EQ(receiver.asked().size(), 1u);
  const std::string body = receiver.asked()[0].body;
  EXPECT_NE(body.find("order_paid"), std::string::npos) << body;
  EXPECT_TRUE(receiver.asked()[0].headers.find("Siyu-Signature"));
}

// The program's own threads do the same.
TEST_P(CarriersTest, ItGoesOutByItself) {
  channel::TestReceiver receiver;
  app_->start_chores();
  const std::int64_t id = make_channel(receiver.url());
  test_channel(id);
  const std::string cause = "http_channel/" + std::to_string(id);
  const auto end = std::chrono::steady_clock::now() + kFailsafe;
  while (states(cause) != "done" && std::chrono::steady_clock::now() < end) {
    std::this_thread::yield();
  }
  EXPECT_EQ(states(cause), "done");
  EXPECT_EQ(receiver.asked().size(), 1u);
}

// The receiver answers once the program has ended: what came of the call is looked up by the next
// one, since this one begins nothing more.
TEST_P(CarriersTest, TheEndWaitsForNoReceiver) {
  std::latch begun(1);
  std::latch ended(1);
  channel::TestReceiver receiver([&](const net::Request& request) {
    if (request.method == Method::post) begun.count_down();
    ended.wait();
    return net::make_response(200, "application/json", "{}");
  });
  app_->start_chores();
  const std::string body = R"({"name": "SMS", "kind": "sms", "request": {"url": ")" +
                           receiver.url() + R"("}, "look_up": {"request": {"url": ")" +
                           receiver.url() + R"(", "method": "GET", "body_kind": "none"}}})";
  const std::int64_t id = asked(Method::post, "/api/v1/http-channels", body).at("id").as_int64();
  test_channel(id);
  begun.wait();
  app_.reset();
  EXPECT_EQ(receiver.asked().size(), 1u);
  ended.count_down();
  app_ = std::make_unique<App>(options_, clock(), random());
  EXPECT_EQ(states("http_channel/" + std::to_string(id)), "unknown");
}

}  // namespace
}  // namespace server
