#include "lifecycle/rfm_facts.h"

#include <algorithm>
#include <set>

#include "base/check.h"
#include "timeline/history.h"

namespace lifecycle {
namespace {

constexpr std::string_view kPaid = "order_paid";
constexpr std::string_view kRefunded = "order_refunded";
constexpr std::int64_t kMicrosOfCent = 10'000;

std::int64_t cents_of(const base::Value* value) {
  const auto number = value == nullptr ? std::nullopt : base::number_of(*value);
  return number ? static_cast<std::int64_t>(number->micros / kMicrosOfCent) : 0;
}

std::int64_t sum_of(const timeline::History& history, std::span<const timeline::EventAt> events,
                    base::PropertyId amount) {
  std::int64_t cents = 0;
  for (const timeline::EventAt& event : events) {
    cents += cents_of(history.property(event.order, amount));
  }
  return cents;
}

std::span<const timeline::EventAt> inside(std::span<const timeline::EventAt> events,
                                          const RfmAsked& asked) {
  const auto end = std::ranges::upper_bound(events, asked.at, {}, &timeline::EventAt::time);
  auto begin = events.begin();
  if (asked.window) {
    begin = std::ranges::upper_bound(events.begin(), end, asked.at - *asked.window, {},
                                     &timeline::EventAt::time);
  }
  return {begin, end};
}

// Different orders among `paid`, which are some of all events of the name.
std::int64_t orders_in(const timeline::History& history, std::span<const timeline::EventAt> paid,
                       const BoughtEvents& events) {
  if (!events.order) return std::ssize(paid);
  std::int64_t without = 0;
  std::set<std::string_view> orders;
  for (const timeline::EventAt& event : paid) {
    const base::Value* order = history.property(event.order, events.order);
    const auto* text = order == nullptr ? nullptr : std::get_if<std::string>(order);
    if (text == nullptr) {
      ++without;
    } else {
      orders.insert(*text);
    }
  }
  return without + std::ssize(orders);
}

}  // namespace

BoughtEvents bought_events(const RfmPolicy& policy, const event_log::EventTypes& types) {
  const event_log::EventType* paid = types.find(policy.event);
  CHECK(paid != nullptr && paid->find(policy.amount) != nullptr);
  BoughtEvents events{paid->id, paid->find(policy.amount)->id, {}};
  if (const auto* order = paid->find("order_id")) events.order = order->id;
  const event_log::EventType* refunded = types.find(kRefunded);
  if (policy.event != kPaid || refunded == nullptr) return events;
  if (const auto* amount = refunded->find("amount")) {
    events.refunded = refunded->id;
    events.refunded_amount = amount->id;
  }
  return events;
}

std::optional<RfmFacts> facts_of(const timeline::History& history, const RfmAsked& asked) {
  const auto paid = inside(history.events(asked.events.paid), asked);
  if (paid.empty()) return std::nullopt;
  RfmFacts facts{.person = history.customer()};
  facts.recency_days = (asked.at.ms - paid.back().time.ms) / base::kDay.ms;
  facts.orders = orders_in(history, paid, asked.events);
  facts.cents = sum_of(history, paid, asked.events.amount);
  if (asked.events.refunded) {
    const auto refunded = inside(history.events(asked.events.refunded), asked);
    facts.cents -= sum_of(history, refunded, asked.events.refunded_amount);
  }
  return facts;
}

std::vector<RfmFacts> facts_of(const timeline::Pin& pin, const RfmAsked& asked,
                               base::WorkPool& pool, const std::stop_token& stop) {
  std::set<std::pair<std::uint32_t, std::uint32_t>> left_out;
  for (const base::CustomerId customer : asked.left_out) {
    if (const auto place = pin.place_of(customer)) left_out.emplace(place->block, place->row);
  }
  std::vector<std::vector<RfmFacts>> found(pin.blocks());
  pool.run(
      pin.blocks(),
      [&](std::size_t block) {
        pin.rows(block).each([&](std::size_t row) {
          if (left_out.contains(
                  {static_cast<std::uint32_t>(block), static_cast<std::uint32_t>(row)})) {
            return;
          }
          if (auto facts = facts_of(*pin.history(block, row), asked)) {
            found[block].push_back(*facts);
          }
        });
      },
      stop);
  std::vector<RfmFacts> all;
  for (const auto& of_block : found) all.insert(all.end(), of_block.begin(), of_block.end());
  std::ranges::sort(all, {}, &RfmFacts::person);
  return all;
}

}  // namespace lifecycle
