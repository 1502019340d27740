#include "audience/tally.h"

#include <bit>
#include <deque>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "audience/compare.h"
#include "base/check.h"

namespace audience {

using base::Value;
using base::Zone;

namespace {

int sign_of(Wide difference) { return difference < 0 ? -1 : (difference > 0 ? 1 : 0); }

// A test on an unknown measure: false, but != is true.
bool holds_unknown(Comparison comparison) { return comparison == Comparison::not_equal; }

class Times final : public Tally {
 public:
  explicit Times(CountTimes test) : test_(test) {}
  void enter(const Counted&) override { ++count_; }
  void leave(const Counted&) override { --count_; }
  bool holds() const override { return compares(test_.comparison, sign_of(count_ - test_.times)); }
  std::optional<std::string> reading() const override { return std::to_string(count_); }
  bool settled() const override { return count_ > test_.times; }

 private:
  CountTimes test_;
  std::int64_t count_ = 0;
};

class Days final : public Tally {
 public:
  Days(OnDays test, const Zone& zone) : test_(test), zone_(&zone) {}
  void enter(const Counted& counted) override { ++events_[day_of(counted.event.time)]; }
  void leave(const Counted&) override {
    if (--events_.begin()->second == 0) events_.erase(events_.begin());
  }
  bool holds() const override { return compares(test_.comparison, sign_of(days() - test_.days)); }
  std::optional<std::string> reading() const override { return std::to_string(events_.size()); }
  bool settled() const override { return days() > test_.days; }

 private:
  Wide days() const { return static_cast<Wide>(events_.size()); }
  base::LocalDay day_of(base::Moment time) {
    if (time < start_ || time >= end_) {  // events come in order: mostly the same day again
      day_ = zone_->day_of(time);
      start_ = zone_->start_of(day_);
      end_ = zone_->start_of(base::LocalDay{day_.days + 1});
    }
    return day_;
  }

  OnDays test_;
  const Zone* zone_;
  std::map<base::LocalDay, std::int64_t> events_;  // inside, by day: the first day leaves first
  base::LocalDay day_;
  base::Moment start_ = base::kMomentMax;
  base::Moment end_ = base::kMomentMin;
};

// Money with its two places unless there are more.
std::string text_of_micros(Wide micros, base::ValueType type) {
  constexpr Wide kMicros = 1'000'000;
  const bool negative = micros < 0;
  const Wide whole = (negative ? -micros : micros) / kMicros;
  std::string places = std::to_string(static_cast<std::int64_t>(
      kMicros + (negative ? -micros : micros) % kMicros));  // with a 1 in front, for its zeros
  const std::size_t least = type == base::ValueType::money ? 3 : 1;
  while (places.size() > least && places.back() == '0') places.pop_back();
  const std::string digits = whole == 0 ? "0" : std::to_string(static_cast<std::uint64_t>(whole));
  return (negative ? "-" : "") + digits + (places.size() > 1 ? "." + places.substr(1) : "");
}

// Sums must stay within 64 bits of the property's unit.
bool is_beyond(const AggregateOf& test, const SumOf& sum) {
  const Wide units = sum.micros / micros_per_unit(test.property.type);
  return units > std::numeric_limits<std::int64_t>::max() ||
         units < std::numeric_limits<std::int64_t>::min();
}

class Sum final : public Tally {
 public:
  explicit Sum(const AggregateOf& test) : test_(&test) {}
  void enter(const Counted& counted) override {
    sum_.micros += base::number_of(*counted.value)->micros;
    ++sum_.count;
  }
  void leave(const Counted& counted) override {
    sum_.micros -= base::number_of(*counted.value)->micros;
    --sum_.count;
  }
  bool holds() const override { return audience::holds(*test_, sum_); }
  std::optional<std::string> reading() const override {
    const bool average = test_->aggregate == Aggregate::average;
    if (overflowed() || (average && sum_.count == 0)) return std::nullopt;
    return text_of_micros(average ? sum_.micros / sum_.count : sum_.micros, test_->property.type);
  }
  bool overflowed() const override { return is_beyond(*test_, sum_); }

 private:
  const AggregateOf* test_;
  SumOf sum_;
};

// Minimum or maximum of a sliding window: `candidates_` holds the events that can still become the
// extreme, best first; a newcomer removes those it beats.
class Extreme final : public Tally {
 public:
  Extreme(const AggregateOf& test, const Zone& zone) : test_(&test), zone_(&zone) {}
  void enter(const Counted& counted) override {
    const Value* value = counted.value;
    const auto beats = [&](const Value& other) {
      const int order = order_of(*value, other);
      return test_->aggregate == Aggregate::minimum ? order <= 0 : order >= 0;
    };
    while (!candidates_.empty() && beats(*candidates_.back().value)) candidates_.pop_back();
    candidates_.push_back({counted.event.order, value});
  }
  void leave(const Counted& counted) override {
    const bool was_best = !candidates_.empty() && candidates_.front().order == counted.event.order;
    if (was_best) candidates_.pop_front();
  }
  bool holds() const override {
    if (candidates_.empty()) return holds_unknown(test_->comparison);
    const auto order = order_against(*candidates_.front().value, test_->value, *zone_);
    return order ? compares(test_->comparison, *order) : holds_unknown(test_->comparison);
  }
  std::optional<std::string> reading() const override {
    if (candidates_.empty()) return std::nullopt;
    return base::to_text(*candidates_.front().value);
  }

 private:
  struct Candidate {
    std::uint32_t order;
    const Value* value;
  };
  int order_of(const Value& left, const Value& right) const {
    if (const auto number = base::number_of(left)) {
      return base::compare(*number, *base::number_of(right));
    }
    const auto earlier = moment_of_value(left, *zone_);
    const auto later = moment_of_value(right, *zone_);
    CHECK(earlier && later);  // dates without a year are not let in
    return *earlier < *later ? -1 : (*later < *earlier ? 1 : 0);
  }

  const AggregateOf* test_;
  const Zone* zone_;
  std::deque<Candidate> candidates_;
};

class Distinct final : public Tally {
 public:
  Distinct(const AggregateOf& test, const Zone& zone) : test_(&test), zone_(&zone) {}
  void enter(const Counted& counted) override {
    if (counted.number != 0) {
      if (counted.number >= by_number_.size()) by_number_.resize(std::bit_ceil(counted.number + 1));
      if (by_number_[counted.number]++ == 0) ++distinct_;
    } else if (by_key_[key_of(*counted.value)]++ == 0) {
      ++distinct_;
    }
  }
  void leave(const Counted& counted) override {
    auto& inside =
        counted.number != 0 ? by_number_[counted.number] : by_key_[key_of(*counted.value)];
    if (--inside == 0) --distinct_;
  }
  bool holds() const override { return audience::holds(*test_, distinct_); }
  std::optional<std::string> reading() const override { return std::to_string(distinct_); }

 private:
  // Dates without a year are equal to nothing, but they are different values.
  std::string key_of(const Value& value) const {
    return equality_key(value, *zone_).value_or("y" + base::to_text(value));
  }

  const AggregateOf* test_;
  const Zone* zone_;
  std::size_t distinct_ = 0;
  // How many events with it are inside.
  std::vector<std::uint32_t> by_number_;
  std::unordered_map<std::string, std::uint32_t> by_key_;
};

std::unique_ptr<Tally> aggregate_tally(const AggregateOf& test, const Zone& zone) {
  switch (test.aggregate) {
    case Aggregate::sum:
    case Aggregate::average:
      return std::make_unique<Sum>(test);
    case Aggregate::minimum:
    case Aggregate::maximum:
      return std::make_unique<Extreme>(test, zone);
    case Aggregate::distinct:
      return std::make_unique<Distinct>(test, zone);
  }
  base::unreachable();
}

// remainder / divisor against 0.digits, where 0 < remainder < divisor.
int compare_fraction(Wide remainder, std::int64_t divisor, std::string_view digits) {
  for (const char digit : digits) {
    remainder *= 10;
    const int order = sign_of(remainder / divisor - (digit - '0'));
    if (order != 0) return order;
    remainder %= divisor;
  }
  return remainder > 0 ? 1 : 0;
}

constexpr std::size_t kPlaces = 6;  // of base::Number

}  // namespace

int compare_average(Wide sum_micros, std::int64_t count, const Literal& literal) {
  CHECK(count > 0 && literal.number);
  const std::string_view text = literal.text;
  const bool negative = text.starts_with('-');
  if (!literal.number->beyond) return sign_of(sum_micros - literal.number->micros * count);
  // The literal lies between two millionths, of which `number` has the lower one: its further
  // places decide within one of them, counted away from zero.
  const Wide nearer_zero = literal.number->micros + (negative ? 1 : 0);
  const Wide excess = sum_micros - nearer_zero * count;
  const int sign = negative ? -1 : 1;
  const Wide distance = excess * sign;
  if (distance <= 0) return -sign;
  if (distance >= count) return sign;
  const std::string_view further = text.substr(text.find('.') + 1 + kPlaces);
  return sign * compare_fraction(distance, count, further);
}

std::int64_t micros_per_unit(base::ValueType type) {
  if (type == base::ValueType::decimal) return 1;
  return type == base::ValueType::money ? 10'000 : 1'000'000;
}

bool holds(const AggregateOf& test, const SumOf& sum) {
  const bool average = test.aggregate == Aggregate::average;
  if (is_beyond(test, sum) || !test.value.number || (average && sum.count == 0)) {
    return holds_unknown(test.comparison);
  }
  const int order = average ? compare_average(sum.micros, sum.count, test.value)
                            : base::compare(base::Number{sum.micros}, *test.value.number);
  return compares(test.comparison, order);
}

bool holds(const AggregateOf& test, std::size_t distinct) {
  if (!test.value.number) return holds_unknown(test.comparison);
  const base::Number count{static_cast<Wide>(distinct) * 1'000'000};
  return compares(test.comparison, base::compare(count, *test.value.number));
}

const Subject* measured(const std::optional<Measure>& measure) {
  const auto* aggregate = measure ? std::get_if<AggregateOf>(&*measure) : nullptr;
  return aggregate ? &aggregate->property : nullptr;
}

bool counts_all_values(const std::optional<Measure>& measure) {
  const auto* aggregate = measure ? std::get_if<AggregateOf>(&*measure) : nullptr;
  return aggregate != nullptr && aggregate->aggregate == Aggregate::distinct;
}

bool counts_numbers(const std::optional<Measure>& measure) {
  const Subject* subject = counts_all_values(measure) ? measured(measure) : nullptr;
  // Two dates may be one moment, where a day was left out of a calendar.
  return subject != nullptr && subject->field == EventField::none &&
         subject->type != base::ValueType::date;
}

std::unique_ptr<Tally> tally_of(const std::optional<Measure>& measure, const Zone& zone) {
  if (!measure) return std::make_unique<Times>(CountTimes{Comparison::greater_equal, 1});
  if (const auto* times = std::get_if<CountTimes>(&*measure)) {
    return std::make_unique<Times>(*times);
  }
  if (const auto* days = std::get_if<OnDays>(&*measure)) {
    return std::make_unique<Days>(*days, zone);
  }
  return aggregate_tally(std::get<AggregateOf>(*measure), zone);
}

}  // namespace audience
