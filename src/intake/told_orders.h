// Inside the module: what is told of the orders of a file already, by the log before it and by its
// own rows, so that a row tells only what is new.
//
//   order_paid, order_refunded   what the row says in all, less what is told
//   the other order_…            once
//   any other event              always
//
// What the log knows is asked once an order, when it is first met: what is written of the file in
// the meantime does not change the answer. Memory: some 80 bytes an order. Not thread safe.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_map>

#include "intake/mapped_rows.h"

namespace intake {

class ToldOrders {
 public:
  explicit ToldOrders(KnownOrders ask) : ask_(std::move(ask)) {}

  struct Word {
    std::string_view order_id;
    std::string_view event;
    std::optional<std::int64_t> cents;  // in all
  };
  struct Answer {
    bool is_known = false;              // nothing of it is new
    std::optional<std::int64_t> cents;  // what is new
    std::int64_t before = 0;            // cents that were told before
    bool differs = false;               // the file has said another amount for it
  };
  Answer tell(const Word& word);

 private:
  static constexpr std::size_t kAmounts = 2;  // paid, refunded
  struct Order {
    std::array<std::int64_t, kAmounts> told_cents = {};  // in all
    std::array<std::int64_t, kAmounts> said_cents = {};  // by the row before
    std::uint8_t events = 0;                             // told, by bits
    std::uint8_t amounts = 0;                            // said by a row before, by bits
  };

  Order& order_of(std::string_view id);

  KnownOrders ask_;
  std::unordered_map<std::size_t, Order> orders_;  // by the hash of their numbers
};

}  // namespace intake
