#include "lifecycle/stay.h"

#include <algorithm>

namespace lifecycle {

Stays::Stays(std::span<const std::shared_ptr<const audience::BoundRule>> rules,
             const timeline::History& history)
    : at_(history.known_since()) {
  for (const auto& rule : rules) {
    Rule& one = rules_.emplace_back();
    one.stream = audience::intervals(*rule, history, base::kMomentMin);
    one.span = one.stream->next();
  }
}

std::optional<Stay> Stays::next() {
  if (over_) return std::nullopt;
  Stay stay{std::nullopt, at_, base::kMomentMax};
  for (std::size_t place = 0; place < rules_.size(); ++place) {
    Rule& rule = rules_[place];
    while (rule.span && rule.span->to <= at_) rule.span = rule.stream->next();
    if (!rule.span) continue;
    if (rule.span->from <= at_) {
      stay.stage = place;
      stay.to = std::min(stay.to, rule.span->to);
      break;
    }
    // A stage before it takes over.
    stay.to = std::min(stay.to, rule.span->from);
  }
  at_ = stay.to;
  over_ = stay.to >= audience::kHorizon;
  return stay;
}

std::vector<Stay> stays_until(std::span<const std::shared_ptr<const audience::BoundRule>> rules,
                              const timeline::History& history, base::Moment at) {
  std::vector<Stay> found;
  if (at < history.known_since()) return found;
  Stays stays(rules, history);
  while (const auto stay = stays.next()) {
    found.push_back(*stay);
    if (stay->to > at) break;
  }
  return found;
}

}  // namespace lifecycle
