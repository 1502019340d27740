// How a receiver knows that a request is ours and is not an old one: a header with the time and a
// keyed hash over time and body.
//
//   Siyu-Signature: t=1760000000,v1=5257a869…      HMAC-SHA-256(key, "1760000000." + body)
//
// The receiver computes it anew and refuses what is older than some minutes.
//
// And how a receiver with a scheme of its own knows it: a digest, keyed or not, over a text, as it
// asks for (a part of the request template, request_template.h). What some of them ask for, with
// where they say so and a value they or others who use them publish, which the tests hold to:
//
//   DingTalk's custom robot   base64(HMAC-SHA-256(secret, "<ms>\n<secret>")), in the URL
//     https://open.dingtalk.com/document/orgapp/customize-robot-security-settings
//   Feishu's custom robot     base64(HMAC-SHA-256("<seconds>\n<secret>", "")), in the JSON
//     https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot
//   providers of SMS          hex(MD5(account + password + "<seconds>"))
//     https://www.showdoc.com.cn/2020693598807105/10043421782976405
//     https://www.onbuka.com/sms-api1/
//   Tencent's older SMS       hex(SHA-256("appkey=…&random=…&time=<seconds>"))
//     https://intl.cloud.tencent.com/document/product/382/6038
//   GitHub's webhooks         "sha256=" hex(HMAC-SHA-256(secret, body)), in a header
//     https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
//
// MD5 and SHA-1 are here because receivers ask for them; nothing of ours rests on them. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/moment.h"

namespace channel {

inline constexpr std::string_view kSignatureHeader = "Siyu-Signature";

struct Signed {
  std::string_view key;  // secret
  std::string_view body;
  base::Moment at;
};
std::string signature_of(const Signed& request);

enum class SignatureHash : std::uint8_t { hmac_sha256, hmac_sha1, sha256, md5 };
bool is_keyed(SignatureHash hash);

enum class SignatureEncoding : std::uint8_t {
  hex,     // of lower case
  base64,  // RFC 4648, section 4, padded
};

struct SchemeInput {
  SignatureHash hash = SignatureHash::hmac_sha256;
  SignatureEncoding encoding = SignatureEncoding::hex;
  std::string_view key;  // secret; of no account where the hash has none
  std::string_view text;
};
std::string signature_by_scheme(const SchemeInput& input);

}  // namespace channel
