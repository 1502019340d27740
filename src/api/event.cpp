#include <boost/describe.hpp>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <map>
#include <string_view>
#include <unordered_map>

#include "api/call.h"
#include "api/event_post.h"
#include "api/label.h"
#include "api/record.h"
#include "api/route.h"
#include "base/value_json.h"
#include "customer/identity.h"
#include "intake/event_row.h"
#include "log/log.h"

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

// What of a post is no event.
void read_origin(Call& call, const EventBatch& body, EventPost& post) {
  post.options = call.writing();
  post.options.source = call.source(body.source);
  const std::string mode = body.mode.value_or("live");
  if (mode != "live" && mode != "history") throw Refusal("api.bad_mode", {{"path", "/mode"}});
  post.options.live = mode == "live";
  if (body.key) post.key = key_of(call, Keyed::batch, *body.key, "/key");
}

EventPost read_post(Call& call) {
  auto body = call.body<EventBatch>();
  if (body.events.empty()) throw Refusal("api.no_events", {{"path", "/events"}});
  if (body.events.size() > kEventsMax) throw Refusal("log.too_many_events", {{"path", "/events"}});
  EventPost post;
  read_origin(call, body, post);
  const auto& types = call.services().log.catalog();
  auto prepared = event_log::prepare(to_log(call, body), *types.known(), call.now());
  if (!prepared) refuse(prepared.error());
  post.events = std::move(*prepared);
  post.who.reserve(body.events.size());
  std::unordered_map<std::string_view, std::uint32_t> numbers;
  for (const NewEvent& event : body.events) {
    const auto next = static_cast<std::uint32_t>(post.customers.size());
    const auto [known, is_new] = numbers.emplace(event.customer, next);
    // Drawn before the unit, which may run twice.
    if (is_new) post.customers.push_back({event.customer, {call.services().random.id()}});
    post.who.push_back(known->second);
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
  return response_of(write_posts(services.database, services.log, std::span(&post, 1)).front());
}

// Reading a small post and leaving it to be gathered takes no waiting.
std::optional<net::Response> gather_events(Call& call) {
  if (!may_gather(call)) return std::nullopt;
  EventPost post = read_post(call);
  if (!is_small(post)) return std::nullopt;
  return gather(call, std::move(post));
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
     kEventsBodyBytesMax, gather_events},
};

}  // namespace

std::span<const Route> event_routes() { return kRoutes; }

}  // namespace api
