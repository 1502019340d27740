#include <utility>

#include "audience/leaf_mask.h"
#include "audience/mask_leaves.h"
#include "audience/mentions.h"

namespace audience {

using timeline::RowMask;
using timeline::SpanStream;

namespace {

// Rows of a block for which one span after the other is looked at, rather than all of the stream.
constexpr std::size_t kSingleRowsMax = 64;
constexpr double kSpanBytes = 8;  // about: its begin and its length

class MembershipMask final : public LeafMask {
 public:
  MembershipMask(const Node& node, const RuleAt& rule)
      : LeafMask(&node, rule), keys_(membership_keys(rule.rule, node)), at_(rule.at) {}

 protected:
  RowMask by_columns(BlockRun& run, const RowMask& candidates) override {
    RowMask found;
    RowMask left = candidates;
    for (const timeline::MembershipKey key : keys_) {
      const SpanStream* stream = run.block().membership(key);
      if (stream == nullptr) continue;
      const RowMask here = left & stream->rows();
      if (here.none()) continue;
      const std::size_t rows = here.count();
      if (rows <= kSingleRowsMax) {
        here.each([&](std::size_t row) {
          if (stream->holds(row, at_)) found.add(row);
        });
        run.spend(kSpanBytes * static_cast<double>(rows),
                  kOpenNanoseconds + kRowNanoseconds * static_cast<double>(rows));
      } else {
        found |= here & stream->holding(at_);
        const auto all = static_cast<double>(stream->rows().count());
        run.spend(kSpanBytes * all, kOpenNanoseconds + kSpanNanoseconds * all);
      }
      left -= found;
    }
    return found;
  }

 private:
  std::vector<timeline::MembershipKey> keys_;
  base::Moment at_;
};

}  // namespace

MaskPart membership_mask(const Node& node, const RuleAt& rule) {
  return std::make_unique<MembershipMask>(node, rule);
}

}  // namespace audience
