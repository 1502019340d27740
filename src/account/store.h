// Stores: shops with a door, entered by hand. A customer belongs to a store when their attribute
// kStoreAttribute says its code or its name, or when a member of its staff has them
// (account/assignment.h).
//
// Nothing is deleted: a store that is no more is closed; its staff keep seeing its customers.
// Functions over a Session or in a unit (account/change.h); any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "account/brand_account.h"
#include "account/change.h"
#include "base/result.h"

namespace account {

inline constexpr std::int64_t kStoresMax = 20'000;
inline constexpr std::string_view kStoreAttribute = "store";

// Where it is, in millionths of a degree (31.230416° is 31'230'416).
struct Place {
  std::int64_t latitude = 0;   // -90'000'000 … 90'000'000, north
  std::int64_t longitude = 0;  // -180'000'000 … 180'000'000, east
  friend bool operator==(const Place&, const Place&) = default;
};

struct Store {
  base::StoreId id;  // given by the caller, drawn outside the unit
  std::string code;  // the brand's own; each store its own
  std::string name;  // each store its own
  std::string city = {};
  std::string address = {};
  std::optional<Place> place = std::nullopt;
  State state = State::open;
  base::Moment created_at = {};
};
struct StoreChange {
  std::optional<std::string> code = std::nullopt;
  std::optional<std::string> name = std::nullopt;
  std::optional<std::string> city = std::nullopt;
  std::optional<std::string> address = std::nullopt;
  std::optional<std::optional<Place>> place = std::nullopt;  // inner nothing: it is taken away
  std::optional<State> state = std::nullopt;
};

// By code.
std::vector<Store> stores(store::Session& session, const Cut& cut);
std::optional<Store> store_with(store::Session& session, base::StoreId id);

// Faults: bad_name, bad_code, bad_text, bad_place, code_taken, name_taken, too_many; of a change
// unknown_store, too. The name of one store may not be the code of another.
[[nodiscard]] base::Result<Store, Fault> add_store(const Change& change, Store store);
[[nodiscard]] base::Result<Store, Fault> change_store(const Change& change, base::StoreId id,
                                                      const StoreChange& to);

}  // namespace account
