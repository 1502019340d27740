// What one customer of the demo brand is and has done: everything about them, before any database.
//
//   buyers 56 %, viewers 16 %, followers 11 %, lost 8 %, strangers 5 %, seasonal 4 % (person.h)
//
// A customer lives day by day through the last `days` days, some of them since they came: whether
// they come to the shop depends on who they are, the weekday and the festival; what they do then
// follows the hour, the shop and their purse. They live on behind the moment the brand was made at
// (living.h): a life told further is the same life, and more. The same plan and number give the
// same life. Pure; a walk belongs to one thread.
#pragma once

#include <cstdint>
#include <memory>
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

enum class Kind : std::uint8_t { stranger, follower, viewer, buyer, lost, seasonal };

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
  bool added = true;  // false: taken away
};

// Whose customer somebody is, or is no longer.
struct LookedAfter {
  std::string_view staff;
  base::Moment since;
  bool ended = false;
};

struct Life {
  Kind kind = Kind::buyer;
  base::CustomerId id;
  std::string key;
  std::string phone;  // "": none
  base::Moment created_at;
  std::vector<customer::NewValue> attributes;
  std::vector<TagPut> tags;
  std::vector<Consent> consents;
  std::vector<ListJoined> lists;
  std::vector<LookedAfter> looked_after;
  std::vector<event_log::NewEvent> events;
};

// One life, told day by day.
class LifeWalk {
 public:
  // Requires number: 0 … kCustomersMax − 1. `born_ago`: of who becomes a customer behind the
  // making, the day of that (plan.h), below 0; all others were there when the brand was made.
  LifeWalk(const Plan& plan, std::int64_t number);
  LifeWalk(const Plan& plan, std::int64_t number, std::int64_t born_ago);
  ~LifeWalk();
  LifeWalk(LifeWalk&&) noexcept;
  LifeWalk& operator=(LifeWalk&&) noexcept;

  // Tells all up to and with this day that was not told. What a day brings may lie days behind it
  // (a parcel arrives), never before it. The plan must outlive the walk.
  void walk(std::int64_t days_ago);
  // Who they are, and what was told since it was taken; in no order.
  const Life& life() const;
  Life take();

 private:
  class State;
  std::unique_ptr<State> state_;
};

// A whole life up to the moment the brand was made at, everything by time.
// Requires number: 0 … kCustomersMax − 1.
Life life_of(const Plan& plan, std::int64_t number);

}  // namespace demo
