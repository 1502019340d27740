// What every fit by maximum likelihood says of itself.
//
// A fit that cannot be trusted is refused: `fault` says why, `subject` which parameter, and the
// parameters are there only to be looked at. Nothing is thrown for bad data.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace stats {

enum class FitFault {
  none,
  too_few,        // fewer rows with something to learn from than kFitRowsMin
  at_bound,       // the likelihood rises until a parameter meets its bound
  flat,           // the data do not tell the parameters: a standard error of a logarithm is beyond
                  // kLogErrorMax
  not_converged,  // no start came to a maximum
};
// "stats.too_few", "stats.at_bound", "stats.flat", "stats.not_converged"; "" for none.
std::string_view code_of(FitFault fault);

inline constexpr std::size_t kFitRowsMin = 10;
// A parameter known to a factor of e² either way tells nothing.
inline constexpr double kLogErrorMax = 2.0;

struct FitReport {
  FitFault fault = FitFault::too_few;
  std::string subject = {};  // the parameter at its bound or not told
  int starts = 0;
  // Of those, how many came within 0.01 of the greatest log-likelihood.
  int starts_agreeing = 0;
  int evaluations = 0;
  // What one more Newton step would add to the log-likelihood, about: below kDecrementMax it has
  // converged.
  double decrement = 0;
  std::size_t customers = 0;
  std::size_t groups = 0;  // rows after identical ones were put together

  bool converged() const { return fault == FitFault::none; }
};

// Runs task(0) … task(count - 1), on as many threads as it likes, and returns when all have ended.
// base::WorkPool is one; the floor of this module does not know it.
using Runner = std::function<void(std::size_t count, const std::function<void(std::size_t)>& task)>;
// One after the other.
void run_in_turn(std::size_t count, const std::function<void(std::size_t)>& task);

}  // namespace stats
