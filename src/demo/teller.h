// Inside the module: writes what happens into a life. Lives as long as the life does.
#pragma once

#include <boost/json/value.hpp>
#include <initializer_list>
#include <string_view>
#include <utility>

#include "base/moment.h"
#include "demo/dice.h"
#include "demo/life.h"
#include "demo/plan.h"

namespace demo {

// What the parts of a day are told: which one, and its chances. Lives inside one call.
struct Today {
  const Plan& plan;
  std::int64_t ago = 0;
  Dice& dice;

  base::Moment start() const { return plan.start_of(ago); }
  // A moment of it at an hour at which people drink and buy tea: the late morning, the afternoon,
  // the evening.
  base::Moment moment() const;
};

inline base::Duration minutes(std::int64_t count) { return {count * base::kMinute.ms}; }
inline base::Duration hours(std::int64_t count) { return {count * base::kHour.ms}; }
inline base::Duration days(std::int64_t count) { return {count * base::kDay.ms}; }
inline boost::json::value json_of(std::string_view text) { return boost::json::value(text); }

class Teller {
 public:
  using Property = std::pair<std::string_view, boost::json::value>;

  explicit Teller(Life& life) : life_(life) {}

  // What would lie before they became a customer has not happened.
  void event(std::string_view name, base::Moment time, std::initializer_list<Property> properties);
  // A tag put on by hand.
  void tag(std::string_view name, base::Moment since, bool added);
  void level(std::string_view level, base::Moment since);
  void looked_after(const LookedAfter& change) { life_.looked_after.push_back(change); }
  void consent(const Consent& change) { life_.consents.push_back(change); }
  base::Moment created_at() const { return life_.created_at; }

 private:
  Life& life_;
};

}  // namespace demo
