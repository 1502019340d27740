// Inside the module: what is still to come of the brand, by its own time: the lives of all who were
// there when it was made, told further, and of those who join from then on.
//
// Told a day at a time, as it is asked for. The same origin and moment of making give the same,
// wherever it begins. Memory: about a kilobyte a customer. One thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <variant>
#include <vector>

#include "base/calendar.h"
#include "demo/life.h"
#include "demo/mark.h"
#include "demo/plan.h"

namespace demo {

inline constexpr double kBornADay = 0.0026;  // of each customer there was when it was made

struct Happening {
  base::Moment time;  // of the brand
  std::int64_t number = 0;
  base::CustomerId customer;
  // Life: somebody becomes a customer; nothing of its vectors.
  std::variant<Life, event_log::NewEvent, customer::NewValue, TagPut, Consent, ListJoined,
               LookedAfter>
      what;
};

class Ahead {
 public:
  struct Begin {
    base::Moment made;  // when the brand was made
    base::Moment told;  // what happens up to then is left out; not before `made`
  };
  Ahead(const Origin& origin, const base::Zone& zone, const Begin& begin);

  Ahead(const Ahead&) = delete;
  Ahead& operator=(const Ahead&) = delete;

  // When the next one happens; nothing: the brand has come to its end (kNewestDays).
  std::optional<base::Moment> next();
  // Requires next().
  Happening take();

 private:
  struct Whose {
    std::int64_t number = 0;
    base::CustomerId id;
  };
  void walk_a_day();
  void be_born();
  void tell(std::int64_t number, Life life);
  template <typename What>
  void add(base::Moment time, const Whose& whose, What what);

  Origin origin_;
  Plan plan_;
  base::Moment told_;
  std::vector<LifeWalk> walks_;  // by number
  std::int64_t walked_ago_ = 0;
  std::multimap<base::Moment, Happening> ahead_;
};

}  // namespace demo
