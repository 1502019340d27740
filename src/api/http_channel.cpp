#include "channel/http/http_channel.h"

#include <boost/describe.hpp>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "api/call.h"
#include "api/intent_json.h"
#include "api/record.h"
#include "api/route.h"
#include "base/json.h"
#include "outbox/intent.h"

namespace api {
namespace {

namespace json = boost::json;
using rights::Permission;

constexpr outbox::Pace kFirstPace{10, base::kSecond, 20};
constexpr std::int64_t kValuesMax = 100;

struct ChannelChangeBody {
  std::int64_t version = 0;
  channel::HttpDefinition definition;
};
BOOST_DESCRIBE_STRUCT(ChannelChangeBody, (), (version, definition))

struct SecretBody {
  std::string name;
  std::string text;
};
BOOST_DESCRIBE_STRUCT(SecretBody, (), (name, text))

struct TestBody {
  json::object values;
};
BOOST_DESCRIBE_STRUCT(TestBody, (), (values))

// Secrets by their names alone.
json::object to_json(const channel::HttpChannel& channel) {
  json::array secrets;
  for (const auto& [name, sealed] : channel.sealed) secrets.emplace_back(name);
  return {{"id", channel.id.value},
          {"definition", base::to_json(channel.definition)},
          {"secrets", std::move(secrets)},
          {"version", channel.version},
          {"created_at", iso(channel.created_at)}};
}

channel::HttpChannelId channel_id(Call& call) { return {call.id(0)}; }

json::value to_json(const std::optional<channel::HttpChannel>& channel) {
  return channel ? json::value(to_json(*channel)) : json::value(nullptr);
}

struct Changed {
  std::string verb;
  std::optional<channel::HttpChannel> before = {};
  std::optional<channel::HttpChannel> after = {};
};
void record(store::Unit& unit, Call& call, const Changed& changed) {
  const auto& channel = changed.after ? changed.after : changed.before;
  record_change(call, unit,
                {.noun = "http_channel",
                 .verb = changed.verb,
                 .subject = std::to_string(channel->id.value),
                 .before = to_json(changed.before),
                 .after = to_json(changed.after)});
}

net::Response list_channels(Call& call) {
  json::array shown;
  call.services().database.read([&](store::Session& session) {
    for (const auto& each : channel::channels(session)) shown.push_back(to_json(each));
  });
  return ok(json::object{{"channels", std::move(shown)}});
}

net::Response get_channel(Call& call) {
  const auto found = call.services().database.read(
      [&](store::Session& session) { return channel::channel_with(session, channel_id(call)); });
  if (!found) refuse(channel::Fault::unknown_channel);
  return ok(to_json(*found));
}

// With its lane, at a pace to begin with.
net::Response create_channel(Call& call) {
  const channel::NewChannel given{.id = {call.services().random.id()},
                                  .definition = call.body<channel::HttpDefinition>(),
                                  .now = call.now()};
  const outbox::Lane lane{.id = {call.services().random.id()},
                          .account = given.definition.account,
                          .kind = given.definition.kind,
                          .pace = kFirstPace};
  return created(to_json(
      value_or_refuse(call.services().database.write("http_channel.create", [&](store::Unit& unit) {
        auto made = channel::add_channel(unit, given);
        if (made && !outbox::open_lane(unit, lane)) {
          made = base::unexpected(channel::Fault::bad_kind);
        }
        if (made) record(unit, call, {.verb = "created", .after = *made});
        return made;
      }))));
}

net::Response change_channel(Call& call) {
  const auto body = call.body<ChannelChangeBody>();
  const channel::ChannelChange change{channel_id(call), body.version, body.definition};
  return ok(to_json(
      value_or_refuse(call.services().database.write("http_channel.change", [&](store::Unit& unit) {
        const auto before = channel::held_channel(unit, change.id);
        auto changed = channel::change_channel(unit, change);
        if (changed) record(unit, call, {"changed", before, *changed});
        return changed;
      }))));
}

net::Response remove_channel(Call& call) {
  const channel::HttpChannelId id = channel_id(call);
  const bool was_there =
      call.services().database.write("http_channel.remove", [&](store::Unit& unit) {
        const auto stands = channel::held_channel(unit, id);
        if (stands) record(unit, call, {.verb = "deleted", .before = stands});
        return channel::remove_channel(unit, id);
      });
  if (!was_there) refuse(channel::Fault::unknown_channel);
  return no_content();
}

net::Response set_secret(Call& call) {
  const auto body = call.body<SecretBody>();
  const channel::HttpChannelId id = channel_id(call);
  const auto sealed = value_or_refuse(
      channel::sealed_secret(call.services().secret_seal, id, {body.name, body.text}));
  return ok(to_json(
      value_or_refuse(call.services().database.write("http_channel.secret", [&](store::Unit& unit) {
        const auto before = channel::held_channel(unit, id);
        auto changed = channel::put_secret(unit, id, sealed);
        if (changed) record(unit, call, {"changed", before, *changed});
        return changed;
      }))));
}

// Goes the way of everything else: through its lane, at its pace, with an effect id.
net::Response test_channel(Call& call) {
  const auto body = call.body<TestBody>();
  if (std::ssize(body.values) > kValuesMax) throw Refusal("api.bad_query", {{"subject", "values"}});
  const channel::HttpChannelId id = channel_id(call);
  const outbox::IntentId drawn{call.services().random.id()};
  const outbox::LaneId lane_id{call.services().random.id()};
  const std::string cause = "http_channel/" + std::to_string(id.value);
  return created(intent_json(value_or_refuse(call.services().database.write(
      "http_channel.test", [&](store::Unit& unit) -> base::Result<outbox::Intent, outbox::Fault> {
        const auto channel = channel::channel_with(unit, id);
        if (!channel) return base::unexpected(outbox::Fault::unknown_lane);
        const auto lane = outbox::open_lane(unit, {.id = lane_id,
                                                   .account = channel->definition.account,
                                                   .kind = channel->definition.kind,
                                                   .pace = kFirstPace});
        if (!lane) return base::unexpected(lane.error());
        const outbox::NewIntent intent{.id = drawn,
                                       .effect_id = cause + "/test/" + std::to_string(drawn.value),
                                       .lane = lane->id,
                                       .cause = cause,
                                       .payload = json::serialize(body.values),
                                       .due = call.now()};
        const auto made = outbox::enqueue(unit, {&intent, 1}, call.now());
        if (!made) return base::unexpected(made.error());
        record(unit, call, {.verb = "tested", .after = *channel});
        return *outbox::intent_with(unit, intent.effect_id);
      }))));
}

constexpr Route kRoutes[] = {
    {net::Method::get, "/http-channels", Guard::of(Permission::outbox_read), list_channels},
    {net::Method::post, "/http-channels", Guard::of(Permission::settings_write), create_channel},
    {net::Method::get, "/http-channels/{id}", Guard::of(Permission::outbox_read), get_channel},
    {net::Method::patch, "/http-channels/{id}", Guard::of(Permission::settings_write),
     change_channel},
    {net::Method::del, "/http-channels/{id}", Guard::of(Permission::settings_write),
     remove_channel},
    {net::Method::post, "/http-channels/{id}/secrets", Guard::of(Permission::settings_write),
     set_secret},
    {net::Method::post, "/http-channels/{id}/test", Guard::of(Permission::settings_write),
     test_channel},
};

}  // namespace

std::span<const Route> http_channel_routes() { return kRoutes; }

}  // namespace api
