#include "audience/audience.h"

#include <boost/describe.hpp>
#include <boost/json/parse.hpp>

#include "api/actor_names.h"
#include "api/asked.h"
#include "api/route.h"
#include "audience/print.h"
#include "audience/tree.h"

namespace api {
namespace {

namespace json = boost::json;
using rights::Permission;

struct NewAudienceBody {
  std::string name;
  std::optional<std::string> rule;
  std::optional<json::object> tree;
};
BOOST_DESCRIBE_STRUCT(NewAudienceBody, (), (name, rule, tree))

struct AudienceChangeBody {
  std::optional<std::string> name;
  std::optional<std::string> rule;
  std::optional<json::object> tree;
  std::int64_t version = 0;
};
BOOST_DESCRIBE_STRUCT(AudienceChangeBody, (), (name, rule, tree, version))

[[noreturn]] void refuse_saving(const audience::SaveError& error) {
  if (error.rule) refuse(*error.rule);
  json::object members;
  if (!error.users.empty()) {
    json::array users;
    for (const std::string& user : error.users) users.push_back(json::value(user));
    members["users"] = std::move(users);
  }
  throw Refusal(audience::code_of(error.fault), std::move(members));
}

// A unit may run twice, and each time takes a rule of its own.
std::optional<audience::Rule> cloned(const std::optional<audience::Rule>& rule) {
  if (!rule) return std::nullopt;
  return rule->clone();
}

// Today's spelling: names that have changed since are shown as they are now.
std::string rule_text(const audience::SavedAudience& saved, const audience::Names& names) {
  const auto rule = audience::from_tree_text(saved.tree);
  return rule ? audience::print(*rule, names) : saved.text;
}

json::object row_to_json(const audience::SavedAudience& saved, const audience::Names& names) {
  return {{"id", saved.id.value},
          {"name", saved.name},
          {"rule", rule_text(saved, names)},
          {"version", saved.version},
          {"changed_at", iso(saved.changed_at)},
          {"changed_by", saved.changed_by}};
}

net::Response list_audiences(Call& call) {
  json::array out;
  call.services().database.read([&](store::Session& session) {
    const auto names =
        audience::Catalog::of(session, call.services().log.catalog(), &call.services().stages);
    for (const auto& saved : audience::audiences(session)) {
      out.push_back(row_to_json(saved, *names));
    }
  });
  ActorNames names(call.services().users);
  for (json::value& each : out) names.show(each.as_object(), "changed_by");
  return ok(json::object{{"audiences", std::move(out)}});
}

json::object whole(Call& call, base::AudienceId id) {
  json::object audience = call.services().database.read([&](store::Session& session) {
    const auto saved = audience::audience_with(session, id);
    if (!saved) throw Refusal("audience.no_such_audience");
    const auto names =
        audience::Catalog::of(session, call.services().log.catalog(), &call.services().stages);
    json::object out = row_to_json(*saved, *names);
    out["tree"] = base::parse_stored_json(saved->tree).value_or(json::object{});
    json::array users;
    for (const std::string& user : audience::users_of(session, id, &call.services().stages)) {
      users.push_back(json::value(user));
    }
    out["used_by"] = std::move(users);
    json::array versions;
    for (const audience::AudienceVersion& version : audience::versions_of(session, id)) {
      versions.push_back(json::object{{"version", version.version},
                                      {"name", version.name},
                                      {"rule", version.text},
                                      {"at", iso(version.at)},
                                      {"by", version.by}});
    }
    out["versions"] = std::move(versions);
    return out;
  });
  ActorNames names(call.services().users);
  names.show(audience, "changed_by");
  for (json::value& each : audience.at("versions").as_array()) names.show(each.as_object(), "by");
  return audience;
}

net::Response get_audience(Call& call) { return ok(whole(call, base::AudienceId{call.id(0)})); }

net::Response create_audience(Call& call) {
  const auto body = call.body<NewAudienceBody>();
  const audience::GivenRule given = given_rule({body.rule, body.tree});
  const base::AudienceId fresh{call.services().random.id()};
  const base::Zone& zone = call.zone();
  const auto saved = call.services().database.write("audience.create", [&](store::Unit& unit) {
    return audience::create({unit, call.services().log.catalog(), zone,
                             call.caller().viewer.actor(), call.now(), &call.services().stages},
                            fresh, {.name = body.name, .rule = {given.text, cloned(given.tree)}});
  });
  if (!saved) refuse_saving(saved.error());
  json::object out = whole(call, saved->audience.id);
  out["warnings"] = warnings_to_json(saved->warnings);
  return created(out);
}

net::Response change_audience(Call& call) {
  const auto body = call.body<AudienceChangeBody>();
  const base::AudienceId id{call.id(0)};
  std::optional<audience::GivenRule> given;
  if (body.rule || body.tree) given = given_rule({body.rule, body.tree});
  const base::Zone& zone = call.zone();
  const auto saved = call.services().database.write("audience.change", [&](store::Unit& unit) {
    audience::AudienceChange change{.name = body.name, .version = body.version};
    if (given) change.rule = audience::GivenRule{given->text, cloned(given->tree)};
    return audience::change({unit, call.services().log.catalog(), zone,
                             call.caller().viewer.actor(), call.now(), &call.services().stages},
                            id, change);
  });
  if (!saved) refuse_saving(saved.error());
  json::object out = whole(call, id);
  out["warnings"] = warnings_to_json(saved->warnings);
  return ok(out);
}

net::Response delete_audience(Call& call) {
  const base::AudienceId id{call.id(0)};
  const auto version = read_integer(call.query("version"));
  if (!version) throw Refusal("api.bad_query", {{"subject", "version"}});
  const base::Zone& zone = call.zone();
  const auto removed = call.services().database.write("audience.remove", [&](store::Unit& unit) {
    return audience::remove({unit, call.services().log.catalog(), zone,
                             call.caller().viewer.actor(), call.now(), &call.services().stages},
                            id, *version);
  });
  if (!removed) refuse_saving(removed.error());
  return no_content();
}

constexpr Route kRoutes[] = {
    {net::Method::get, "/audiences", Guard::of(Permission::audiences_read), list_audiences},
    {net::Method::post, "/audiences", Guard::of(Permission::audiences_write), create_audience},
    {net::Method::get, "/audiences/{id}", Guard::of(Permission::audiences_read), get_audience},
    {net::Method::put, "/audiences/{id}", Guard::of(Permission::audiences_write), change_audience},
    {net::Method::del, "/audiences/{id}", Guard::of(Permission::audiences_write), delete_audience},
};

}  // namespace

std::span<const Route> audience_routes() { return kRoutes; }

}  // namespace api
