#include "lifecycle/purchases.h"

#include <gtest/gtest.h>

#include "timeline/test_rows.h"

namespace lifecycle {
namespace {

using base::Money;
using timeline::kAmount;
using timeline::kItems;
using timeline::kPage;
using timeline::kPaid;
using timeline::kSku;
using timeline::kViewed;
using timeline::kWeight;

constexpr base::PropertyId kBack{212};
// 2026-01-01 in Shanghai.
constexpr std::int64_t kDayMs = 86'400'000;
constexpr base::Moment kFirst{1'767'196'800'000};

// Orders are told by sku, refunds are views of a page by that name.
const PurchaseSource kSource{.event = kPaid,
                             .amount = kAmount,
                             .order = kSku,
                             .refund = kViewed,
                             .refund_amount = kBack,
                             .refund_order = kPage};

class PurchasesTest : public ::testing::Test {
 protected:
  PurchasesTest() : store_(timeline::test_changes()) {
    store_.set_origins(timeline::test_origins());
    for (std::int64_t id : {3, 1, 2}) store_.add_person({id}, kFirst);
    store_.publish({});
  }

  void paid(std::int64_t customer, double day, std::string order, base::Value amount) {
    add(customer, kPaid, day, {{kAmount, std::move(amount)}, {kSku, base::Value(order)}});
  }
  void refunded(std::int64_t customer, double day, std::string order, std::int64_t cents) {
    add(customer, kViewed, day, {{kPage, base::Value(order)}, {kBack, base::Value(Money{cents})}});
  }
  void add(std::int64_t customer, base::EventTypeId type, double day,
           std::vector<event_log::KnownProperty> properties) {
    std::ranges::sort(properties, {}, &event_log::KnownProperty::id);
    timeline::RowEvent event;
    event.type = type;
    event.time = kFirst + base::Duration{static_cast<std::int64_t>(day * kDayMs)};
    event.slot = ++slot_;
    store_.add({customer}, event, properties);
  }

  Purchases read(const PurchaseSource& source = kSource, double until_day = 1000) {
    store_.publish({});
    const PurchaseQuestion question{
        .source = source,
        .zone = *base::Zone::named("Asia/Shanghai"),
        .until = kFirst + base::Duration{static_cast<std::int64_t>(until_day * kDayMs)},
        .left_out = left_out_};
    const Purchases delta = purchases_of(store_.pin(), question, pool_);
    for (const std::size_t block : store_.changed_blocks(1)) store_.fold(block);
    const Purchases folded = purchases_of(store_.pin(), question, pool_);
    EXPECT_EQ(delta.people, folded.people) << "folding changes nothing";
    EXPECT_EQ(delta.begins, folded.begins);
    EXPECT_EQ(delta.days, folded.days);
    EXPECT_EQ(delta.cents, folded.cents);
    return folded;
  }
  static std::vector<std::int64_t> cents(const Purchases& purchases, std::size_t person) {
    const auto all = purchases.cents_of(person);
    return {all.begin(), all.end()};
  }
  static std::vector<std::int32_t> days(const Purchases& purchases, std::size_t person) {
    std::vector<std::int32_t> out;
    for (const std::int32_t day : purchases.days_of(person)) out.push_back(day - 20'454);
    return out;
  }

  timeline::ColumnStore store_;
  base::WorkPool pool_{1};
  timeline::Slot slot_ = 0;
  std::vector<base::CustomerId> left_out_;
};

TEST_F(PurchasesTest, ADayIsOnePurchaseOfTheWorkspacesZone) {
  paid(1, 0, "a", Money{1000});
  paid(1, 0.999, "b", Money{500});  // 23:58
  paid(1, 1, "c", Money{200});      // midnight
  paid(3, 5.5, "d", Money{100});
  const Purchases all = read();
  EXPECT_EQ(all.people, (std::vector<base::CustomerId>{{1}, {3}})) << "who has bought, ascending";
  EXPECT_EQ(days(all, 0), (std::vector<std::int32_t>{0, 1}));
  EXPECT_EQ(cents(all, 0), (std::vector<std::int64_t>{1500, 200}));
  EXPECT_EQ(days(all, 1), (std::vector<std::int32_t>{5}));
}

TEST_F(PurchasesTest, WhatComesAtOrAfterTheEndIsNotThere) {
  paid(1, 3, "a", Money{1000});
  paid(1, 4, "b", Money{500});
  refunded(1, 4, "a", 300);
  paid(2, 9, "c", Money{500});
  const Purchases all = read(kSource, 4);
  EXPECT_EQ(all.people, (std::vector<base::CustomerId>{{1}}));
  EXPECT_EQ(cents(all, 0), (std::vector<std::int64_t>{1000}));
}

TEST_F(PurchasesTest, ARefundLeavesTheDayOfItsOrder) {
  paid(1, 0, "a", Money{1000});
  paid(1, 5, "b", Money{700});
  refunded(1, 8, "a", 400);
  refunded(1, 9, "of nothing known", 100);  // from the last one before
  const Purchases all = read();
  EXPECT_EQ(cents(all, 0), (std::vector<std::int64_t>{600, 600}));
}

TEST_F(PurchasesTest, WhatIsGivenBackWholeStaysAPurchase) {
  paid(1, 0, "a", Money{1000});
  refunded(1, 1, "a", 1000);
  refunded(2, 1, "x", 1000);  // without any purchase
  const Purchases all = read();
  EXPECT_EQ(all.people, (std::vector<base::CustomerId>{{1}}));
  EXPECT_EQ(cents(all, 0), (std::vector<std::int64_t>{0}));
}

TEST_F(PurchasesTest, AmountsOfEveryKindOfNumber) {
  add(1, kPaid, 0, {{kItems, base::Value(std::int64_t{3})}});
  add(1, kPaid, 1, {{kWeight, base::Value(base::Decimal{12'345'678})}});
  PurchaseSource source{.event = kPaid, .amount = kItems};
  EXPECT_EQ(cents(read(source), 0), (std::vector<std::int64_t>{300, 0}));
  source.amount = kWeight;
  EXPECT_EQ(cents(read(source), 0), (std::vector<std::int64_t>{0, 1235}));
}

TEST_F(PurchasesTest, WhoIsLeftOut) {
  paid(1, 0, "a", Money{1000});
  paid(2, 0, "b", Money{1000});
  left_out_ = {{1}};
  EXPECT_EQ(read().people, (std::vector<base::CustomerId>{{2}}));
}

TEST(PurchaseSource, NamesWhatIsWrong) {
  const auto& types = timeline::test_types();
  ASSERT_TRUE(source_of(types, "order_paid", "amount"));
  EXPECT_EQ(source_of(types, "order_paid", "amount")->amount, kAmount);
  EXPECT_FALSE(source_of(types, "order_paid", "amount")->refund) << "no such event here";
  EXPECT_EQ(source_of(types, "nothing", "amount").error(), SourceFault::unknown_event);
  EXPECT_EQ(source_of(types, "order_paid", "price").error(), SourceFault::unknown_amount);
  EXPECT_EQ(source_of(types, "order_paid", "sku").error(), SourceFault::not_a_number);
}

}  // namespace
}  // namespace lifecycle
