#include "audience/rhythm_stream.h"

#include <algorithm>
#include <utility>

#include "audience/code_truth.h"
#include "audience/compare.h"
#include "base/check.h"

namespace audience {

using base::Moment;
using timeline::Span;

namespace {

using Range = RhythmTruth::Range;

// In order, disjoint, not touching.
std::vector<Range> tidy(std::vector<Range> ranges) {
  std::ranges::sort(ranges, {}, &Range::from);
  std::vector<Range> found;
  for (const Range& range : ranges) {
    if (range.to && *range.to <= range.from) continue;
    if (found.empty() || (found.back().to && *found.back().to < range.from)) {
      found.push_back(range);
    } else if (!range.to || (found.back().to && *range.to > *found.back().to)) {
      found.back().to = range.to;
    }
  }
  return found;
}

std::vector<Range> without(const std::vector<Range>& holes) {
  std::vector<Range> found;
  std::int64_t from = 0;
  for (const Range& hole : holes) {
    if (hole.from > from) found.push_back({from, hole.from});
    if (!hole.to) return found;
    from = *hole.to;
  }
  found.push_back({from, std::nullopt});
  return found;
}

class RhythmStream final : public MergingStream {
 public:
  RhythmStream(const Scope& scope, const Node& node, Moment from)
      : rhythm_(subject_of(node)->rhythm),
        changing_over_(subject_of(node)->changing_over),
        truth_(node, scope.zone),
        paid_(scope.history.events(subject_of(node)->bought)),
        gaps_(scope.zone) {
    while (next_ < paid_.size() && paid_[next_].time <= from) take_next();
    open_piece();
  }

 protected:
  std::optional<Span> raw() override {
    while (inside_ == spans_.size()) {
      if (next_ == paid_.size()) return std::nullopt;
      take_next();
      open_piece();
    }
    return spans_[inside_++];
  }

 private:
  void take_next() {
    last_ = paid_[next_++].time;
    if (rhythm_ != Rhythm::recency_days) gaps_.add(*last_);
  }

  // From the purchase last taken until the next.
  void open_piece() {
    spans_.clear();
    inside_ = 0;
    const Span piece{last_.value_or(base::kMomentMin),
                     next_ == paid_.size() ? base::kMomentMax : paid_[next_].time};
    if (piece.from >= piece.to) return;
    std::optional<Bought> bought;
    if (last_) bought = Bought{*last_};
    if (bought && rhythm_ != Rhythm::recency_days) {
      bought->usual_half_days = gaps_.usual_half_days();
      if (!bought->usual_half_days) bought.reset();
    }
    if (!bought) {
      if (truth_.of_unknown() && changing_over_.ms == 0) spans_.push_back(piece);
      return;
    }
    if (changing_over_.ms > 0) {
      for (const std::int64_t edge : truth_.edges()) {
        const Moment change = first_with(rhythm_, *bought, edge);
        if (change == piece.from) continue;  // the purchase's doing
        spans_.push_back({change, std::min(change + changing_over_, piece.to)});
      }
      return;
    }
    for (const Range& range : truth_.ranges()) {
      const Moment from = first_with(rhythm_, *bought, range.from);
      const Moment to = range.to ? first_with(rhythm_, *bought, *range.to) : base::kMomentMax;
      spans_.push_back({std::max(from, piece.from), std::min(to, piece.to)});
    }
  }

  Rhythm rhythm_;
  base::Duration changing_over_;
  RhythmTruth truth_;
  std::span<const timeline::EventAt> paid_;  // the history's
  std::size_t next_ = 0;
  std::optional<Moment> last_;
  Gaps gaps_;
  std::vector<Span> spans_;  // of the piece; some are empty
  std::size_t inside_ = 0;
};

}  // namespace

RhythmTruth::RhythmTruth(const Node& node, const base::Zone& zone) {
  ValueTruth truth(node, zone, std::nullopt);
  of_unknown_ = truth.of_unknown();
  const ValueTruth::Ranges* found = truth.ranges_of(type_of(subject_of(node)->rhythm));
  CHECK(found != nullptr);  // numbers have an order
  for (const ValueTruth::Range& range : found->ranges) {
    ranges_.push_back({std::max<std::int64_t>(range.from.value_or(0), 0), range.to});
  }
  ranges_ = tidy(std::move(ranges_));
  if (!found->holds_inside) ranges_ = without(ranges_);
}

bool RhythmTruth::of(const std::optional<std::int64_t>& number) const {
  if (!number) return of_unknown_;
  return std::ranges::any_of(ranges_, [&](const Range& range) {
    return *number >= range.from && (!range.to || *number < *range.to);
  });
}

std::vector<std::int64_t> RhythmTruth::edges() const {
  std::vector<std::int64_t> edges;
  for (const Range& range : ranges_) {
    if (range.from > 0) edges.push_back(range.from);
    if (range.to) edges.push_back(*range.to);
  }
  return edges;
}

bool RhythmTruth::changes(std::int64_t from, std::int64_t to) const {
  return std::ranges::any_of(ranges_, [&](const Range& range) {
    const bool begins = range.from > from && range.from <= to;
    return begins || (range.to && *range.to > from && *range.to <= to);
  });
}

Stream rhythm_stream(const Scope& scope, const Node& node, Moment from) {
  return std::make_unique<RhythmStream>(scope, node, from);
}

}  // namespace audience
