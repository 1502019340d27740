#include "demo/shopping.h"

#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <optional>

#include "base/value.h"

namespace demo {
namespace {

constexpr std::int64_t kStoreOnlyCents = 3000;  // below: drunk in the store
constexpr std::int64_t kCouponFromCents = 10'000;
constexpr double kFestivalBuys = 1.2;

std::string yuan(std::int64_t cents) { return base::to_text(base::Value(base::Money{cents})); }

std::string_view sku_of(const Text& product) {
  return product.more.substr(0, product.more.find(' '));
}
std::string_view category_of(const Text& product) {
  return product.more.substr(product.more.find(' ') + 1);
}

}  // namespace

Shopping::Shopping(const Person& person, Teller& teller) : person_(person), teller_(teller) {}

void Shopping::get_coupon(base::Moment time) {
  teller_.event(
      "coupon_issued", time,
      {{"coupon", json_of(text("coupon").text)}, {"value", json_of(yuan(text("coupon").number))}});
  holds_coupon_ = true;
}

bool Shopping::visit(const Today& today, base::Moment time) {
  Dice& dice = today.dice;
  // Who never buys does not sit down at the counter either.
  const bool in_store = dice.chance(0.55) && person_.buys > 0;
  const Text& wanted = product(dice, in_store);
  if (!in_store) look_around(dice, time, wanted);
  const double buys = person_.buys * (today.plan.is_festival(today.ago) ? kFestivalBuys : 1);
  const bool ordered = dice.chance(buys);
  if (!in_store && (ordered || dice.chance(0.2))) {
    teller_.event("cart_added", time + minutes(dice.between(1, 6)),
                  {{"sku", json_of(sku_of(wanted))},
                   {"product", json_of(wanted.text)},
                   {"category", json_of(category_of(wanted))},
                   {"price", json_of(yuan(wanted.number))},
                   {"quantity", 1}});
  }
  if (!ordered) return false;
  const std::int64_t items = dice.chance(0.25) ? dice.between(2, 4) : 1;
  return order(dice, time + minutes(dice.between(7, 25)), {&wanted, items, in_store});
}

void Shopping::buy_presents(const Today& today) {
  Dice& dice = today.dice;
  const base::Moment time = today.moment();
  const Text& wanted = product(dice, false);
  look_around(dice, time, wanted);
  (void)order(dice, time + minutes(dice.between(7, 25)), {&wanted, dice.between(2, 6), false});
}

const Text& Shopping::product(Dice& dice, bool in_store) const {
  // Two of three times something of their taste.
  for (int tries = 0; tries < 6; ++tries) {
    const Text& chosen = dice.one_of(texts("product"));
    const bool drunk = chosen.number < kStoreOnlyCents;
    if (drunk && !in_store) continue;
    if (in_store && !drunk && !dice.chance(0.4)) continue;
    if (category_of(chosen) == person_.taste || dice.chance(0.35)) return chosen;
  }
  return texts("product").front();
}

void Shopping::look_around(Dice& dice, base::Moment time, const Text& product) {
  const auto look = [&](const Text& seen, base::Moment when) {
    teller_.event("product_viewed", when,
                  {{"sku", json_of(sku_of(seen))},
                   {"product", json_of(seen.text)},
                   {"category", json_of(category_of(seen))},
                   {"price", json_of(yuan(seen.number))}});
  };
  for (std::int64_t more = dice.between(0, 2); more > 0; --more) {
    look(dice.one_of(texts("product")), time + minutes(dice.between(1, 5)));
  }
  look(product, time);
}

bool Shopping::order(Dice& dice, base::Moment time, const Wish& wish) {
  wish_ = wish;
  cents_ = wish.product->number * wish.items;
  const bool uses_coupon = holds_coupon_ && cents_ >= kCouponFromCents;
  if (uses_coupon) cents_ -= text("coupon").number;
  const std::string id = fmt::format("YX{:06}{:03}", person_.number + 1, ++orders_);
  const std::string_view coupon = uses_coupon ? text("coupon").text : "";
  const auto tell = [&](std::string_view event, base::Moment when) {
    teller_.event(event, when,
                  {{"order_id", json_of(id)},
                   {"amount", json_of(yuan(cents_))},
                   {"items", wish.items},
                   {"sku_list", boost::json::array{json_of(sku_of(*wish.product))}},
                   {"coupon", coupon.empty() ? boost::json::value(nullptr) : json_of(coupon)},
                   {"channel", json_of(text(wish.in_store ? "counter" : "online").text)},
                   {"store", json_of(person_.home)}});
  };
  tell("order_created", time);
  if (!wish.in_store && dice.chance(0.12)) {
    teller_.event("order_closed", time + minutes(30),
                  {{"order_id", json_of(id)}, {"reason", json_of(text("close_reason").text)}});
    return false;
  }
  const base::Moment paid = time + base::Duration{dice.between(5, 500) * base::kSecond.ms};
  tell("order_paid", paid);
  if (uses_coupon) {
    holds_coupon_ = false;
    teller_.event("coupon_used", paid,
                  {{"coupon", json_of(coupon)},
                   {"order_id", json_of(id)},
                   {"value", json_of(yuan(text("coupon").number))}});
  }
  pay(dice, paid, id);
  return true;
}

void Shopping::pay(Dice& dice, base::Moment paid, const std::string& id) {
  last_paid_ = paid;
  spend(paid);
  fulfil(dice, paid, id);
  if (dice.chance(wish_.in_store ? 0.006 : 0.045)) refund(dice, paid, id);
  if (dice.chance(0.012)) {
    teller_.tag(dice.one_of(texts("care")).text, paid + minutes(dice.between(5, 300)), true);
  }
}

void Shopping::fulfil(Dice& dice, base::Moment paid, const std::string& id) {
  base::Moment received = paid + minutes(dice.between(3, 20));
  if (!wish_.in_store) {
    const base::Moment shipped = paid + hours(dice.between(4, 30));
    teller_.event("order_shipped", shipped, {{"order_id", json_of(id)}});
    received = shipped + hours(dice.between(20, 96));
  }
  teller_.event("order_received", received, {{"order_id", json_of(id)}});
  if (dice.chance(person_.posts ? 0.3 : 0.02)) review(dice, received);
}

void Shopping::review(Dice& dice, base::Moment received) {
  teller_.event("review_posted", received + hours(dice.between(1, 30)),
                {{"sku", json_of(sku_of(*wish_.product))},
                 {"stars", dice.chance(0.8) ? 5 : dice.between(1, 4)}});
}

void Shopping::refund(Dice& dice, base::Moment paid, const std::string& id) {
  const std::int64_t back = dice.chance(0.7) ? cents_ : cents_ / 2;
  const base::Moment refunded = paid + hours(dice.between(26, 200));
  teller_.event("order_refunded", refunded,
                {{"order_id", json_of(id)},
                 {"amount", json_of(yuan(back))},
                 {"reason", json_of(dice.one_of(texts("refund_reason")).text)}});
  if (!dice.chance(0.5)) return;
  // Somebody is to ask what was wrong, and does.
  const base::Moment noted = refunded + minutes(dice.between(2, 90));
  teller_.tag(text("care_call").text, noted, true);
  teller_.tag(text("care_call").text, noted + hours(dice.between(3, 70)), false);
}

void Shopping::spend(base::Moment time) {
  spent_cents_ += cents_;
  const auto levels = texts("level");
  std::size_t reached = level_;
  while (reached + 1 < levels.size() && spent_cents_ >= levels[reached + 1].number) ++reached;
  if (reached == level_) return;
  level_ = reached;
  teller_.level(levels[level_].text, time);
}

}  // namespace demo
