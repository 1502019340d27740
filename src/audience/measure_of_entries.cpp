#include "audience/measure_of_entries.h"

#include <algorithm>
#include <bit>
#include <deque>
#include <limits>
#include <utility>
#include <variant>
#include <vector>

#include "audience/code_truth.h"
#include "audience/compare.h"
#include "audience/tally.h"
#include "base/calendar.h"
#include "base/check.h"

namespace audience {

using base::Moment;
using base::Value;
using base::ValueType;
using base::Zone;
using timeline::EntryRange;
using timeline::Stream;
using timeline::ValueColumn;

namespace {

// Calls visit(entry) for the entries that pass, in order.
template <typename Visit>
void each_passing(const EntryRange& range, EntryFilter& filter, Visit visit) {
  for (std::uint32_t begin = range.begin; begin < range.end; begin += kChunk) {
    const unsigned count = std::min(kChunk, range.end - begin);
    for (std::uint64_t left = filter.passing(begin, count); left != 0; left &= left - 1) {
      visit(begin + static_cast<std::uint32_t>(std::countr_zero(left)));
    }
  }
}

bool nothing_holds(const std::optional<Measure>& measure, const Zone& zone) {
  return tally_of(measure, zone)->holds();
}

// What a number of different values is compared with, rounded up; nothing: it is not.
std::optional<Wide> distinct_reached(const std::optional<Measure>& measure) {
  constexpr Wide kMicros = 1'000'000;
  const auto& test = std::get<AggregateOf>(*measure);
  if (test.aggregate != Aggregate::distinct || !test.value.number) return std::nullopt;
  const Wide micros = test.value.number->micros;
  return micros <= 0 ? 0 : (micros + kMicros - 1) / kMicros;
}

// Counts from the end and no further than the answer can change.
class CountOfEntries final : public MeasureOfEntries {
 public:
  explicit CountOfEntries(CountTimes test)
      : MeasureOfEntries(compares(test.comparison, test.times == 0 ? 0 : -1), test.times),
        test_(test) {
    const bool by_reaching =
        test.comparison == Comparison::greater_equal || test.comparison == Comparison::less;
    constexpr std::int64_t kEnough = std::numeric_limits<std::uint32_t>::max();
    enough_ = std::min(kEnough, by_reaching ? test.times : std::min(kEnough, test.times) + 1);
  }

  std::uint32_t entries_enough() const override { return static_cast<std::uint32_t>(enough_); }
  void open(const Stream&, const timeline::Origins&) override {}
  Looked holds(const EntryRange& range, EntryFilter& filter) override {
    if (filter.passes_all()) return {compared(range.size()), 0};
    std::int64_t passing = 0;
    std::uint32_t end = range.end;
    while (end > range.begin && passing < enough_) {
      const unsigned count = std::min(kChunk, end - range.begin);
      passing += std::popcount(filter.passing(end - count, count));
      end -= count;
    }
    return {compared(passing), static_cast<double>(range.end - end)};
  }

 private:
  bool compared(std::int64_t times) const {
    const std::int64_t seen = std::min(times, enough_);
    return compares(test_.comparison, seen < test_.times ? -1 : (seen > test_.times ? 1 : 0));
  }
  CountTimes test_;
  std::int64_t enough_ = 0;
};

// Days that have a place in the table: a century, 292 KB, from 1970 or where the window begins.
// Events come up to 366 days ahead, so the rest is asked of the calendar by next to nobody.
constexpr std::int32_t kDaysMax = 36'525;

// The days of the window, so that an event finds its day by a division.
class DaysOfEntries final : public MeasureOfEntries {
 public:
  DaysOfEntries(OnDays test, const MeasureScope& scope)
      : MeasureOfEntries(nothing_holds(test, scope.rule.rule.zone()), test.days),
        test_(test),
        zone_(&scope.rule.rule.zone()) {
    constexpr Moment kFirst{0};  // no event is before 1970
    const Moment from = std::max(scope.times.from, kFirst);
    const Moment to = std::min(scope.times.to, scope.rule.at + base::kMillisecond);
    if (to <= from) return;
    const base::LocalDay first = zone_->day_of(from);
    const base::LocalDay last{std::min(zone_->day_of(to).days, first.days + kDaysMax)};
    for (base::LocalDay day = first; day <= last; ++day.days) {
      starts_.push_back(zone_->start_of(day).ms);
    }
    starts_.push_back(zone_->start_of({last.days + 1}).ms);
  }

  void open(const Stream& stream, const timeline::Origins&) override { stream_ = &stream; }
  Looked holds(const EntryRange& range, EntryFilter& filter) override {
    std::int64_t days = 0;
    std::int64_t end = std::numeric_limits<std::int64_t>::min();  // of the day seen last
    each_passing(range, filter, [&](std::uint32_t entry) {
      const std::int64_t time = stream_->time(entry).ms;
      if (time < end) return;
      ++days;
      end = end_of_day(time);
    });
    const int order = days < test_.days ? -1 : (days > test_.days ? 1 : 0);
    return {compares(test_.comparison, order), static_cast<double>(range.size())};
  }
  double bytes_per_entry() const override { return 4; }

 private:
  std::int64_t end_of_day(std::int64_t time) const {
    if (starts_.empty() || time < starts_.front() || time >= starts_.back()) {
      return zone_->start_of({zone_->day_of(Moment{time}).days + 1}).ms;
    }
    // Days are about 24 hours: the place is this one or near it.
    auto at = std::min(static_cast<std::size_t>((time - starts_.front()) / base::kDay.ms),
                       starts_.size() - 2);
    while (starts_[at] > time) --at;
    while (starts_[at + 1] <= time) ++at;
    return starts_[at + 1];
  }

  OnDays test_;
  const Zone* zone_;
  std::vector<std::int64_t> starts_;
  const Stream* stream_ = nullptr;
};

// Codes up to here have a mark each when different ones are counted.
constexpr std::uint64_t kMarkedCodesMax = 65'536;

// Sum, average, minimum, maximum, distinct of a property whose values are numbers by their codes.
class CodesOfEntries final : public MeasureOfEntries {
 public:
  CodesOfEntries(const std::optional<Measure>& measure, const Zone& zone)
      : MeasureOfEntries(nothing_holds(measure, zone)),
        test_(&std::get<AggregateOf>(*measure)),
        extreme_node_{Compare{test_->property, test_->comparison, test_->value, 0}} {
    const bool extreme =
        test_->aggregate == Aggregate::minimum || test_->aggregate == Aggregate::maximum;
    if (extreme) extreme_test_.emplace(extreme_node_, zone, std::nullopt);
  }

  // Whether the codes of this column tell all.
  bool suits(const ValueColumn* column) const {
    if (column == nullptr) return true;
    switch (test_->aggregate) {
      case Aggregate::sum:
      case Aggregate::average:
        return column->type() == test_->property.type && is_number(column->type());
      case Aggregate::minimum:
      case Aggregate::maximum:
        return column->type() == test_->property.type && column->dictionary_size() == 0;
      case Aggregate::distinct:
        // Two dates may be one moment, where a day was left out of a calendar.
        return column->type() != ValueType::date;
    }
    base::unreachable();
  }

  void open(const Stream& stream, const timeline::Origins&) override {
    column_ = stream.column(test_->property.property);
    bytes_per_entry_ = 0;
    if (column_ == nullptr) return;
    bytes_per_entry_ = static_cast<double>(column_->bytes()) / std::max(1U, stream.size());
    if (!extreme_test_) return;
    extreme_.open(*extreme_test_, column_);
    // Dates without a year have no moment: they stand before the others.
    constexpr std::int64_t kFirstDated = 512;
    least_code_ = column_->type() == ValueType::date ? column_->code_at_least(kFirstDated) : 1;
  }

  Looked holds(const EntryRange& range, EntryFilter& filter) override {
    if (column_ == nullptr) return {of_nothing(), 0};
    const auto entries = static_cast<double>(range.size());
    switch (test_->aggregate) {
      case Aggregate::sum:
      case Aggregate::average:
        return {audience::holds(*test_, sum_of(range, filter)), entries};
      case Aggregate::minimum:
      case Aggregate::maximum:
        return {extreme_(extreme_of(range, filter)), entries};
      case Aggregate::distinct:
        return {audience::holds(*test_, distinct_of(range, filter)), entries};
    }
    base::unreachable();
  }
  double bytes_per_entry() const override { return bytes_per_entry_; }

 private:
  static bool is_number(ValueType type) {
    return type == ValueType::integer || type == ValueType::decimal || type == ValueType::money;
  }

  SumOf sum_of(const EntryRange& range, EntryFilter& filter) {
    SumOf sum;
    each_passing(range, filter, [&](std::uint32_t entry) {
      const std::uint64_t code = column_->code(entry);
      if (code == 0) return;
      sum.micros += column_->number_of(code);
      ++sum.count;
    });
    sum.micros *= micros_per_unit(column_->type());
    return sum;
  }
  // 0: none is known.
  std::uint64_t extreme_of(const EntryRange& range, EntryFilter& filter) {
    const bool least = test_->aggregate == Aggregate::minimum;
    std::uint64_t found = 0;
    each_passing(range, filter, [&](std::uint32_t entry) {
      const std::uint64_t code = column_->code(entry);
      if (code < least_code_) return;
      if (found == 0 || (least ? code < found : code > found)) found = code;
    });
    return found;
  }
  std::size_t distinct_of(const EntryRange& range, EntryFilter& filter) {
    ++row_;
    std::size_t distinct = 0;
    large_.clear();
    each_passing(range, filter, [&](std::uint32_t entry) {
      const std::uint64_t code = column_->code(entry);
      if (code == 0) return;
      if (code >= kMarkedCodesMax) return large_.push_back(code);
      if (code >= seen_in_.size()) seen_in_.resize(std::bit_ceil(code + 1));
      if (std::exchange(seen_in_[code], row_) != row_) ++distinct;
    });
    std::ranges::sort(large_);
    return distinct +
           static_cast<std::size_t>(std::ranges::unique(large_).begin() - large_.begin());
  }

  const AggregateOf* test_;
  const Node extreme_node_;  // what is asked of the minimum or maximum
  std::optional<ValueTruth> extreme_test_;
  CodeTruth extreme_;
  const ValueColumn* column_ = nullptr;
  double bytes_per_entry_ = 0;
  std::uint64_t least_code_ = 1;
  std::uint64_t row_ = 0;               // one row after the other, over all blocks
  std::vector<std::uint64_t> seen_in_;  // by code: the row it was seen in last
  std::vector<std::uint64_t> large_;    // codes too large for that
};

// Value by value through the tally itself: what every event has besides properties, and what codes
// do not tell.
class ValuesOfEntries final : public MeasureOfEntries {
 public:
  ValuesOfEntries(const std::optional<Measure>& measure, const Zone& zone)
      : MeasureOfEntries(nothing_holds(measure, zone)),
        measure_(&measure),
        subject_(measured(measure)),
        all_values_(counts_all_values(measure)),
        zone_(&zone) {}

  void open(const Stream& stream, const timeline::Origins& origins) override {
    stream_ = &stream;
    origins_ = &origins;
    column_ = stream.column(subject_->property);
  }
  Looked holds(const EntryRange& range, EntryFilter& filter) override {
    const auto tally = tally_of(*measure_, *zone_);
    std::deque<Value> values;  // a tally points at them
    each_passing(range, filter, [&](std::uint32_t entry) {
      auto value = value_of(entry);
      if (!value) return;
      values.push_back(std::move(*value));
      tally->enter({{stream_->time(entry), entry}, &values.back()});
    });
    return {tally->holds(), static_cast<double>(range.size())};
  }
  double bytes_per_entry() const override { return sizeof(Value); }

 private:
  std::optional<Value> value_of(std::uint32_t entry) const {
    switch (subject_->field) {
      case EventField::none:
        break;
      case EventField::source:
        return Value(std::string(origins_->source_name(stream_->origin(entry))));
      case EventField::local_hour:
        return Value(std::int64_t{zone_->hour_of(stream_->time(entry))});
      case EventField::local_weekday:
        return Value(std::int64_t{zone_->weekday_of(stream_->time(entry))});
    }
    if (column_ == nullptr || !column_->known(entry)) return std::nullopt;
    Value value = column_->value_of(column_->code(entry));
    const auto* date = std::get_if<base::Date>(&value);
    if (date != nullptr && date->year == 0 && !all_values_) return std::nullopt;
    return value;
  }

  const std::optional<Measure>* measure_;
  const Subject* subject_;
  bool all_values_;
  const Zone* zone_;
  const Stream* stream_ = nullptr;
  const timeline::Origins* origins_ = nullptr;
  const ValueColumn* column_ = nullptr;
};

// By codes in the blocks where they tell all, else value by value.
class AggregateOfEntries final : public MeasureOfEntries {
 public:
  AggregateOfEntries(const std::optional<Measure>& measure, const Zone& zone)
      : MeasureOfEntries(nothing_holds(measure, zone), distinct_reached(measure)),
        test_(&std::get<AggregateOf>(*measure)),
        codes_(measure, zone),
        values_(measure, zone) {}

  void open(const Stream& stream, const timeline::Origins& origins) override {
    const bool suits = test_->property.field == EventField::none &&
                       codes_.suits(stream.column(test_->property.property));
    way_ = suits ? static_cast<MeasureOfEntries*>(&codes_) : &values_;
    way_->open(stream, origins);
  }
  Looked holds(const EntryRange& range, EntryFilter& filter) override {
    return way_->holds(range, filter);
  }
  double bytes_per_entry() const override { return way_->bytes_per_entry(); }

 private:
  const AggregateOf* test_;
  CodesOfEntries codes_;
  ValuesOfEntries values_;
  MeasureOfEntries* way_ = nullptr;
};

}  // namespace

std::unique_ptr<MeasureOfEntries> measure_of_entries(const std::optional<Measure>& measure,
                                                     const MeasureScope& scope) {
  if (!measure) {
    return std::make_unique<CountOfEntries>(CountTimes{Comparison::greater_equal, 1});
  }
  if (const auto* times = std::get_if<CountTimes>(&*measure)) {
    return std::make_unique<CountOfEntries>(*times);
  }
  if (const auto* days = std::get_if<OnDays>(&*measure)) {
    return std::make_unique<DaysOfEntries>(*days, scope);
  }
  return std::make_unique<AggregateOfEntries>(measure, scope.rule.rule.zone());
}

}  // namespace audience
