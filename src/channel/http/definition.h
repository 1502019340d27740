// An HTTP channel as a person writes it down, and what it takes to use one. As JSON:
//
//   {"name": "短信", "account": 0, "kind": "sms",
//    "request": {"method": "POST", "url": "https://sms.example.com/send",
//                "headers": [{"name": "Authorization", "value": "Bearer ${secret.token}"}],
//                "body_kind": "json", "body": "{\"to\": \"${phone}\", \"id\": \"${effect_id}\"}"},
//    "meaning": {"rules": [{"status_from": 200, "status_to": 299, "pointer": "/code",
//                           "equals": "40001", "sent": "too_often"}],
//                "receipt_pointer": "/id"},
//    "look_up": {"request": …, "meaning": …},
//    "does_once": true}
//
// Effects of the lane (account, kind) go out by it. ${effect_id} is there always; ${secret.NAME}
// is a secret of the channel; ${timestamp} and ${timestamp_ms} are the moment of the request, one
// for all of it; everything else is the effect's. A receiver that has a signature of its own gets
// it by a part of the request (also of a look's), whose outcome is ${signature}:
//
//   "signature": {"hash": "hmac_sha256", "key": "${secret.key}", "encoding": "base64",
//                 "text": "${timestamp_ms}\n${secret.key}"}
//
// A look: `done` of its meaning is done, `refused` is not done, anything else is asked again later.
// Without one an unknown outcome is tried again with the same effect id where the receiver
// `does_once`, else a person decides.
//
// As it is stored (JSON, which writes control characters six bytes each) it has at most
// kDefinitionBytesMax. Pure.
#pragma once

#include <boost/describe.hpp>
#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "channel/http/answer.h"
#include "channel/http/request_template.h"

namespace channel {

inline constexpr std::size_t kDefinitionBytesMax = 60'000;
inline constexpr std::size_t kChannelNameBytesMax = 100;
inline constexpr std::string_view kSecretPrefix = "secret.";
inline constexpr std::string_view kEffectIdValue = "effect_id";
inline constexpr std::string_view kSecondsValue = "timestamp";
inline constexpr std::string_view kMillisecondsValue = "timestamp_ms";

struct HeaderText {
  std::string name = {};
  std::string value = {};
};
BOOST_DESCRIBE_STRUCT(HeaderText, (), (name, value))

// A receiver's own (signature.h); key and text are templates (request_template.h).
struct SignatureText {
  static constexpr std::string_view kDefaults[] = {"key", "text", "encoding"};
  std::string hash = {};  // hmac_sha256, hmac_sha1; without a key: sha256, md5
  std::string key = {};
  std::string text = {};
  std::string encoding = "hex";  // hex, base64
};
BOOST_DESCRIBE_STRUCT(SignatureText, (), (hash, key, text, encoding))

struct RequestText {
  static constexpr std::string_view kDefaults[] = {"method", "headers", "body_kind", "body"};
  std::string method = "POST";
  std::string url = {};
  std::vector<HeaderText> headers = {};
  std::string body_kind = "json";  // none, json, form, text
  std::string body = {};
  std::optional<SignatureText> signature = {};
};
BOOST_DESCRIBE_STRUCT(RequestText, (), (method, url, headers, body_kind, body, signature))

struct RuleText {
  static constexpr std::string_view kDefaults[] = {"pointer", "equals"};
  std::int64_t status_from = 0;
  std::int64_t status_to = 0;
  std::string pointer = {};
  std::string equals = {};
  std::string sent = {};  // done, too_often, unavailable, refused, unknown
};
BOOST_DESCRIBE_STRUCT(RuleText, (), (status_from, status_to, pointer, equals, sent))

struct MeaningText {
  static constexpr std::string_view kDefaults[] = {"rules", "receipt_pointer"};
  std::vector<RuleText> rules = {};
  std::string receipt_pointer = {};
};
BOOST_DESCRIBE_STRUCT(MeaningText, (), (rules, receipt_pointer))

struct LookUpText {
  static constexpr std::string_view kDefaults[] = {"request", "meaning"};
  RequestText request = {};  // an empty URL: there is none
  MeaningText meaning = {};
};
BOOST_DESCRIBE_STRUCT(LookUpText, (), (request, meaning))

struct HttpDefinition {
  static constexpr std::string_view kDefaults[] = {"account", "meaning", "look_up", "does_once"};
  std::string name = {};
  std::int64_t account = 0;  // of the brand; 0: of none
  std::string kind = {};     // of the lane
  RequestText request = {};
  MeaningText meaning = {};
  LookUpText look_up = {};
  bool does_once = false;  // the receiver does an effect id once, however often it comes
};
BOOST_DESCRIBE_STRUCT(HttpDefinition, (),
                      (name, account, kind, request, meaning, look_up, does_once))

enum class Fault : std::uint8_t {
  bad_name,  // empty, too long, or with control characters
  bad_kind,  // as a lane's kind, and not one of the program's own
  bad_request,
  bad_signature,
  bad_meaning,
  bad_look_up,
  bad_secret,       // its name, or longer than the seal takes
  no_secret_key,    // secrets cannot be kept: there is no key to seal them with
  lane_taken,       // another channel has this name, or this account and kind
  unknown_channel,  // there is none
  changed_meanwhile,
  definition_too_large,
};
inline constexpr std::size_t kFaultCount =
    static_cast<std::size_t>(Fault::definition_too_large) + 1;
std::string_view code_of(Fault fault);  // "channel.bad_name"

// What is sent and how its answer is read.
struct Exchange {
  RequestTemplate request;
  AnswerMeaning meaning;
};
struct HttpMeans {
  Exchange send;
  bool can_look_up = false;
  Exchange look_up;
  bool does_once = false;
};
// Errors: what is bad of it, definition_too_large.
[[nodiscard]] base::Result<HttpMeans, Fault> means_of(const HttpDefinition& definition);
// As it is stored.
std::string text_of(const HttpDefinition& definition);

// The texts, numbers and truth values of a payload or of secrets, by name; everything else has
// none.
Values values_in(const boost::json::object& object, std::string_view prefix = "");

}  // namespace channel
