#include "audience/state.h"

#include <algorithm>

#include "base/check.h"

namespace audience {

using base::Moment;
using timeline::Span;

StateStream::StateStream(SubjectRules rules, const timeline::History& history, Moment from)
    : rules_(rules), history_(history), cursors_(rules.size()) {
  CHECK(rules.size() < kStatesMax);
  now_ = stand(std::max(from, base::kMomentMin));
  start_ = now_.state;
}

const std::optional<Span>& StateStream::look(std::size_t rule, Moment at) {
  Cursor& cursor = cursors_[rule];
  if (!cursor.stream) {
    cursor.stream = intervals(*rules_[rule], history_, at);
    cursor.span = cursor.stream->next();
  }
  while (cursor.span && cursor.span->to <= at) cursor.span = cursor.stream->next();
  return cursor.span;
}

StateStream::Standing StateStream::stand(Moment at) {
  Standing standing;
  for (std::size_t rule = 0; rule < rules_.size(); ++rule) {
    const std::optional<Span>& span = look(rule, at);
    if (!span) continue;
    if (span->from <= at) {
      standing.state = static_cast<State>(rule + 1);
      standing.until = std::min(standing.until, span->to);
      return standing;
    }
    standing.until = std::min(standing.until, span->from);
  }
  return standing;
}

std::optional<StateChange> StateStream::next() {
  while (now_.until < kHorizon) {
    const Moment at = now_.until;
    const State before = now_.state;
    now_ = stand(at);
    if (now_.state != before) return StateChange{at, now_.state};
  }
  return std::nullopt;
}

State state_at(SubjectRules rules, const timeline::History& history, Moment at) {
  for (std::size_t rule = 0; rule < rules.size(); ++rule) {
    if (holds_at(*rules[rule], history, at)) return static_cast<State>(rule + 1);
  }
  return 0;
}

}  // namespace audience
