#include "customer/tag.h"

#include <boost/describe.hpp>
#include <boost/json/array.hpp>

#include "api/call.h"
#include "api/route.h"

namespace api {
namespace {

namespace json = boost::json;
using access::Permission;

struct NewTag {
  std::string group;
  std::string name;
};
BOOST_DESCRIBE_STRUCT(NewTag, (), (group, name))

struct Rename {
  std::string name;
};
BOOST_DESCRIBE_STRUCT(Rename, (), (name))

json::object to_json(const customer::Tag& tag) {
  return {{"id", tag.id.value}, {"group", tag.group_name}, {"name", tag.name}};
}

net::Response list_tags(Call& call) {
  json::array groups;
  call.services().database.read([&](store::Session& session) {
    const auto tags = customer::tags(session);
    for (const customer::TagGroup& group : customer::tag_groups(session)) {
      json::array inside;
      for (const customer::Tag& tag : tags) {
        if (tag.group == group.id) inside.push_back(to_json(tag));
      }
      groups.push_back(
          json::object{{"id", group.id.value}, {"name", group.name}, {"tags", std::move(inside)}});
    }
  });
  return ok(json::object{{"groups", std::move(groups)}});
}

net::Response create_tag(Call& call) {
  const auto body = call.body<NewTag>();
  const auto tag = call.services().database.write("tag.create", [&](store::Unit& unit) {
    customer::Writing writing(unit, call.services().log, call.writing());
    return customer::declare_tag(writing, body.group + "/" + body.name);
  });
  return created(to_json(value_or_refuse(tag)));
}

net::Response rename_tag(Call& call) {
  const auto body = call.body<Rename>();
  const auto tag = call.services().database.write("tag.rename", [&](store::Unit& unit) {
    customer::Writing writing(unit, call.services().log, call.writing());
    return customer::rename_tag(writing, base::TagId{call.id(0)}, body.name);
  });
  return ok(to_json(value_or_refuse(tag)));
}

constexpr Route kRoutes[] = {
    {net::Method::get, "/tags", Guard::of(Permission::customers_read), list_tags},
    {net::Method::post, "/tags", Guard::of(Permission::tags_write), create_tag},
    {net::Method::patch, "/tags/{id}", Guard::of(Permission::tags_write), rename_tag},
};

}  // namespace

std::span<const Route> tag_routes() { return kRoutes; }

}  // namespace api
