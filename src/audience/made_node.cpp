#include "audience/made_node.h"

#include <algorithm>
#include <utility>

#include "base/calendar.h"

namespace audience {

using base::Moment;
using timeline::Span;

namespace {

// And or Or of the parts. `drops` decides nothing, `decides` decides all.
template <typename Joined, typename Drops, typename Decides>
Node joined(std::vector<Node> parts, Drops drops, Decides decides) {
  std::vector<Node> left;
  for (Node& part : parts) {
    if (drops(part)) continue;
    if (decides(part)) return std::move(part);
    if (auto* same = std::get_if<Joined>(&part.form)) {
      std::ranges::move(same->parts, std::back_inserter(left));
    } else {
      left.push_back(std::move(part));
    }
  }
  if (left.size() == 1) return std::move(left.front());
  return Node{Joined{std::move(left)}};
}

bool is_empty(const Node& joined) {
  const auto* all = std::get_if<And>(&joined.form);
  const auto* any = std::get_if<Or>(&joined.form);
  return (all != nullptr && all->parts.empty()) || (any != nullptr && any->parts.empty());
}

// The value is exact; the text is the nearest that can be written.
Literal literal_of(Moment moment) {
  Literal literal;
  literal.kind = LiteralKind::moment;
  literal.text =
      base::to_iso8601_utc(std::clamp(moment, base::kWrittenMomentMin, base::kWrittenMomentMax));
  literal.value = moment;
  return literal;
}

}  // namespace

Node everyone() { return Node{Everyone{}}; }

Node nobody() { return Node{Not{std::make_unique<Node>(everyone())}}; }

bool is_everyone(const Node& node) { return std::holds_alternative<Everyone>(node.form); }

bool is_nobody(const Node& node) {
  const auto* no = std::get_if<Not>(&node.form);
  return no != nullptr && is_everyone(*no->part);
}

Node all_of(std::vector<Node> parts) {
  Node made = joined<And>(std::move(parts), is_everyone, is_nobody);
  return is_empty(made) ? everyone() : std::move(made);
}

Node any_of(std::vector<Node> parts) {
  Node made = joined<Or>(std::move(parts), is_nobody, is_everyone);
  return is_empty(made) ? nobody() : std::move(made);
}

Node none_of(Node part) {
  if (auto* no = std::get_if<Not>(&part.form)) return std::move(*std::exchange(no->part, nullptr));
  return Node{Not{std::make_unique<Node>(std::move(part))}};
}

Window between_moments(const Span& times) {
  return Window{BetweenMoments{literal_of(times.from), literal_of(times.to)}};
}

Node between_moments(const Subject& subject, const Span& times) {
  return Node{BetweenValues{subject, literal_of(times.from), literal_of(times.to)}};
}

WrittenDuration in_milliseconds(base::Duration duration) {
  return WrittenDuration{duration.ms, "ms"};
}

WrittenDuration in_days(std::int64_t days) { return WrittenDuration{days, "d"}; }

}  // namespace audience
