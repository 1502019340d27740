#include "audience/rhythm.h"

#include <algorithm>

#include "base/check.h"

namespace audience {

using base::Int128;
using base::Moment;

namespace {

constexpr std::int64_t kMicros = 1'000'000;
constexpr std::int64_t kHalfDayMs = base::kDay.ms / 2;

// Rounded up; both not negative, `by` positive.
Int128 divided_up(Int128 value, Int128 by) { return (value + by - 1) / by; }

Moment later_by(Moment moment, Int128 ms) {
  constexpr Int128 kMost = base::kMomentMax.ms;
  return Int128{moment.ms} + ms >= kMost ? base::kMomentMax
                                         : Moment{moment.ms + static_cast<std::int64_t>(ms)};
}

}  // namespace

base::ValueType type_of(Rhythm rhythm) {
  CHECK(rhythm != Rhythm::none);
  return rhythm == Rhythm::recency_days ? base::ValueType::integer : base::ValueType::decimal;
}

void Gaps::add(Moment paid) {
  const base::LocalDay day = days_.day_of(paid);
  if (last_day_ && day.days > last_day_->days) gaps_.push_back(day.days - last_day_->days);
  // Where the clock is put back over midnight a later purchase may lie on the day before.
  if (!last_day_ || day.days > last_day_->days) last_day_ = day;
}

void Gaps::clear() {
  last_day_.reset();
  gaps_.clear();
  sorted_ = 0;
}

std::optional<std::int64_t> Gaps::usual_half_days() {
  if (gaps_.size() + 1 < kPurchaseDaysMin) return std::nullopt;
  if (sorted_ + 1 == gaps_.size()) {
    const auto place = std::upper_bound(gaps_.begin(), gaps_.end() - 1, gaps_.back());
    std::rotate(place, gaps_.end() - 1, gaps_.end());
  } else if (sorted_ < gaps_.size()) {
    std::ranges::sort(gaps_);
  }
  sorted_ = gaps_.size();
  const std::size_t middle = gaps_.size() / 2;
  const std::int64_t upper = gaps_[middle];
  return gaps_.size() % 2 == 1 ? 2 * upper : upper + gaps_[middle - 1];
}

std::optional<std::int64_t> number_at(Rhythm rhythm, const Bought& bought, Moment at) {
  const std::int64_t idle = at.ms - bought.last.ms;
  if (rhythm == Rhythm::recency_days) return idle / base::kDay.ms;
  if (!bought.usual_half_days) return std::nullopt;
  if (rhythm == Rhythm::usual_gap) return *bought.usual_half_days * (kMicros / 2);
  return static_cast<std::int64_t>(Int128{idle} * kMicros / (*bought.usual_half_days * kHalfDayMs));
}

Moment first_with(Rhythm rhythm, const Bought& bought, std::int64_t number) {
  if (number <= 0) return bought.last;
  if (rhythm == Rhythm::recency_days) return later_by(bought.last, Int128{number} * base::kDay.ms);
  CHECK(bought.usual_half_days);
  if (rhythm == Rhythm::usual_gap) {
    const bool reached = *bought.usual_half_days * (kMicros / 2) >= number;
    return reached ? bought.last : base::kMomentMax;
  }
  const Int128 gap_ms = *bought.usual_half_days * kHalfDayMs;
  return later_by(bought.last, divided_up(gap_ms * number, kMicros));
}

std::optional<base::Value> value_at(Rhythm rhythm, std::span<const timeline::EventAt> paid,
                                    const base::Zone& zone, Moment at) {
  const auto ahead = std::ranges::upper_bound(paid, at, {}, &timeline::EventAt::time);
  if (ahead == paid.begin()) return std::nullopt;
  Bought bought{std::prev(ahead)->time};
  if (rhythm != Rhythm::recency_days) {
    Gaps gaps(zone);
    for (auto event = paid.begin(); event != ahead; ++event) gaps.add(event->time);
    bought.usual_half_days = gaps.usual_half_days();
  }
  const auto number = number_at(rhythm, bought, at);
  if (!number) return std::nullopt;
  if (rhythm == Rhythm::recency_days) return base::Value(*number);
  return base::Value(base::Decimal{*number});
}

}  // namespace audience
