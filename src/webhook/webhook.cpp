#include "webhook/webhook.h"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <charconv>
#include <utility>

#include "base/check.h"
#include "base/json.h"
#include "base/text.h"
#include "channel/http/request_template.h"
#include "log/event_type.h"
#include "log/reader.h"
#include "webhook/webhook_sql.h"

namespace webhook {
namespace {

namespace json = boost::json;

constexpr std::size_t kKeyBytes = 32;
// One unit at a time changes webhooks: how many there are and their names are looked at before.
constexpr store::LockKey kAllWebhooks{740, 0};

bool is_plain(std::string_view text, std::size_t bytes_max) {
  return !text.empty() && text.size() <= bytes_max && base::is_utf8(text) &&
         std::ranges::none_of(text, [](char c) {
           const auto byte = static_cast<unsigned char>(c);
           return byte < 0x20 || byte == 0x7f;
         });
}

// The URL as it is, without values to fill in.
bool is_url(const std::string& url) {
  if (url.size() > kUrlBytesMax) return false;
  const auto names = channel::names_in({.url = url, .headers = {}, .body = {}});
  return names && names->empty() && url.find('$') == std::string::npos;
}

std::optional<Fault> fault_of(const Webhook& webhook) {
  if (!is_plain(webhook.name, kNameBytesMax)) return Fault::bad_name;
  if (!is_url(webhook.url)) return Fault::bad_url;
  const bool are_names = std::ranges::all_of(webhook.events, [](const std::string& name) {
    return is_plain(name, event_log::kNameBytesMax);
  });
  if (webhook.events.size() > kEventsMax || !are_names) return Fault::bad_events;
  return std::nullopt;
}

std::string events_text(const std::vector<std::string>& events) {
  json::array names;
  for (const std::string& name : events) names.emplace_back(name);
  return json::serialize(names);
}

std::string old_keys_text(const std::vector<OldKey>& keys) {
  json::array written;
  for (const OldKey& key : keys) {
    written.push_back(json::object{{"key", key.sealed}, {"until", key.until.ms}});
  }
  return json::serialize(written);
}

std::vector<OldKey> old_keys_in(std::string_view text) {
  std::vector<OldKey> keys;
  const auto written = base::parse_stored_json(text);
  CHECK(written && written->is_array());
  for (const json::value& each : written->get_array()) {
    const json::object& key = each.as_object();
    keys.push_back(
        {.sealed = std::string(key.at("key").as_string()), .until = {key.at("until").as_int64()}});
  }
  return keys;
}

Webhook webhook_in(const store::Row& row) {
  Webhook webhook{.id = {row.integer(0)},
                  .name = std::string(row.text(1)),
                  .url = std::string(row.text(2)),
                  .events = {},
                  .is_on = row.text(4) == "on",
                  .sealed_key = std::string(row.text(5)),
                  .old_keys = old_keys_in(row.text(9)),
                  .lane = {row.integer(6)},
                  .version = row.integer(7),
                  .created_at = {row.integer(8)}};
  const auto events = base::parse_stored_json(row.text(3));
  CHECK(events && events->is_array());
  for (const json::value& name : events->get_array()) {
    webhook.events.emplace_back(std::string(name.as_string()));
  }
  return webhook;
}

bool is_name_taken(store::Unit& unit, const Webhook& webhook) {
  return *unit.one(sql::kIsNameTaken, {webhook.name, webhook.id.value},
                   [](const store::Row& row) { return row.integer(0) != 0; });
}

std::string_view state_of(const Webhook& webhook) { return webhook.is_on ? "on" : "off"; }

std::string whose(WebhookId id) { return "webhook " + std::to_string(id.value); }

}  // namespace

std::string_view code_of(Fault fault) {
  switch (fault) {
    case Fault::bad_name:
      return "webhook.bad_name";
    case Fault::bad_url:
      return "webhook.bad_url";
    case Fault::bad_events:
      return "webhook.bad_events";
    case Fault::unknown_state:
      return "webhook.unknown_state";
    case Fault::no_secret_key:
      return "webhook.no_secret_key";
    case Fault::name_taken:
      return "webhook.name_taken";
    case Fault::too_many:
      return "webhook.too_many";
    case Fault::unknown_webhook:
      return "webhook.unknown_webhook";
    case Fault::changed_meanwhile:
      return "webhook.changed_meanwhile";
    case Fault::is_off:
      return "webhook.is_off";
  }
  base::unreachable();
}

base::Result<SigningKey, Fault> new_key(rights::SecretSeal& seal, base::Random& random,
                                        WebhookId id) {
  std::array<std::byte, kKeyBytes> bytes{};
  random.fill(bytes);
  SigningKey key{.text = base::to_hex(bytes), .sealed = {}};
  auto sealed = seal.close({key.text, whose(id)});
  if (!sealed) return base::unexpected(Fault::no_secret_key);
  key.sealed = std::move(*sealed);
  return key;
}

void renew_key(Webhook& webhook, const std::string& sealed, base::Moment now) {
  std::erase_if(webhook.old_keys, [now](const OldKey& key) { return key.until <= now; });
  webhook.old_keys.insert(webhook.old_keys.begin(), {webhook.sealed_key, now + kOldKeyFor});
  if (webhook.old_keys.size() > kOldKeysMax) webhook.old_keys.resize(kOldKeysMax);
  webhook.sealed_key = sealed;
}

std::optional<std::vector<std::string>> opened_keys(const rights::SecretSeal& seal,
                                                    const Webhook& webhook, base::Moment now) {
  auto newest = seal.open({webhook.sealed_key, whose(webhook.id)});
  if (!newest) return std::nullopt;
  std::vector<std::string> keys{std::move(*newest)};
  for (const OldKey& old : webhook.old_keys) {
    if (old.until <= now) continue;
    if (auto key = seal.open({old.sealed, whose(webhook.id)})) keys.push_back(std::move(*key));
  }
  return keys;
}

base::Result<Webhook, Fault> add(store::Unit& unit, const Webhook& webhook,
                                 const event_log::Position& from) {
  if (const auto fault = fault_of(webhook)) return base::unexpected(*fault);
  unit.lock({kAllWebhooks});
  const auto count =
      unit.one(sql::kCountWebhooks, {}, [](const store::Row& row) { return row.integer(0); });
  if (*count >= static_cast<std::int64_t>(kWebhooksMax)) return base::unexpected(Fault::too_many);
  const auto lane =
      outbox::open_lane(unit, {.id = webhook.lane,
                               .kind = std::string(kLanePrefix) + std::to_string(webhook.id.value),
                               .pace = kFirstPace});
  CHECK(lane);
  const auto added =
      unit.execute(sql::kInsertWebhook,
                   {webhook.id.value, webhook.name, webhook.url, events_text(webhook.events),
                    state_of(webhook), webhook.sealed_key, lane->id.value, webhook.created_at.ms});
  if (added == 0) return base::unexpected(Fault::name_taken);
  if (from != event_log::Position{}) {
    CHECK(event_log::advance(unit, reader_of(webhook.id), {}, from));
  }
  return *webhook_with(unit, webhook.id);
}

base::Result<Webhook, Fault> change(store::Unit& unit, const Webhook& webhook,
                                    const Changer& changer) {
  const auto stands = held_webhook(unit, webhook.id);
  if (!stands) return base::unexpected(Fault::unknown_webhook);
  if (const auto fault = fault_of(webhook)) return base::unexpected(*fault);
  if (is_name_taken(unit, webhook)) return base::unexpected(Fault::name_taken);
  const auto changed = unit.execute(
      sql::kChangeWebhook,
      {webhook.id.value, webhook.name, webhook.url, events_text(webhook.events), state_of(webhook),
       webhook.sealed_key, webhook.version, old_keys_text(webhook.old_keys)});
  if (changed == 0) return base::unexpected(Fault::changed_meanwhile);
  if (stands->is_on && !webhook.is_on) {
    CHECK(outbox::pause(unit, {outbox::paused_lane(stands->lane), changer.now, changer.by_whom}));
  } else if (!stands->is_on && webhook.is_on) {
    outbox::resume(unit, outbox::paused_lane(stands->lane));
  }
  return *webhook_with(unit, webhook.id);
}

bool remove(store::Unit& unit, WebhookId id, base::Moment now) {
  const auto stands = held_webhook(unit, id);
  if (!stands) return false;
  event_log::forget_reader(unit, reader_of(id));
  outbox::drop_all(unit, stands->lane, now);
  outbox::resume(unit, outbox::paused_lane(stands->lane));
  return unit.execute(sql::kRemoveWebhook, {id.value}) > 0;
}

std::optional<Webhook> webhook_with(store::Session& session, WebhookId id) {
  return session.one(sql::kWebhookWith, {id.value}, webhook_in);
}

std::optional<Webhook> held_webhook(store::Unit& unit, WebhookId id) {
  unit.lock({kAllWebhooks});
  return webhook_with(unit, id);
}

std::vector<Webhook> webhooks(store::Session& session) {
  std::vector<Webhook> found;
  session.query(sql::kAllWebhooks, {},
                [&](const store::Row& row) { found.push_back(webhook_in(row)); });
  return found;
}

bool is_lane_of_one_off(store::Session& session, std::string_view paused) {
  const auto all = webhooks(session);
  return std::ranges::any_of(all, [paused](const Webhook& each) {
    return !each.is_on && outbox::paused_lane(each.lane) == paused;
  });
}

std::optional<WebhookId> webhook_of(const outbox::Lane& lane) {
  std::string_view kind = lane.kind;
  if (!kind.starts_with(kLanePrefix)) return std::nullopt;
  kind.remove_prefix(kLanePrefix.size());
  std::int64_t id = 0;
  const auto [end, failure] = std::from_chars(kind.data(), kind.data() + kind.size(), id);
  if (failure != std::errc{} || end != kind.data() + kind.size()) return std::nullopt;
  return WebhookId{id};
}

std::string reader_of(WebhookId id) { return "webhook/" + std::to_string(id.value); }

base::Result<std::string, Fault> enqueue_test(store::Unit& unit, const Webhook& webhook,
                                              outbox::IntentId drawn, base::Moment now) {
  if (!webhook.is_on) return base::unexpected(Fault::is_off);
  outbox::NewIntent intent{
      .id = drawn,
      .effect_id = reader_of(webhook.id) + "/test/" + std::to_string(drawn.value),
      .lane = webhook.lane,
      .priority = outbox::Priority::sync,
      .cause = reader_of(webhook.id),
      .payload = "{}",
      .due = now};
  CHECK(outbox::enqueue(unit, {&intent, 1}, now));
  return intent.effect_id;
}

}  // namespace webhook
