#include "channel/http/signature.h"

#include <gtest/gtest.h>

#include "base/json.h"
#include "channel/http/definition.h"

namespace channel {
namespace {

using enum SignatureHash;
constexpr auto kHex = SignatureEncoding::hex;
constexpr auto kBase64 = SignatureEncoding::base64;

// RFC 4231 (test case 2), RFC 2202 (test case 2), FIPS 180-2 (B.1), RFC 1321 (A.5).
TEST(SignatureByScheme, MakesThePublishedDigests) {
  const std::string_view text = "what do ya want for nothing?";
  EXPECT_EQ(signature_by_scheme({hmac_sha256, kHex, "Jefe", text}),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(signature_by_scheme({hmac_sha1, kHex, "Jefe", text}),
            "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
  EXPECT_EQ(signature_by_scheme({sha256, kHex, "", "abc"}),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(signature_by_scheme({md5, kHex, "", ""}), "d41d8cd98f00b204e9800998ecf8427e");
  EXPECT_EQ(signature_by_scheme({md5, kHex, "", "message digest"}),
            "f96b697d7cb7938d525a2f31aaf161d0");
  // 16 and 20 bytes leave one and two over threes.
  EXPECT_EQ(signature_by_scheme({md5, kBase64, "", ""}), "1B2M2Y8AsgTpgAmY7PhCfg==");
  EXPECT_EQ(signature_by_scheme({hmac_sha1, kBase64, "Jefe", text}),
            "7/zfauXrL6LSdBbV8YTfnCWafHk=");
}

// A request as it stands in a definition, filled in; else the code of what is wrong.
std::string sent(std::string_view request, Values values = {}) {
  const std::string text =
      R"({"name": "x", "kind": "sms", "request": )" + std::string(request) + "}";
  const auto definition = base::read_json<HttpDefinition>(text, kDefinitionBytesMax);
  if (!definition) return std::string(code_of(definition.error().fault));
  const auto means = means_of(*definition);
  if (!means) return std::string(code_of(means.error()));
  const auto filled = fill(means->send.request, values);
  if (!filled) return std::string(code_of(filled.error()));
  std::string out = filled->method + " " + filled->url;
  for (const auto& [name, value] : filled->headers) out += "\n" + name + ": " + value;
  return out + "\n" + filled->body;
}

// The moment of the documentation's example, as programs that use it publish it.
TEST(ReceiversSignature, OfDingTalksRobotStandsInTheUrl) {
  EXPECT_EQ(sent(R"({"url": "https://oapi.dingtalk.com/robot/send?access_token=${secret.token}&)"
                 R"(timestamp=${timestamp_ms}&sign=${signature}",
                     "body": "{\"msgtype\": \"text\", \"text\": {\"content\": \"${text}\"}}",
                     "signature": {"hash": "hmac_sha256", "key": "${secret.key}",
                                   "text": "${timestamp_ms}\n${secret.key}",
 "encoding": "base64"}})",
                 {{"secret.token", "abc"},
                  {"secret.key", "this is secret"},
                  {"timestamp_ms", "1577262236757"},
                  {"text", "春"}}),
            "POST https://oapi.dingtalk.com/robot/send?access_token=abc&timestamp=1577262236757"
            "&sign=hmPWwU%2B7lVdm3ZZz0r9tSfx0L4Q26jWOZr9%2BGs6EZQM%3D\n"
            R"({"msgtype": "text", "text": {"content": "春"}})");
}

// The key is what others sign, and nothing is signed with it.
TEST(ReceiversSignature, OfFeishusRobotStandsInTheBody) {
  EXPECT_EQ(
      sent(R"({"url": "https://open.feishu.cn/open-apis/bot/v2/hook/${secret.token}",
                     "body": "{\"timestamp\": \"${timestamp}\", \"sign\": \"${signature}\", )"
           R"(\"msg_type\": \"text\", \"content\": {\"text\": \"${text}\"}}",
                     "signature": {"hash": "hmac_sha256", "key": "${timestamp}\n${secret.key}",
                                   "encoding": "base64"}})",
           {{"secret.token", "t-1"},
            {"secret.key", "demo-secret"},
            {"timestamp", "1599360473"},
            {"text", "春"}}),
      "POST https://open.feishu.cn/open-apis/bot/v2/hook/t-1\n"
      R"({"timestamp": "1599360473", "sign": "3/MaVZ8JLIy4TUG+7KSFJqvUkTKd+HWY8g+56DZWq8s=", )"
      R"("msg_type": "text", "content": {"text": "春"}})");
}

TEST(ReceiversSignature, OfProvidersOfSmsIsADigestOfAccountPasswordAndTime) {
  const auto signed_form = [](const Values& values) {
    return sent(
        R"({"url": "https://sms.example.com/", "body_kind": "form", "body": "sign=${signature}",
                    "signature": {"hash": "md5",
 "text": "${account}${secret.password}${timestamp}"}})",
        values);
  };
  EXPECT_EQ(signed_form(
                {{"account", "test"}, {"secret.password", "123456"}, {"timestamp", "1628769561"}}),
            "POST https://sms.example.com/\nsign=d13cd89f7c069feef2a7a202d14b7016");
  EXPECT_EQ(
      signed_form(
          {{"account", "bDqJFiq9"}, {"secret.password", "7bz1lzh9"}, {"timestamp", "1630468800"}}),
      "POST https://sms.example.com/\nsign=05d7a50893e22a5c4bb3216ae3396c7c");
  EXPECT_EQ(sent(R"({"url": "https://sms.example.com/", "body": "{\"sig\": \"${signature}\"}",
                     "signature": {"hash": "sha256",
                                   "text":
 "appkey=${secret.key}&random=${random}&time=${timestamp}"}})",
                 {{"secret.key", "5f03a35d00ee52a21327ab048186a2c4"},
                  {"random", "7226249334"},
                  {"timestamp", "1457336869"}}),
            "POST https://sms.example.com/\n"
            R"({"sig": "c13e54f047ed75e821e698730c72d030dc30e5b510b3f8a0fb6fb7605283d7df"})");
}

// As GitHub signs, with the values of its documentation.
TEST(ReceiversSignature, OverTheBodyStandsInAHeader) {
  constexpr std::string_view kRequest =
      R"({"url": "https://a.example.com/", "body_kind": "text", "body": "${greeting}, World!",
          "headers": [{"name": "X-Hub-Signature-256", "value": "sha256=${signature}"}],
          "signature": {"hash": "hmac_sha256", "key": "${secret.key}", "text": "${body}"}})";
  EXPECT_EQ(sent(kRequest, {{"greeting", "Hello"}, {"secret.key", "It's a Secret to Everybody"}}),
            "POST https://a.example.com/\n"
            "X-Hub-Signature-256: sha256="
            "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17\n"
            "Hello, World!");
  // What is signed is what is sent: an effect's own value of that name is another matter.
  EXPECT_EQ(sent(kRequest, {{"greeting", "Hello"},
                            {"secret.key", "It's a Secret to Everybody"},
                            {"body", "x"},
                            {"signature", "y"}}),
            sent(kRequest, {{"greeting", "Hello"}, {"secret.key", "It's a Secret to Everybody"}}));
}

// A form as it is encoded; nothing where nothing is sent.
TEST(ReceiversSignature, SignsTheBodyAsItIsSent) {
  EXPECT_EQ(
      sent(
          R"({"url": "https://a.example.com/?s=${signature}", "body_kind": "form", "body": "a=${a}",
                     "signature": {"hash": "sha256", "text": "${body}"}})",
          {{"a", "春 "}}),
      // printf 'a=%%E6%%98%%A5%%20' | sha256sum
      "POST https://a.example.com/?s="
      "08b7ceb6e85d7e251dbc642f6e1a989a32640bafcc94669f5b37ee02aac34441\na=%E6%98%A5%20");
  EXPECT_EQ(
      sent(R"({"method": "GET", "url": "https://a.example.com/?s=${signature}", "body_kind": "none",
                     "body": "${signature}",
 "signature": {"hash": "md5", "text": "message digest${body}"}})"),
      "GET https://a.example.com/?s=f96b697d7cb7938d525a2f31aaf161d0\n");
}

std::string with(std::string_view signature, std::string_view body = "") {
  return sent(R"({"url": "https://a.example.com/", "body": ")" + std::string(body) +
                  R"(", "signature": )" + std::string(signature) + "}",
              {{"k", "key"}});
}

TEST(ReceiversSignature, IsRefusedWithTheDefinition) {
  EXPECT_EQ(with(R"({"hash": "hmac_sha1", "key": "${k}"})"), "POST https://a.example.com/\n");
  // A circle, or a longer one.
  EXPECT_EQ(with(R"({"hash": "md5", "text": "${body}"})", "${signature}"), "channel.bad_signature");
  EXPECT_EQ(with(R"({"hash": "hmac_sha1", "key": "${body}"})", "${signature}"),
            "channel.bad_signature");
  EXPECT_EQ(with(R"({"hash": "md5", "text": "${signature}"})"), "channel.bad_signature");
  EXPECT_EQ(with(R"({"hash": "md5", "text": "$${body}"})", "${signature}"),
            "POST https://a.example.com/\n7e0997fb750d21eb7402b1ed0739b619");  // a dollar, no name
  EXPECT_EQ(with(R"({"hash": "sha1", "text": "x"})"), "channel.bad_signature");
  EXPECT_EQ(with(R"({"hash": "md5", "text": "x", "encoding": "base32"})"), "channel.bad_signature");
  EXPECT_EQ(with(R"({"hash": "md5", "text": "x", "key": "x"})"), "channel.bad_signature");
  EXPECT_EQ(with(R"({"hash": "md5"})"), "channel.bad_signature");
  EXPECT_EQ(with(R"({"hash": "hmac_sha256", "text": "x"})"), "channel.bad_signature");
  EXPECT_EQ(with(R"({"hash": "md5", "text": "${k"})"), "channel.bad_request");
  EXPECT_EQ(with(R"({"hash": "md5", "text": "${other}"})"), "channel.unknown_value");
  EXPECT_EQ(with(R"({"hash": "md5", "text": ")" + std::string(kTemplateBytesMax, 'x') + "\"}"),
            "channel.bad_request");
  // Without one there is none to be named.
  EXPECT_EQ(sent(R"({"url": "https://a.example.com/${signature}"})"), "channel.bad_signature");
  EXPECT_EQ(sent(R"({"url": "https://a.example.com/", "body": "${signature}"})"),
            "channel.bad_signature");
  EXPECT_EQ(sent(R"({"url": "https://a.example.com/",
                     "headers": [{"name": "X", "value": "${signature}"}]})"),
            "channel.bad_signature");
}

// What repeats the body in its text does not grow without bound.
TEST(ReceiversSignature, IsOverABoundedText) {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "${body}";
  EXPECT_EQ(sent(R"({"url": "https://a.example.com/", "body_kind": "text", "body": "${v}",
                     "signature": {"hash": "md5", "text": ")" +
                     text + "\"}}",
                 {{"v", std::string(1000, 'x')}}),
            "channel.too_large");
}

}  // namespace
}  // namespace channel
