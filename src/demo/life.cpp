#include "demo/life.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "demo/day.h"
#include "demo/dice.h"
#include "demo/person.h"
#include "demo/teller.h"
#include "demo/text.h"

namespace demo {
namespace {

constexpr std::int64_t kPhoneFirst = 14'200'000'000;
constexpr double kLivesInStoreCity = 0.9;

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

template <typename T>
void keep_until(base::Moment end, std::vector<T>& all) {
  std::erase_if(all, [&](const T& each) { return each.since > end; });
  std::ranges::stable_sort(all, {}, [](const T& each) { return each.since; });
}

}  // namespace

class LifeWalk::State {
 public:
  State(const Plan& plan, std::int64_t number, std::int64_t born_ago)
      : plan_(plan),
        dice_(plan.seed(), static_cast<std::uint64_t>(number)),
        teller_(life_),
        days_(plan, person_, teller_) {
    life_.id = {dice_.random().id()};
    person_ = person_of(plan, number, born_ago, dice_);
    life_.kind = person_.kind;
    life_.key = fmt::format("M{:06}", number + 1);
    if (number % 2 == 0 && number / 2 < kPhonesMax) {
      life_.phone = std::to_string(kPhoneFirst + number / 2);
    }
    life_.created_at = Today{plan, person_.first_ago, dice_}.moment();
    // The day of the making is not over: whoever would come later came at that hour of the day
    // before.
    if (born_ago == kBeforeMaking && life_.created_at > plan.now()) come_a_day_earlier();
    next_ago_ = person_.told_ago;
    describe();
    mark();
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  void walk(std::int64_t days_ago) {
    for (; next_ago_ >= days_ago; --next_ago_) days_.live(next_ago_);
  }
  const Life& life() const { return life_; }
  Life take() {
    Life taken{.kind = life_.kind,
               .id = life_.id,
               .key = life_.key,
               .phone = life_.phone,
               .created_at = life_.created_at,
               .attributes = std::exchange(life_.attributes, {}),
               .tags = std::exchange(life_.tags, {}),
               .consents = std::exchange(life_.consents, {}),
               .lists = std::exchange(life_.lists, {}),
               .looked_after = std::exchange(life_.looked_after, {}),
               .events = std::exchange(life_.events, {})};
    return taken;
  }

 private:
  void come_a_day_earlier() {
    life_.created_at = life_.created_at - base::kDay;
    if (person_.told_ago == person_.first_ago) ++person_.told_ago;
    ++person_.first_ago;
  }

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
    if (person_.kind == Kind::stranger) return;
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

  const Plan& plan_;
  Dice dice_;
  Person person_;
  Life life_;
  Teller teller_;
  Days days_;
  std::int64_t next_ago_ = 0;
};

LifeWalk::LifeWalk(const Plan& plan, std::int64_t number) : LifeWalk(plan, number, kBeforeMaking) {}
LifeWalk::LifeWalk(const Plan& plan, std::int64_t number, std::int64_t born_ago) {
  CHECK(number >= 0 && number < kCustomersMax);
  state_ = std::make_unique<State>(plan, number, born_ago);
}
LifeWalk::~LifeWalk() = default;
LifeWalk::LifeWalk(LifeWalk&&) noexcept = default;
LifeWalk& LifeWalk::operator=(LifeWalk&&) noexcept = default;

void LifeWalk::walk(std::int64_t days_ago) { state_->walk(days_ago); }
const Life& LifeWalk::life() const { return state_->life(); }
Life LifeWalk::take() { return state_->take(); }

Life life_of(const Plan& plan, std::int64_t number) {
  LifeWalk walk(plan, number);
  walk.walk(0);
  Life life = walk.take();
  keep_until(plan.now(), life.tags);
  keep_until(plan.now(), life.consents);
  keep_until(plan.now(), life.lists);
  keep_until(plan.now(), life.looked_after);
  std::erase_if(life.attributes, [&](const auto& each) { return *each.since > plan.now(); });
  std::ranges::stable_sort(life.attributes, {}, [](const auto& each) { return *each.since; });
  std::erase_if(life.events, [&](const auto& each) { return each.time > plan.now(); });
  std::ranges::stable_sort(life.events, {}, &event_log::NewEvent::time);
  return life;
}

}  // namespace demo
