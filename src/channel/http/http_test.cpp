#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <string>

#include "channel/http/address.h"
#include "channel/http/answer.h"
#include "channel/http/request_template.h"
#include "channel/http/signature.h"

namespace channel {
namespace {

bool internal(const char* text) {
  std::array<std::uint8_t, 16> bytes{};
  if (inet_pton(AF_INET, text, bytes.data()) == 1) return is_internal({bytes.data(), 4});
  EXPECT_EQ(inet_pton(AF_INET6, text, bytes.data()), 1) << text;
  return is_internal({bytes.data(), 16});
}

TEST(HttpAddress, KnowsWhatIsInternal) {
  for (const char* text : {"0.0.0.0",
                           "0.1.2.3",
                           "10.0.0.1",
                           "100.64.0.1",
                           "100.127.255.255",
                           "127.0.0.1",
                           "127.9.9.9",
                           "169.254.169.254",
                           "172.16.0.1",
                           "172.31.255.255",
                           "192.0.0.1",
                           "192.0.2.7",
                           "192.168.1.1",
                           "198.18.0.1",
                           "198.19.255.255",
                           "198.51.100.1",
                           "203.0.113.9",
                           "224.0.0.1",
                           "239.1.1.1",
                           "240.0.0.1",
                           "255.255.255.255",
                           "::",
                           "::1",
                           "::ffff:127.0.0.1",
                           "::ffff:10.1.2.3",
                           "::127.0.0.1",
                           "64:ff9b::192.168.0.1",
                           "2002:7f00:1::",
                           "2002:c0a8:101::1",
                           "fc00::1",
                           "fd12::1",
                           "fe80::1",
                           "fec0::1",
                           "ff02::1",
                           "100::1",
                           "2001::1",
                           "2001:db8::1",
                           "3fff::1",
                           "4000::1"}) {
    EXPECT_TRUE(internal(text)) << text;
  }
  for (const char* text :
       {"1.1.1.1",        "9.255.255.255",    "11.0.0.0",        "100.63.255.255",
        "100.128.0.0",    "126.255.255.255",  "128.0.0.1",       "169.253.0.1",
        "172.15.255.255", "172.32.0.0",       "192.167.0.1",     "198.17.0.1",
        "198.20.0.0",     "223.255.255.255",  "2606:4700::1111", "2400:3200::1",
        "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::1", "2001:4860::8888"}) {
    EXPECT_FALSE(internal(text)) << text;
  }
}

// Computed with: printf '1760000000.{"a":1}' | openssl dgst -sha256 -hmac secret
TEST(HttpSignature, SignsTimeAndBody) {
  const std::string signature =
      signature_of({.key = "secret", .body = "{\"a\":1}", .at = {1'760'000'000'999}});
  EXPECT_EQ(signature,
            "t=1760000000,v1=b6c2583f8204bec09d6388c3b4ef4be121e880606c4f1b491d6f295dc76b09c9");
  EXPECT_NE(signature,
            signature_of({.key = "secret", .body = "{\"a\":2}", .at = {1'760'000'000'000}}));
  EXPECT_NE(signature,
            signature_of({.key = "other", .body = "{\"a\":1}", .at = {1'760'000'000'000}}));
  EXPECT_NE(signature,
            signature_of({.key = "secret", .body = "{\"a\":1}", .at = {1'760'000'001'000}}));
}

RequestTemplate simple(std::string url, std::string body = "") {
  return {.method = "POST",
          .url = std::move(url),
          .headers = {},
          .body_kind = BodyKind::json,
          .body = std::move(body)};
}

std::string told(const base::Result<FilledRequest, TemplateFault>& filled) {
  if (!filled) return std::string(code_of(filled.error()));
  std::string text = filled->method + " " + filled->url;
  for (const auto& [name, value] : filled->headers) text += "\n" + name + ": " + value;
  return filled->body.empty() ? text : text + "\n" + filled->body;
}

TEST(HttpTemplate, WritesEachValueAsItsPlaceNeedsIt) {
  RequestTemplate request = simple("https://sms.example.com/send/${to}?text=${text}",
                                   R"({"text": "${text}", "count": ${count}, "price": "$$5"})");
  request.headers = {{"X-Id", "a-${id}"}};
  const Values values{{"to", "+86 138/1"}, {"text", "a\"b\n&春"}, {"count", "3"}, {"id", "7"}};
  EXPECT_EQ(told(fill(request, values)),
            "POST https://sms.example.com/send/%2B86%20138%2F1?text=a%22b%0A%26%E6%98%A5\n"
            "X-Id: a-7\n"
            R"({"text": "a\"b\u000a&春", "count": 3, "price": "$5"})");
  request.body_kind = BodyKind::form;
  request.body = "t=${text}";
  request.headers.clear();
  EXPECT_TRUE(told(fill(request, values)).ends_with("\nt=a%22b%0A%26%E6%98%A5"));
  const auto names = names_in(request);
  ASSERT_TRUE(names);
  EXPECT_THAT(*names, testing::UnorderedElementsAre("to", "text"));
}

TEST(HttpTemplate, RefusesWhatNobodyShouldSend) {
  const Values values{{"x", "a\r\nb"}, {"up", ".."}};
  const auto url = [&](const char* text) { return told(fill(simple(text), values)); };
  EXPECT_EQ(url("ftp://a/"), "channel.bad_url");
  EXPECT_EQ(url("https://"), "channel.bad_url");
  EXPECT_EQ(url("https:///x"), "channel.bad_url");
  EXPECT_EQ(url("https://${x}/"), "channel.bad_url");
  EXPECT_EQ(url("https://a.${x}"), "channel.bad_url");
  EXPECT_EQ(url("https://user@a/"), "channel.bad_url");
  EXPECT_EQ(url("https://a/#${x}"), "channel.bad_url");
  EXPECT_EQ(url("https://a/ b"), "channel.bad_url");
  EXPECT_EQ(url("https://a/${y}"), "channel.unknown_value");
  EXPECT_EQ(url("https://a/${up}/b"), "channel.bad_value");
  EXPECT_EQ(url("https://a/${x"), "channel.bad_placeholder");
  EXPECT_EQ(url("https://a/${a b}"), "channel.bad_url");
  EXPECT_EQ(url("https://a/${}"), "channel.bad_placeholder");
  EXPECT_EQ(url("https://a/$x"), "channel.bad_placeholder");
  EXPECT_EQ(url("https://a:8443/${x}"), "POST https://a:8443/a%0D%0Ab");
  RequestTemplate request = simple("https://a/");
  const auto header = [&](const char* name, const char* value) {
    request.headers = {{name, value}};
    return told(fill(request, values));
  };
  EXPECT_EQ(header("X", "${x}"), "channel.bad_value");
  EXPECT_EQ(header("X", "a\nb"), "channel.bad_header");
  EXPECT_EQ(header("X Y", "a"), "channel.bad_header");
  EXPECT_EQ(header("", "a"), "channel.bad_header");
  EXPECT_EQ(header("Host", "a"), "channel.bad_header");
  EXPECT_EQ(header("siyu-signature", "a"), "channel.bad_header");
  request = simple("https://a/", std::string(kTemplateBytesMax, 'a'));
  EXPECT_EQ(told(fill(request, values)), "channel.too_large");
  request = simple("https://a/");
  request.method = "TRACE";
  EXPECT_EQ(told(fill(request, values)), "channel.bad_method");
}

std::string meant(const HttpAnswer& answer, const AnswerMeaning& meaning = {}) {
  constexpr std::array<std::string_view, 5> kNames{"done", "too_often", "unavailable", "refused",
                                                   "unknown"};
  const outbox::Outcome outcome = meaning_of(answer, meaning);
  std::string text(kNames[static_cast<std::size_t>(outcome.sent)]);
  if (!outcome.receipt.empty()) text += " " + outcome.receipt;
  if (!outcome.problem.empty()) text += " " + outcome.problem;
  if (outcome.after.ms != 0) text += " +" + std::to_string(outcome.after.ms / 1000);
  return text;
}

TEST(HttpAnswerMeaning, IsByStatusUnlessSaidOtherwise) {
  EXPECT_EQ(meant({.status = 200, .body = ""}), "done");
  EXPECT_EQ(meant({.status = 204, .body = ""}), "done");
  EXPECT_EQ(meant({.status = 302, .body = ""}), "refused http.302");
  EXPECT_EQ(meant({.status = 404, .body = ""}), "refused http.404");
  EXPECT_EQ(meant({.status = 429, .body = "", .retry_after_seconds = 7}), "too_often http.429 +7");
  EXPECT_EQ(meant({.status = 429, .body = "", .retry_after_seconds = 999'999'999}),
            "too_often http.429 +86400");
}

// The receiver may have done it and failed after that: it is not done again by itself.
TEST(HttpAnswerMeaning, AServersFailureSaysNothingOfWhatWasDone) {
  const AnswerMeaning once{.rules = {}, .does_once = true};
  for (const int status : {408, 500, 502, 503, 504, 507, 520, 524, 599}) {
    const std::string problem = " http." + std::to_string(status);
    EXPECT_EQ(meant({.status = status, .body = ""}), "unknown" + problem);
    EXPECT_EQ(meant({.status = status, .body = ""}, once), "unavailable" + problem);
  }
  EXPECT_EQ(meant({.status = 501, .body = ""}), "refused http.501");
  EXPECT_EQ(meant({.status = 505, .body = ""}, once), "refused http.505");
  EXPECT_EQ(meant({.status = 503, .body = "", .retry_after_seconds = 5}),
            "unavailable http.503 +5");
  EXPECT_EQ(meant({.status = 500, .body = "", .retry_after_seconds = 5}), "unknown http.500 +5");
  const AnswerMeaning known{.rules = {{.status_from = 500,
                                       .status_to = 500,
                                       .pointer = "/done",
                                       .equals = "false",
                                       .sent = outbox::Sent::unavailable}}};
  EXPECT_EQ(meant({.status = 500, .body = R"({"done":false})"}, known), "unavailable http.500");
  EXPECT_EQ(meant({.status = 500, .body = ""}, known), "unknown http.500");
}

// Many providers answer 200 and say in the body that nothing happened.
TEST(HttpAnswerMeaning, IsReadFromTheBodyWhereRulesSaySo) {
  const AnswerMeaning meaning{
      .rules = {{.pointer = "/errcode", .equals = "0"},
                {.pointer = "/errcode", .equals = "45009", .sent = outbox::Sent::too_often},
                {.sent = outbox::Sent::refused}},
      .receipt_pointer = "/msgid"};
  EXPECT_EQ(meant({.status = 200, .body = R"({"errcode":0,"msgid":"m1"})"}, meaning), "done m1");
  EXPECT_EQ(meant({.status = 200, .body = R"({"errcode":0,"msgid":12})"}, meaning), "done 12");
  EXPECT_EQ(meant({.status = 200, .body = R"({"errcode":0})"}, meaning), "done");
  EXPECT_EQ(meant({.status = 200, .body = R"({"errcode":45009})"}, meaning), "too_often http.200");
  EXPECT_EQ(meant({.status = 200, .body = R"({"errcode":1})"}, meaning), "refused http.200");
  EXPECT_EQ(meant({.status = 200, .body = "<html>"}, meaning), "refused http.200");
  EXPECT_EQ(meant({.status = 503, .body = ""}, meaning), "unknown http.503");
}

}  // namespace
}  // namespace channel
