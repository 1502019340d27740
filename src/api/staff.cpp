#include "account/staff.h"

#include <boost/describe.hpp>
#include <boost/json/array.hpp>

#include "account/assignment.h"
#include "api/account_change.h"
#include "api/actor_names.h"
#include "api/route.h"
#include "api/sight.h"
#include "customer/identity.h"
#include "customer/record.h"

namespace api {
namespace {

namespace json = boost::json;
using rights::Permission;

constexpr std::size_t kAssignedAtOnceMax = 1000;

struct NewStaffBody {
  std::string number;
  std::string name;
  std::optional<std::string> phone;
  std::optional<std::vector<std::int64_t>> stores;
};
BOOST_DESCRIBE_STRUCT(NewStaffBody, (), (number, name, phone, stores))

struct StaffChangeBody {
  std::optional<std::string> number;
  std::optional<std::string> name;
  std::optional<std::string> phone;
  std::optional<std::vector<std::int64_t>> stores;
  std::optional<std::string> state;
};
BOOST_DESCRIBE_STRUCT(StaffChangeBody, (), (number, name, phone, stores, state))

struct AssignmentBody {
  std::optional<std::vector<std::string>> assign;
  std::optional<std::vector<std::string>> unassign;
};
BOOST_DESCRIBE_STRUCT(AssignmentBody, (), (assign, unassign))

// Phones of staff are masked for everybody: nobody needs them here whole.
json::object to_json(const account::Staff& member) {
  json::array stores;
  for (const base::StoreId store : member.stores) stores.push_back(store.value);
  return {{"id", member.id.value},
          {"number", member.number},
          {"name", member.name},
          {"phone",
           member.phone.empty() ? json::value(nullptr) : json::value(masked_phone(member.phone))},
          {"stores", std::move(stores)},
          {"state", account::name_of(member.state)},
          {"created_at", iso(member.created_at)}};
}

std::vector<base::StoreId> store_ids(const std::vector<std::int64_t>& given) {
  std::vector<base::StoreId> ids;
  for (const std::int64_t id : given) ids.push_back({id});
  return ids;
}

net::Response list_staff(Call& call) {
  const ListQuery query = list_query(call);
  auto found = call.services().database.read(
      [&](store::Session& session) { return account::staff(session, cut_of(query)); });
  json::value next = nullptr;
  if (found.size() > query.limit) {
    found.resize(query.limit);
    next = found.back().number;
  }
  json::array members;
  for (const account::Staff& member : found) members.push_back(to_json(member));
  return ok(json::object{{"staff", std::move(members)}, {"next", std::move(next)}});
}

net::Response get_staff(Call& call) {
  const auto member = call.services().database.read([&](store::Session& session) {
    return account::staff_with(session, base::StaffId{call.id(0)});
  });
  if (!member) refuse(account::Fault::unknown_staff);
  return ok(to_json(*member));
}

net::Response create_staff(Call& call) {
  const auto body = call.body<NewStaffBody>();
  const account::Staff given{
      .id = {call.services().random.id()},
      .number = body.number,
      .name = body.name,
      .phone = body.phone.value_or(""),
      .stores = store_ids(body.stores.value_or(std::vector<std::int64_t>()))};
  return created(to_json(change_accounts(call, "staff.create", [&](const account::Change& by) {
    return account::add_staff(by, given);
  })));
}

net::Response change_staff(Call& call) {
  const auto body = call.body<StaffChangeBody>();
  account::StaffChange to{.number = body.number, .name = body.name, .phone = body.phone};
  if (body.stores) to.stores = store_ids(*body.stores);
  if (body.state) {
    to.state = account::staff_state_named(*body.state);
    if (!to.state) refuse(account::Fault::unknown_state);
  }
  const base::StaffId id{call.id(0)};
  return ok(to_json(change_accounts(call, "staff.change", [&](const account::Change& by) {
    return account::change_staff(by, id, to);
  })));
}

// By id: whoever is no longer there at the next page leaves no gap.
net::Response list_assigned(Call& call) {
  const base::StaffId staff{call.id(0)};
  const base::CustomerId after{call.mark_id()};
  const auto limit = static_cast<std::size_t>(call.limit());
  const Mask mask = call.mask();
  json::array shown;
  json::value next = nullptr;
  await_friendships(call.services());
  call.services().database.read([&](store::Session& session) {
    if (!account::staff_with(session, staff)) refuse(account::Fault::unknown_staff);
    std::vector<base::CustomerId> persons = account::customers_of(session, staff);
    std::erase_if(persons, [&](base::CustomerId person) {
      return person <= after || !call.caller().viewer.sees(person);
    });
    std::ranges::sort(persons);
    if (persons.size() > limit) {
      persons.resize(limit);
      next = std::to_string(persons.back().value);
    }
    for (const base::CustomerId person : persons) {
      shown.push_back(json::object{
          {"id", person.value},
          {"key", mask.key(customer::key_of(session, person))},
          {"name", mask.name(customer::called(customer::attributes_of(session, person)))}});
    }
  });
  return ok(json::object{{"customers", std::move(shown)}, {"next", std::move(next)}});
}

net::Response change_assigned(Call& call) {
  const auto body = call.body<AssignmentBody>();
  const base::StaffId staff{call.id(0)};
  const auto assign = body.assign.value_or(std::vector<std::string>{});
  const auto unassign = body.unassign.value_or(std::vector<std::string>{});
  if (assign.size() + unassign.size() > kAssignedAtOnceMax) {
    throw Refusal("api.too_many_customers");
  }
  std::int64_t assigned = 0;
  std::int64_t unassigned = 0;
  await_friendships(call.services());
  change_accounts(call, "staff.customers",
                  [&](const account::Change& by) -> base::Result<void, account::Fault> {
                    assigned = unassigned = 0;
                    if (!account::staff_with(by.unit, staff)) {
                      return base::unexpected(account::Fault::unknown_staff);
                    }
                    account::AssignedTo assigned_to(by, staff);
                    for (const std::string& name : assign) {
                      const auto done = assigned_to.assign(call.person(by.unit, name));
                      if (!done) return base::unexpected(done.error());
                      assigned += std::int64_t{*done};
                    }
                    for (const std::string& name : unassign) {
                      const auto done = assigned_to.unassign(call.person(by.unit, name));
                      if (!done) return base::unexpected(done.error());
                      unassigned += std::int64_t{*done};
                    }
                    return {};
                  });
  return ok(json::object{{"assigned", assigned}, {"unassigned", unassigned}});
}

net::Response list_staff_of_customer(Call& call) {
  await_friendships(call.services());
  const auto found = call.services().database.read([&](store::Session& session) {
    return account::assignments_of(session, call.person(session, call.captured(0)));
  });
  ActorNames names(call.services().users);
  json::array assignments;
  for (const account::Assignment& each : found) {
    assignments.push_back(json::object{{"staff", each.staff.value},
                                       {"number", each.number},
                                       {"name", each.name},
                                       {"from", iso(each.from)},
                                       {"to", iso_or_null(each.to)},
                                       {"by", names.shown(each.by)}});
  }
  return ok(json::object{{"assignments", std::move(assignments)}});
}

constexpr Route kRoutes[] = {
    {net::Method::get, "/staff", Guard::of(Permission::accounts_read), list_staff},
    {net::Method::post, "/staff", Guard::of(Permission::accounts_write), create_staff},
    {net::Method::get, "/staff/{id}", Guard::of(Permission::accounts_read), get_staff},
    {net::Method::patch, "/staff/{id}", Guard::of(Permission::accounts_write), change_staff},
    {net::Method::get, "/staff/{id}/customers", Guard::of(Permission::customers_read),
     list_assigned},
    {net::Method::post, "/staff/{id}/customers", Guard::of(Permission::customers_assign),
     change_assigned},
    {net::Method::get, "/customers/{customer}/staff", Guard::of(Permission::customers_read),
     list_staff_of_customer},
};

}  // namespace

std::span<const Route> staff_routes() { return kRoutes; }

}  // namespace api
