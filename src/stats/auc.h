// How well a score ranks those who did it above those who did not.
#pragma once

#include <optional>
#include <vector>

namespace stats {

struct Ranked {
  double score = 0;
  bool did = false;
};
// The area under the ROC curve: the share of pairs (one who did, one who did not) in which the one
// who did has the greater score, equal scores counted half (Mann, Whitney 1947). 0.5: no better
// than chance. Nothing: all did, or none.
std::optional<double> auc_of(std::vector<Ranked> ranked);

}  // namespace stats
