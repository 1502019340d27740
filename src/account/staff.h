// Staff: people of the brand who have customers, entered by hand. Each works in any number of
// stores. Which user somebody of the staff is, the user says (rights::User::staff).
//
// Nobody is deleted: who is gone has left, keeps their customers until these are given to somebody
// else, and sees nobody. Phones are the staff's own; answers show them masked.
// Functions over a Session or in a unit (account/change.h); any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "account/change.h"
#include "account/store.h"
#include "base/result.h"

namespace account {

inline constexpr std::int64_t kStaffMax = 100'000;
inline constexpr std::size_t kStoresOfStaffMax = 200;

enum class StaffState : std::uint8_t { active, left };
std::string_view name_of(StaffState state);  // "active"
std::optional<StaffState> staff_state_named(std::string_view name);

struct Staff {
  base::StaffId id;    // given by the caller, drawn outside the unit
  std::string number;  // the brand's own; each their own
  std::string name;
  std::string phone = {};                  // "" none
  std::vector<base::StoreId> stores = {};  // rising, each once
  StaffState state = StaffState::active;
  base::Moment created_at = {};
};
struct StaffChange {
  std::optional<std::string> number = std::nullopt;
  std::optional<std::string> name = std::nullopt;
  std::optional<std::string> phone = std::nullopt;
  std::optional<std::vector<base::StoreId>> stores = std::nullopt;  // instead of those before
  std::optional<StaffState> state = std::nullopt;
};

// By number.
std::vector<Staff> staff(store::Session& session, const Cut& cut);
std::optional<Staff> staff_with(store::Session& session, base::StaffId id);

// Faults: bad_name, bad_code, bad_phone, code_taken, unknown_store, too_many_stores, too_many; of a
// change unknown_staff, too.
[[nodiscard]] base::Result<Staff, Fault> add_staff(const Change& change, Staff member);
[[nodiscard]] base::Result<Staff, Fault> change_staff(const Change& change, base::StaffId id,
                                                      const StaffChange& to);

}  // namespace account
