// Putting trees together, for rules that a program makes (may_change.h): everyone and nobody go
// away where they decide nothing, and chains of one of and/or are flat.
#pragma once

#include <vector>

#include "audience/rule.h"
#include "base/moment.h"
#include "timeline/history.h"

namespace audience {

Node everyone();
Node nobody();  // not everyone
bool is_everyone(const Node& node);
bool is_nobody(const Node& node);

Node all_of(std::vector<Node> parts);  // of none: everyone
Node any_of(std::vector<Node> parts);  // of none: nobody
Node none_of(Node part);

template <typename... Nodes>
std::vector<Node> nodes(Nodes... each) {
  std::vector<Node> all;
  (all.push_back(std::move(each)), ...);
  return all;
}

// Times in [from, to): bound, its literals have their values.
Window between_moments(const timeline::Span& times);
Node between_moments(const Subject& subject, const timeline::Span& times);

WrittenDuration in_milliseconds(base::Duration duration);
WrittenDuration in_days(std::int64_t days);

}  // namespace audience
