#include "stats/fit.h"

namespace stats {

std::string_view code_of(FitFault fault) {
  switch (fault) {
    case FitFault::none:
      return "";
    case FitFault::too_few:
      return "stats.too_few";
    case FitFault::at_bound:
      return "stats.at_bound";
    case FitFault::flat:
      return "stats.flat";
    case FitFault::not_converged:
      return "stats.not_converged";
  }
  return "";
}

void run_in_turn(std::size_t count, const std::function<void(std::size_t)>& task) {
  for (std::size_t i = 0; i < count; ++i) task(i);
}

}  // namespace stats
