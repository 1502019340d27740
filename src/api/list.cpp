#include <boost/describe.hpp>
#include <boost/json/array.hpp>
#include <functional>

#include "api/actor_names.h"
#include "api/change.h"
#include "api/route.h"
#include "audience/audience.h"
#include "audience/catalog.h"
#include "audience/dependency.h"
#include "customer/identity.h"
#include "customer/static_list.h"

namespace api {
namespace {

namespace json = boost::json;
using rights::Permission;

constexpr std::size_t kMembersAtOnceMax = 1000;
constexpr std::size_t kMembersReadMax = 100'000;

struct NewList {
  std::string name;
};
BOOST_DESCRIBE_STRUCT(NewList, (), (name))

struct ListRename {
  std::string name;
  std::int64_t version = 0;
};
BOOST_DESCRIBE_STRUCT(ListRename, (), (name, version))

struct ListChange {
  std::optional<std::vector<std::string>> add;
  std::optional<std::vector<std::string>> remove;
};
BOOST_DESCRIBE_STRUCT(ListChange, (), (add, remove))

json::object to_json(const customer::StaticList& list) {
  return {{"id", list.id.value}, {"name", list.name}, {"version", list.version}};
}

json::object to_json(const customer::DeletedList& deleted, ActorNames& names) {
  return {{"id", deleted.list.id.value},
          {"name", deleted.list.name},
          {"deleted_at", iso(deleted.at)},
          {"deleted_by", names.shown(deleted.by)}};
}

net::Response list_lists(Call& call) {
  json::array lists;
  const std::int64_t deleted = call.services().database.read([&](store::Session& session) {
    lists.clear();
    for (const auto& list : customer::lists(session)) lists.push_back(to_json(list));
    return customer::count_deleted_lists(session);
  });
  return ok(json::object{{"lists", std::move(lists)}, {"deleted", deleted}});
}

// "<deleted_at>/<id>".
customer::DeletedMark deleted_mark(Call& call) {
  const std::string after = call.query("after");
  if (after.empty()) return {};
  const std::size_t slash = after.find('/');
  const auto at = read_integer(std::string_view(after).substr(0, slash));
  const auto id = slash == std::string::npos
                      ? std::nullopt
                      : read_integer(std::string_view(after).substr(slash + 1));
  if (!at || !id) throw Refusal("api.bad_query", {{"subject", "after"}});
  return {{*at}, {*id}};
}

net::Response list_deleted(Call& call) {
  const customer::DeletedMark after = deleted_mark(call);
  const auto limit = static_cast<std::size_t>(call.limit());
  const auto page = call.services().database.read(
      [&](store::Session& session) { return customer::deleted_lists(session, after, limit); });
  ActorNames names(call.services().users);
  json::array deleted;
  for (const auto& list : page.lists) deleted.push_back(to_json(list, names));
  json::value next = nullptr;
  if (page.next) {
    next =
        json::value(std::to_string(page.next->at.ms) + "/" + std::to_string(page.next->list.value));
  }
  return ok(json::object{{"deleted", std::move(deleted)}, {"next", std::move(next)}});
}

// The audiences whose rules name it.
json::array users_json(const audience::Names& names, base::ListId list) {
  json::array users;
  for (const std::string& user : audience::users_of(names, list)) {
    users.push_back(json::value(user));
  }
  return users;
}

net::Response get_list(Call& call) {
  const base::ListId id{call.id(0)};
  return ok(call.services().database.read([&](store::Session& session) {
    const auto list = customer::list_with(session, id);
    if (!list) throw Refusal("customer.unknown_list");
    json::object out = to_json(*list);
    out["used_by"] = users_json(
        *audience::Catalog::of(session, call.services().log.catalog(), &call.services().stages),
        id);
    return json::value(std::move(out));
  }));
}

using ListWork =
    std::function<base::Result<customer::StaticList, customer::Error>(customer::Writing&)>;

// In rules lists and audiences are called alike, so no name is both.
json::object change_list(Call& call, std::string_view unit_name, const ListWork& work) {
  return to_json(change(call, unit_name, [&](customer::Writing& writing) {
    audience::lock_audiences(writing.unit());
    auto list = work(writing);
    if (list && audience::audience_named(writing.unit(), list->name)) {
      throw Refusal("audience.name_taken");
    }
    return list;
  }));
}

net::Response create_list(Call& call) {
  const auto body = call.body<NewList>();
  return created(change_list(call, "list.create", [&](customer::Writing& writing) {
    return customer::declare_list(writing, body.name);
  }));
}

net::Response rename_list(Call& call) {
  const auto body = call.body<ListRename>();
  const base::ListId list{call.id(0)};
  return ok(change_list(call, "list.rename", [&](customer::Writing& writing) {
    return customer::rename_list(writing, list, {body.name, body.version});
  }));
}

net::Response delete_list(Call& call) {
  const base::ListId list{call.id(0)};
  const auto version = read_integer(call.query("version"));
  if (!version) throw Refusal("api.bad_query", {{"subject", "version"}});
  change(call, "list.delete", [&](customer::Writing& writing) {
    audience::lock_audiences(writing.unit());
    auto removed = customer::remove_list(writing, list, *version);
    if (!removed) return removed;
    auto users = users_json(*audience::Catalog::of(writing.unit(), call.services().log.catalog(),
                                                   &call.services().stages),
                            list);
    if (!users.empty()) throw Refusal("customer.list_in_use", {{"users", std::move(users)}});
    return removed;
  });
  return no_content();
}

net::Response restore_list(Call& call) {
  const base::ListId list{call.id(0)};
  return ok(change_list(call, "list.restore", [&](customer::Writing& writing) {
    return customer::restore_list(writing, list);
  }));
}

// `after` of a page: the id its mark tells, which may be of somebody the caller does not see.
base::CustomerId mark_of(Call& call) {
  const std::string after = call.given_mark(call.query("after"));
  if (after.empty()) return {};
  const auto id = read_integer(after);
  if (!id || *id < 1) throw Refusal("api.bad_query", {{"subject", "after"}});
  return {*id};
}

struct MemberPage {
  std::vector<customer::Member> members;
  std::optional<base::CustomerId> next;
};

// Whom the viewer does not see is passed over, kMembersReadMax at most for a page.
MemberPage page_of(store::Session& session, base::ListId list, const customer::MemberCut& cut,
                   const rights::Viewer& viewer) {
  MemberPage page;
  customer::MemberCut part{.after = cut.after, .rows = cut.rows + 1};
  if (viewer.only() != nullptr) part.rows = static_cast<std::size_t>(kPageRowsMax);
  for (std::size_t read = 0; read < kMembersReadMax; read += part.rows) {
    const auto members = customer::members_of(session, list, part);
    for (const customer::Member& member : members) {
      if (page.members.size() == cut.rows) {
        page.next = page.members.back().customer;
        return page;
      }
      if (viewer.sees(member.person)) page.members.push_back(member);
    }
    if (members.size() < part.rows) return page;
    part.after = members.back().customer;
  }
  page.next = part.after;
  return page;
}

net::Response list_members(Call& call) {
  const base::ListId list{call.id(0)};
  const customer::MemberCut cut{.after = mark_of(call),
                                .rows = static_cast<std::size_t>(call.limit())};
  const Mask mask = call.mask();
  json::array shown;
  json::value next = nullptr;
  call.services().database.read([&](store::Session& session) {
    if (!customer::list_with(session, list)) throw Refusal("customer.unknown_list");
    const MemberPage page = page_of(session, list, cut, call.caller().viewer);
    for (const auto& [customer, person] : page.members) {
      shown.push_back(
          json::object{{"id", person.value}, {"key", mask.key(customer::key_of(session, person))}});
    }
    if (page.next) next = call.shown_mark(std::to_string(page.next->value));
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
    {net::Method::get, "/lists/deleted", Guard::of(Permission::customers_read), list_deleted},
    {net::Method::get, "/lists/{id}", Guard::of(Permission::customers_read), get_list},
    {net::Method::patch, "/lists/{id}", Guard::of(Permission::lists_write), rename_list},
    {net::Method::del, "/lists/{id}", Guard::of(Permission::lists_write), delete_list},
    {net::Method::post, "/lists/{id}/restore", Guard::of(Permission::lists_write), restore_list},
    {net::Method::get, "/lists/{id}/customers", Guard::of(Permission::customers_read),
     list_members},
    {net::Method::post, "/lists/{id}/customers", Guard::of(Permission::tags_write), change_members},
};

}  // namespace

std::span<const Route> list_routes() { return kRoutes; }

}  // namespace api
