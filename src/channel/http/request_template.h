// A request written once and filled in for every effect: how SMS providers and robots are reached.
//
//   POST https://sms.example.com/send?to=${phone}
//   X-Request-Id: ${effect_id}
//   {"text": "${text}", "count": ${count}}
//
// ${name} is a value of the effect's payload; $$ is a dollar. What stands for it depends on where:
// percent-encoded in the URL and in form bodies, escaped in JSON (between the quotes the template
// writes; a number or truth value also without), in a header as it is, without line breaks. Scheme,
// host and port hold no values: no payload chooses where a request goes.
//
// A receiver's own signature (signature.h) is made from a key and a text, written as they are; in
// the request it is ${signature}, in the place's writing as any value. In its text ${body} is the
// body as it is sent; a body that names ${signature} is not part of one. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "channel/http/signature.h"

namespace channel {

// URL, headers, body and what is signed, together.
inline constexpr std::size_t kTemplateBytesMax = 16'000;
inline constexpr std::size_t kFilledBytesMax = 256'000;
inline constexpr std::size_t kTemplateHeadersMax = 20;
inline constexpr std::string_view kSignatureValue = "signature";
inline constexpr std::string_view kBodyValue = "body";  // in the signature's text and key alone

enum class TemplateFault : std::uint8_t {
  too_large,
  bad_method,  // not GET, POST, PUT, PATCH or DELETE
  bad_url,     // not http:// or https:// with a host; a value, a user or a space before the path
  bad_header,  // no name of RFC 9110, one the program sets itself, or too many
  // A key where the hash takes none, or none where it takes one; nothing to hash; ${signature}
  // where there is none; a signature and a body that need each other.
  bad_signature,
  bad_placeholder,  // ${ without its end, a name that is none, a dollar alone
  unknown_value,    // the payload has no such value
  bad_value,        // a line break in a header; . or .. in the URL
};
std::string_view code_of(TemplateFault fault);  // "channel.bad_url"

enum class BodyKind : std::uint8_t { none, json, form, text };

struct SignatureTemplate {
  SignatureHash hash = SignatureHash::hmac_sha256;
  SignatureEncoding encoding = SignatureEncoding::hex;
  std::string key;
  std::string text;
};

struct RequestTemplate {
  std::string method = "POST";
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers;
  BodyKind body_kind = BodyKind::json;
  std::string body;
  std::optional<SignatureTemplate> signature = {};
};

// By name: texts as they are, numbers and truth values as JSON writes them.
using Values = std::map<std::string, std::string, std::less<>>;

struct FilledRequest {
  std::string method;
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
};

// The values it takes, or what is wrong with the template by itself.
[[nodiscard]] base::Result<std::vector<std::string>, TemplateFault> names_in(
    const RequestTemplate& request);
// Of a template that names_in has nothing against.
[[nodiscard]] base::Result<FilledRequest, TemplateFault> fill(const RequestTemplate& request,
                                                              const Values& values);

}  // namespace channel
