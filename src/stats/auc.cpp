#include "stats/auc.h"

#include <algorithm>

namespace stats {

std::optional<double> auc_of(std::vector<Ranked> ranked) {
  std::ranges::sort(ranked, {}, &Ranked::score);
  double did = 0;
  double did_not = 0;
  double won = 0;  // pairs
  for (std::size_t begin = 0; begin < ranked.size();) {
    double did_here = 0;
    double did_not_here = 0;
    std::size_t end = begin;
    for (; end < ranked.size() && ranked[end].score == ranked[begin].score; ++end) {
      (ranked[end].did ? did_here : did_not_here) += 1;
    }
    won += did_here * (did_not + did_not_here / 2);
    did += did_here;
    did_not += did_not_here;
    begin = end;
  }
  if (did == 0 || did_not == 0) return std::nullopt;
  return won / did / did_not;
}

}  // namespace stats
