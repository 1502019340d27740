#include "api/kept_sizes.h"

#include <algorithm>

namespace api {

Sizes KeptSizes::of(const SizesOf& asked) {
  const std::scoped_lock lock(mutex_);
  const auto found = kept_.find(asked.audience);
  if (found == kept_.end() || found->second.of != asked) return {};
  found->second.asked = ++asked_;
  return found->second.sizes;
}

void KeptSizes::keep(const SizesOf& of, const Sizes& sizes) {
  const std::scoped_lock lock(mutex_);
  Kept& kept = kept_[of.audience];
  if (kept.of != of || kept.sizes.size() + sizes.size() > kMomentsKeptMax) kept = {of, {}, 0};
  kept.sizes.insert(sizes.begin(), sizes.end());
  kept.asked = ++asked_;
  if (kept_.size() <= kAudiencesKeptMax) return;
  kept_.erase(
      std::ranges::min_element(kept_, {}, [](const auto& entry) { return entry.second.asked; }));
}

}  // namespace api
