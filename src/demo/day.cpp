#include "demo/day.h"

#include <fmt/format.h>

#include <array>
#include <boost/json/array.hpp>
#include <optional>

#include "base/check.h"
#include "base/value.h"

namespace demo {
namespace {

constexpr std::int64_t kFestivalDays = 3;
constexpr std::int64_t kCheckInDays = 14;
constexpr std::int64_t kStoreOnlyCents = 3000;  // below: drunk in the store
constexpr std::int64_t kCouponFromCents = 10'000;

// Of a hundred comings: how many fall into each hour.
constexpr std::array<int, 24> kHours = {0, 0, 0, 0,  0, 0, 0, 1, 3, 6, 9, 8,
                                        5, 5, 8, 10, 9, 6, 5, 7, 8, 6, 3, 1};
// From Monday.
constexpr std::array<double, 7> kWeekdays = {0.8, 0.8, 0.9, 0.9, 1.1, 1.4, 1.3};

// How likely somebody comes on a day like any other.
double daily(Kind kind) {
  switch (kind) {
    case Kind::regular:
      return 0.11;
    case Kind::occasional:
      return 0.022;
    case Kind::newcomer:
      return 0.07;
    case Kind::sleeper:
      return 0.03;
    case Kind::lapsed:
      return 0.02;
  }
  base::unreachable();
}

double buys(Kind kind) {
  switch (kind) {
    case Kind::regular:
      return 0.62;
    case Kind::occasional:
    case Kind::sleeper:
      return 0.45;
    case Kind::newcomer:
    case Kind::lapsed:
      return 0.32;
  }
  base::unreachable();
}

base::Duration minutes(std::int64_t count) { return {count * base::kMinute.ms}; }
base::Duration hours(std::int64_t count) { return {count * base::kHour.ms}; }

std::string yuan(std::int64_t cents) { return base::to_text(base::Value(base::Money{cents})); }

boost::json::value json_of(std::string_view text) { return boost::json::value(text); }

std::string_view sku_of(const Text& product) {
  return product.more.substr(0, product.more.find(' '));
}
std::string_view category_of(const Text& product) {
  return product.more.substr(product.more.find(' ') + 1);
}

}  // namespace

base::Moment moment_of(const Plan& plan, std::int64_t days_ago, Dice& dice) {
  std::int64_t left = dice.between(0, 99);
  std::size_t hour = 0;
  while (hour + 1 < kHours.size() && (left -= kHours[hour]) >= 0) ++hour;
  return plan.start_of(days_ago) + hours(static_cast<std::int64_t>(hour)) +
         base::Duration{dice.between(0, base::kHour.ms - 1)};
}

Days::Days(const Plan& plan, const Person& person, const Parts& parts)
    : plan_(plan),
      person_(person),
      parts_(parts),
      festival_(text("festival")),
      checkin_(text("checkin")),
      campaigns_(texts("campaign")) {}

void Days::add(std::string_view name, base::Moment time,
               std::initializer_list<Property> properties) {
  if (time > plan_.now() || time < parts_.life.created_at) return;
  event_log::NewEvent event{.customer = {},
                            .name = std::string(name),
                            .time = time,
                            .properties = {},
                            .key = std::nullopt,
                            .ordinal = std::nullopt};
  for (const auto& [property, value] : properties) event.properties.emplace(property, value);
  parts_.life.events.push_back(std::move(event));
}

void Days::live() {
  if (parts_.presence.first < plan_.days()) {
    arrive();
  } else if (parts_.number % 5 < 3) {
    // Friends from before the days that are told.
    parts_.life.looked_after = LookedAfter{person_.staff, parts_.life.created_at};
  }
  checks_in_ =
      parts_.life.kind == Kind::regular ? parts_.dice.chance(0.35) : parts_.dice.chance(0.02);
  const std::int64_t from = std::min(parts_.presence.first, plan_.days() - 1);
  for (std::int64_t ago = from; ago >= 0; --ago) {
    // Who is silent still gets what they have agreed to.
    receive_messages(ago);
    if (ago >= parts_.presence.last) one_day(ago);
  }
  if (parts_.life.kind == Kind::lapsed) leave();
}

// By what they came: the account, a member of the staff, a group.
void Days::arrive() {
  Dice& dice = parts_.dice;
  const base::Moment since = parts_.life.created_at;
  if (dice.chance(0.75)) {
    add("followed", since,
        {{"account", json_of(text("account").text)},
         {"scene", json_of(dice.weighted(texts("scene")).text)}});
  }
  if (dice.chance(0.6)) {
    const base::Moment befriended = since + minutes(dice.between(1, 30));
    add("friend_added", befriended,
        {{"staff", json_of(person_.staff)}, {"way", json_of(person_.way)}});
    if (befriended <= plan_.now()) {
      parts_.life.looked_after = LookedAfter{person_.staff, befriended};
    }
  }
  if (dice.chance(0.3)) {
    add("group_joined", since + hours(dice.between(1, 40)),
        {{"group", json_of(dice.one_of(texts("group")).text)}, {"how", json_of(person_.way)}});
  }
}

void Days::leave() {
  Dice& dice = parts_.dice;
  const base::Moment time = last_day() + hours(dice.between(1, 200));
  if (dice.chance(0.5)) add("unfollowed", time, {{"account", json_of(text("account").text)}});
  if (dice.chance(0.35)) {
    const base::Moment parted = time + minutes(dice.between(1, 50));
    add("friend_removed", parted, {{"staff", json_of(person_.staff)}, {"by", json_of("customer")}});
    if (parted <= plan_.now()) parts_.life.looked_after.reset();
  }
  if (dice.chance(0.2)) {
    add("group_left", time + hours(1), {{"group", json_of(dice.one_of(texts("group")).text)}});
  }
}

bool Days::is_festival(std::int64_t days_ago) const {
  const std::int64_t begins = festival_.number;
  return days_ago <= begins && days_ago > begins - kFestivalDays;
}

bool Days::comes(std::int64_t days_ago) {
  const int weekday = plan_.weekday_of(days_ago);
  double likely = daily(parts_.life.kind) * kWeekdays[static_cast<std::size_t>(weekday - 1)];
  if (is_festival(days_ago)) likely *= 3;
  if (std::exchange(eager_, false)) likely += 0.25;
  return parts_.dice.chance(likely);
}

void Days::one_day(std::int64_t days_ago) {
  Dice& dice = parts_.dice;
  check_in(days_ago);
  if (days_ago == festival_.number && dice.chance(0.25)) {
    add("coupon_issued", plan_.start_of(days_ago) + hours(8),
        {{"coupon", json_of(text("coupon").text)},
         {"value", json_of(yuan(text("coupon").number))}});
    holds_coupon_ = true;
  }
  if (!comes(days_ago)) return;
  const base::Moment time = moment_of(plan_, days_ago, dice);
  // On the day somebody becomes a customer they do so first.
  if (time < parts_.life.created_at + minutes(20)) return;
  const bool in_store = dice.chance(0.55);
  const Text& wanted = product(in_store);
  if (!in_store) look_around(time, wanted);
  const bool ordered = dice.chance(buys(parts_.life.kind) * (is_festival(days_ago) ? 1.3 : 1));
  if (!in_store && (ordered || dice.chance(0.2))) {
    add("cart_added", time + minutes(dice.between(1, 6)),
        {{"sku", json_of(sku_of(wanted))},
         {"product", json_of(wanted.text)},
         {"category", json_of(category_of(wanted))},
         {"price", json_of(yuan(wanted.number))},
         {"quantity", 1}});
  }
  if (ordered) order(time + minutes(dice.between(7, 25)), wanted, in_store);
}

const Text& Days::product(bool in_store) {
  // Two of three times something of their taste.
  Dice& dice = parts_.dice;
  for (int tries = 0; tries < 6; ++tries) {
    const Text& chosen = dice.one_of(texts("product"));
    const bool drunk = chosen.number < kStoreOnlyCents;
    if (drunk && !in_store) continue;
    if (in_store && !drunk && !dice.chance(0.4)) continue;
    if (category_of(chosen) == person_.taste || dice.chance(0.35)) return chosen;
  }
  return texts("product").front();
}

void Days::look_around(base::Moment time, const Text& product) {
  Dice& dice = parts_.dice;
  const auto look = [&](const Text& seen, base::Moment when) {
    add("product_viewed", when,
        {{"sku", json_of(sku_of(seen))},
         {"product", json_of(seen.text)},
         {"category", json_of(category_of(seen))},
         {"price", json_of(yuan(seen.number))}});
  };
  for (std::int64_t more = dice.between(0, 2); more > 0; --more) {
    look(dice.one_of(texts("product")), time - minutes(dice.between(1, 15)));
  }
  look(product, time);
}

void Days::order(base::Moment time, const Text& product, bool in_store) {
  Dice& dice = parts_.dice;
  const std::int64_t items = dice.chance(0.25) ? dice.between(2, 4) : 1;
  std::int64_t cents = product.number * items;
  const bool uses_coupon = holds_coupon_ && cents >= kCouponFromCents;
  if (uses_coupon) cents -= text("coupon").number;
  const std::string id = fmt::format("YX{:06}{:03}", parts_.number + 1, ++orders_);
  const std::string_view coupon = uses_coupon ? text("coupon").text : "";
  const auto tell = [&](std::string_view event, base::Moment when) {
    add(event, when,
        {{"order_id", json_of(id)},
         {"amount", json_of(yuan(cents))},
         {"items", items},
         {"sku_list", boost::json::array{json_of(sku_of(product))}},
         {"coupon", coupon.empty() ? boost::json::value(nullptr) : json_of(coupon)},
         {"channel", json_of(text(in_store ? "counter" : "online").text)},
         {"store", json_of(person_.home)}});
  };
  tell("order_created", time);
  if (!in_store && dice.chance(0.12)) {
    add("order_closed", time + minutes(30),
        {{"order_id", json_of(id)}, {"reason", json_of(text("close_reason").text)}});
    return;
  }
  const base::Moment paid = time + base::Duration{dice.between(5, 500) * base::kSecond.ms};
  tell("order_paid", paid);
  if (uses_coupon) {
    holds_coupon_ = false;
    add("coupon_used", paid,
        {{"coupon", json_of(coupon)},
         {"order_id", json_of(id)},
         {"value", json_of(yuan(text("coupon").number))}});
  }
  if (paid > plan_.now()) return;
  spend(paid, cents);
  fulfil(paid, id, in_store);
  if (dice.chance(in_store ? 0.006 : 0.045)) refund(paid, id, cents);
}

void Days::fulfil(base::Moment paid, std::string_view id, bool in_store) {
  Dice& dice = parts_.dice;
  if (in_store) {
    add("order_received", paid + minutes(dice.between(3, 20)), {{"order_id", json_of(id)}});
    return;
  }
  const base::Moment shipped = paid + hours(dice.between(4, 30));
  add("order_shipped", shipped, {{"order_id", json_of(id)}});
  add("order_received", shipped + hours(dice.between(20, 96)), {{"order_id", json_of(id)}});
}

void Days::refund(base::Moment paid, std::string_view id, std::int64_t cents) {
  Dice& dice = parts_.dice;
  const std::int64_t back = dice.chance(0.7) ? cents : cents / 2;
  add("order_refunded", paid + hours(dice.between(26, 200)),
      {{"order_id", json_of(id)},
       {"amount", json_of(yuan(back))},
       {"reason", json_of(dice.one_of(texts("refund_reason")).text)}});
}

void Days::spend(base::Moment time, std::int64_t cents) {
  spent_cents_ += cents;
  const auto levels = texts("level");
  std::size_t reached = level_;
  while (reached + 1 < levels.size() && spent_cents_ >= levels[reached + 1].number) ++reached;
  if (reached == level_) return;
  level_ = reached;
  parts_.life.attributes.push_back(
      {"level", base::Value(std::string(levels[level_].text)), {}, time});
}

void Days::receive_messages(std::int64_t days_ago) {
  if (!person_.consents) return;
  Dice& dice = parts_.dice;
  for (const Text& campaign : campaigns_) {
    if (campaign.number != days_ago) continue;
    const auto tell = [&](std::string_view event, base::Moment time) {
      add(event, time,
          {{"message", json_of(campaign.text)},
           {"play", json_of("broadcast")},
           {"channel", json_of(text("campaign_channel").text)}});
    };
    const base::Moment sent = plan_.start_of(days_ago) + hours(10) + minutes(dice.between(0, 59));
    tell("message_sent", sent);
    if (!dice.chance(0.97)) continue;
    tell("message_delivered", sent + minutes(1));
    const bool is_there = days_ago >= parts_.presence.last;
    if (!dice.chance(is_there ? 0.42 : 0.12)) continue;
    const base::Moment opened = sent + minutes(dice.between(2, 600));
    tell("message_opened", opened);
    if (!dice.chance(0.22)) continue;
    tell("message_clicked", opened + minutes(1));
    eager_ = true;
  }
}

void Days::check_in(std::int64_t days_ago) {
  const std::int64_t begins = checkin_.number;
  if (!checks_in_ || days_ago > begins || days_ago <= begins - kCheckInDays) return;
  Dice& dice = parts_.dice;
  if (!dice.chance(0.75)) return;
  add("checked_in", moment_of(plan_, days_ago, dice), {{"campaign", json_of(checkin_.text)}});
}

}  // namespace demo
