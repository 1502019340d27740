// One customer's way through a model: which stage, since when, until when.
//
// The intervals of the stages' rules (audience/evaluate.h) laid over each other, the first stage on
// top: at any moment the state is the first stage whose rule holds, as everywhere. Read lazily from
// known_since on; of what lies ahead only what is known today counts, so that a stay that has not
// ended says until when it lasts if nothing else happens. Pure; any thread.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "audience/evaluate.h"
#include "base/moment.h"
#include "timeline/history.h"

namespace lifecycle {

// [from, to): kMomentMax when it never ends by itself.
struct Stay {
  std::optional<std::size_t> stage;  // place in the model; nothing: in none
  base::Moment from;
  base::Moment to;
  friend bool operator==(const Stay&, const Stay&) = default;
};

// The stays one after the other without gaps, from known_since on; of two that follow each other
// the stages differ. Borrows rules and history.
class Stays {
 public:
  Stays(std::span<const std::shared_ptr<const audience::BoundRule>> rules,
        const timeline::History& history);
  // Nothing behind the one that does not end.
  std::optional<Stay> next();

 private:
  struct Rule {
    std::unique_ptr<audience::IntervalStream> stream;
    std::optional<timeline::Span> span;  // the first that has not ended; nothing: none is left
  };
  std::vector<Rule> rules_;
  base::Moment at_;
  bool over_ = false;
};

// Those up to the one at the moment, the oldest first; none before the customer is known.
std::vector<Stay> stays_until(std::span<const std::shared_ptr<const audience::BoundRule>> rules,
                              const timeline::History& history, base::Moment at);

}  // namespace lifecycle
