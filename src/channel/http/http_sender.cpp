#include "channel/http/http_sender.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/json.h"
#include "channel/http/signature.h"
#include "store/failure.h"

namespace channel {

using outbox::Effect;
using outbox::Found;
using outbox::Look;
using outbox::Outcome;
using outbox::Sent;

namespace {

// What the answer to a look says.
Look look_of(Outcome told) {
  if (told.sent == Sent::done) return {Found::done, std::move(told.receipt)};
  if (told.sent != Sent::refused) return {.found = Found::later};
  // An address that may not be reached was not asked.
  const bool was_asked = told.problem.starts_with("http.");
  return {.found = was_asked ? Found::not_done : Found::cannot_tell};
}

bool is_same_name(std::string_view name, std::string_view lower) {
  return std::ranges::equal(name, lower, [](char a, char b) {
    return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
  });
}

std::string_view content_type_of(BodyKind kind) {
  switch (kind) {
    case BodyKind::none:
      return "";
    case BodyKind::json:
      return "application/json";
    case BodyKind::form:
      return "application/x-www-form-urlencoded";
    case BodyKind::text:
      return "text/plain; charset=utf-8";
  }
  base::unreachable();
}

}  // namespace

std::vector<Outcome> HttpSender::send(std::span<const Effect> effects) {
  if (effects.empty()) return {};
  Outcome problem;
  const auto route = route_of(effects.front(), problem);
  if (!route) return std::vector<Outcome>(effects.size(), problem);
  std::vector<Outcome> outcomes(effects.size());
  std::vector<HttpCall> calls;
  std::vector<std::size_t> called;
  for (std::size_t i = 0; i < effects.size(); ++i) {
    auto request = filled(*route, route->means.send.request, effects[i]);
    if (!request) {
      outcomes[i] = {.sent = Sent::refused, .problem = std::string(code_of(request.error()))};
      continue;
    }
    calls.push_back({std::move(*request), &route->means.send.meaning});
    called.push_back(i);
  }
  auto answered = caller_.call(calls);
  for (std::size_t i = 0; i < called.size(); ++i) outcomes[called[i]] = std::move(answered[i]);
  return outcomes;
}

std::vector<Look> HttpSender::look_up(std::span<const Effect> effects) {
  if (effects.empty()) return {};
  Outcome problem;
  const auto route = route_of(effects.front(), problem);
  const auto all = [&](Found found) { return std::vector<Look>(effects.size(), {.found = found}); };
  if (!route) return all(problem.sent == Sent::refused ? Found::cannot_tell : Found::later);
  if (!route->means.can_look_up) {
    return all(route->means.does_once ? Found::may_repeat : Found::cannot_tell);
  }
  std::vector<Look> looks(effects.size());  // cannot_tell, where the request cannot be made
  std::vector<HttpCall> calls;
  std::vector<std::size_t> called;
  for (std::size_t i = 0; i < effects.size(); ++i) {
    auto request = filled(*route, route->means.look_up.request, effects[i]);
    if (!request) continue;
    calls.push_back({std::move(*request), &route->means.look_up.meaning});
    called.push_back(i);
  }
  auto answered = caller_.call(calls);
  for (std::size_t i = 0; i < called.size(); ++i)
    looks[called[i]] = look_of(std::move(answered[i]));
  return looks;
}

std::optional<HttpSender::Route> HttpSender::route_of(const Effect& effect,
                                                      Outcome& problem) const {
  std::optional<HttpChannel> channel;
  try {
    channel = means_.database.read(
        [&](store::Session& session) { return channel_of(session, effect.account, effect.kind); });
  } catch (const store::Failure&) {
    // Nothing has been sent.
    problem = {.sent = Sent::unavailable, .problem = "channel.no_database"};
    return std::nullopt;
  }
  if (!channel) {
    problem = {.sent = Sent::refused, .problem = "channel.unknown_channel"};
    return std::nullopt;
  }
  auto means = means_of(channel->definition);
  auto secrets = opened_secrets(means_.seal, *channel);
  if (!means || !secrets) {
    problem = {.sent = Sent::unavailable,
               .problem = means ? "channel.no_secret_key" : std::string(code_of(means.error()))};
    return std::nullopt;
  }
  return Route{std::move(*means), std::move(*secrets)};
}

base::Result<FilledRequest, TemplateFault> HttpSender::filled(const Route& route,
                                                              const RequestTemplate& request,
                                                              const Effect& effect) const {
  const auto payload = base::parse_stored_json(effect.payload);
  Values values;
  if (payload && payload->is_object()) values = values_in(payload->get_object());
  for (const auto& [name, text] : route.secrets) {
    values[std::string(kSecretPrefix) + name] = text;
  }
  values[std::string(kEffectIdValue)] = effect.effect_id;
  const base::Moment now = means_.clock.now();
  values[std::string(kSecondsValue)] = std::to_string(now.ms / 1000);
  values[std::string(kMillisecondsValue)] = std::to_string(now.ms);
  auto out = fill(request, values);
  if (!out) return out;
  const bool says_type = std::ranges::any_of(
      out->headers, [](const auto& header) { return is_same_name(header.first, "content-type"); });
  const std::string_view type = content_type_of(request.body_kind);
  if (!says_type && !type.empty()) out->headers.emplace_back("Content-Type", type);
  const auto key = route.secrets.find(kSigningKey);
  if (key == route.secrets.end()) return out;
  out->headers.emplace_back(kSignatureHeader,
                            signature_of({.key = key->second, .body = out->body, .at = now}));
  return out;
}

}  // namespace channel
