// HTTP channels and webhooks as a person has them: through the API of the whole program.
#include <gtest/gtest.h>

#include <atomic>
#include <boost/json/serialize.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "channel/http/receiver.h"
#include "channel/http/signature.h"
#include "server/app_fixture.h"

namespace server {
namespace {

namespace json = boost::json;
using Method = net::Method;

class MadeClock final : public base::Clock {
 public:
  base::Moment now() const override { return {now_ms}; }
  std::atomic<std::int64_t> now_ms{1'770'000'000'000};
};

class OutgoingTest : public AppFixture {
 protected:
  void SetUp() override {
    AppFixture::SetUp();
    if (IsSkipped()) return;
    ask(Method::put, "/api/v1/settings/reachable_networks", R"({"value": "127.0.0.1"})", 200);
  }
  const base::Clock& clock() const override { return clock_; }

  static std::string code(const json::value& problem) {
    return std::string(problem.at("code").as_string());
  }
  static std::string text(const json::value& object, std::string_view name) {
    return std::string(object.at(name).as_string());
  }
  static std::string id_of(const json::value& object) {
    return std::to_string(object.at("id").as_int64());
  }
  json::value make_webhook(const channel::TestReceiver& receiver) {
    return ask(Method::post, "/api/v1/webhooks",
               R"({"name": "CRM", "events": ["order_paid"], "url": ")" + receiver.url() + "\"}",
               201);
  }
  json::value turn(const json::value& webhook, std::int64_t version, const std::string& state) {
    const json::object body{{"version", version},
                            {"name", webhook.at("name")},
                            {"url", webhook.at("url")},
                            {"events", webhook.at("events")},
                            {"state", state}};
    return ask(Method::patch, "/api/v1/webhooks/" + id_of(webhook), json::serialize(body), 200);
  }
  void happen() {
    send(Method::post, "/api/v1/events",
         R"({"events": [{"customer": "anna", "event": "order_paid"}], "mode": "live"})");
  }
  // The clock goes on in steps, and after each what may go out goes.
  void pass(base::Duration time, base::Duration step = base::kSecond) {
    for (base::Duration passed{0}; passed < time; passed = {passed.ms + step.ms}) {
      clock_.now_ms += step.ms;
      app_->carry_outbox();
    }
  }
  std::vector<std::string> states(const std::string& cause) {
    std::vector<std::string> found;
    const auto page = ask(Method::get, "/api/v1/outbox/intents?cause=" + cause, "", 200);
    for (const json::value& each : page.at("intents").as_array()) {
      found.push_back(text(each, "state"));
    }
    return found;
  }

  // Newest first.
  json::array audit_of(const std::string& noun) {
    return ask(Method::get, "/api/v1/audit?noun=" + noun, "", 200).at("entries").as_array();
  }

  MadeClock clock_;
};
INSTANTIATE_TEST_SUITE_P(Both, OutgoingTest, store::kBothDatabases, store::dialect_name);

// One that could be written and not read would end the program at every look at it.
TEST_P(OutgoingTest, AChannelThatIsTooLargeIsRefused) {
  json::object request{{"url", "https://sms.example.com/"}, {"body_kind", "text"}, {"body", ""}};
  json::object rule{{"status_from", 200},
                    {"status_to", 299},
                    {"pointer", "/a"},
                    {"equals", std::string(130'000, 'x')},
                    {"sent", "done"}};
  json::object wide{{"name", "SMS"},
                    {"kind", "sms"},
                    {"request", request},
                    {"meaning", {{"rules", json::array{rule}}}}};
  EXPECT_EQ(code(ask(Method::post, "/api/v1/http-channels", json::serialize(wide), 422)),
            "channel.definition_too_large");
  request["body"] = std::string(15'000, '\x01');
  json::object escaped{
      {"name", "SMS"}, {"kind", "sms"}, {"request", request}, {"look_up", {{"request", request}}}};
  EXPECT_EQ(code(ask(Method::post, "/api/v1/http-channels", json::serialize(escaped), 422)),
            "channel.definition_too_large");
  EXPECT_TRUE(ask(Method::get, "/api/v1/http-channels", "", 200).at("channels").as_array().empty());
}

using States = std::vector<std::string>;

TEST_P(OutgoingTest, AWebhookThatIsOffSendsNothingThatIsQueued) {
  std::atomic<int> status = 503;
  channel::TestReceiver receiver(
      [&](const net::Request&) { return net::make_response(status, "text/plain", ""); });
  const json::value webhook = make_webhook(receiver);
  const std::string cause = text(webhook, "cause");
  happen();
  pass({5 * base::kSecond.ms});
  const std::size_t asked = receiver.asked().size();
  ASSERT_GE(asked, 1u);
  turn(webhook, 1, "off");
  status = 200;
  pass({6 * base::kHour.ms}, {10 * base::kMinute.ms});
  EXPECT_EQ(receiver.asked().size(), asked);
  EXPECT_NE(states(cause), States{"done"});
  turn(webhook, 2, "on");
  pass({2 * base::kHour.ms}, {10 * base::kMinute.ms});
  EXPECT_EQ(states(cause), States{"done"});
  EXPECT_EQ(receiver.asked().size(), asked + 1);
  EXPECT_EQ(receiver.counts("Siyu-Effect-Id").size(), 1u);
}

TEST_P(OutgoingTest, AReceiverThatFailsForADayIsOutlived) {
  std::atomic<int> status = 500;
  std::atomic<int> taken = 0;
  channel::TestReceiver receiver([&](const net::Request&) {
    taken += status == 200 ? 1 : 0;
    return net::make_response(status, "text/plain", "");
  });
  const std::string cause = text(make_webhook(receiver), "cause");
  for (int i = 0; i < 3; ++i) happen();
  pass(base::kDay, {10 * base::kMinute.ms});
  const States waiting(3, "waiting");
  EXPECT_EQ(states(cause), waiting);
  status = 200;
  pass({3 * base::kHour.ms}, {10 * base::kMinute.ms});
  const States done(3, "done");
  EXPECT_EQ(states(cause), done);
  EXPECT_EQ(taken, 3);
  EXPECT_EQ(receiver.counts("Siyu-Effect-Id").size(), 3u);
}

TEST_P(OutgoingTest, ADeadLetterOfAWebhookIsReplayed) {
  std::atomic<int> status = 410;
  channel::TestReceiver receiver(
      [&](const net::Request&) { return net::make_response(status, "text/plain", ""); });
  const std::string cause = text(make_webhook(receiver), "cause");
  happen();
  pass({3 * base::kSecond.ms});
  EXPECT_EQ(states(cause), States{"dead"});
  const auto dead = ask(Method::get, "/api/v1/outbox/dead-letters", "", 200).at("intents");
  ASSERT_EQ(dead.as_array().size(), 1u);
  EXPECT_EQ(text(dead.at(0), "problem"), "http.410");
  status = 200;
  ask(Method::post, "/api/v1/outbox/dead-letters/" + id_of(dead.at(0)) + "/replay", "", 200);
  pass({3 * base::kSecond.ms});
  EXPECT_EQ(states(cause), States{"done"});
  const auto asked = receiver.asked();
  ASSERT_EQ(asked.size(), 2u);
  EXPECT_EQ(asked[0].headers.find("Siyu-Effect-Id"), asked[1].headers.find("Siyu-Effect-Id"));
  EXPECT_EQ(asked[0].body, asked[1].body);
}

TEST_P(OutgoingTest, ARenewedKeySignsBesideTheOldOne) {
  channel::TestReceiver receiver;
  const json::value webhook = make_webhook(receiver);
  const json::value renewed =
      ask(Method::post, "/api/v1/webhooks/" + id_of(webhook) + "/key", "", 200);
  happen();
  pass({3 * base::kSecond.ms});
  const auto asked = receiver.asked();
  ASSERT_EQ(asked.size(), 1u);
  const std::string signature(asked[0].headers.find("Siyu-Signature").value_or(""));
  const base::Moment at{std::stoll(signature.substr(2)) * 1000};
  const auto signed_by = [&](const json::value& of) {
    return channel::signature_of({.key = text(of, "signing_key"), .body = asked[0].body, .at = at});
  };
  const std::string old = signed_by(webhook);
  EXPECT_EQ(signature, signed_by(renewed) + old.substr(old.find(",v1=")));
}

TEST_P(OutgoingTest, TheTestButtonReachesTheReceiver) {
  channel::TestReceiver receiver;
  const json::value webhook = make_webhook(receiver);
  const json::value intent =
      ask(Method::post, "/api/v1/webhooks/" + id_of(webhook) + "/test", "", 201);
  pass({3 * base::kSecond.ms});
  const auto asked = receiver.asked();
  ASSERT_EQ(asked.size(), 1u);
  EXPECT_EQ(asked[0].body, R"({"effect_id":")" + text(intent, "effect_id") + R"(","event":null})");
  EXPECT_EQ(states(text(webhook, "cause")), States{"done"});
}

// Of a change both sides; of a secret its name alone.
TEST_P(OutgoingTest, TheAuditTellsWhatStoodThereBefore) {
  const std::string definition =
      R"({"name": "SMS", "kind": "sms", "request": {"url": "https://a.example.com/"}})";
  const std::string id = id_of(ask(Method::post, "/api/v1/http-channels", definition, 201));
  const std::string path = "/api/v1/http-channels/" + id;
  ask(Method::patch, path,
      R"({"version": 1, "definition": {"name": "SMS", "kind": "sms",
          "request": {"url": "https://b.example.com/"}}})",
      200);
  ask(Method::post, path + "/secrets", R"({"name": "token", "text": "x"})", 200);
  ask(Method::del, path, "", 204);
  const auto channels = audit_of("http_channel");
  ASSERT_EQ(channels.size(), 4u);
  EXPECT_TRUE(channels[0].at("after").is_null());
  EXPECT_EQ(channels[0].at("before").at("secrets").as_array().size(), 1u);
  EXPECT_TRUE(channels[1].at("before").at("secrets").as_array().empty());
  EXPECT_EQ(channels[1].at("after").at("secrets").at(0).as_string(), "token");
  const auto url = [](const json::value& side) {
    return side.at("definition").at("request").at("url").as_string();
  };
  EXPECT_EQ(url(channels[2].at("before")), "https://a.example.com/");
  EXPECT_EQ(url(channels[2].at("after")), "https://b.example.com/");
  EXPECT_TRUE(channels[3].at("before").is_null());
}

TEST_P(OutgoingTest, TheAuditTellsOfWebhooksAndPacesToo) {
  channel::TestReceiver receiver;
  const json::value webhook = make_webhook(receiver);
  turn(webhook, 1, "off");
  ask(Method::del, "/api/v1/webhooks/" + id_of(webhook), "", 204);
  const auto webhooks = audit_of("webhook");
  ASSERT_EQ(webhooks.size(), 3u);
  EXPECT_EQ(webhooks[0].at("before").at("state").as_string(), "off");
  EXPECT_TRUE(webhooks[0].at("after").is_null());
  EXPECT_EQ(webhooks[1].at("before").at("state").as_string(), "on");
  EXPECT_EQ(webhooks[1].at("after").at("state").as_string(), "off");

  const auto lanes = ask(Method::get, "/api/v1/outbox/lanes", "", 200).at("lanes");
  ask(Method::patch, "/api/v1/outbox/lanes/" + id_of(lanes.at(0)),
      R"({"count": 3, "in_seconds": 60, "burst": 5})", 200);
  const auto paces = audit_of("lane");
  ASSERT_EQ(paces.size(), 1u);
  EXPECT_EQ(paces[0].at("before").at("count"), lanes.at(0).at("count"));
  EXPECT_EQ(paces[0].at("after").at("count").as_int64(), 3);
}

// Every file under a folder in which one of the texts stands.
std::vector<std::string> files_with(const std::string& folder,
                                    const std::vector<std::string>& texts) {
  std::vector<std::string> found;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    for (const std::string& each : texts) {
      if (bytes.find(each) != std::string::npos) found.push_back(entry.path().string());
    }
  }
  return found;
}

// P26. Planted once, sent where they belong, and nowhere else to be read: not in an answer, not in
// the audit, not in the log, not in the files of the database.
TEST_P(OutgoingTest, SecretsStandNowhereInTheClear) {
  testing::internal::CaptureStderr();
  const std::string secret = "planted-7f3a9c-secret";
  channel::TestReceiver receiver(
      [](const net::Request&) { return net::make_response(400, "text/plain", "no"); });
  std::vector<std::string> answers;
  const auto tell = [&](Method method, const std::string& path, const std::string& body = "") {
    const net::Response response = send(method, "/api/v1/" + path, body);
    answers.push_back(path + " " + response.body);
    return response.body;
  };
  const std::string channel = id_of(json::parse(
      tell(Method::post, "http-channels",
           R"({"name": "SMS", "kind": "sms", "request": {"url": ")" + receiver.url("/sms") +
               R"(", "headers": [{"name": "X-Token", "value": "${secret.token}"}]}})")));
  const std::string planted = R"("text": ")" + secret + "\"}";
  // The first is taken, the others are refused.
  for (const char* name : {R"("name": "token", )", R"("name": "To ken", )", R"("name": "token" )",
                           R"("nam": "token", )"}) {
    tell(Method::post, "http-channels/" + channel + "/secrets", "{" + (name + planted));
  }
  tell(Method::post, "http-channels/7/secrets", R"({"name": "token", )" + planted);
  tell(Method::post, "http-channels/" + channel + "/test", R"({"values": {}})");
  const json::value webhook = make_webhook(receiver);
  const std::string first = text(webhook, "signing_key");
  const std::string path = "webhooks/" + id_of(webhook);
  const std::string second =
      text(ask(Method::post, "/api/v1/" + path + "/key", "", 200), "signing_key");
  happen();
  tell(Method::post, path + "/test");
  pass({5 * base::kSecond.ms});
  EXPECT_EQ(receiver.counts("X-Token")[secret], 1);
  EXPECT_GE(receiver.asked().size(), 3u);
  for (const std::string& page :
       {std::string("http-channels"), "http-channels/" + channel, std::string("webhooks"),
        std::string("outbox/lanes"), std::string("outbox/dead-letters"),
        std::string("outbox/pauses"), "outbox/intents?cause=http_channel/" + channel,
        "outbox/intents?cause=" + text(webhook, "cause"), std::string("settings"),
        std::string("events?limit=100"), std::string("audit?limit=1000")}) {
    tell(Method::get, page);
  }
  tell(Method::del, "http-channels/" + channel);
  tell(Method::get, "audit?limit=1000");
  app_.reset();
  answers.push_back("log " + testing::internal::GetCapturedStderr());
  const std::vector<std::string> texts{secret, first, second};
  for (const std::string& answer : answers) {
    for (const std::string& each : texts) {
      EXPECT_EQ(answer.find(each), std::string::npos) << answer;
    }
  }
  EXPECT_TRUE(files_with(options_.folder, texts).empty());
  // What does stand there is found.
  if (GetParam() == store::Dialect::sqlite) {
    EXPECT_FALSE(files_with(options_.folder, {"X-Token"}).empty());
  }
  EXPECT_NE(answers[answers.size() - 2].find("X-Token"), std::string::npos);
}

}  // namespace
}  // namespace server
