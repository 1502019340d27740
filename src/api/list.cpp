#include <boost/describe.hpp>
#include <boost/json/array.hpp>

#include "api/change.h"
#include "api/route.h"
#include "customer/identity.h"
#include "customer/static_list.h"

namespace api {
namespace {

namespace json = boost::json;
using rights::Permission;

constexpr std::size_t kMembersAtOnceMax = 1000;

struct NewList {
  std::string name;
};
BOOST_DESCRIBE_STRUCT(NewList, (), (name))

struct ListChange {
  std::optional<std::vector<std::string>> add;
  std::optional<std::vector<std::string>> remove;
};
BOOST_DESCRIBE_STRUCT(ListChange, (), (add, remove))

json::object to_json(const customer::StaticList& list) {
  return {{"id", list.id.value}, {"name", list.name}};
}

net::Response list_lists(Call& call) {
  json::array lists;
  call.services().database.read([&](store::Session& session) {
    for (const auto& list : customer::lists(session)) lists.push_back(to_json(list));
  });
  return ok(json::object{{"lists", std::move(lists)}});
}

net::Response create_list(Call& call) {
  const auto body = call.body<NewList>();
  const auto list = change(call, "list.create", [&](customer::Writing& writing) {
    return customer::declare_list(writing, body.name);
  });
  return created(to_json(list));
}

net::Response list_members(Call& call) {
  const base::ListId list{call.id(0)};
  const auto limit = static_cast<std::size_t>(call.limit());
  const customer::MemberCut cut{.after = {call.mark_id()}, .rows = limit + 1};
  const Mask mask = call.mask();
  json::array shown;
  json::value next = nullptr;
  call.services().database.read([&](store::Session& session) {
    if (!customer::list_with(session, list)) throw Refusal("customer.unknown_list");
    auto members = customer::members_of(session, list, cut);
    if (members.size() > limit) {
      members.pop_back();
      next = std::to_string(members.back().customer.value);
    }
    for (const auto& [customer, person] : members) {
      if (!call.caller().viewer.sees(person)) continue;
      shown.push_back(
          json::object{{"id", person.value}, {"key", mask.key(customer::key_of(session, person))}});
    }
  });
  return ok(json::object{{"customers", std::move(shown)}, {"next", std::move(next)}});
}

net::Response change_members(Call& call) {
  const auto body = call.body<ListChange>();
  const base::ListId list{call.id(0)};
  const auto add = body.add.value_or(std::vector<std::string>{});
  const auto remove = body.remove.value_or(std::vector<std::string>{});
  if (add.size() + remove.size() > kMembersAtOnceMax) throw Refusal("api.too_many_customers");
  change(
      call, "list.members", [&](customer::Writing& writing) -> base::Result<void, customer::Error> {
        for (const std::string& name : add) {
          const auto joined =
              customer::join_list(writing, call.person(writing.unit(), name), list, std::nullopt);
          if (!joined) return base::unexpected(joined.error());
        }
        for (const std::string& name : remove) {
          const auto left =
              customer::leave_list(writing, call.person(writing.unit(), name), list, std::nullopt);
          if (!left) return base::unexpected(left.error());
        }
        return {};
      });
  return ok(json::object{{"position", call.position()}});
}

constexpr Route kRoutes[] = {
    {net::Method::get, "/lists", Guard::of(Permission::customers_read), list_lists},
    {net::Method::post, "/lists", Guard::of(Permission::tags_write), create_list},
    {net::Method::get, "/lists/{id}/customers", Guard::of(Permission::customers_read),
     list_members},
    {net::Method::post, "/lists/{id}/customers", Guard::of(Permission::tags_write), change_members},
};

}  // namespace

std::span<const Route> list_routes() { return kRoutes; }

}  // namespace api
