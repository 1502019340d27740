// Inside the module: the days of one customer, one after the other.
//
//   a day → do they come? → look around · order (store or online) · answer a message · check in
//
// An order is created, paid within minutes (or closed), shipped and received, and now and then
// refunded. What would lie after now has not happened. Lives inside one call of life_of().
#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/moment.h"
#include "demo/dice.h"
#include "demo/life.h"
#include "demo/plan.h"

namespace demo {

// A moment of the day that lies so many days before today, at an hour at which people drink and buy
// tea: the late morning, the afternoon, the evening.
base::Moment moment_of(const Plan& plan, std::int64_t days_ago, Dice& dice);

// Days before today: from the one on which somebody became a customer to the last one they came.
struct Presence {
  std::int64_t first = 0;
  std::int64_t last = 0;
};

struct Person {
  std::string_view home;  // store
  std::string_view taste;
  std::string_view way;
  std::string_view staff;
  bool consents = false;
};

class Days {
 public:
  struct Parts {
    Life& life;
    Dice& dice;
    const Presence& presence;
    std::int64_t number = 0;
  };
  Days(const Plan& plan, const Person& person, const Parts& parts);

  void live();
  // The end of the last day they came.
  base::Moment last_day() const { return plan_.start_of(parts_.presence.last - 1); }

 private:
  using Property = std::pair<std::string_view, boost::json::value>;

  void add(std::string_view name, base::Moment time, std::initializer_list<Property> properties);
  void arrive();
  void leave();
  void one_day(std::int64_t days_ago);
  bool comes(std::int64_t days_ago);
  bool is_festival(std::int64_t days_ago) const;
  const Text& product(bool in_store);
  void look_around(base::Moment time, const Text& product);
  void order(base::Moment time, const Text& product, bool in_store);
  void fulfil(base::Moment paid, std::string_view id, bool in_store);
  void refund(base::Moment paid, std::string_view id, std::int64_t cents);
  void spend(base::Moment time, std::int64_t cents);
  void receive_messages(std::int64_t days_ago);
  void check_in(std::int64_t days_ago);

  const Plan& plan_;
  const Person& person_;
  Parts parts_;
  const Text& festival_;
  const Text& checkin_;
  std::span<const Text> campaigns_;
  std::int64_t orders_ = 0;
  std::int64_t spent_cents_ = 0;
  std::size_t level_ = 0;
  bool holds_coupon_ = false;
  bool checks_in_ = false;
  bool eager_ = false;  // a message has made them come
};

}  // namespace demo
