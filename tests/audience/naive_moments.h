// For naive_twin.cpp: every moment at which anything can change, and what both need.
#pragma once

#include <optional>
#include <variant>
#include <vector>

#include "audience/bind.h"
#include "base/calendar.h"
#include "timeline/history.h"

namespace audience::naive {

template <typename... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};
template <typename... Cases>
Overloaded(Cases...) -> Overloaded<Cases...>;

struct Event {
  timeline::EventAt at;
  base::EventTypeId type;
};

// The moment a time or date stands for; a date without a year stands for none.
inline std::optional<base::Moment> moment_of(const base::Value& value, const base::Zone& zone) {
  if (const auto* moment = std::get_if<base::Moment>(&value)) return *moment;
  if (const auto* date = std::get_if<base::Date>(&value)) {
    if (date->year == 0) return std::nullopt;
    return zone.start_of(base::day_of(*date));
  }
  return std::nullopt;
}

inline base::Moment literal_moment(const Literal& literal) {
  return std::get<base::Moment>(*literal.value);
}

// In order, each once.
std::vector<base::Moment> moments_of_change(const BoundRule& rule, const timeline::History& history,
                                            const std::vector<Event>& events);

}  // namespace audience::naive
