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
#include "intake/event_row.h"
#include "log/log.h"
#include "setting/setting.h"

namespace api {
namespace {

namespace json = boost::json;
using rights::Permission;

constexpr std::size_t kEventsMax = event_log::kAppendEventsMax;
// What is left of a key of the log for the sender's words, beside who the sender is.
constexpr std::size_t kGivenKeyBytesMax = event_log::kKeyBytesMax - 50;

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

enum class Keyed : unsigned char { event, batch };

// A key as the log knows it: the same words of two senders, or of an event and a batch, are two.
std::string key_of(Call& call, Keyed keyed, const std::string& given, std::string_view path) {
  if (given.empty() || given.size() > kGivenKeyBytesMax) {
    throw Refusal("log.bad_key", {{"path", path}});
  }
  return rights::to_text(call.caller().viewer.actor()) + (keyed == Keyed::batch ? " batch/" : "/") +
         given;
}

// What the product writes about tags, attributes and the like is told by its `ref`: nobody else's
// event may look like it.
void refuse_own_record(const NewEvent& event, const std::string& path) {
  if (event.properties && event.properties->contains("ref") && intake::is_own_record(event.event)) {
    throw Refusal("intake.record_of_the_product", {{"path", path}});
  }
}

// What the log is given, but for the customers, who are found inside the unit.
std::vector<event_log::NewEvent> to_log(Call& call, EventBatch& body) {
  std::vector<event_log::NewEvent> events;
  events.reserve(body.events.size());
  for (std::size_t i = 0; i < body.events.size(); ++i) {
    NewEvent& given = body.events[i];
    const std::string path = "/events/" + std::to_string(i);
    refuse_own_record(given, path);
    event_log::NewEvent event;
    event.time = time_of(call, given, path + "/time");
    if (given.key) event.key = key_of(call, Keyed::event, *given.key, path + "/key");
    event.name = std::move(given.event);
    if (given.properties) event.properties = std::move(*given.properties);
    events.push_back(std::move(event));
  }
  return events;
}

event_log::Origin origin_of(Call& call, const EventBatch& body) {
  event_log::Origin origin;
  origin.source = call.source(body.source);
  const std::string mode = body.mode.value_or("live");
  if (mode != "live" && mode != "history") throw Refusal("api.bad_mode", {{"path", "/mode"}});
  origin.liveness = mode == "live" ? event_log::Liveness::live : event_log::Liveness::history;
  origin.now = call.now();
  if (body.key) origin.key = key_of(call, Keyed::batch, *body.key, "/key");
  origin.key_window = call.services().database.read(
      [](store::Session& session) { return setting::read(session).idempotency_window; });
  return origin;
}

using CustomersByName = std::map<std::string, base::CustomerId>;

// The ids new customers get, drawn before the unit, which may run twice.
CustomersByName fresh_ids(Call& call, const EventBatch& body) {
  CustomersByName fresh;
  for (const NewEvent& event : body.events) {
    auto& id = fresh[event.customer];
    if (!id) id = base::CustomerId{call.services().random.id()};
  }
  return fresh;
}

// Without those that only repeated events name: a repeat makes no customer.
CustomersByName wanted_of(const CustomersByName& fresh, const EventBatch& body,
                          const event_log::Repeats& repeats) {
  CustomersByName wanted;
  for (std::size_t i = 0; i < body.events.size(); ++i) {
    if (!repeats[i]) wanted.insert(*fresh.find(body.events[i].customer));
  }
  return wanted;
}

// Why nothing was written: an event was refused, or (empty) all were known already.
struct Unwritten {
  std::optional<event_log::AppendError> refused = std::nullopt;
};

net::Response append_events(Call& call) {
  auto body = call.body<EventBatch>();
  if (body.events.empty()) throw Refusal("api.no_events", {{"path", "/events"}});
  if (body.events.size() > kEventsMax) throw Refusal("log.too_many_events", {{"path", "/events"}});
  const auto fresh = fresh_ids(call, body);
  const auto origin = origin_of(call, body);
  auto& log = call.services().log;
  const auto prepared = event_log::prepare(to_log(call, body), *log.catalog().known(), origin.now);
  if (!prepared) refuse(prepared.error());
  customer::WritingOptions options = call.writing();
  options.live = origin.liveness == event_log::Liveness::live;
  options.source = origin.source;
  // Where all are repeats the unit is rolled back.
  std::int64_t repeated = 0;
  const auto appended = call.services().database.write(
      "event.append", [&](store::Unit& unit) -> base::Result<event_log::Appended, Unwritten> {
        customer::Writing writing(unit, log, options);
        const auto repeats = log.find_repeats(unit, origin, *prepared);
        const auto found = find_or_create_all(writing, wanted_of(fresh, body, repeats));
        std::vector<base::CustomerId> customers(body.events.size());
        for (std::size_t i = 0; i < customers.size(); ++i) {
          if (!repeats[i]) customers[i] = found.at(body.events[i].customer);
        }
        auto done = log.append(unit, origin, *prepared, {customers, &repeats});
        if (!done) return base::unexpected(Unwritten{done.error()});
        repeated = done->repeated;
        if (done->written == 0) return base::unexpected(Unwritten{});
        return std::move(*done);
      });
  if (!appended && appended.error().refused) refuse(*appended.error().refused);
  return created(json::object{{"accepted", appended ? appended->written : 0},
                              {"repeated", repeated},
                              {"position", call.position()}});
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
