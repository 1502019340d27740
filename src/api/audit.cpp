#include "access/audit.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include "api/call.h"
#include "api/filter.h"
#include "api/route.h"

namespace api {
namespace {

namespace json = boost::json;
using rights::Permission;

// Erased values are a text that is no JSON.
json::value parsed(const std::optional<std::string>& text) {
  if (!text) return nullptr;
  auto value = base::parse_stored_json(*text);
  return value ? std::move(*value) : json::value(*text);
}

json::object to_json(const rights::AuditEntry& entry) {
  std::string actor = rights::to_text(entry.actor);
  if (!entry.actor.name.empty() && entry.actor.kind != rights::ActorKind::system) {
    actor += " " + entry.actor.name;
  }
  return {{"id", entry.id},
          {"at", iso(entry.at)},
          {"actor", actor},
          {"from", entry.actor.from},
          {"noun", entry.noun},
          {"verb", entry.verb},
          {"subject", entry.subject},
          {"before", parsed(entry.before)},
          {"after", parsed(entry.after)}};
}

// "user:12", "key:3", "import:9": who has a number.
void take_actor(rights::AuditFilter& filter, std::string_view actor) {
  const std::size_t colon = std::min(actor.find(':'), actor.size());
  filter.actor_kind = rights::actor_kind_named(actor.substr(0, colon));
  filter.actor_id = read_integer(actor.substr(std::min(colon + 1, actor.size())));
  if (!filter.actor_kind || filter.actor_id.value_or(0) < 1) {
    throw Refusal("api.bad_query", {{"subject", "actor"}});
  }
}

rights::AuditFilter filter_of(Call& call) {
  rights::AuditFilter filter{.from = query_moment(call, "from"), .to = query_moment(call, "to")};
  if (const std::string noun = call.query("noun"); !noun.empty()) filter.noun = noun;
  if (const std::string verb = call.query("verb"); !verb.empty()) filter.verb = verb;
  if (const std::string actor = call.query("actor"); !actor.empty()) take_actor(filter, actor);
  if (const std::string kind = call.query("actor_kind"); !kind.empty()) {
    if (filter.actor_kind) throw Refusal("api.actor_and_kind");
    filter.actor_kind = rights::actor_kind_named(kind);
    if (!filter.actor_kind) throw Refusal("api.bad_query", {{"subject", "actor_kind"}});
  }
  return filter;
}

net::Response list_audit(Call& call) {
  rights::AuditFilter filter = filter_of(call);
  const std::string customer = call.query("customer");
  rights::AuditCut cut{.limit = static_cast<std::size_t>(call.limit())};
  if (const std::string after = call.query("after"); !after.empty()) {
    if (!rights::is_mark(after)) throw Refusal("api.bad_query", {{"subject", "after"}});
    cut.after = after;
  }
  const auto page = call.services().database.read([&](store::Session& session) {
    if (!customer.empty()) filter.customers = ids_of(session, call.person(session, customer));
    return rights::read_audit(session, filter, cut);
  });
  json::array entries;
  for (const rights::AuditEntry& entry : page.entries) entries.push_back(to_json(entry));
  return ok(json::object{{"entries", std::move(entries)},
                         {"next", page.next ? json::value(*page.next) : json::value(nullptr)}});
}

constexpr Route kRoutes[] = {
    {net::Method::get, "/audit", Guard::of(Permission::audit_read), list_audit},
};

}  // namespace

std::span<const Route> audit_routes() { return kRoutes; }

}  // namespace api
