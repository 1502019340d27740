#include "customer/tag.h"

#include <boost/describe.hpp>
#include <boost/json/array.hpp>

#include "api/change.h"
#include "api/route.h"

namespace api {
namespace {

namespace json = boost::json;
using rights::Permission;

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
  return created(to_json(change(call, "tag.create", [&](customer::Writing& writing) {
    return customer::declare_tag(writing, body.group + "/" + body.name);
  })));
}

net::Response rename_tag(Call& call) {
  const auto body = call.body<Rename>();
  const base::TagId tag{call.id(0)};
  return ok(to_json(change(call, "tag.rename", [&](customer::Writing& writing) {
    return customer::rename_tag(writing, tag, body.name);
  })));
}

constexpr Route kRoutes[] = {
    {net::Method::get, "/tags", Guard::of(Permission::customers_read), list_tags},
    {net::Method::post, "/tags", Guard::of(Permission::tags_write), create_tag},
    {net::Method::patch, "/tags/{id}", Guard::of(Permission::tags_write), rename_tag},
};

}  // namespace

std::span<const Route> tag_routes() { return kRoutes; }

}  // namespace api
