// Inside the module: what one customer looks at and buys.
//
//   order_created → order_paid (or closed) → shipped → received → now and then a review, a refund
//
// Part of one life; not thread safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "demo/person.h"
#include "demo/teller.h"
#include "demo/text.h"

namespace demo {

class Shopping {
 public:
  // Both must outlive it.
  Shopping(const Person& person, Teller& teller);

  void get_coupon(base::Moment time);
  // A visit of the shop or of the counter. Answers whether they have paid something.
  bool visit(const Today& today, base::Moment time);
  // Presents: some of what is dear, by the mall.
  void buy_presents(const Today& today);
  base::Moment last_paid() const { return last_paid_; }

 private:
  struct Wish {
    const Text* product = nullptr;
    std::int64_t items = 1;
    bool in_store = false;
  };

  const Text& product(Dice& dice, bool in_store) const;
  void look_around(Dice& dice, base::Moment time, const Text& product);
  bool order(Dice& dice, base::Moment time, const Wish& wish);
  void pay(Dice& dice, base::Moment paid, const std::string& id);
  void fulfil(Dice& dice, base::Moment paid, const std::string& id);
  void review(Dice& dice, base::Moment received);
  void refund(Dice& dice, base::Moment paid, const std::string& id);
  void spend(base::Moment time);

  const Person& person_;
  Teller& teller_;
  std::int64_t orders_ = 0;
  std::int64_t spent_cents_ = 0;
  std::size_t level_ = 0;
  bool holds_coupon_ = false;
  base::Moment last_paid_ = base::kMomentMin;
  Wish wish_;               // of the order that is being told
  std::int64_t cents_ = 0;  // of it
};

}  // namespace demo
