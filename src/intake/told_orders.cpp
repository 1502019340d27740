#include "intake/told_orders.h"

#include <algorithm>
#include <functional>

namespace intake {
namespace {

constexpr std::array<std::string_view, 6> kEvents = {
    "order_paid",    "order_refunded", "order_created",
    "order_shipped", "order_received", "order_closed"};  // those with amounts first

constexpr std::size_t kRefunded = 1;

std::uint8_t bit_of(std::size_t index) { return static_cast<std::uint8_t>(1U << index); }

}  // namespace

ToldOrders::Order& ToldOrders::order_of(std::string_view id) {
  const auto [found, is_new] = orders_.try_emplace(std::hash<std::string_view>{}(id));
  Order& order = found->second;
  if (!is_new || !ask_) return order;
  const KnownOrder known = ask_(id);
  order.told_cents = {known.paid_cents, known.refunded_cents};
  for (std::size_t i = 0; i < kEvents.size(); ++i) {
    if (known.events.contains(kEvents[i])) order.events |= bit_of(i);
  }
  return order;
}

ToldOrders::Answer ToldOrders::tell(const Word& word) {
  const auto* const event = std::ranges::find(kEvents, word.event);
  Answer answer{.cents = word.cents};
  if (event == kEvents.end()) return answer;
  const auto index = static_cast<std::size_t>(event - kEvents.begin());
  Order& order = order_of(word.order_id);
  const bool was_told = (order.events & bit_of(index)) != 0;
  order.events |= bit_of(index);
  if (index >= kAmounts || !word.cents) {
    answer.is_known = was_told;
    return answer;
  }
  const std::int64_t said = *word.cents;
  const bool was_said = (order.amounts & bit_of(index)) != 0;
  order.amounts |= bit_of(index);
  answer.differs = was_said && order.said_cents[index] != said;
  order.said_cents[index] = said;
  std::int64_t& told = order.told_cents[index];
  answer.before = told;
  // An order that costs nothing is paid too.
  const bool is_first = !was_told && index != kRefunded;
  std::int64_t more = 0;
  const bool fits = !__builtin_sub_overflow(said, told, &more);
  answer.is_known = !fits || (more <= 0 && !is_first);
  if (answer.is_known) return answer;
  answer.cents = more;
  told = said;
  return answer;
}

}  // namespace intake
