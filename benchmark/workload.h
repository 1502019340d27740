// The work of the bench: customers and their events in 180 days, the same for the same sizes on
// every machine.
//
//   20 event names, 6 channels, 2,000 products, amounts on orders only
//   20 % of the customers make 95 % of the events: (rank + 46)^-0.6, the others 1 to 11 each
//   sessions by a Markov chain at the hours people are awake; several events in a second are usual,
//   two of one customer are never in one millisecond (so no peer has to break ties)
//
// Customers are numbered from 1. Everything about one follows from (seed, number), so threads need
// not agree on anything. Memory: 16 bytes an event. Pure but for the threads it starts.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "base/moment.h"
#include "base/value.h"

namespace bench {

inline constexpr base::Moment kStart{1'767'196'800'000};  // 2026-01-01T00:00+08:00
inline constexpr base::Duration kLength{180 * base::kDay.ms};
inline constexpr base::Moment kEnd = kStart + kLength;  // 2026-06-30T00:00+08:00

inline constexpr std::array<std::string_view, 20> kEventNames = {
    "app_opened",     "product_viewed",  "cart_added",     "order_created",  "order_paid",
    "order_shipped",  "order_received",  "order_refunded", "review_posted",  "message_delivered",
    "message_opened", "message_clicked", "article_read",   "article_shared", "coupon_issued",
    "coupon_used",    "live_attended",   "menu_clicked",   "checked_in",     "group_joined"};
inline constexpr std::array<std::string_view, 6> kChannels = {"app",  "mini",  "web",
                                                              "shop", "wecom", "sms"};
inline constexpr std::array<std::string_view, 20> kCities = {
    "Beijing", "Shanghai",  "Guangzhou", "Shenzhen", "Hangzhou", "Chengdu",   "Wuhan",
    "Nanjing", "Suzhou",    "Xian",      "Tianjin",  "Changsha", "Chongqing", "Qingdao",
    "Ningbo",  "Zhengzhou", "Dalian",    "Xiamen",   "Kunming",  "Fuzhou"};
inline constexpr std::uint32_t kSkusMax = 2000;

// Sixteen bytes; ordered by (time, the rest), so by time over all customers.
class Event {
 public:
  struct Parts {
    base::Moment time;           // in [kStart, kEnd)
    std::uint32_t customer = 0;  // from 1
    std::uint32_t amount = 0;    // cents; 0: none
    std::uint32_t sku = 0;       // 1 … kSkusMax; 0: none
    std::uint32_t name = 0;      // in kEventNames
    std::uint32_t channel = 0;   // in kChannels
  };
  Event() = default;
  explicit Event(const Parts& parts)
      : packed_(static_cast<std::uint64_t>((parts.time - kStart).ms) << 24 | parts.sku << 8 |
                parts.channel << 5 | parts.name),
        customer_(parts.customer),
        amount_(parts.amount) {}

  base::Moment time() const {
    return kStart + base::Duration{static_cast<std::int64_t>(packed_ >> 24)};
  }
  std::uint32_t customer() const { return customer_; }
  std::uint32_t amount() const { return amount_; }
  std::uint32_t sku() const { return static_cast<std::uint32_t>(packed_ >> 8 & 0xffff); }
  std::uint32_t channel() const { return static_cast<std::uint32_t>(packed_ >> 5 & 7); }
  std::uint32_t name() const { return static_cast<std::uint32_t>(packed_ & 31); }
  friend auto operator<=>(const Event&, const Event&) = default;

 private:
  std::uint64_t packed_ = 0;  // time − kStart: 34 bits · sku: 16 · channel: 3 · name: 5
  std::uint32_t customer_ = 0;
  std::uint32_t amount_ = 0;
};

// What was so from a moment on: of a level the number, of a tag or consent 1 or 0.
struct Since {
  base::Moment since;
  int value = 0;
};

struct Customer {
  std::uint32_t city = 0;  // in kCities
  base::Date birthday;
  std::vector<Since> levels;     // attribute level: one to three values, rising in time
  std::vector<Since> vip;        // tag: on, perhaps off, perhaps on again; a tenth is on at kEnd
  std::vector<Since> marketing;  // consent: the same
};

struct Sizes {
  std::uint32_t customers = 0;
  std::uint64_t events = 0;
};
// A customer for every hundred events.
Sizes sizes_of(std::uint64_t events);

class Workload {
 public:
  // Requires at least 100 customers and 12 events for each.
  explicit Workload(const Sizes& sizes);

  const Sizes& sizes() const { return sizes_; }
  std::uint32_t events_of(std::uint32_t customer) const { return counts_[customer - 1]; }
  Customer customer(std::uint32_t customer) const;
  // The customer's events, ascending in time.
  void visit_events(std::uint32_t customer, const std::function<void(const Event&)>& visit) const;
  // All events as a log would have them: ascending. On `threads` threads; the answer does not
  // depend on how many.
  std::vector<Event> events(unsigned threads) const;

 private:
  Sizes sizes_;
  std::vector<std::uint32_t> counts_;
};

}  // namespace bench
