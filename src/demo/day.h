// Inside the module: the days of one customer, one after the other.
//
//   a day → messages → reading, posting, the club → do they come to the shop? → buying (shopping.h)
//
// Each order may be their last for now: from then on they are silent, some leave what they had
// joined, and some come back one day. Lives as long as the life; not thread safe.
#pragma once

#include <cstdint>

#include "demo/person.h"
#include "demo/shopping.h"
#include "demo/talk.h"
#include "demo/teller.h"

namespace demo {

class Days {
 public:
  // All must outlive it.
  Days(const Plan& plan, const Person& person, Teller& teller);

  // The next day.
  void live(std::int64_t days_ago);

 private:
  void arrive(const Today& today);
  void scan(base::Moment time);
  void befriend(Dice& dice, base::Moment since);
  void shop(const Today& today);
  void lose_interest(const Today& today);
  void come_back(const Today& today, base::Moment time);
  void leave(const Today& today);
  void give_presents(const Today& today);
  bool comes(const Today& today);
  void receive_messages(const Today& today);

  const Plan& plan_;
  const Person& person_;
  Teller& teller_;
  Shopping shopping_;
  Talk talk_;
  Club club_;
  std::string_view group_;  // they are in; "": none
  bool has_arrived_ = false;
  bool follows_ = false;
  bool is_friend_ = false;
  bool is_silent_ = false;
  bool gave_presents_ = false;        // this year
  bool eager_ = false;                // a message has made them come
  std::int64_t silent_ago_ = 0;       // day of losing interest
  std::int64_t leaves_ago_ = kNever;  // day of leaving what they had joined

  static constexpr std::int64_t kNever = -2 * kNewestDays;
};

}  // namespace demo
