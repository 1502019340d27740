#include <boost/describe.hpp>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <map>

#include "api/call.h"
#include "api/customer_name.h"
#include "api/label.h"
#include "api/record.h"
#include "api/route.h"
#include "base/value_json.h"
#include "customer/identity.h"
#include "log/log.h"
#include "setting/setting.h"

namespace api {
namespace {

namespace json = boost::json;
using rights::Permission;

constexpr std::size_t kEventsMax = event_log::kAppendEventsMax;

struct NewEvent {
  std::string customer;
  std::string event;
  std::optional<json::value> time;
  std::optional<json::object> properties;
  std::optional<std::string> key;
};
BOOST_DESCRIBE_STRUCT(NewEvent, (), (customer, event, time, properties, key))

struct EventBatch {
  std::vector<NewEvent> events;
  std::optional<std::string> source;
  std::optional<std::string> mode;
  std::optional<std::string> key;
};
BOOST_DESCRIBE_STRUCT(EventBatch, (), (events, source, mode, key))

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

base::Moment time_of(Call& call, const NewEvent& event, const std::string& path) {
  if (!event.time) return call.now();
  if (event.time->is_string()) return call.moment(std::string_view(event.time->get_string()), path);
  const auto value = base::value_from_json(base::ValueType::time, *event.time, nullptr);
  if (!value) throw Refusal(base::code_of(value.error()), {{"path", path}});
  return std::get<base::Moment>(*value);
}

// What the log is given, but for the customers, who are found inside the unit.
std::vector<event_log::NewEvent> to_log(Call& call, EventBatch& body) {
  std::vector<event_log::NewEvent> events;
  events.reserve(body.events.size());
  const std::string scope = rights::to_text(call.caller().viewer.actor()) + "/";
  for (std::size_t i = 0; i < body.events.size(); ++i) {
    NewEvent& given = body.events[i];
    event_log::NewEvent event;
    event.name = std::move(given.event);
    event.time = time_of(call, given, "/events/" + std::to_string(i) + "/time");
    if (given.properties) event.properties = std::move(*given.properties);
    if (given.key) event.key = scope + *given.key;
    events.push_back(std::move(event));
  }
  return events;
}

event_log::Origin origin_of(Call& call, const EventBatch& body) {
  event_log::Origin origin;
  origin.source = body.source.value_or(call.source());
  const std::string mode = body.mode.value_or("live");
  if (mode != "live" && mode != "history") throw Refusal("api.bad_mode", {{"path", "/mode"}});
  origin.liveness = mode == "live" ? event_log::Liveness::live : event_log::Liveness::history;
  origin.now = call.now();
  if (body.key) origin.key = rights::to_text(call.caller().viewer.actor()) + "/batch/" + *body.key;
  origin.key_window = call.services().database.read(
      [](store::Session& session) { return setting::read(session).idempotency_window; });
  return origin;
}

// The ids new customers get, drawn before the unit, which may run twice.
std::map<std::string, base::CustomerId> fresh_ids(Call& call, const EventBatch& body) {
  std::map<std::string, base::CustomerId> fresh;
  for (const NewEvent& event : body.events) {
    auto& id = fresh[event.customer];
    if (!id) id = base::CustomerId{call.services().random.id()};
  }
  return fresh;
}

net::Response append_events(Call& call) {
  auto body = call.body<EventBatch>();
  if (body.events.empty()) throw Refusal("api.no_events", {{"path", "/events"}});
  if (body.events.size() > kEventsMax) throw Refusal("log.too_many_events", {{"path", "/events"}});
  const auto fresh = fresh_ids(call, body);
  const auto origin = origin_of(call, body);
  const auto prepared = to_log(call, body);
  customer::WritingOptions options = call.writing();
  options.live = origin.liveness == event_log::Liveness::live;
  options.source = origin.source;
  const auto appended = call.services().database.write(
      "event.append",
      [&](store::Unit& unit) -> base::Result<event_log::Appended, event_log::AppendError> {
        customer::Writing writing(unit, call.services().log, options);
        auto events = prepared;
        const auto found = find_or_create_all(writing, fresh);
        for (std::size_t i = 0; i < events.size(); ++i) {
          events[i].customer = found.at(body.events[i].customer);
        }
        return call.services().log.append(unit, origin, events);
      });
  const event_log::Appended done = value_or_refuse(appended);
  return created(json::object{
      {"accepted", done.written}, {"repeated", done.repeated}, {"position", call.position()}});
}

json::object to_json(store::Session& session, event_log::EventCatalog& catalog,
                     const event_log::EventType& type) {
  std::map<base::PropertyId, std::int64_t> wrong;
  for (const auto& row : catalog.report(session, type.id)) wrong[row.property] = row.wrong_values;
  json::array properties;
  for (const event_log::Property& property : type.properties) {
    properties.push_back(json::object{{"name", property.name},
                                      {"type", base::name_of(property.type)},
                                      {"wrong_values", wrong[property.id]}});
  }
  const Label label = event_label(type.name);
  return {{"name", type.name},
          {"label_zh", label.chinese},
          {"label_en", label.english},
          {"declared", type.declared || type.standard},
          {"properties", std::move(properties)}};
}

net::Response list_event_types(Call& call) {
  json::array types;
  auto& catalog = call.services().log.catalog();
  call.services().database.read([&](store::Session& session) {
    for (const event_log::EventType& type : catalog.of(session)->all()) {
      types.push_back(to_json(session, catalog, type));
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
    return json::value(to_json(session, catalog, *catalog.of(session)->find(id)));
  }));
}

constexpr Route kRoutes[] = {
    {net::Method::get, "/event-types", Guard::of(Permission::events_read), list_event_types},
    {net::Method::post, "/event-types", Guard::of(Permission::events_declare), declare_event_type},
    {net::Method::post, "/events", Guard::of(Permission::events_write), append_events,
     kEventsBodyBytesMax},
};

}  // namespace

std::span<const Route> event_routes() { return kRoutes; }

}  // namespace api
