#include "account/store.h"

#include <boost/describe.hpp>
#include <boost/json/array.hpp>
#include <cmath>

#include "api/account_change.h"
#include "api/route.h"

namespace api {
namespace {

namespace json = boost::json;
using rights::Permission;

constexpr double kMicroDegrees = 1'000'000;
constexpr double kDegreesMax = 360;

struct NewStoreBody {
  std::string code;
  std::string name;
  std::optional<std::string> city;
  std::optional<std::string> address;
  std::optional<json::value> latitude;
  std::optional<json::value> longitude;
};
BOOST_DESCRIBE_STRUCT(NewStoreBody, (), (code, name, city, address, latitude, longitude))

struct StoreChangeBody {
  std::optional<std::string> code;
  std::optional<std::string> name;
  std::optional<std::string> city;
  std::optional<std::string> address;
  std::optional<json::value> latitude;
  std::optional<json::value> longitude;
  std::optional<bool> without_place;  // takes the place away
  std::optional<std::string> state;
};
BOOST_DESCRIBE_STRUCT(StoreChangeBody, (),
                      (code, name, city, address, latitude, longitude, without_place, state))

json::value degrees(const std::optional<account::Place>& place,
                    std::int64_t account::Place::* axis) {
  if (!place) return nullptr;
  return static_cast<double>((*place).*axis) / kMicroDegrees;
}

json::object to_json(const account::Store& store) {
  return {{"id", store.id.value},
          {"code", store.code},
          {"name", store.name},
          {"city", store.city},
          {"address", store.address},
          {"latitude", degrees(store.place, &account::Place::latitude)},
          {"longitude", degrees(store.place, &account::Place::longitude)},
          {"state", account::name_of(store.state)},
          {"created_at", iso(store.created_at)}};
}

std::int64_t micro(const json::value& given) {
  if (!given.is_number()) refuse(account::Fault::bad_place);
  const auto value = given.to_number<double>();
  // What is off the globe the module refuses; here what is no number of this size.
  if (!(std::abs(value) <= kDegreesMax)) refuse(account::Fault::bad_place);
  return std::llround(value * kMicroDegrees);
}

// Both or none.
std::optional<account::Place> place_of(const std::optional<json::value>& latitude,
                                       const std::optional<json::value>& longitude) {
  if (latitude.has_value() != longitude.has_value()) refuse(account::Fault::bad_place);
  if (!latitude) return std::nullopt;
  return account::Place{micro(*latitude), micro(*longitude)};
}

net::Response list_stores(Call& call) {
  const ListQuery query = list_query(call);
  auto found = call.services().database.read(
      [&](store::Session& session) { return account::stores(session, cut_of(query)); });
  json::value next = nullptr;
  if (found.size() > query.limit) {
    found.resize(query.limit);
    next = found.back().code;
  }
  json::array stores;
  for (const account::Store& store : found) stores.push_back(to_json(store));
  return ok(json::object{{"stores", std::move(stores)}, {"next", std::move(next)}});
}

net::Response get_store(Call& call) {
  const auto found = call.services().database.read([&](store::Session& session) {
    return account::store_with(session, base::StoreId{call.id(0)});
  });
  if (!found) refuse(account::Fault::unknown_store);
  return ok(to_json(*found));
}

net::Response create_store(Call& call) {
  const auto body = call.body<NewStoreBody>();
  const account::Store given{.id = {call.services().random.id()},
                             .code = body.code,
                             .name = body.name,
                             .city = body.city.value_or(""),
                             .address = body.address.value_or(""),
                             .place = place_of(body.latitude, body.longitude)};
  return created(to_json(change_accounts(call, "store.create", [&](const account::Change& by) {
    return account::add_store(by, given);
  })));
}

net::Response change_store(Call& call) {
  const auto body = call.body<StoreChangeBody>();
  account::StoreChange to{
      .code = body.code, .name = body.name, .city = body.city, .address = body.address};
  const auto place = place_of(body.latitude, body.longitude);
  const bool takes_away = body.without_place.value_or(false);
  if (place && takes_away) refuse(account::Fault::bad_place);
  if (place || takes_away) to.place = place;
  if (body.state) to.state = state_of(*body.state);
  const base::StoreId id{call.id(0)};
  return ok(to_json(change_accounts(call, "store.change", [&](const account::Change& by) {
    return account::change_store(by, id, to);
  })));
}

constexpr Route kRoutes[] = {
    {net::Method::get, "/stores", Guard::of(Permission::accounts_read), list_stores},
    {net::Method::post, "/stores", Guard::of(Permission::accounts_write), create_store},
    {net::Method::get, "/stores/{id}", Guard::of(Permission::accounts_read), get_store},
    {net::Method::patch, "/stores/{id}", Guard::of(Permission::accounts_write), change_store},
};

}  // namespace

std::span<const Route> store_routes() { return kRoutes; }

}  // namespace api
