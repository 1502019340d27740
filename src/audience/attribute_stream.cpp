#include "audience/attribute_stream.h"

#include <algorithm>
#include <type_traits>
#include <utility>
#include <variant>

#include "audience/compare.h"
#include "audience/rhythm_stream.h"
#include "audience/window.h"
#include "base/check.h"

namespace audience {

using base::Date;
using base::LocalDay;
using base::Moment;
using base::Value;
using base::Zone;
using timeline::Span;

namespace {

constexpr int kYearMax = 9999;
constexpr Moment kCalendarStart{-62135596800000};  // 0001-01-01T00:00Z

// The local day on which a date is kept in a year: 29 February on the 28th in common years.
LocalDay kept_in(int year, Date date) {
  const bool leap_day = date.month == 2 && date.day == 29;
  if (leap_day && !base::is_leap_year(year)) date.day = 28;
  date.year = static_cast<std::int16_t>(year);
  return base::day_of(date);
}

std::int32_t whole_days_of(const Anniversary& test) {
  const std::int64_t days =
      test.duration ? test.duration->value().ms / base::kDay.ms : std::int64_t{0};
  return static_cast<std::int32_t>(days);  // at most kDurationYearsMax
}

// The year before may reach into this one, and more of them with a long range.
int reach_of(const Anniversary& test) { return 1 + whole_days_of(test) / 365; }

class AnniversaryStream final : public MergingStream {
 public:
  AnniversaryStream(const Anniversary& test, Date date, const Zone& zone, Moment from)
      : date_(date), zone_(&zone) {
    const std::int32_t whole_days = whole_days_of(test);
    if (test.range == AnniversaryRange::next) days_before_ = whole_days;
    if (test.range == AnniversaryRange::last) days_after_ = whole_days;
    last_year_ = kYearMax + reach_of(test);
    year_ = first_year_kept(test, zone, from);
    if (date.year != 0) year_ = std::max(year_, date.year + 1);  // from the first one on
  }

 protected:
  std::optional<Span> raw() override {
    if (year_ > last_year_) return std::nullopt;
    const LocalDay day = kept_in(year_++, date_);
    const Span span{zone_->start_of(LocalDay{day.days - days_before_}),
                    zone_->start_of(LocalDay{day.days + days_after_ + 1})};
    return Span{span.from, std::min(span.to, kHorizon)};
  }

 private:
  Date date_;
  const Zone* zone_;
  std::int32_t days_before_ = 0;
  std::int32_t days_after_ = 0;
  int year_ = 1;
  int last_year_ = kYearMax;
};

// The moments at which a test holds for a value that stays as it is.
struct ForValue {
  const Value* value;  // null: unknown
  const Zone& zone;
  Moment from;

  template <typename Test>
  Stream operator()(const Test& test) const {
    if constexpr (std::is_same_v<Test, InWindow>) {
      const auto moment = value ? moment_of_value(*value, zone) : std::nullopt;
      if (!moment) return never();
      return owned({value_in_window(test.window, *moment, zone)});
    } else if constexpr (std::is_same_v<Test, Anniversary>) {
      return value ? anniversaries(test, *value, zone, from) : never();
    } else if constexpr (requires { satisfies(test, value, zone); }) {
      return satisfies(test, value, zone) ? always() : never();
    } else if constexpr (requires { satisfies(test, value); }) {
      return satisfies(test, value) ? always() : never();
    } else {
      base::unreachable();  // only tests with a subject come here
    }
  }
};

class AttributeStream final : public MergingStream {
 public:
  AttributeStream(const Scope& scope, const Node& node, const Subject& subject, Moment from)
      : scope_(scope),
        node_(node),
        computed_(subject.fitted ? scope.history.fitted(*subject.fitted, from)
                                 : std::vector<timeline::AttributeChange>()),
        changes_(subject.fitted ? std::span<const timeline::AttributeChange>(computed_)
                                : scope.history.attribute(subject.attribute)),
        from_(from) {
    // The piece before changes_[next_]: skip those over by `from`.
    while (next_ < changes_.size() && changes_[next_].since <= from) ++next_;
    open_piece();
  }

 protected:
  std::optional<Span> raw() override {
    while (true) {
      if (const auto span = inside_->next(); span && span->from < piece_.to) {
        return Span{std::max(span->from, piece_.from), std::min(span->to, piece_.to)};
      }
      if (next_ == changes_.size()) return std::nullopt;
      ++next_;
      open_piece();
    }
  }

 private:
  void open_piece() {
    const auto* change = next_ == 0 ? nullptr : &changes_[next_ - 1];
    piece_ = Span{change ? change->since : base::kMomentMin,
                  next_ == changes_.size() ? base::kMomentMax : changes_[next_].since};
    const Value* value = change && change->value ? &*change->value : nullptr;
    const Moment from = std::max(piece_.from, from_);
    inside_ = std::visit(ForValue{value, scope_.zone, from}, node_.form);
  }

  Scope scope_;
  const Node& node_;
  const std::vector<timeline::AttributeChange> computed_;  // of a fitted attribute
  std::span<const timeline::AttributeChange> changes_;     // the history's, or those
  Moment from_;
  std::size_t next_ = 0;  // the change that ends the piece
  Span piece_{};
  Stream inside_;
};

}  // namespace

int first_year_kept(const Anniversary& test, const Zone& zone, Moment from) {
  const Moment clamped = std::clamp(from, kCalendarStart, kHorizon - base::kDay);
  return std::max(1, base::date_of(zone.day_of(clamped)).year - reach_of(test));
}

Stream anniversaries(const Anniversary& test, const Value& value, const Zone& zone, Moment from) {
  if (const auto* date = std::get_if<Date>(&value)) {
    return std::make_unique<AnniversaryStream>(test, *date, zone, from);
  }
  const auto* time = std::get_if<Moment>(&value);
  if (time == nullptr) return never();
  const Date local = base::date_of(zone.day_of(*time));
  return std::make_unique<AnniversaryStream>(test, local, zone, from);
}

bool holds_for_value(const Node& test, const Value* value, const AtMoment& at) {
  return holds_in(*std::visit(ForValue{value, at.zone, at.moment}, test.form), at.moment);
}

Stream attribute_stream(const Scope& scope, const Node& node, Moment from) {
  const Subject* subject = subject_of(node);
  CHECK(subject != nullptr);
  if (subject->rhythm != Rhythm::none) return rhythm_stream(scope, node, from);
  return std::make_unique<AttributeStream>(scope, node, *subject, from);
}

}  // namespace audience
