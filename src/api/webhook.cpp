#include "webhook/webhook.h"

#include <boost/describe.hpp>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "api/call.h"
#include "api/intent_json.h"
#include "api/record.h"
#include "api/route.h"
#include "log/reader.h"

namespace api {
namespace {

namespace json = boost::json;
using rights::Permission;

struct WebhookBody {
  static constexpr std::string_view kDefaults[] = {"events"};
  std::string name;
  std::string url;
  std::vector<std::string> events;
};
BOOST_DESCRIBE_STRUCT(WebhookBody, (), (name, url, events))

struct WebhookChangeBody {
  static constexpr std::string_view kDefaults[] = {"events", "state"};
  std::int64_t version = 0;
  std::string name;
  std::string url;
  std::vector<std::string> events;
  std::string state = "on";
};
BOOST_DESCRIBE_STRUCT(WebhookChangeBody, (), (version, name, url, events, state))

json::object to_json(const webhook::Webhook& webhook) {
  json::array events;
  for (const std::string& name : webhook.events) events.emplace_back(name);
  return {{"id", webhook.id.value},
          {"name", webhook.name},
          {"url", webhook.url},
          {"events", std::move(events)},
          {"state", webhook.is_on ? "on" : "off"},
          {"lane", webhook.lane.value},
          {"cause", webhook::reader_of(webhook.id)},
          {"version", webhook.version},
          {"created_at", iso(webhook.created_at)}};
}

// What has not been told yet: rows of the log behind its position, intents that stand.
json::object with_backlog(store::Session& session, const webhook::Webhook& webhook) {
  json::object shown = to_json(webhook);
  const auto position = event_log::position_of(session, webhook::reader_of(webhook.id));
  const event_log::Lag lag =
      event_log::lag_behind(session, position.value_or(event_log::Position{}));
  shown["position"] = event_log::to_text(position.value_or(event_log::Position{}));
  shown["rows_behind"] = lag.rows;
  shown["standing"] = outbox::standing_in(session, webhook.lane, webhook::kStandingMax);
  return shown;
}

webhook::WebhookId webhook_id(Call& call) { return {call.id(0)}; }

json::value to_json(const std::optional<webhook::Webhook>& webhook) {
  return webhook ? json::value(to_json(*webhook)) : json::value(nullptr);
}

struct Changed {
  std::string verb;
  std::optional<webhook::Webhook> before = {};
  std::optional<webhook::Webhook> after = {};
};
void record(store::Unit& unit, Call& call, const Changed& changed) {
  const auto& webhook = changed.after ? changed.after : changed.before;
  record_change(call, unit,
                {.noun = "webhook",
                 .verb = changed.verb,
                 .subject = std::to_string(webhook->id.value),
                 .before = to_json(changed.before),
                 .after = to_json(changed.after)});
}

net::Response list_webhooks(Call& call) {
  json::array shown;
  call.services().database.read([&](store::Session& session) {
    shown.clear();
    for (const auto& each : webhook::webhooks(session)) {
      shown.push_back(with_backlog(session, each));
    }
  });
  return ok(json::object{{"webhooks", std::move(shown)}});
}

// The only answer that shows the signing key.
net::Response create_webhook(Call& call) {
  const auto body = call.body<WebhookBody>();
  Services& services = call.services();
  webhook::Webhook given{.id = {services.random.id()},
                         .name = body.name,
                         .url = body.url,
                         .events = body.events,
                         .lane = {services.random.id()},
                         .created_at = call.now()};
  const auto key =
      value_or_refuse(webhook::new_key(services.secret_seal, services.random, given.id));
  given.sealed_key = key.sealed;
  json::object shown =
      to_json(value_or_refuse(services.database.write("webhook.create", [&](store::Unit& unit) {
        auto made = webhook::add(unit, given, services.log.head(unit));
        if (made) record(unit, call, {.verb = "created", .after = *made});
        return made;
      })));
  shown["signing_key"] = key.text;
  return created(shown);
}

template <typename Change>
webhook::Webhook changed(Call& call, const Change& change) {
  const webhook::WebhookId id = webhook_id(call);
  return value_or_refuse(call.services().database.write(
      "webhook.change", [&](store::Unit& unit) -> base::Result<webhook::Webhook, webhook::Fault> {
        const auto before = webhook::held_webhook(unit, id);
        if (!before) return base::unexpected(webhook::Fault::unknown_webhook);
        webhook::Webhook wanted = *before;
        change(wanted);
        auto made = webhook::change(unit, wanted,
                                    {call.now(), rights::to_text(call.caller().viewer.actor())});
        if (made) record(unit, call, {"changed", before, *made});
        return made;
      }));
}

net::Response change_webhook(Call& call) {
  const auto body = call.body<WebhookChangeBody>();
  if (body.state != "on" && body.state != "off") refuse(webhook::Fault::unknown_state);
  return ok(to_json(changed(call, [&body](webhook::Webhook& webhook) {
    webhook.version = body.version;
    webhook.name = body.name;
    webhook.url = body.url;
    webhook.events = body.events;
    webhook.is_on = body.state == "on";
  })));
}

// The old one signs beside it for a day (webhook::kOldKeyFor).
net::Response renew_key(Call& call) {
  const auto key = value_or_refuse(
      webhook::new_key(call.services().secret_seal, call.services().random, webhook_id(call)));
  json::object shown = to_json(changed(call, [&](webhook::Webhook& webhook) {
    webhook::renew_key(webhook, key.sealed, call.now());
  }));
  shown["signing_key"] = key.text;
  return ok(shown);
}

net::Response remove_webhook(Call& call) {
  const webhook::WebhookId id = webhook_id(call);
  const bool was_there = call.services().database.write("webhook.remove", [&](store::Unit& unit) {
    const auto stands = webhook::held_webhook(unit, id);
    if (stands) record(unit, call, {.verb = "deleted", .before = stands});
    return webhook::remove(unit, id, call.now());
  });
  if (!was_there) refuse(webhook::Fault::unknown_webhook);
  return no_content();
}

net::Response test_webhook(Call& call) {
  const webhook::WebhookId id = webhook_id(call);
  const outbox::IntentId drawn{call.services().random.id()};
  return created(intent_json(value_or_refuse(call.services().database.write(
      "webhook.test", [&](store::Unit& unit) -> base::Result<outbox::Intent, webhook::Fault> {
        const auto stands = webhook::webhook_with(unit, id);
        if (!stands) return base::unexpected(webhook::Fault::unknown_webhook);
        const auto effect = webhook::enqueue_test(unit, *stands, drawn, call.now());
        if (!effect) return base::unexpected(effect.error());
        record(unit, call, {.verb = "tested", .after = *stands});
        return *outbox::intent_with(unit, *effect);
      }))));
}

constexpr Route kRoutes[] = {
    {net::Method::get, "/webhooks", Guard::of(Permission::outbox_read), list_webhooks},
    {net::Method::post, "/webhooks", Guard::of(Permission::settings_write), create_webhook},
    {net::Method::patch, "/webhooks/{id}", Guard::of(Permission::settings_write), change_webhook},
    {net::Method::del, "/webhooks/{id}", Guard::of(Permission::settings_write), remove_webhook},
    {net::Method::post, "/webhooks/{id}/key", Guard::of(Permission::settings_write), renew_key},
    {net::Method::post, "/webhooks/{id}/test", Guard::of(Permission::settings_write), test_webhook},
};

}  // namespace

std::span<const Route> webhook_routes() { return kRoutes; }

}  // namespace api
