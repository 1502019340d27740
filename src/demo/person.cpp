#include "demo/person.h"

#include <algorithm>

namespace demo {
namespace {

constexpr std::int64_t kNewcomerDays = 31;
constexpr std::int64_t kGrowingDays = 900;
constexpr double kNewcomers = 0.08;
constexpr double kFromBefore = 0.3;  // the days that are told
constexpr double kBuysOfAVisit = 0.55;

Kind kind_of(Dice& dice) {
  const std::int64_t hundredth = dice.between(0, 99);
  if (hundredth < 5) return Kind::stranger;
  if (hundredth < 16) return Kind::follower;
  if (hundredth < 32) return Kind::viewer;
  if (hundredth < 88) return Kind::buyer;
  if (hundredth < 96) return Kind::lost;
  return Kind::seasonal;
}

// A brand that grows: each month about an eighth more join than in the month before, in the end as
// many a day as newcomers do since; what is left over was there in the first month.
std::int64_t joined_before(Dice& dice) {
  constexpr std::int64_t kMonthDays = 30;
  std::int64_t first = kNewcomerDays;
  while (first + 2 * kMonthDays < kGrowingDays && !dice.chance(0.12)) first += kMonthDays;
  return first + dice.between(0, kMonthDays - 1);
}

std::int64_t first_day(const Plan& plan, Kind kind, Dice& dice) {
  const std::int64_t last = plan.days() - 1;
  if (kind == Kind::seasonal) return dice.between(800, 1400);
  if (kind == Kind::lost) return dice.between(500, kGrowingDays);
  if (dice.chance(kNewcomers)) return dice.between(0, std::min(kNewcomerDays - 1, last));
  if (dice.chance(kFromBefore))
    return dice.between(std::min(plan.days(), kGrowingDays), kGrowingDays);
  return joined_before(dice);
}

void give_rhythm(Person& person, Dice& dice) {
  const double orders_a_day = dice.gamma_1(kOrdersADay);
  person.last_order = dice.beta_1(kLastOrderShape);
  person.season_ago = dice.between(0, 364);
  const std::int64_t lost = dice.between(185, 420);
  switch (person.kind) {
    case Kind::stranger:
    case Kind::follower:
      return;
    case Kind::viewer:
      person.visits_a_day = 0.012 + orders_a_day;
      return;
    case Kind::lost:
      person.lost_ago = lost;
      [[fallthrough]];
    case Kind::buyer:
      person.buys = kBuysOfAVisit;
      person.visits_a_day = orders_a_day / kBuysOfAVisit;
      return;
    case Kind::seasonal:
      return;
  }
}

// What they do beside buying. Whoever has lost interest in buying may go on with it for a while.
void give_voice(Person& person, Dice& dice) {
  if (person.kind == Kind::stranger) return;
  person.leads = dice.chance(0.004);
  const auto is = [&](double likely) { return dice.chance(likely) || person.leads; };
  person.reads = is(0.3);
  person.likes = is(0.1);
  person.posts = is(0.025);
  person.shares = is(0.07);
  person.invites = is(0.05);
  person.checks_in = dice.chance(0.06);
}

}  // namespace

Person person_of(const Plan& plan, std::int64_t number, std::int64_t born_ago, Dice& dice) {
  const bool is_newborn = born_ago != kBeforeMaking;
  Person person;
  person.number = number;
  person.kind = kind_of(dice);
  // Whoever comes behind the making has not been lost half a year ago.
  if (is_newborn && person.kind == Kind::lost) person.kind = Kind::buyer;
  const std::int64_t first = first_day(plan, person.kind, dice);
  person.first_ago = is_newborn ? born_ago : first;
  give_rhythm(person, dice);
  give_voice(person, dice);
  const bool joins_club = person.kind != Kind::stranger && dice.chance(0.06);
  const bool at_once = dice.chance(0.3);
  const std::int64_t later = dice.between(1, 600);
  if (joins_club) person.club_ago = person.first_ago - (at_once ? 1 : later);
  const bool told_in_full =
      person.kind == Kind::seasonal || person.kind == Kind::lost || joins_club;
  person.told_ago = told_in_full ? person.first_ago : std::min(person.first_ago, plan.days() - 1);
  return person;
}

}  // namespace demo
