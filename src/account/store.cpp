#include "account/store.h"

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "account/store_sql.h"
#include "base/text.h"

namespace account {
namespace {

constexpr std::int64_t kLatitudeMax = 90'000'000;
constexpr std::int64_t kLongitudeMax = 180'000'000;

Store store_at(const store::Row& row) {
  Store store;
  store.id = base::StoreId{row.integer(0)};
  store.code = row.text(1);
  store.name = row.text(2);
  store.city = row.text(3);
  store.address = row.text(4);
  if (!row.is_null(5)) store.place = Place{row.integer(5), row.integer(6)};
  store.state = state_named(row.text(7)).value_or(State::closed);
  store.created_at = base::Moment{row.integer(8)};
  return store;
}

std::string json_of(const Store& store) {
  boost::json::object object{{"code", store.code},
                             {"name", store.name},
                             {"city", store.city},
                             {"address", store.address},
                             {"state", name_of(store.state)}};
  if (store.place) {
    object["latitude_micro"] = store.place->latitude;
    object["longitude_micro"] = store.place->longitude;
  }
  return boost::json::serialize(object);
}

bool is_on_the_globe(const Place& place) {
  return place.latitude >= -kLatitudeMax && place.latitude <= kLatitudeMax &&
         place.longitude >= -kLongitudeMax && place.longitude <= kLongitudeMax;
}

// As they are stored, checked.
std::optional<Fault> fault_of(store::Unit& unit, Store& store) {
  if (!is_good_name(store.name)) return Fault::bad_name;
  if (!is_good_code(store.code)) return Fault::bad_code;
  if (!is_good_text(store.city) || !is_good_text(store.address)) return Fault::bad_text;
  if (store.place && !is_on_the_globe(*store.place)) return Fault::bad_place;
  store.name = base::to_nfc(store.name);
  store.code = base::to_nfc(store.code);
  const auto by_code = unit.one(sql::kStoreTaken, {store.code, store.name, store.id.value},
                                [](const store::Row& row) { return row.integer(0) == 1; });
  if (by_code) return *by_code ? Fault::code_taken : Fault::name_taken;
  return std::nullopt;
}

void write(store::Unit& unit, const Store& store, bool is_new) {
  const std::string key = find_key({store.code, store.name, store.city});
  std::vector<store::Param> params = {store.id.value, store.code, store.name, store.city,
                                      store.address};
  params.push_back(store.place ? store::Param(store.place->latitude) : store::Param());
  params.push_back(store.place ? store::Param(store.place->longitude) : store::Param());
  params.emplace_back(name_of(store.state));
  params.emplace_back(key);
  if (is_new) params.emplace_back(store.created_at.ms);
  unit.execute(is_new ? sql::kInsertStore : sql::kUpdateStore, params);
}

}  // namespace

std::vector<Store> stores(store::Session& session, const Cut& cut) {
  std::vector<Store> found;
  const auto rows = static_cast<std::int64_t>(std::clamp<std::size_t>(cut.rows, 1, kPageMax));
  const std::string pattern = pattern_of(cut.search);
  session.query(sql::kStores, {cut.after, pattern, rows},
                [&](const store::Row& row) { found.push_back(store_at(row)); });
  return found;
}

std::optional<Store> store_with(store::Session& session, base::StoreId id) {
  return session.one(sql::kStoreWith, {id.value}, store_at);
}

base::Result<Store, Fault> add_store(const Change& change, Store store) {
  begin(change);
  store.created_at = change.now;
  if (const auto fault = fault_of(change.unit, store)) return base::unexpected(*fault);
  const auto known =
      change.unit.one(sql::kCountStores, {}, [](const store::Row& row) { return row.integer(0); });
  if (known.value_or(0) >= kStoresMax) return base::unexpected(Fault::too_many);
  write(change.unit, store, true);
  note(change,
       {.noun = "store", .verb = "created", .subject = store.id.value, .after = json_of(store)});
  return store;
}

base::Result<Store, Fault> change_store(const Change& change, base::StoreId id,
                                        const StoreChange& to) {
  begin(change);
  const auto before = store_with(change.unit, id);
  if (!before) return base::unexpected(Fault::unknown_store);
  Store after = *before;
  if (to.code) after.code = *to.code;
  if (to.name) after.name = *to.name;
  if (to.city) after.city = *to.city;
  if (to.address) after.address = *to.address;
  if (to.place) after.place = *to.place;
  if (to.state) after.state = *to.state;
  if (const auto fault = fault_of(change.unit, after)) return base::unexpected(*fault);
  write(change.unit, after, false);
  note(change, {.noun = "store",
                .verb = "changed",
                .subject = id.value,
                .before = json_of(*before),
                .after = json_of(after)});
  return after;
}

}  // namespace account
