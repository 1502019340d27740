// Saved mappings: GET, POST /mappings; GET, PUT, DELETE /mappings/{id}.
#include "intake/mapping.h"

#include <boost/describe.hpp>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include "api/actor_names.h"
#include "api/mapped_import.h"
#include "api/route.h"
#include "intake/saved_mapping.h"

namespace api {
namespace {

namespace json = boost::json;
using rights::Permission;

struct NewMappingBody {
  std::string name;
  json::object mapping;
};
BOOST_DESCRIBE_STRUCT(NewMappingBody, (), (name, mapping))

struct MappingChangeBody {
  std::optional<std::string> name;
  std::optional<json::object> mapping;
  std::int64_t version = 0;
};
BOOST_DESCRIBE_STRUCT(MappingChangeBody, (), (name, mapping, version))

json::object row_to_json(const intake::SavedMapping& saved, ActorNames& names) {
  return {{"id", saved.id.value},
          {"name", saved.name},
          {"kind", intake::name_of(saved.mapping.kind)},
          {"version", saved.version},
          {"changed_at", iso(saved.changed_at)},
          {"changed_by", names.shown(saved.changed_by)}};
}

json::object whole(Call& call, const intake::SavedMapping& saved) {
  ActorNames names(call.services().users);
  json::object out = row_to_json(saved, names);
  out["mapping"] = json::parse(intake::to_json_text(saved.mapping));
  return out;
}

intake::MappingSaving saving(Call& call, store::Unit& unit) {
  return {unit, call.caller().viewer.actor(), call.now()};
}

template <typename Value>
void require(const base::Result<Value, intake::SavedMappingFault>& result) {
  if (!result) throw Refusal(intake::code_of(result.error()));
}

net::Response list_mappings(Call& call) {
  json::array out;
  const auto saved = call.services().database.read(
      [](store::Session& session) { return intake::saved_mappings(session); });
  ActorNames names(call.services().users);
  for (const intake::SavedMapping& each : saved) out.push_back(row_to_json(each, names));
  return ok(json::object{{"mappings", std::move(out)}});
}

net::Response get_mapping(Call& call) {
  const intake::SavedMappingId id{call.id(0)};
  const auto saved = call.services().database.read(
      [&](store::Session& session) { return intake::saved_mapping_with(session, id); });
  if (!saved) throw Refusal(intake::code_of(intake::SavedMappingFault::no_such_mapping));
  return ok(whole(call, *saved));
}

net::Response create_mapping(Call& call) {
  const auto body = call.body<NewMappingBody>();
  const intake::Mapping mapping = mapping_of(body.mapping);
  const intake::SavedMappingId fresh{call.services().random.id()};
  const auto saved = call.services().database.write("mapping.create", [&](store::Unit& unit) {
    return intake::save_mapping(saving(call, unit), fresh, {body.name, mapping});
  });
  require(saved);
  return created(whole(call, *saved));
}

net::Response change_mapping(Call& call) {
  const auto body = call.body<MappingChangeBody>();
  const intake::SavedMappingId id{call.id(0)};
  intake::SavedMappingChange change{.version = body.version, .name = body.name};
  if (body.mapping) change.mapping = mapping_of(*body.mapping);
  const auto saved = call.services().database.write("mapping.change", [&](store::Unit& unit) {
    return intake::change_saved_mapping(saving(call, unit), id, change);
  });
  require(saved);
  return ok(whole(call, *saved));
}

net::Response delete_mapping(Call& call) {
  const intake::SavedMappingId id{call.id(0)};
  const auto version = read_integer(call.query("version"));
  if (!version) throw Refusal("api.bad_query", {{"subject", "version"}});
  const auto removed = call.services().database.write("mapping.remove", [&](store::Unit& unit) {
    return intake::remove_saved_mapping(saving(call, unit), id, *version);
  });
  require(removed);
  return no_content();
}

constexpr Route kRoutes[] = {
    {net::Method::get, "/mappings", Guard::of(Permission::imports_write), list_mappings},
    {net::Method::post, "/mappings", Guard::of(Permission::imports_write), create_mapping},
    {net::Method::get, "/mappings/{id}", Guard::of(Permission::imports_write), get_mapping},
    {net::Method::put, "/mappings/{id}", Guard::of(Permission::imports_write), change_mapping},
    {net::Method::del, "/mappings/{id}", Guard::of(Permission::imports_write), delete_mapping},
};

}  // namespace

std::span<const Route> mapping_routes() { return kRoutes; }

}  // namespace api
