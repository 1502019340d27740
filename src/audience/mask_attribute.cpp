#include "audience/code_truth.h"
#include "audience/compare.h"
#include "audience/leaf_mask.h"
#include "audience/mask_leaves.h"
#include "base/check.h"

namespace audience {

using timeline::EntryRange;
using timeline::RowMask;
using timeline::Stream;

namespace {

// The value as of the moment is that of the last change at or before it.
class AttributeMask final : public LeafMask {
 public:
  AttributeMask(const Node& node, const RuleAt& rule)
      : LeafMask(&node, rule),
        attribute_(subject_of(node)->attribute),
        at_(rule.at),
        test_(node, rule.rule.zone(), rule.at) {}

 protected:
  RowMask by_columns(BlockRun& run, const RowMask& candidates) override {
    const Stream* stream = run.block().attribute(attribute_);
    if (stream == nullptr) return test_.of_unknown() ? candidates : RowMask{};
    RowMask found;
    if (test_.of_unknown()) found = candidates - stream->rows();
    const timeline::ValueColumn* column = stream->column({});
    codes_.open(test_, column);
    const std::uint64_t later = stream->times().raw_at_least(at_.ms + 1);
    double rows = 0;
    each_range(*stream, candidates, [&](std::size_t row, const EntryRange& range) {
      ++rows;
      const std::uint32_t end = position_of(stream->times(), range, later);
      const bool known = end > range.begin && column != nullptr;
      if (codes_(known ? column->code(end - 1) : 0)) found.add(row);
    });
    const double bits = stream->times().form().width + 16.0;
    run.spend(rows * bits / 8, kOpenNanoseconds + rows * kRowNanoseconds);
    return found;
  }

 private:
  base::AttributeId attribute_;
  base::Moment at_;
  ValueTruth test_;
  CodeTruth codes_;
};

}  // namespace

MaskPart attribute_mask(const Node& node, const RuleAt& rule) {
  const Subject* subject = subject_of(node);
  CHECK(subject != nullptr);
  if (subject->rhythm != Rhythm::none) return rhythm_mask(node, rule);
  if (subject->fitted) return fitted_mask(node, rule);
  return std::make_unique<AttributeMask>(node, rule);
}

}  // namespace audience
