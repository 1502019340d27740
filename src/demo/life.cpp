#include "demo/life.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/check.h"
#include "demo/day.h"
#include "demo/dice.h"
#include "demo/text.h"

namespace demo {
namespace {

constexpr std::int64_t kPhoneFirst = 14'200'000'000;
constexpr double kLivesInStoreCity = 0.9;
constexpr std::int64_t kNewcomerDays = 31;

Kind kind_of(Dice& dice) {
  const std::int64_t hundredth = dice.between(0, 99);
  if (hundredth < 12) return Kind::regular;
  if (hundredth < 57) return Kind::occasional;
  if (hundredth < 65) return Kind::newcomer;
  if (hundredth < 85) return Kind::sleeper;
  return Kind::lapsed;
}

// A brand that grows: each month about an eighth more join than in the month before, in the end as
// many a day as newcomers do since; what is left over was there in the first month.
std::int64_t joined_before(Dice& dice) {
  constexpr std::int64_t kMonthDays = 30;
  std::int64_t first = kNewcomerDays;
  while (first + 2 * kMonthDays < kOldestDays && !dice.chance(0.12)) first += kMonthDays;
  return first + dice.between(0, kMonthDays - 1);
}

// Days before today on which somebody was first and last seen.
Presence presence_of(Kind kind, Dice& dice, std::int64_t days) {
  const auto within = [&](std::int64_t from, std::int64_t to) {
    return dice.between(std::min(from, days - 1), std::min(to, days - 1));
  };
  switch (kind) {
    case Kind::regular:
    case Kind::occasional:
      return {.first = joined_before(dice), .last = 0};
    case Kind::newcomer:
      return {.first = within(0, kNewcomerDays - 1), .last = 0};
    case Kind::sleeper:
      return {.first = dice.between(days, kOldestDays), .last = within(62, 150)};
    case Kind::lapsed:
      return {.first = dice.between(days, kOldestDays), .last = within(92, 175)};
  }
  base::unreachable();
}

std::string name_of(Dice& dice, bool is_woman) {
  const auto surnames = words(text("surnames").text);
  const auto given = words(text(is_woman ? "women" : "men").text);
  std::string name(dice.one_of(std::span(std::as_const(surnames))));
  return name.append(dice.one_of(std::span(std::as_const(given))));
}

base::Date birthday_of(Dice& dice) {
  const auto year = static_cast<std::int16_t>(dice.between(1962, 2006));
  const auto month = static_cast<std::uint8_t>(dice.between(1, 12));
  const auto day = static_cast<std::uint8_t>(dice.between(1, 28));
  return {dice.chance(0.7) ? year : std::int16_t{0}, month, day};
}

std::string_view store_in(std::string_view city, Dice& dice) {
  std::vector<std::string_view> near;
  for (const Text& store : texts("store")) {
    if (store.more == city) near.push_back(store.text);
  }
  CHECK(!near.empty());
  return dice.one_of(std::span(std::as_const(near)));
}

class LifeWriting {
 public:
  LifeWriting(const Plan& plan, std::int64_t number)
      : plan_(plan), number_(number), dice_(plan.seed(), static_cast<std::uint64_t>(number)) {}

  Life write() {
    life_.id = {dice_.random().id()};
    life_.kind = kind_of(dice_);
    presence_ = presence_of(life_.kind, dice_, plan_.days());
    life_.key = fmt::format("M{:06}", number_ + 1);
    if (number_ % 2 == 0 && number_ / 2 < kPhonesMax) {
      life_.phone = std::to_string(kPhoneFirst + number_ / 2);
    }
    life_.created_at = moment_of(plan_, presence_.first, dice_);
    // Today is not over: whoever would come later came at that hour of yesterday.
    if (life_.created_at > plan_.now()) {
      life_.created_at = life_.created_at - base::kDay;
      ++presence_.first;
    }
    describe();
    mark();
    live();
    return std::move(life_);
  }

 private:
  void set(std::string_view attribute, base::Value value) {
    life_.attributes.push_back({std::string(attribute), std::move(value), {}, life_.created_at});
  }

  void describe() {
    const bool is_woman = dice_.chance(0.64);
    const std::string_view city = dice_.weighted(texts("city")).text;
    const std::string_view home = store_in(city, dice_);
    set("name", name_of(dice_, is_woman));
    if (dice_.chance(0.9)) set("gender", std::string(text(is_woman ? "woman" : "man").text));
    if (dice_.chance(kLivesInStoreCity)) set("city", std::string(city));
    set("store", std::string(home));
    if (dice_.chance(0.55)) set("birthday", birthday_of(dice_));
    set("level", std::string(text("level").text));
    person_.home = home;
    person_.taste = dice_.one_of(texts("taste")).text;
    person_.way = dice_.weighted(texts("way")).text;
    person_.staff = dice_.one_of(texts("staff")).text;
  }

  void mark() {
    const base::Moment since = life_.created_at;
    life_.tags.push_back({fmt::format("{}/{}", text("way_group").text, person_.way), since});
    if (dice_.chance(0.5)) {
      life_.tags.push_back({fmt::format("{}/{}", text("taste_group").text, person_.taste), since});
    }
    for (const Text& channel : texts("consent_channel")) {
      if (!dice_.chance(static_cast<double>(channel.number) / 100)) continue;
      life_.consents.push_back({channel.text, true, since});
      person_.consents = true;
    }
    for (const Text& list : texts("list")) {
      if (!dice_.chance(static_cast<double>(list.number) / 100)) continue;
      const base::Moment joined =
          plan_.now() - base::Duration{dice_.between(1, 20) * base::kDay.ms};
      if (joined > since) life_.lists.push_back({list.text, joined});
    }
  }

  void live() {
    Days days(plan_, person_, {life_, dice_, presence_, number_});
    days.live();
    if (life_.kind == Kind::lapsed && !life_.consents.empty() && dice_.chance(0.4)) {
      Consent withdrawn = life_.consents.front();
      withdrawn.given = false;
      withdrawn.since = std::max(life_.created_at, days.last_day());
      life_.consents.push_back(withdrawn);
    }
    std::ranges::stable_sort(life_.events, {}, &event_log::NewEvent::time);
    for (event_log::NewEvent& event : life_.events) event.customer = life_.id;
  }

  const Plan& plan_;
  std::int64_t number_;
  Dice dice_;
  Presence presence_;
  Person person_;
  Life life_;
};

}  // namespace

Life life_of(const Plan& plan, std::int64_t number) {
  CHECK(number >= 0 && number < kCustomersMax);
  return LifeWriting(plan, number).write();
}

}  // namespace demo
