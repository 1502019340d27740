// What one customer of the demo brand is and has done: everything about them, before any database.
//
//   regulars 12 %, occasional 45 %, newcomers 8 %, sleepers 20 %, lapsed 15 %
//
// A customer lives day by day through the last `days` days: whether they come depends on who they
// are, the weekday and the festival; what they do then follows the hour, the shop and their purse.
// The same plan and number give the same life. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.h"
#include "base/moment.h"
#include "customer/attribute.h"
#include "demo/plan.h"
#include "log/event.h"

namespace demo {

inline constexpr std::int64_t kCustomers = 20'000;
inline constexpr std::int64_t kCustomersMax = 1'000'000;
// Numbers 1420000xxxx are in nobody's use; who comes behind the last of them has no phone.
inline constexpr std::int64_t kPhonesMax = 10'000;

enum class Kind : std::uint8_t { regular, occasional, newcomer, sleeper, lapsed };

struct Consent {
  std::string_view channel;
  bool given = true;
  base::Moment since;
};
struct ListJoined {
  std::string_view list;
  base::Moment since;
};
struct TagPut {
  std::string tag;  // "group/name"
  base::Moment since;
};

// Whose customer somebody is.
struct LookedAfter {
  std::string_view staff;
  base::Moment since;
};

struct Life {
  Kind kind = Kind::occasional;
  base::CustomerId id;
  std::string key;
  std::string phone;  // "": none
  base::Moment created_at;
  std::vector<customer::NewValue> attributes;  // by time
  std::vector<TagPut> tags;
  std::vector<Consent> consents;
  std::vector<ListJoined> lists;
  std::optional<LookedAfter> looked_after = std::nullopt;  // by the friend who is still one
  std::vector<event_log::NewEvent> events;                 // by time
};

// Requires number: 0 … kCustomersMax − 1.
Life life_of(const Plan& plan, std::int64_t number);

}  // namespace demo
