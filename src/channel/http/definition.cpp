#include "channel/http/definition.h"

#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <optional>
#include <utility>

#include "base/check.h"
#include "base/json.h"
#include "base/text.h"
#include "outbox/intent.h"

namespace channel {
namespace {

namespace json = boost::json;

constexpr std::array<std::pair<std::string_view, BodyKind>, 4> kBodyKinds = {
    {{"none", BodyKind::none},
     {"json", BodyKind::json},
     {"form", BodyKind::form},
     {"text", BodyKind::text}}};
constexpr std::array<std::pair<std::string_view, SignatureHash>, 4> kHashes = {
    {{"hmac_sha256", SignatureHash::hmac_sha256},
     {"hmac_sha1", SignatureHash::hmac_sha1},
     {"sha256", SignatureHash::sha256},
     {"md5", SignatureHash::md5}}};
constexpr std::array<std::pair<std::string_view, SignatureEncoding>, 2> kEncodings = {
    {{"hex", SignatureEncoding::hex}, {"base64", SignatureEncoding::base64}}};
constexpr std::array<std::pair<std::string_view, outbox::Sent>, 5> kSents = {
    {{"done", outbox::Sent::done},
     {"too_often", outbox::Sent::too_often},
     {"unavailable", outbox::Sent::unavailable},
     {"refused", outbox::Sent::refused},
     {"unknown", outbox::Sent::unknown}}};

template <typename Named>
auto named(const Named& all, std::string_view name) {
  using Value = decltype(all[0].second);
  const auto found =
      std::ranges::find_if(all, [name](const auto& each) { return each.first == name; });
  return found == all.end() ? std::optional<Value>() : std::optional<Value>(found->second);
}

bool is_pointer(std::string_view text) {
  return text.size() <= 200 && (text.empty() || text.starts_with('/'));
}

base::Result<RequestTemplate, Fault> request_of(const RequestText& text) {
  const auto kind = named(kBodyKinds, text.body_kind);
  if (!kind) return base::unexpected(Fault::bad_request);
  RequestTemplate request{
      .method = text.method, .url = text.url, .headers = {}, .body_kind = *kind, .body = text.body};
  for (const HeaderText& header : text.headers) {
    request.headers.emplace_back(header.name, header.value);
  }
  if (text.signature) {
    const auto hash = named(kHashes, text.signature->hash);
    const auto encoding = named(kEncodings, text.signature->encoding);
    if (!hash || !encoding) return base::unexpected(Fault::bad_signature);
    request.signature = {.hash = *hash,
                         .encoding = *encoding,
                         .key = text.signature->key,
                         .text = text.signature->text};
  }
  const auto names = names_in(request);
  if (names) return request;
  return base::unexpected(names.error() == TemplateFault::bad_signature ? Fault::bad_signature
                                                                        : Fault::bad_request);
}

std::optional<AnswerMeaning> meaning_in(const MeaningText& text) {
  if (text.rules.size() > kRulesMax || !is_pointer(text.receipt_pointer)) return std::nullopt;
  AnswerMeaning meaning{.rules = {}, .receipt_pointer = text.receipt_pointer};
  for (const RuleText& rule : text.rules) {
    const auto sent = named(kSents, rule.sent);
    const bool is_range =
        rule.status_from >= 100 && rule.status_from <= rule.status_to && rule.status_to <= 599;
    if (!sent || !is_range || !is_pointer(rule.pointer)) return std::nullopt;
    meaning.rules.push_back({.status_from = static_cast<int>(rule.status_from),
                             .status_to = static_cast<int>(rule.status_to),
                             .pointer = rule.pointer,
                             .equals = rule.equals,
                             .sent = *sent});
  }
  return meaning;
}

bool is_name(std::string_view name) {
  return !name.empty() && name.size() <= kChannelNameBytesMax && base::is_utf8(name) &&
         std::ranges::none_of(name, [](char c) {
           const auto byte = static_cast<unsigned char>(c);
           return byte < 0x20 || byte == 0x7f;
         });
}

}  // namespace

std::string_view code_of(Fault fault) {
  switch (fault) {
    case Fault::bad_name:
      return "channel.bad_name";
    case Fault::bad_kind:
      return "channel.bad_kind";
    case Fault::bad_request:
      return "channel.bad_request";
    case Fault::bad_signature:
      return "channel.bad_signature";
    case Fault::bad_meaning:
      return "channel.bad_meaning";
    case Fault::bad_look_up:
      return "channel.bad_look_up";
    case Fault::bad_secret:
      return "channel.bad_secret";
    case Fault::no_secret_key:
      return "channel.no_secret_key";
    case Fault::lane_taken:
      return "channel.lane_taken";
    case Fault::unknown_channel:
      return "channel.unknown_channel";
    case Fault::changed_meanwhile:
      return "channel.changed_meanwhile";
    case Fault::definition_too_large:
      return "channel.definition_too_large";
  }
  base::unreachable();
}

std::string text_of(const HttpDefinition& definition) {
  return json::serialize(base::to_json(definition));
}

base::Result<HttpMeans, Fault> means_of(const HttpDefinition& definition) {
  if (text_of(definition).size() > kDefinitionBytesMax) {
    return base::unexpected(Fault::definition_too_large);
  }
  if (!is_name(definition.name)) return base::unexpected(Fault::bad_name);
  if (!outbox::is_lane_kind(definition.kind) || definition.kind.starts_with("webhook") ||
      definition.account < 0) {
    return base::unexpected(Fault::bad_kind);
  }
  auto request = request_of(definition.request);
  if (!request) return base::unexpected(request.error());
  auto meaning = meaning_in(definition.meaning);
  if (!meaning) return base::unexpected(Fault::bad_meaning);
  meaning->does_once = definition.does_once;
  HttpMeans means{.send = {std::move(*request), std::move(*meaning)},
                  .can_look_up = !definition.look_up.request.url.empty(),
                  .look_up = {},
                  .does_once = definition.does_once};
  if (means.can_look_up) {
    auto asked = request_of(definition.look_up.request);
    auto answered = meaning_in(definition.look_up.meaning);
    if (!asked || !answered) return base::unexpected(Fault::bad_look_up);
    answered->is_look = true;
    means.look_up = {std::move(*asked), std::move(*answered)};
  }
  return means;
}

Values values_in(const json::object& object, std::string_view prefix) {
  Values values;
  for (const auto& [name, value] : object) {
    const std::string key = std::string(prefix) + std::string(std::string_view(name));
    if (const auto* text = value.if_string()) {
      values[key] = std::string(*text);
    } else if (value.is_number() || value.is_bool()) {
      values[key] = json::serialize(value);
    }
  }
  return values;
}

}  // namespace channel
