#include <boost/describe.hpp>
#include <boost/json/array.hpp>
#include <map>
#include <string_view>

#include "api/call.h"
#include "api/event_body.h"
#include "api/event_post.h"
#include "api/field_note.h"
#include "api/label.h"
#include "api/record.h"
#include "api/route.h"
#include "log/log.h"

namespace api {
namespace {

namespace json = boost::json;
using rights::Permission;

struct PropertyDeclaration {
  std::string name;
  std::string type;
};
BOOST_DESCRIBE_STRUCT(PropertyDeclaration, (), (name, type))

struct EventTypeDeclaration {
  std::string name;
  std::vector<PropertyDeclaration> properties;
};
BOOST_DESCRIBE_STRUCT(EventTypeDeclaration, (), (name, properties))

// What of a post is no event.
void read_origin(Call& call, const EventOrigin& origin, EventPost& post) {
  post.options = call.writing();
  post.options.source = call.source(origin.source);
  const std::string mode = origin.mode.value_or("live");
  if (mode != "live" && mode != "history") throw Refusal("api.bad_mode", {{"path", "/mode"}});
  post.options.live = mode == "live";
  if (origin.key) {
    post.key = key_of(rights::to_text(post.options.actor), Keyed::batch, *origin.key, "/key");
  }
}

EventPost read_post(Call& call) {
  EventPost post;
  post.bytes = call.body_text().size();
  const auto types = call.services().log.catalog().known();
  EventBody body = read_event_body(
      {.text = call.body_text(),
       .bytes_max = kEventsBodyBytesMax,
       .types = *types,
       .now = call.now(),
       .sender = rights::to_text(call.caller().viewer.actor()),
       .zone = [&]() -> const base::Zone& { return call.zone(); },
       .check = [&](const EventOrigin& origin) { read_origin(call, origin, post); }});
  post.events = std::move(body.events);
  post.who = std::move(body.who);
  // Drawn before the unit, which may run twice.
  std::vector<std::int64_t> fresh(body.customers.size());
  call.services().random.ids(fresh);
  post.customers.reserve(body.customers.size());
  for (std::size_t i = 0; i < fresh.size(); ++i) {
    post.customers.push_back({std::move(body.customers[i]), {fresh[i]}});
  }
  return post;
}

// PostgreSQL writes many units at once, and one that waits for another process must not hold up the
// posts of others.
bool may_gather(Call& call) {
  return call.services().database.dialect() == store::Dialect::sqlite && call.request().takes_later;
}

bool is_small(const EventPost& post) { return post.who.size() <= kGatheredEventsMax && !post.key; }

net::Response gather(Call& call, EventPost post) {
  return call.services().gathering.add(std::move(post), language_of(call.request()));
}

net::Response append_events(Call& call) {
  EventPost post = read_post(call);
  if (is_small(post) && may_gather(call)) return gather(call, std::move(post));
  Services& services = call.services();
  const PostMeans means{services.database, services.log, services.customer_keys};
  return response_of(write_posts(means, std::span(&post, 1)).front());
}

// Reading a small post and leaving it to be gathered takes no waiting.
std::optional<net::Response> gather_events(Call& call) {
  if (!may_gather(call)) return std::nullopt;
  EventPost post = read_post(call);
  if (!is_small(post)) return std::nullopt;
  return gather(call, std::move(post));
}

struct Reported {
  const Labels& labels;
  std::vector<event_log::PropertyReport> properties;
};

json::object to_json(const event_log::EventType& type, const Reported& reported) {
  std::map<base::PropertyId, std::int64_t> wrong;
  for (const auto& row : reported.properties) wrong[row.property] = row.wrong_values;
  json::array properties;
  for (const event_log::Property& property : type.properties) {
    json::object shown{{"name", property.name},
                       {"type", base::name_of(property.type)},
                       {"wrong_values", wrong[property.id]}};
    add_note(shown, property.name, property.note);
    properties.push_back(std::move(shown));
  }
  const Label label = reported.labels.of(type.name);
  const event_log::EventLabel& own = reported.labels.own(type.name);
  return {{"name", type.name},
          {"label_zh", label.chinese},
          {"label_en", label.english},
          {"own_label_zh", own.zh},
          {"own_label_en", own.en},
          {"declared", type.declared || type.standard},
          {"properties", std::move(properties)}};
}

net::Response list_event_types(Call& call) {
  json::array types;
  auto& catalog = call.services().log.catalog();
  call.services().database.read([&](store::Session& session) {
    const Labels labels(session);
    for (const event_log::EventType& type : catalog.of(session)->all()) {
      types.push_back(to_json(type, {labels, catalog.report(session, type.id)}));
    }
  });
  return ok(json::object{{"event_types", std::move(types)}});
}

net::Response declare_event_type(Call& call) {
  const auto body = call.body<EventTypeDeclaration>();
  std::vector<event_log::TypedName> properties;
  for (const PropertyDeclaration& given : body.properties) {
    const auto type = base::value_type_named(given.type);
    if (!type) throw Refusal("api.unknown_type", {{"subject", given.type}});
    properties.push_back({given.name, *type});
  }
  auto& catalog = call.services().log.catalog();
  const auto declared =
      call.services().database.write("event_type.declare", [&](store::Unit& unit) {
        auto type = catalog.declare(unit, body.name, properties);
        if (type) {
          record_change(call, unit,
                        {"event_type", "declared", body.name, nullptr, base::to_json(body)});
        }
        return type;
      });
  const base::EventTypeId id = value_or_refuse(declared);
  return created(call.services().database.read([&](store::Session& session) {
    const Labels labels(session);
    return json::value(
        to_json(*catalog.of(session)->find(id), {labels, catalog.report(session, id)}));
  }));
}

constexpr Route kRoutes[] = {
    {net::Method::get, "/event-types", Guard::of(Permission::events_read), list_event_types},
    {net::Method::post, "/event-types", Guard::of(Permission::events_declare), declare_event_type},
    {net::Method::post, "/events", Guard::of(Permission::events_write), append_events,
     kEventsBodyBytesMax, gather_events},
};

}  // namespace

std::span<const Route> event_routes() { return kRoutes; }

}  // namespace api
