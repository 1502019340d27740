// Inside the module: what one customer does beside buying: reads, likes, posts, shares, invites,
// checks in; and the tea club, a subscription that begins with a trial.
//
//   trial_started ─ 14 days ─▶ subscription_paid every 30 days ─▶ subscription_ended
//
// Part of one life; not thread safe.
#pragma once

#include <cstdint>

#include "demo/person.h"
#include "demo/teller.h"

namespace demo {

inline constexpr std::int64_t kTrialDays = 14;
inline constexpr std::int64_t kClubMonthDays = 30;

class Talk {
 public:
  // Both must outlive it.
  Talk(const Person& person, Teller& teller) : person_(person), teller_(teller) {}

  // `is_there`: false for who has lost interest: they do a fifth of it.
  void day(const Today& today, bool is_there);

 private:
  Person const& person_;
  Teller& teller_;
};

class Club {
 public:
  // Both must outlive it.
  Club(const Person& person, Teller& teller) : person_(person), teller_(teller) {}

  void day(const Today& today);

 private:
  void decide(const Today& today, base::Moment time);

  const Person& person_;
  Teller& teller_;
  bool is_member_ = false;
};

}  // namespace demo
