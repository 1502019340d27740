#include "channel/http/http_sender.h"

#include <gtest/gtest.h>

#include "base/json.h"
#include "channel/http/receiver.h"
#include "channel/http/signature.h"
#include "store/test_database.h"

namespace channel {
namespace {

using outbox::Effect;
using outbox::Found;
using outbox::Sent;

class StillClock final : public base::Clock {
 public:
  base::Moment now() const override { return {1'700'000'000'000}; }
};

class HttpSenderTest : public store::DatabaseTest {
 protected:
  HttpDefinition definition(const std::string& url) {
    return {.name = "短信",
            .kind = "sms",
            .request = {.url = url,
                        .headers = {{"Authorization", "Bearer ${secret.token}"}},
                        .body = R"({"to": "${phone}", "id": "${effect_id}"})"}};
  }
  std::string add(const HttpDefinition& definition) {
    const auto made = database().write("add", [&](store::Unit& unit) {
      return add_channel(unit, {.id = {next_id_}, .definition = definition, .now = clock_.now()});
    });
    if (!made) return std::string(code_of(made.error()));
    ++next_id_;
    return "added";
  }
  std::string put(const std::string& name, const std::string& text) {
    const auto sealed = sealed_secret(seal_, {1}, {name, text});
    if (!sealed) return std::string(code_of(sealed.error()));
    const auto made =
        database().write("put", [&](store::Unit& unit) { return put_secret(unit, {1}, *sealed); });
    return made ? "put" : std::string(code_of(made.error()));
  }
  HttpSender sender() {
    CallerOptions options;
    options.allowed = *AllowedNetworks::parse("127.0.0.1");
    options.call_time_max = {500};
    return HttpSender({database(), seal_, clock_}, options);
  }
  static outbox::Effect effect(const std::string& id, const std::string& payload) {
    return {.effect_id = id, .kind = "sms", .payload = payload, .tries = 1};
  }

  StillClock clock_;
  base::SystemRandom random_;
  store::TemporaryFolder folder_;
  rights::SecretSeal seal_{folder_.path() + "/key", random_};
  std::int64_t next_id_ = 1;
};
INSTANTIATE_TEST_SUITE_P(Both, HttpSenderTest, store::kBothDatabases, store::dialect_name);

TEST_P(HttpSenderTest, FillsSignsAndSends) {
  TestReceiver receiver;
  ASSERT_EQ(add(definition(receiver.url("/send"))), "added");
  ASSERT_EQ(put("token", "geheim"), "put");
  ASSERT_EQ(put("signing_key", "key"), "put");
  HttpSender sending = sender();
  const std::vector<outbox::Effect> effects = {effect("e1", R"({"phone": "138\"1"})"),
                                               effect("e2", R"({})"),
                                               effect("e3", R"({"phone": 5})")};
  const auto outcomes = sending.send(effects);
  EXPECT_EQ(outcomes[0].sent, Sent::done);
  EXPECT_EQ(outcomes[1].sent, Sent::refused);
  EXPECT_EQ(outcomes[1].problem, "channel.unknown_value");
  EXPECT_EQ(outcomes[2].sent, Sent::done);
  std::map<std::string, net::Request> asked;
  for (net::Request& request : receiver.asked()) asked[request.body] = request;
  ASSERT_EQ(asked.size(), 2u);
  const std::string body = R"({"to": "138\"1", "id": "e1"})";
  ASSERT_TRUE(asked.contains(body)) << asked.begin()->first;
  EXPECT_EQ(asked[body].headers.find("Authorization"), "Bearer geheim");
  EXPECT_EQ(asked[body].headers.find("Content-Type"), "application/json");
  EXPECT_EQ(asked[body].headers.find("Siyu-Signature"),
            signature_of({.key = "key", .body = body, .at = clock_.now()}));
}

TEST_P(HttpSenderTest, WhatCannotGoSaysWhy) {
  HttpSender sending = sender();
  const std::vector<outbox::Effect> effects = {effect("e1", "{}")};
  EXPECT_EQ(sending.send(effects)[0].problem, "channel.unknown_channel");
  EXPECT_EQ(sending.look_up({&effects[0], 1})[0].found, Found::cannot_tell);
  ASSERT_EQ(add(definition("http://10.0.0.1/")), "added");
  EXPECT_EQ(sending.send(effects)[0].problem, "channel.unknown_value");
  ASSERT_EQ(put("token", "x"), "put");
  const std::vector<outbox::Effect> whole = {effect("e1", R"({"phone": "1"})")};
  EXPECT_EQ(sending.send(whole)[0].problem, "channel.forbidden_address");
  rights::SecretSeal other(folder_.path() + "/other", random_);
  ASSERT_TRUE(other.close({"x", "y"}));
  CallerOptions options;
  HttpSender blind({database(), other, clock_}, options);
  EXPECT_EQ(blind.send(whole)[0].problem, "channel.no_secret_key");
  EXPECT_EQ(blind.send(whole)[0].sent, Sent::unavailable);
}

TEST_P(HttpSenderTest, AnUnknownOutcomeIsLookedUp) {
  std::string answer = "200 true";
  TestReceiver receiver([&](const net::Request& request) {
    EXPECT_EQ(request.target, "/look?id=e%2F1");
    return net::make_response(std::stoi(answer.substr(0, 3)), "application/json",
                              "{\"done\": " + answer.substr(4) + ", \"id\": 7}");
  });
  HttpDefinition looking = definition("http://10.0.0.1/");
  looking.look_up = {
      .request = {.method = "GET",
                  .url = receiver.url("/look?id=${effect_id}"),
                  .body_kind = "none"},
      .meaning = {.rules = {{200, 299, "/done", "true", "done"}, {200, 299, "", "", "refused"}},
                  .receipt_pointer = "/id"}};
  ASSERT_EQ(add(looking), "added");
  ASSERT_EQ(put("token", "x"), "put");
  HttpSender sending = sender();
  const auto found = [&] {
    const Effect asked = effect("e/1", "{}");
    return sending.look_up({&asked, 1}).front();
  };
  EXPECT_EQ(found().found, Found::done);
  EXPECT_EQ(found().receipt, "7");
  answer = "200 false";
  EXPECT_EQ(found().found, Found::not_done);
  answer = "503 true";
  EXPECT_EQ(found().found, Found::later);
}

// One moment for the whole request, also for ours; the look has a signature of its own.
TEST_P(HttpSenderTest, SignsAsTheReceiverAsks) {
  TestReceiver receiver;
  HttpDefinition robot = definition(receiver.url("/send?t=${timestamp_ms}&sign=${signature}"));
  robot.request.headers = {{"X-Seconds", "${timestamp}"}};
  robot.request.body = "{}";
  robot.request.signature = SignatureText{.hash = "hmac_sha256",
                                          .key = "${secret.key}",
                                          .text = "${timestamp_ms}\n${secret.key}",
                                          .encoding = "base64"};
  robot.look_up.request = {.method = "GET",
                           .url = receiver.url("/look?id=${effect_id}&sign=${signature}"),
                           .body_kind = "none"};
  robot.look_up.request.signature =
      SignatureText{.hash = "md5", .text = "${effect_id}${timestamp}"};
  ASSERT_EQ(add(robot), "added");
  ASSERT_EQ(put("key", "SEC123"), "put");
  ASSERT_EQ(put("signing_key", "ours"), "put");
  HttpSender sending = sender();
  // A value of the effect that is called like one of the program's own does not stand for it.
  const std::vector<outbox::Effect> effects = {effect("e1", R"({"timestamp_ms": "1"})")};
  ASSERT_EQ(sending.send(effects)[0].sent, Sent::done);
  ASSERT_EQ(sending.look_up({&effects[0], 1})[0].found, Found::done);
  const auto asked = receiver.asked();
  ASSERT_EQ(asked.size(), 2u);
  EXPECT_EQ(asked[0].target,
            "/send?t=1700000000000&sign=lkcPI1uoxBY1gUnCnnPH1Kkru0Hqjo7rFpA3haIVhEQ%3D");
  EXPECT_EQ(asked[0].headers.find("X-Seconds"), "1700000000");
  EXPECT_EQ(asked[0].headers.find("Siyu-Signature"),
            signature_of({.key = "ours", .body = "{}", .at = clock_.now()}));
  // printf 'e11700000000' | md5sum
  EXPECT_EQ(asked[1].target, "/look?id=e1&sign=cfa57198026270b01399467cb07a1949");
}

// A token that ran out, a page to sign in: neither says that the work was not done.
TEST_P(HttpSenderTest, ALookThatWasNotUnderstoodSaysNothing) {
  int status = 200;
  TestReceiver receiver(
      [&](const net::Request&) { return net::make_response(status, "application/json", "{}"); });
  HttpDefinition looking = definition("http://10.0.0.1/");
  looking.look_up.request = {.method = "GET", .url = receiver.url("/sent"), .body_kind = "none"};
  ASSERT_EQ(add(looking), "added");
  HttpSender sending = sender();
  const Effect asked = effect("e/1", "{}");
  for (const auto& [answered, found] : std::vector<std::pair<int, Found>>{{200, Found::done},
                                                                          {302, Found::later},
                                                                          {400, Found::later},
                                                                          {401, Found::later},
                                                                          {403, Found::later},
                                                                          {404, Found::not_done},
                                                                          {410, Found::not_done},
                                                                          {429, Found::later},
                                                                          {500, Found::later}}) {
    status = answered;
    EXPECT_EQ(sending.look_up({&asked, 1}).front().found, found) << answered;
  }
}

TEST_P(HttpSenderTest, WithoutALookTheReceiversWordCounts) {
  HttpDefinition once = definition("http://10.0.0.1/");
  once.does_once = true;
  ASSERT_EQ(add(once), "added");
  HttpSender sending = sender();
  const Effect asked = effect("e", "{}");
  EXPECT_EQ(sending.look_up({&asked, 1}).front().found, Found::may_repeat);
}

TEST_P(HttpSenderTest, DefinitionsAreChecked) {
  const HttpDefinition good = definition("https://sms.example.com/${phone}");
  HttpDefinition bad = good;
  bad.name = "";
  EXPECT_EQ(add(bad), "channel.bad_name");
  bad = good;
  bad.kind = "webhook.7";
  EXPECT_EQ(add(bad), "channel.bad_kind");
  bad = good;
  bad.request.url = "https://${phone}.example.com/";
  EXPECT_EQ(add(bad), "channel.bad_request");
  bad = good;
  bad.request.body = "${signature}";
  EXPECT_EQ(add(bad), "channel.bad_signature");
  bad = good;
  bad.meaning.rules = {{200, 199, "", "", "done"}};
  EXPECT_EQ(add(bad), "channel.bad_meaning");
  bad = good;
  bad.look_up.request.url = "ftp://x/";
  EXPECT_EQ(add(bad), "channel.bad_look_up");
  bad = good;
  bad.look_up.request = {.url = "https://a.example.com/${signature}"};
  EXPECT_EQ(add(bad), "channel.bad_look_up");
  EXPECT_EQ(add(good), "added");
  EXPECT_EQ(add(good), "channel.lane_taken");
  EXPECT_EQ(put("Token", "x"), "channel.bad_secret");
  EXPECT_EQ(put("token", std::string(5000, 'x')), "channel.bad_secret");
  for (std::size_t i = 0; i < kSecretsMax; ++i) EXPECT_EQ(put("s" + std::to_string(i), "x"), "put");
  EXPECT_EQ(put("one_more", "x"), "channel.bad_secret");
  EXPECT_EQ(put("s0", ""), "put");
  EXPECT_EQ(put("one_more", "x"), "put");
}

TEST_P(HttpSenderTest, ChangesKeepTheLaneAndTellOfOthers) {
  ASSERT_EQ(add(definition("https://a.example.com/")), "added");
  const auto change = [&](std::int64_t version, const HttpDefinition& to) {
    const auto made = database().write("change", [&](store::Unit& unit) {
      return change_channel(unit, {.id = {1}, .version = version, .definition = to});
    });
    return made ? std::to_string(made->version) : std::string(code_of(made.error()));
  };
  HttpDefinition to = definition("https://b.example.com/");
  EXPECT_EQ(change(1, to), "2");
  EXPECT_EQ(change(1, to), "channel.changed_meanwhile");
  to.kind = "mail";
  EXPECT_EQ(change(2, to), "channel.bad_kind");
  const auto all = database().read(channels);
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].definition.request.url, "https://b.example.com/");
  EXPECT_TRUE(database().write("r", [](store::Unit& unit) { return remove_channel(unit, {1}); }));
  EXPECT_FALSE(database().write("r", [](store::Unit& unit) { return remove_channel(unit, {1}); }));
}

}  // namespace
}  // namespace channel
