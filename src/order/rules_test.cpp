#include "order/rules.h"

#include <gtest/gtest.h>

namespace order {
namespace {

Fact fact(FactKind kind, std::int64_t day, std::optional<std::int64_t> cents = std::nullopt,
          std::int64_t customer = 1) {
  Fact made;
  made.kind = kind;
  made.position = {0, 0, day};
  made.customer = {customer};
  made.time = {day * base::kDay.ms};
  if (cents) made.amount = base::Money{*cents};
  return made;
}

State state_of(std::vector<Fact> facts) { return order_of("a", facts).state; }

TEST(OrderRules, TheFurthestStepIsTheState) {
  using enum FactKind;
  EXPECT_EQ(state_of({fact(created, 1)}), State::created);
  EXPECT_EQ(state_of({fact(created, 1), fact(paid, 2, 100)}), State::paid);
  EXPECT_EQ(state_of({fact(paid, 2, 100), fact(shipped, 3)}), State::shipped);
  EXPECT_EQ(state_of({fact(received, 1), fact(paid, 2, 100)}), State::received);
  EXPECT_EQ(state_of({fact(created, 1), fact(closed, 2)}), State::closed);
}

TEST(OrderRules, RefundedWholeIsAStateInPartIsNot) {
  using enum FactKind;
  EXPECT_EQ(state_of({fact(paid, 1, 100), fact(refunded, 2, 99)}), State::paid);
  EXPECT_EQ(state_of({fact(paid, 1, 100), fact(refunded, 2, 99), fact(refunded, 3, 1)}),
            State::refunded);
  EXPECT_EQ(state_of({fact(paid, 1, 100), fact(refunded, 2, 100), fact(closed, 3)}),
            State::refunded);
  EXPECT_EQ(state_of({fact(paid, 1, 100), fact(refunded, 2, 50), fact(closed, 3)}), State::closed);
  EXPECT_EQ(state_of({fact(created, 1), fact(refunded, 2)}), State::created);
}

TEST(OrderRules, SumsAndFirstWordsCount) {
  using enum FactKind;
  Fact made = fact(created, 1, 500, 7);
  made.sku_list = {"茶"};
  made.items = 2;
  Fact first = fact(paid, 2, 200, 8);
  first.sku_list = {"other"};
  first.coupon = "新人券";
  const std::vector<Fact> facts = {made, first, fact(paid, 3, 300, 9), fact(refunded, 4, 50, 9)};
  const Order order = order_of("T-1", facts);
  EXPECT_EQ(order.id, "T-1");
  EXPECT_EQ(order.customer, base::CustomerId{8});
  EXPECT_EQ(order.placed_at.ms, base::kDay.ms);
  EXPECT_EQ(order.when[1], base::Moment{2 * base::kDay.ms});
  EXPECT_EQ(order.amount->cents, 500);
  EXPECT_EQ(order.paid.cents, 500);
  EXPECT_EQ(order.refunded.cents, 50);
  EXPECT_EQ(order.items, 2);
  EXPECT_EQ(order.sku_list, std::vector<std::string>{"茶"});
  EXPECT_EQ(order.coupon, "新人券");
}

Fact line(FactKind kind, std::int64_t day, const char* sku, std::optional<std::int64_t> items) {
  Fact made = fact(kind, day, 100);
  made.is_line = true;
  made.sku_list = {sku};
  made.items = items;
  return made;
}

TEST(OrderRules, WhatAnOrderHoldsIsTheSumOfItsLines) {
  using enum FactKind;
  using Skus = std::vector<std::string>;
  std::vector<Fact> facts = {line(paid, 1, "茶", 2), line(paid, 1, "杯", 1), line(paid, 1, "茶", 3),
                             line(paid, 1, "盖", std::nullopt), line(refunded, 2, "杯", 1)};
  EXPECT_EQ(order_of("a", facts).items, 6);
  EXPECT_EQ(order_of("a", facts).sku_list, (Skus{"茶", "杯", "盖"}));
  EXPECT_EQ(order_of("a", facts).paid.cents, 400);
  // What is paid is what is held, not what was asked for.
  facts.insert(facts.begin(), line(created, 0, "壶", 9));
  EXPECT_EQ(order_of("a", facts).items, 6);
  EXPECT_EQ(order_of("a", std::span(facts).first(1)).items, 9);
  // An event of the whole order knows better.
  facts.front() = fact(created, 0, 400);
  facts.front().items = 7;
  EXPECT_EQ(order_of("a", facts).items, 7);
  EXPECT_EQ(order_of("a", facts).sku_list, (Skus{"茶", "杯", "盖"}));
  facts = {fact(paid, 1, 100)};
  EXPECT_FALSE(order_of("a", facts).items.has_value());
}

TEST(OrderRules, NamesAreReadBack) {
  for (std::size_t i = 0; i < kStates; ++i) {
    const auto state = static_cast<State>(i);
    EXPECT_EQ(state_named(name_of(state)), state);
  }
  EXPECT_FALSE(state_named("lost").has_value());
}

}  // namespace
}  // namespace order
