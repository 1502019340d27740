#include "benchmark/workload.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <thread>

#include "base/check.h"

namespace bench {
namespace {

constexpr std::uint64_t kSeed = 20'260'630;
constexpr double kRankShift = 46;
constexpr double kRankExponent = -0.6;
constexpr std::uint32_t kSleeperEventsMax = 11;
constexpr std::int64_t kSessionEvents = 6;  // about
constexpr base::Duration kSessionTail{2 * base::kHour.ms};
constexpr std::int64_t kBucketMs = base::kHour.ms;

__extension__ using Wide = unsigned __int128;

// splitmix64: small, good enough for work, and the same everywhere.
class Dice {
 public:
  // Mixed, or the numbers of two customers would be the same but for a shift.
  Dice(std::uint64_t stream, std::uint32_t customer)
      : state_(mix(mix(kSeed + stream) ^ customer)) {}
  std::uint64_t next() {
    state_ += 0x9e3779b97f4a7c15;
    return mix(state_);
  }
  // Uniform in [low, high].
  std::int64_t between(std::int64_t low, std::int64_t high) {
    const auto range = static_cast<std::uint64_t>(high - low + 1);
    return low + static_cast<std::int64_t>(static_cast<Wide>(next()) * range >> 64);
  }
  // In percent.
  bool chance(std::int64_t percent) { return between(0, 99) < percent; }

 private:
  static std::uint64_t mix(std::uint64_t word) {
    word = (word ^ (word >> 30)) * 0xbf58476d1ce4e5b9;
    word = (word ^ (word >> 27)) * 0x94d049bb133111eb;
    return word ^ (word >> 31);
  }
  std::uint64_t state_;
};

// --- sessions ------------------------------------------------------------------------------------
// In the order of kEventNames; what follows what with which probability in percent, the rest ends
// the session.
enum Name : std::uint8_t {
  app_opened,
  product_viewed,
  cart_added,
  order_created,
  order_paid,
  order_shipped,
  order_received,
  order_refunded,
  review_posted,
  message_delivered,
  message_opened,
  message_clicked,
  article_read,
  article_shared,
  coupon_issued,
  coupon_used,
  live_attended,
  menu_clicked,
  checked_in,
  group_joined,
  session_end,
};
struct Follows {
  Name before;
  Name after;
  std::uint8_t percent;
};
constexpr Follows kFollows[] = {
    {session_end, app_opened, 70},           {session_end, message_delivered, 20},
    {session_end, live_attended, 5},         {session_end, menu_clicked, 5},
    {app_opened, product_viewed, 52},        {app_opened, checked_in, 14},
    {app_opened, article_read, 10},          {app_opened, menu_clicked, 8},
    {app_opened, coupon_issued, 4},          {product_viewed, product_viewed, 52},
    {product_viewed, cart_added, 16},        {product_viewed, article_read, 5},
    {cart_added, product_viewed, 44},        {cart_added, order_created, 30},
    {cart_added, coupon_issued, 4},          {order_created, order_paid, 80},
    {order_created, product_viewed, 10},     {order_paid, order_shipped, 20},
    {order_paid, product_viewed, 20},        {order_paid, coupon_used, 15},
    {order_paid, group_joined, 3},           {order_shipped, order_received, 60},
    {order_received, review_posted, 25},     {order_received, order_refunded, 6},
    {order_received, app_opened, 20},        {review_posted, product_viewed, 30},
    {message_delivered, message_opened, 40}, {message_opened, message_clicked, 45},
    {message_clicked, product_viewed, 50},   {message_clicked, article_read, 20},
    {article_read, article_shared, 15},      {article_read, article_read, 30},
    {article_read, product_viewed, 15},      {article_shared, group_joined, 10},
    {coupon_issued, product_viewed, 60},     {coupon_used, product_viewed, 20},
    {live_attended, product_viewed, 50},     {live_attended, cart_added, 15},
    {menu_clicked, app_opened, 35},          {menu_clicked, article_read, 25},
    {checked_in, product_viewed, 45},        {checked_in, coupon_issued, 15},
    {group_joined, app_opened, 30}};

using Chances = std::array<std::array<std::uint8_t, session_end>, session_end + 1>;
constexpr Chances chances_of() {
  Chances chances{};
  for (const Follows& follows : kFollows) chances[follows.before][follows.after] = follows.percent;
  return chances;
}
constexpr Chances kChances = chances_of();

Name next_name(Dice& dice, Name before) {
  std::int64_t left = dice.between(0, 99);
  for (std::uint8_t name = 0; name < session_end; ++name) {
    left -= kChances[before][name];
    if (left < 0) return static_cast<Name>(name);
  }
  return session_end;
}

std::int64_t gap_ms(Dice& dice) {
  const std::int64_t kind = dice.between(0, 99);
  if (kind < 35) return dice.between(20, 900);
  if (kind < 80) return dice.between(1'000, 60'000);
  if (kind < 98) return dice.between(60'000, 300'000);
  return dice.between(300'000, 2'400'000);
}

// Two in three from 8 to 24 o'clock local time, with the evening busier.
base::Moment session_start(Dice& dice) {
  const std::int64_t day = dice.between(0, kLength.ms / base::kDay.ms - 1);
  const std::int64_t hour_kind = dice.between(0, 99);
  std::int64_t hour = dice.between(0, 23);
  if (hour_kind < 35) hour = dice.between(8, 23);
  if (hour_kind < 20) hour = dice.between(18, 22);
  const std::int64_t inside = dice.between(0, base::kHour.ms - 1);
  const base::Moment start = kStart + base::Duration{day * base::kDay.ms + hour * base::kHour.ms};
  return std::min(start + base::Duration{inside}, kEnd - kSessionTail);
}

bool has_sku(Name name) {
  return name == product_viewed || name == cart_added || name == review_posted;
}

// One customer's events as they come.
class Life {
 public:
  Life(std::uint32_t customer, std::uint32_t count)
      : customer_(customer), left_(count), dice_(1, customer) {
    favourite_ = static_cast<std::uint32_t>(dice_.between(0, kChannels.size() - 1));
    const std::int64_t sessions = 1 + count / kSessionEvents;
    for (std::int64_t i = 0; i < sessions; ++i) starts_.push_back(session_start(dice_));
    std::ranges::sort(starts_);
  }

  void run(const std::function<void(const Event&)>& visit) {
    std::size_t session = 0;
    Name name = session_end;
    while (left_ > 0) {
      const Name next = next_name(dice_, name);
      if (next == session_end && name != session_end) {
        name = session_end;
        continue;
      }
      if (name == session_end) begin_session(session++);
      name = next;
      visit(event_of(name));
      // Who has more to do than time goes on at once.
      const base::Moment later = time_ + base::Duration{gap_ms(dice_)};
      time_ = later < latest_start() ? later : time_ + base::kMillisecond;
      --left_;
    }
  }

 private:
  // So that what is left fits before the end, a millisecond each.
  base::Moment latest_start() const { return kEnd - base::Duration{left_ + std::int64_t{1}}; }

  void begin_session(std::size_t session) {
    if (session < starts_.size()) time_ = std::max(time_, starts_[session]);
    channel_ = dice_.chance(60)
                   ? favourite_
                   : static_cast<std::uint32_t>(dice_.between(0, kChannels.size() - 1));
    sku_ = 0;
    amount_ = 0;
  }

  Event event_of(Name name) {
    Event::Parts parts{time_, customer_, 0, 0, name, channel_};
    if (has_sku(name)) {
      if (sku_ == 0 || (name == product_viewed && dice_.chance(80))) sku_ = draw_sku();
      parts.sku = sku_;
    }
    if (name == order_created || (name == order_refunded && amount_ == 0)) amount_ = draw_amount();
    if (name == order_created || name == order_refunded) parts.amount = amount_;
    if (name == order_paid && dice_.chance(95)) parts.amount = amount_;
    return Event(parts);
  }

  // The popular ones more often.
  std::uint32_t draw_sku() {
    const std::int64_t first = dice_.between(1, kSkusMax);
    return static_cast<std::uint32_t>(std::min(first, dice_.between(1, kSkusMax)));
  }
  std::uint32_t draw_amount() {
    const std::int64_t top = dice_.chance(10) ? 200'000 : 30'000;
    return static_cast<std::uint32_t>(dice_.between(500, top));
  }

  std::uint32_t customer_;
  std::uint32_t left_;
  Dice dice_;
  std::uint32_t favourite_ = 0;
  std::vector<base::Moment> starts_;
  base::Moment time_ = kStart;
  std::uint32_t channel_ = 0;
  std::uint32_t sku_ = 0;
  std::uint32_t amount_ = 0;
};

// --- who does how much ---------------------------------------------------------------------------
std::vector<std::uint32_t> shuffled(std::uint32_t customers) {
  std::vector<std::uint32_t> order(customers);
  std::iota(order.begin(), order.end(), 0U);
  Dice dice(2, 0);
  for (std::uint32_t i = customers - 1; i > 0; --i) {
    std::swap(order[i], order[static_cast<std::size_t>(dice.between(0, i))]);
  }
  return order;
}

std::vector<std::uint32_t> counts_of(const Sizes& sizes) {
  const std::vector<std::uint32_t> order = shuffled(sizes.customers);
  const std::uint32_t active = sizes.customers / 5;
  std::vector<std::uint32_t> counts(sizes.customers);
  std::uint64_t left = sizes.events;
  for (std::uint32_t rank = active; rank < sizes.customers; ++rank) {
    Dice dice(3, rank);
    counts[order[rank]] = static_cast<std::uint32_t>(dice.between(1, kSleeperEventsMax));
    left -= counts[order[rank]];
  }
  double weights = 0;
  for (std::uint32_t rank = 0; rank < active; ++rank) {
    weights += std::pow(rank + 1 + kRankShift, kRankExponent);
  }
  const auto total = static_cast<double>(left);
  for (std::uint32_t rank = 0; rank < active; ++rank) {
    const double share = std::pow(rank + 1 + kRankShift, kRankExponent) / weights;
    counts[order[rank]] = static_cast<std::uint32_t>(total * share);
    left -= counts[order[rank]];
  }
  // What rounding has left over, one each; fewer than there are active customers.
  for (std::uint32_t rank = 0; left > 0; ++rank, --left) ++counts[order[rank % active]];
  return counts;
}

base::Moment any_moment(Dice& dice, base::Moment from) {
  return from + base::Duration{dice.between(1, std::max<std::int64_t>(1, (kEnd - from).ms - 1))};
}

// On at a moment for `percent` of those who ask, off and on again for some.
std::vector<Since> switches(Dice& dice, std::int64_t percent) {
  std::vector<Since> changes;
  if (!dice.chance(percent + percent / 4)) return changes;
  changes.push_back({any_moment(dice, kStart), 1});
  if (!dice.chance(30)) return changes;
  changes.push_back({any_moment(dice, changes.back().since), 0});
  if (dice.chance(40)) changes.push_back({any_moment(dice, changes.back().since), 1});
  return changes;
}

// --- all events in order -------------------------------------------------------------------------
// Runs work(thread) on all threads.
void run_threads(unsigned threads, const std::function<void(unsigned)>& work) {
  std::vector<std::jthread> running;
  for (unsigned thread = 0; thread < threads; ++thread) running.emplace_back(work, thread);
}

std::size_t bucket_of(const Event& event) {
  return static_cast<std::size_t>((event.time() - kStart).ms / kBucketMs);
}

}  // namespace

Sizes sizes_of(std::uint64_t events) { return {static_cast<std::uint32_t>(events / 100), events}; }

Workload::Workload(const Sizes& sizes) : sizes_(sizes) {
  CHECK(sizes.customers >= 100);
  CHECK(sizes.events >= std::uint64_t{12} * sizes.customers);
  counts_ = counts_of(sizes);
}

Customer Workload::customer(std::uint32_t customer) const {
  Dice dice(4, customer);
  Customer made;
  made.city = static_cast<std::uint32_t>(dice.between(0, kCities.size() - 1));
  made.birthday = {static_cast<std::int16_t>(dice.between(1955, 2006)),
                   static_cast<std::uint8_t>(dice.between(1, 12)),
                   static_cast<std::uint8_t>(dice.between(1, 28))};
  made.levels.push_back({kStart, static_cast<int>(dice.between(1, 3))});
  while (made.levels.size() < 3 && dice.chance(30)) {
    made.levels.push_back(
        {any_moment(dice, made.levels.back().since), static_cast<int>(dice.between(1, 5))});
  }
  made.vip = switches(dice, 10);
  made.marketing = switches(dice, 40);
  return made;
}

void Workload::visit_events(std::uint32_t customer,
                            const std::function<void(const Event&)>& visit) const {
  Life(customer, events_of(customer)).run(visit);
}

// Twice over all lives: once to know how many fall into each hour, once to put them there.
std::vector<Event> Workload::events(unsigned threads) const {
  const auto buckets = static_cast<std::size_t>(kLength.ms / kBucketMs);
  std::vector<std::vector<std::uint64_t>> ends(threads, std::vector<std::uint64_t>(buckets));
  const auto each = [&](unsigned thread, const std::function<void(const Event&)>& visit) {
    for (std::uint32_t one = 1 + thread; one <= sizes_.customers; one += threads) {
      visit_events(one, visit);
    }
  };
  run_threads(threads, [&](unsigned thread) {
    each(thread, [&](const Event& event) { ++ends[thread][bucket_of(event)]; });
  });
  std::vector<std::uint64_t> bounds = {0};
  std::uint64_t before = 0;
  for (std::size_t bucket = 0; bucket < buckets; ++bucket) {
    for (std::vector<std::uint64_t>& counts : ends) {
      const std::uint64_t here = counts[bucket];
      counts[bucket] = before;
      before += here;
    }
    bounds.push_back(before);
  }
  std::vector<Event> all(before);
  run_threads(threads, [&](unsigned thread) {
    each(thread, [&](const Event& event) { all[ends[thread][bucket_of(event)]++] = event; });
  });
  run_threads(threads, [&](unsigned thread) {
    for (std::size_t bucket = thread; bucket < buckets; bucket += threads) {
      std::sort(all.begin() + static_cast<std::ptrdiff_t>(bounds[bucket]),
                all.begin() + static_cast<std::ptrdiff_t>(bounds[bucket + 1]));
    }
  });
  return all;
}

}  // namespace bench
