#include <algorithm>
#include <unordered_map>

#include "audience/code_truth.h"
#include "audience/compare.h"
#include "audience/leaf_mask.h"
#include "audience/mask_leaves.h"
#include "audience/rhythm.h"
#include "audience/rhythm_stream.h"
#include "timeline/fitted_values.h"

namespace audience {

using timeline::EntryRange;
using timeline::FittedColumn;
using timeline::RowMask;

namespace {

// The value is of the purchases up to the moment; one pass over their times.
class RhythmMask final : public LeafMask {
 public:
  RhythmMask(const Node& node, const RuleAt& rule)
      : LeafMask(&node, rule),
        rhythm_(subject_of(node)->rhythm),
        bought_(subject_of(node)->bought),
        changing_over_(subject_of(node)->changing_over),
        at_(rule.at),
        truth_(node, rule.rule.zone()),
        gaps_(rule.rule.zone()) {}

 protected:
  RowMask by_columns(BlockRun& run, const RowMask& candidates) override {
    const timeline::Stream* stream = run.block().events(bought_);
    const bool of_unknown = truth_.of_unknown() && changing_over_.ms == 0;
    if (stream == nullptr) return of_unknown ? candidates : RowMask{};
    RowMask found;
    if (of_unknown) found = candidates - stream->rows();
    const std::uint64_t later = stream->times().raw_at_least(at_.ms + 1);
    double rows = 0;
    double entries = 0;
    each_range(*stream, candidates, [&](std::size_t row, const EntryRange& range) {
      ++rows;
      const EntryRange past{range.begin, position_of(stream->times(), range, later)};
      if (holds(*stream, past)) found.add(row);
      if (looks_at_days(past)) entries += past.size();
    });
    const double bytes = stream->times().form().width / 8.0;
    run.spend((rows + entries) * bytes,
              kOpenNanoseconds + rows * kRowNanoseconds + entries * kDayNanoseconds);
    return found;
  }

 private:
  bool looks_at_days(const EntryRange& past) const {
    return rhythm_ != Rhythm::recency_days && past.size() >= kPurchaseDaysMin;
  }

  bool holds(const timeline::Stream& stream, const EntryRange& past) {
    const auto bought = bought_in(stream, past);
    const auto now = bought ? number_at(rhythm_, *bought, at_) : std::nullopt;
    if (changing_over_.ms == 0) return truth_.of(now);
    if (!now) return false;
    const base::Moment before = std::max(bought->last, at_ - changing_over_);
    return truth_.changes(*number_at(rhythm_, *bought, before), *now);
  }

  std::optional<Bought> bought_in(const timeline::Stream& stream, const EntryRange& past) {
    if (past.empty()) return std::nullopt;
    Bought bought{stream.time(past.end - 1)};
    if (looks_at_days(past)) {
      gaps_.clear();
      for (std::uint32_t entry = past.begin; entry < past.end; ++entry) {
        gaps_.add(stream.time(entry));
      }
      bought.usual_half_days = gaps_.usual_half_days();
    }
    return bought;
  }

  Rhythm rhythm_;
  base::EventTypeId bought_;
  base::Duration changing_over_;
  base::Moment at_;
  RhythmTruth truth_;
  Gaps gaps_;
};

// The value is that of the last run at or before the moment, whatever arrives.
class FittedMask final : public LeafMask {
 public:
  FittedMask(const Node& node, const RuleAt& rule)
      : LeafMask(&node, rule),
        attribute_(*subject_of(node)->fitted),
        at_(rule.at),
        test_(node, rule.rule.zone(), rule.at) {}

 protected:
  RowMask by_columns(BlockRun& run, const RowMask& candidates) override {
    open(run);
    if (column_->empty()) return test_.of_unknown() ? candidates : RowMask{};
    RowMask found;
    candidates.each([&](std::size_t row) {
      if (holds(column_->number_of(run.block().person(row)))) found.add(row);
    });
    const auto rows = static_cast<double>(candidates.count());
    run.spend(rows * sizeof(std::int64_t), kOpenNanoseconds + rows * kLookUpNanoseconds);
    return found;
  }

 private:
  void open(BlockRun& run) {
    if (column_) return;
    column_ = run.fitted() == nullptr ? FittedColumn() : run.fitted()->column(attribute_, at_);
    ranges_ = test_.ranges_of(timeline::kind_of(attribute_).type);
  }

  bool holds(std::int64_t number) {
    if (number == timeline::kNoFittedValue) return test_.of_unknown();
    if (ranges_ == nullptr) {
      // A text: there are few.
      const auto [answer, fresh] = answers_.try_emplace(number);
      if (fresh) {
        const base::Value value = column_->value_of(number);
        answer->second = test_.of(&value);
      }
      return answer->second;
    }
    for (const ValueTruth::Range& range : ranges_->ranges) {
      if ((!range.from || number >= *range.from) && (!range.to || number < *range.to)) {
        return ranges_->holds_inside;
      }
    }
    return !ranges_->holds_inside;
  }

  timeline::FittedAttribute attribute_;
  base::Moment at_;
  ValueTruth test_;
  std::optional<FittedColumn> column_;
  const ValueTruth::Ranges* ranges_ = nullptr;
  std::unordered_map<std::int64_t, bool> answers_;
};

}  // namespace

MaskPart rhythm_mask(const Node& node, const RuleAt& rule) {
  return std::make_unique<RhythmMask>(node, rule);
}

MaskPart fitted_mask(const Node& node, const RuleAt& rule) {
  return std::make_unique<FittedMask>(node, rule);
}

}  // namespace audience
