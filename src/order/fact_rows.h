// Facts and orders as rows of their tables. For this module alone.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "order/rules.h"
#include "store/database.h"

namespace order {

// As the column sku_list holds it: JSON, nothing for an empty one.
std::string stored_list(std::span<const std::string> texts);

// The same of a fact; of a line its sku alone, a text.
std::string stored_skus(const Fact& fact);

// The columns kind, epoch, transaction_id, sequence, customer, time, amount, items, sku_list,
// coupon, from `first` on.
Fact fact_at(const store::Row& row, int first);
// The columns of `orders` in their order, from 0.
Order order_at(const store::Row& row);
void set_order(store::Unit& unit, const Order& order);

}  // namespace order
