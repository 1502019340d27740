#include "webhook/webhook_sender.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <map>
#include <utility>

#include "base/calendar.h"
#include "base/json.h"
#include "channel/http/signature.h"
#include "log/event_type.h"
#include "log/rows.h"
#include "store/failure.h"

namespace webhook {
namespace {

namespace json = boost::json;
using outbox::Effect;
using outbox::Outcome;
using outbox::Sent;

// Whatever is no 2xx is tried again, since an effect id is done once; 410 says that nobody wants
// it.
const channel::AnswerMeaning kMeaning{
    .rules = {{.status_from = 410, .status_to = 410, .sent = Sent::refused},
              {.status_from = 429, .status_to = 429, .sent = Sent::too_often},
              {.status_from = 300, .status_to = 599, .sent = Sent::unavailable}},
    .does_once = true};

// Nothing: a test, which is about no event.
std::optional<event_log::Position> position_of(const Effect& effect) {
  const auto payload = base::parse_stored_json(effect.payload);
  if (!payload || !payload->is_object()) return std::nullopt;
  const json::value* position = payload->get_object().if_contains("position");
  if (position == nullptr || !position->is_string()) return std::nullopt;
  const json::string& text = position->get_string();
  return event_log::position_from(std::string_view(text.data(), text.size()));
}

json::object body_of(const event_log::Event& event, const event_log::EventTypes& types) {
  const event_log::EventType* type = types.find(event.type);
  auto properties = base::parse_stored_json(event.properties);
  return {{"event", type == nullptr ? "" : type->name},
          {"customer", "c_" + std::to_string(event.customer.value)},
          {"time", base::to_iso8601_utc(event.time)},
          {"arrived_at", base::to_iso8601_utc(event.arrived)},
          {"properties", properties ? std::move(*properties) : json::value(json::object{})}};
}

// t=…,v1=… by the newest, and ,v1=… by each of the others.
std::string signature_by(std::span<const std::string> keys, std::string_view body,
                         base::Moment at) {
  std::string text;
  for (const std::string& key : keys) {
    const std::string one = channel::signature_of({.key = key, .body = body, .at = at});
    text += text.empty() ? one : one.substr(one.find(",v1="));
  }
  return text;
}

}  // namespace

// What is needed for all of them, read at once.
struct WebhookSender::Batch {
  std::string problem = {};  // why none can go
  bool is_gone = false;      // the webhook is no more
  Webhook webhook = {};
  std::vector<std::string> keys = {};  // the newest first
  base::Moment at{0};                  // what is signed
  std::map<event_log::Position, json::object> bodies = {};
};

WebhookSender::Batch WebhookSender::batch_of(std::span<const Effect> effects) const {
  Batch batch;
  std::vector<event_log::Position> positions;
  for (const Effect& effect : effects) {
    if (const auto position = position_of(effect)) positions.push_back(*position);
  }
  std::optional<Webhook> webhook;
  try {
    means_.database.read([&](store::Session& session) {
      batch.bodies.clear();
      webhook = webhook_with(session, id_);
      const auto types = means_.log.catalog().of(session);
      for (const event_log::Event& event : event_log::visible_rows_with(session, positions)) {
        batch.bodies[event.position] = body_of(event, *types);
      }
    });
  } catch (const store::Failure&) {
    batch.problem = "channel.no_database";
    return batch;
  }
  batch.is_gone = !webhook.has_value();
  if (batch.is_gone) {
    batch.problem = code_of(Fault::unknown_webhook);
    return batch;
  }
  batch.webhook = std::move(*webhook);
  batch.at = means_.clock.now();
  auto keys = opened_keys(means_.seal, batch.webhook, batch.at);
  if (!keys) batch.problem = code_of(Fault::no_secret_key);
  batch.keys = std::move(keys).value_or(std::vector<std::string>{});
  return batch;
}

std::vector<Outcome> WebhookSender::send(std::span<const Effect> effects) {
  const Batch batch = batch_of(effects);
  if (!batch.problem.empty()) {
    return std::vector<Outcome>(effects.size(),
                                Outcome{.sent = batch.is_gone ? Sent::refused : Sent::unavailable,
                                        .problem = batch.problem});
  }
  std::vector<Outcome> outcomes(effects.size());
  std::vector<channel::HttpCall> calls;
  std::vector<std::size_t> called;
  for (std::size_t i = 0; i < effects.size(); ++i) {
    json::object body{{"effect_id", effects[i].effect_id}};
    if (const auto position = position_of(effects[i])) {
      const auto event = batch.bodies.find(*position);
      if (event == batch.bodies.end()) {
        outcomes[i] = {.sent = Sent::refused, .problem = "webhook.event_gone"};
        continue;
      }
      for (const auto& [name, value] : event->second) body[name] = value;
    } else {
      body["event"] = nullptr;
    }
    channel::FilledRequest request{
        .method = "POST", .url = batch.webhook.url, .headers = {}, .body = json::serialize(body)};
    request.headers = {
        {"Content-Type", "application/json"},
        {"Siyu-Effect-Id", effects[i].effect_id},
        {std::string(channel::kSignatureHeader), signature_by(batch.keys, request.body, batch.at)}};
    calls.push_back({std::move(request), &kMeaning});
    called.push_back(i);
  }
  auto answered = caller_.call(calls);
  for (std::size_t i = 0; i < called.size(); ++i) outcomes[called[i]] = std::move(answered[i]);
  return outcomes;
}

std::vector<outbox::Look> WebhookSender::look_up(std::span<const Effect> effects) {
  return std::vector<outbox::Look>(effects.size(), {.found = outbox::Found::may_repeat});
}

}  // namespace webhook
