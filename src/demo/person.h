// Inside the module: who somebody is by nature, drawn once from their own dice.
//
//   stranger   scans a code, or fills in a form, and that was it
//   follower   reads what the brand writes
//   viewer     comes and looks, never buys
//   buyer      buys in a rhythm of their own until they lose interest, and may come back
//   lost       a buyer who lost interest half a year ago or longer
//   seasonal   buys presents once a year, around a day of their own
//
// Of a buyer the orders a day are drawn from a gamma distribution (shape 1), and each order is
// their last with a chance drawn from a beta distribution (shapes 1 and kLastOrderShape): what
// BG/NBD assumes of customers (Fader, Hardie, Lee 2005), but for weekdays, festivals and those who
// come back. So there are those who come every week, every month, and hardly ever.
#pragma once

#include <cstdint>
#include <string_view>

#include "demo/dice.h"
#include "demo/life.h"
#include "demo/plan.h"

namespace demo {

inline constexpr double kOrdersADay = 0.04;  // on average, of buyers
inline constexpr double kLastOrderShape = 5;

inline constexpr std::int64_t kBeforeMaking = kOldestDays + 1;  // no day of anybody

struct Person {
  std::int64_t number = 0;
  Kind kind = Kind::buyer;
  std::int64_t first_ago = 0;  // day they became a customer on; below 0: behind the making
  std::int64_t told_ago = 0;   // day from which on there is something to tell; never before it

  std::string_view home;  // store
  std::string_view taste;
  std::string_view way;
  std::string_view staff;
  bool consents = false;

  double visits_a_day = 0;
  double buys = 0;                        // of a visit
  double last_order = 0;                  // chance of each order to be the last one
  std::int64_t lost_ago = kBeforeMaking;  // of lost ones: day of losing interest
  std::int64_t season_ago = 0;  // of seasonal ones: a day of presents; others a year from it

  bool reads = false;
  bool likes = false;
  bool posts = false;
  bool shares = false;
  bool invites = false;
  bool leads = false;  // an opinion leader: all of that, and often
  bool checks_in = false;
  std::int64_t club_ago = -kNewestDays;  // day of beginning a trial of the tea club, perhaps never
};

// `born_ago`: of those who come behind the making; kBeforeMaking: of all others. Home, taste, way,
// staff and consents are left.
Person person_of(const Plan& plan, std::int64_t number, std::int64_t born_ago, Dice& dice);

}  // namespace demo
