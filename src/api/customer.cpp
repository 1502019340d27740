#include <boost/describe.hpp>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <charconv>

#include "api/actor_names.h"
#include "api/call.h"
#include "api/change.h"
#include "api/customer_name.h"
#include "api/field_note.h"
#include "api/filter.h"
#include "api/route.h"
#include "audience/computed_attribute.h"
#include "audience/rhythm.h"
#include "base/check.h"
#include "base/value_json.h"
#include "customer/record.h"
#include "customer/test_account.h"
#include "timeline/sql_histories.h"

namespace api {
namespace {

namespace json = boost::json;
using rights::Permission;

json::value value_or_null(const std::optional<base::Value>& value) {
  return value ? base::value_to_json(*value) : json::value(nullptr);
}

json::value text_or_null(const std::string& text) {
  return text.empty() ? json::value(nullptr) : json::value(text);
}

json::array identities_to_json(const std::vector<customer::Identity>& identities,
                               const Mask& mask) {
  json::array all;
  for (const customer::Identity& identity : identities) {
    json::object out{{"kind", identity.kind_name},
                     {"value", mask.identity(identity.kind_name, identity.value)}};
    if (!identity.account.empty()) out["account"] = identity.account;
    all.push_back(std::move(out));
  }
  return all;
}

json::object to_json(const customer::AttributeValue& attribute, base::ValueType type,
                     const FieldMask& mask) {
  return {{"name", attribute.name},
          {"type", base::name_of(type)},
          {"value", mask.value(attribute.name, value_or_null(attribute.value))},
          {"since", iso(attribute.since)},
          {"source", attribute.source}};
}

json::object to_json(const customer::TagOn& on) {
  return {{"id", on.tag.id.value},
          {"group", on.tag.group_name},
          {"name", on.tag.name},
          {"since", iso(on.since)}};
}

json::object to_json(const customer::ListOn& on) {
  return {{"id", on.list.id.value}, {"name", on.list.name}, {"since", iso(on.since)}};
}

json::object to_json(const customer::Consent& consent) {
  return {{"purpose", consent.purpose},
          {"channel", text_or_null(consent.channel)},
          {"state", consent.given ? "given" : "withdrawn"},
          {"at", iso(consent.since)},
          {"how", consent.how},
          {"wording", consent.wording},
          {"proof", consent.proof}};
}

json::object to_json(const customer::Alias& alias) {
  return {{"id", alias.gone.value},
          {"customer", "c_" + std::to_string(alias.gone.value)},
          {"at", iso(alias.merged_at)},
          {"by", alias.by}};
}

json::value to_json(const customer::TestAccount& test) {
  return json::object{{"since", iso(test.since)}, {"by", test.by}};
}

json::object to_json(const customer::Attribute& attribute) {
  json::object out{{"id", attribute.id.value},
                   {"name", attribute.name},
                   {"type", base::name_of(attribute.type)},
                   {"declared", attribute.declared},
                   {"wrong_values", attribute.wrong_type_count}};
  add_note(out, attribute.name, attribute.note);
  return out;
}

template <typename Things>
json::array all_to_json(const Things& things) {
  json::array out;
  for (const auto& thing : things) out.push_back(to_json(thing));
  return out;
}

json::array attributes_to_json(store::Session& session, const customer::Record& record,
                               const FieldMask& mask) {
  json::array out;
  for (const customer::AttributeValue& value : record.attributes) {
    const auto attribute = customer::attribute_named(session, value.name);
    out.push_back(to_json(value, attribute ? attribute->type : base::ValueType::text, mask));
  }
  return out;
}

net::Response list_customers(Call& call) {
  // Nobody who means some is answered everybody: what is searched for goes in a body.
  if (call.request().query_value("search")) {
    throw Refusal("api.bad_query", {{"subject", "search"}});
  }
  const std::string after = call.given_mark(call.query("after"));
  const auto rows = static_cast<std::size_t>(
      std::min(call.limit(), static_cast<std::int64_t>(customer::kPageRowsMax)));
  const customer::Search asked{
      .text = {}, .after = after, .rows = rows, .only = call.caller().viewer.only()};
  if (!customer::is_mark(asked)) throw Refusal("api.bad_query", {{"subject", "after"}});
  const Mask mask = call.mask();
  json::array customers;
  std::string next;
  call.services().database.read([&](store::Session& session) {
    const auto page = customer::list_customers(session, asked);
    next = call.shown_mark(page.next);
    for (const customer::Listed& listed : page.customers) {
      customers.push_back(json::object{
          {"id", listed.person.value},
          {"key", mask.key(listed.key)},
          {"name", mask.name(customer::called(customer::attributes_of(session, listed.person)))},
          {"created_at", iso(listed.created_at)},
          {"identities",
           identities_to_json(customer::identities_of(session, listed.person), mask)}});
    }
  });
  return ok(json::object{{"customers", std::move(customers)}, {"next", text_or_null(next)}});
}

void show_names(Call& call, json::object& record) {
  ActorNames names(call.services().users);
  for (json::value& merge : record.at("merges").as_array()) names.show(merge.as_object(), "by");
  json::value& test = record.at("test_account");
  if (test.is_object()) names.show(test.get_object(), "by");
}

// What is computed of a person now and is known: of purchases, and by the last runs.
json::array computed_to_json(Call& call, const timeline::History& history,
                             const event_log::EventTypes& types) {
  json::array out;
  const event_log::EventType* bought = types.find(audience::kBoughtEvent);
  CHECK(bought != nullptr);  // of the standard vocabulary
  const auto paid = history.events(bought->id);
  for (const audience::ComputedAttribute& each : audience::computed_attributes()) {
    std::optional<base::Value> value;
    base::Moment since = call.now();
    if (each.fitted) {
      for (const auto& change : history.fitted(*each.fitted, call.now())) {
        if (change.since > call.now()) break;
        value = change.value;
        since = change.since;
      }
    } else {
      value = audience::value_at(each.rhythm, paid, call.zone(), call.now());
    }
    if (!value) continue;
    out.push_back(json::object{{"name", each.name},
                               {"type", base::name_of(each.type)},
                               {"value", base::value_to_json(*value)},
                               {"computed_at", iso(since)}});
  }
  return out;
}

// The tables and the memory are two readers of one log: what both say of a person is shown when
// both agree who that is. Somebody merged between is asked for again.
constexpr int kAgreeTriesMax = 3;

net::Response get_customer(Call& call) {
  for (int tries = 0; tries < kAgreeTriesMax; ++tries) {
    auto shown = call.services().database.read([&](store::Session& session) {
      const FieldMask mask = call.field_mask(session);
      const base::CustomerId person = call.person(session, call.captured(0));
      const auto record = customer::record_of(session, person);
      if (!record) throw Refusal("api.unknown_customer");
      const auto test = customer::test_account_of(session, person);
      return std::pair(person,
                       json::object{{"id", record->person.value},
                                    {"key", mask.key(record->key)},
                                    {"name", mask.name(customer::called(record->attributes))},
                                    {"created_at", iso(record->created_at)},
                                    {"identities", identities_to_json(record->identities, mask)},
                                    {"attributes", attributes_to_json(session, *record, mask)},
                                    {"tags", all_to_json(record->tags)},
                                    {"lists", all_to_json(record->lists)},
                                    {"consents", all_to_json(record->consents)},
                                    {"merges", all_to_json(record->merges)},
                                    {"test_account", test ? to_json(*test) : json::value()}});
    });
    const auto pinned = call.pin();
    const auto place = pinned.pin.place_of(shown.first);
    if (!place || pinned.pin.person(place->block, place->row) != shown.first) {
      if (!pinned.fresh) break;  // it has waited already
      continue;
    }
    const auto history = pinned.pin.history(place->block, place->row);
    shown.second["known_since"] = iso(history->known_since());
    const auto types = call.services().database.read(
        [&](store::Session& session) { return call.services().log.catalog().of(session); });
    shown.second["computed"] = computed_to_json(call, *history, *types);
    show_names(call, shown.second);
    return ok(std::move(shown.second));
  }
  throw Refusal("api.position_not_reached");
}

// Where a page of events ended: "<time>/<position>".
timeline::EventsPage page_after(const std::string& mark, std::int64_t limit) {
  timeline::EventsPage page{.limit = limit};
  if (mark.empty()) return page;
  const std::size_t slash = mark.find('/');
  if (slash == std::string::npos) throw Refusal("api.bad_query", {{"subject", "after"}});
  std::int64_t time = 0;
  const auto [end, failure] = std::from_chars(mark.data(), mark.data() + slash, time);
  const auto position = event_log::position_from(std::string_view(mark).substr(slash + 1));
  if (failure != std::errc{} || end != mark.data() + slash || !position) {
    throw Refusal("api.bad_query", {{"subject", "after"}});
  }
  page.before = base::Moment{time};
  page.before_position = *position;
  return page;
}

json::object properties_of(const event_log::Event& event) {
  const auto stored = base::parse_stored_json(event.properties);
  CHECK(stored && stored->is_object());
  return stored->get_object();
}

// Narrows the page to what is asked for; false: there can be none.
bool narrow(Call& call, store::Session& session, timeline::EventsPage& page) {
  if (const std::string name = call.query("event"); !name.empty()) {
    const event_log::EventType* type = call.services().log.catalog().of(session)->find(name);
    if (type == nullptr) return false;
    page.type = type->id;
  }
  if (const std::string name = call.query("source"); !name.empty()) {
    page.source = call.services().log.source_named(session, name);
    if (!page.source) return false;
  }
  return true;
}

net::Response list_customer_events(Call& call) {
  const std::int64_t limit = call.limit();
  timeline::EventsPage page = page_after(call.query("after"), limit);
  page.from = query_moment(call, "from").value_or(base::kMomentMin);
  // Behind the mark of a page before it says nothing.
  if (const auto to = query_moment(call, "to"); to && *to <= page.before) {
    page.before = *to;
    page.before_position = {};
  }
  return call.services().database.read([&](store::Session& session) {
    const FieldMask mask = call.field_mask(session);
    const base::CustomerId person = call.person(session, call.captured(0));
    std::vector<event_log::Event> found;
    if (narrow(call, session, page)) {
      found = timeline::page_of(session, call.services().log, person, page);
    }
    const auto types = call.services().log.catalog().of(session);
    json::array events;
    for (const event_log::Event& event : found) {
      const std::string& name = types->find(event.type)->name;
      events.push_back(
          json::object{{"position", event_log::to_text(event.position)},
                       {"event", name},
                       {"time", iso(event.time)},
                       {"arrived_at", iso(event.arrived)},
                       {"source", call.services().log.source_name(session, event.source)},
                       {"live", event.liveness == event_log::Liveness::live},
                       {"properties", mask.properties(name, properties_of(event))}});
    }
    std::string next;
    if (static_cast<std::int64_t>(found.size()) == limit) {
      next = std::to_string(found.back().time.ms) + "/" + event_log::to_text(found.back().position);
    }
    return ok(json::object{{"events", std::move(events)}, {"next", text_or_null(next)}});
  });
}

struct NewAttribute {
  std::string name;
  std::string type;
};
BOOST_DESCRIBE_STRUCT(NewAttribute, (), (name, type))

net::Response list_attributes(Call& call) {
  return ok(json::object{{"attributes", call.services().database.read([](store::Session& session) {
                            return all_to_json(customer::attributes(session));
                          })}});
}

net::Response declare_attribute(Call& call) {
  const auto body = call.body<NewAttribute>();
  const auto type = base::value_type_named(body.type);
  if (!type) throw Refusal("api.unknown_type", {{"subject", body.type}});
  const auto attribute = change(call, "attribute.declare", [&](customer::Writing& writing) {
    return customer::declare_attribute(writing, body.name, *type);
  });
  return created(to_json(attribute));
}

constexpr Route kRoutes[] = {
    {net::Method::get, "/attributes", Guard::of(Permission::customers_read), list_attributes},
    {net::Method::post, "/attributes", Guard::of(Permission::customers_declare), declare_attribute},
    {net::Method::get, "/customers", Guard::of(Permission::customers_read), list_customers},
    {net::Method::get, "/customers/{customer}", Guard::of(Permission::customers_read),
     get_customer},
    {net::Method::get, "/customers/{customer}/events", Guard::of(Permission::customers_read),
     list_customer_events},
};

}  // namespace

std::span<const Route> customer_routes() { return kRoutes; }

}  // namespace api
