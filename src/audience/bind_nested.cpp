#include <algorithm>

#include "audience/binder.h"
#include "audience/dependency.h"

namespace audience {

// Each once, however often it is mentioned, and without recursion: definitions may nest to any
// depth.
void Binder::bind_definitions() {
  while (!pending_.empty() && !error_) {
    const Mention mention = pending_.back();
    pending_.pop_back();
    if (mention.audience == options_.itself) continue;  // a circle: check_expansion shows it
    if (bound_->definitions_.contains(mention.audience)) continue;
    within_ = mention;
    const Rule* definition = names_.definition(mention.audience);
    if (definition == nullptr) {
      miss(RuleFault::unknown_audience, Kind::audience,
           names_.name_of(Kind::audience, mention.audience.value), mention.offset);
    } else {
      Rule& copy = bound_->definitions_[mention.audience];
      copy = definition->clone();
      bind_node(copy.root, nullptr);
    }
    within_ = {};
  }
}

// Walks the definitions depth first: a way back to one that is still open is a circle; one that is
// left has as many tests as its own and those of all its mentions.
void Binder::check_expansion() {
  if (error_) return;
  struct Open {
    base::AudienceId audience;
    std::size_t next = 0;  // mention
    std::size_t tests = 0;
  };
  const auto open = [&](base::AudienceId audience) {
    const bool outermost = audience == options_.itself || !audience;
    const Rule* rule = &bound_->rule_;
    if (!outermost) {
      const auto found = bound_->definitions_.find(audience);
      rule = found == bound_->definitions_.end() ? nullptr : &found->second;
    }
    return Open{audience, 0, rule == nullptr ? 0 : count_tests(rule->root)};
  };
  std::vector<Open> path{open(options_.itself)};
  std::map<base::AudienceId, std::size_t> done;
  while (true) {
    Open& at = path.back();
    // Mentions of the rule itself stand under no id.
    const auto& mentions = nested_[path.size() == 1 ? base::AudienceId{} : at.audience];
    if (at.tests > kExpandedTestsMax) {
      return fail(RuleFault::too_many_tests, path.size() == 1 ? 0 : mentions.front().offset,
                  "at most " + std::to_string(kExpandedTestsMax) + " with nested audiences");
    }
    if (at.next == mentions.size()) {
      const Open left = at;
      path.pop_back();
      if (path.empty()) return;
      done[left.audience] = left.tests;
      path.back().tests += left.tests;
      continue;
    }
    const Mention mention = mentions[at.next++];
    if (const auto known = done.find(mention.audience); known != done.end()) {
      at.tests += known->second;
      continue;
    }
    if (std::ranges::find(path, mention.audience, &Open::audience) != path.end()) {
      std::vector<base::AudienceId> way;
      for (const Open& step : path) way.push_back(step.audience);
      return fail(RuleFault::circle, mention.offset, circle_through(way, mention.audience));
    }
    path.push_back(open(mention.audience));
  }
}

// "a → b → a"
std::string Binder::circle_through(const std::vector<base::AudienceId>& path,
                                   base::AudienceId back) const {
  std::string shown;
  for (auto at = std::ranges::find(path, back); at != path.end(); ++at) {
    shown += names_.name_of(Kind::audience, at->value) + " → ";
  }
  return shown + names_.name_of(Kind::audience, back.value);
}

void Binder::check_own_changes(const Rule& rule) {
  if (error_ || !options_.saved || !options_.itself) return;
  const std::optional<std::size_t> offset = own_changes_in(rule, options_.itself, names_);
  if (offset) {
    return fail(RuleFault::mentions_own_changes, *offset,
                "changes of audiences that do not depend on this one");
  }
  for (const auto& [audience, definition] : bound_->definitions_) {
    if (!own_changes_in(definition, options_.itself, names_)) continue;
    const auto& mentions = nested_[base::AudienceId{}];
    return fail(RuleFault::mentions_own_changes, mentions.empty() ? 0 : mentions.front().offset,
                names_.name_of(Kind::audience, audience.value) +
                    " follows the changes of what would depend on it");
  }
}

}  // namespace audience
