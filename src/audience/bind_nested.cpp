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
      miss(RuleFault::unknown_audience, Kind::audience, shown(mention.audience), mention.offset);
    } else {
      Rule& copy = bound_->definitions_[mention.audience];
      copy = definition->clone();
      bind_node(copy.root, nullptr);
    }
    within_ = {};
  }
}

// A definition on the way: what it is when expanded, as far as its mentions have been looked at.
struct Binder::Open {
  base::AudienceId audience;
  std::size_t next = 0;  // mention
  std::size_t tests = 0;
  std::size_t depth = 0;

  void add(const Mention& mention, const Open& inner) {
    tests += inner.tests;
    depth = std::max(depth, mention.level + inner.depth);
  }
};

Binder::Open Binder::open(base::AudienceId audience) const {
  const auto found = bound_->definitions_.find(audience);
  const bool nested = audience && audience != options_.itself;
  if (nested && found == bound_->definitions_.end()) return Open{audience};
  const Node& root = nested ? found->second.root : bound_->rule_.root;
  return Open{audience, 0, count_tests(root), depth_of(root)};
}

bool Binder::is_within_limits(const Open& at, const std::vector<Mention>& mentions) {
  const std::size_t offset = at.next == 0 ? 0 : mentions[at.next - 1].offset;
  if (at.tests > kExpandedTestsMax) {
    fail(RuleFault::too_many_tests, offset,
         "at most " + std::to_string(kExpandedTestsMax) + " with nested audiences");
  } else if (at.depth > kExpandedDepthMax) {
    fail(RuleFault::too_deep, offset,
         "at most " + std::to_string(kExpandedDepthMax) + " levels with nested audiences");
  }
  return !error_;
}

// Walks the definitions depth first: a way back to one that is still open is a circle; one that is
// left has its own tests and levels and those of all its mentions.
void Binder::check_expansion() {
  if (error_) return;
  std::vector<Open> path{open(options_.itself)};
  std::map<base::AudienceId, Open> done;
  while (true) {
    Open& at = path.back();
    // Mentions of the rule itself stand under no id.
    const auto& mentions = nested_[path.size() == 1 ? base::AudienceId{} : at.audience];
    if (!is_within_limits(at, mentions)) return;
    if (at.next == mentions.size()) {
      const Open left = at;
      path.pop_back();
      if (path.empty()) return;
      done[left.audience] = left;
      Open& outer = path.back();
      const auto& outer_mentions = nested_[path.size() == 1 ? base::AudienceId{} : outer.audience];
      outer.add(outer_mentions[outer.next - 1], left);
      continue;
    }
    const Mention mention = mentions[at.next++];
    if (const auto known = done.find(mention.audience); known != done.end()) {
      at.add(mention, known->second);
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

std::string Binder::shown(base::AudienceId definition) const {
  return name_of_definition(names_, definition);
}

// "a → b → a"
std::string Binder::circle_through(const std::vector<base::AudienceId>& path,
                                   base::AudienceId back) const {
  std::string way;
  for (auto at = std::ranges::find(path, back); at != path.end(); ++at) {
    way += shown(*at) + " → ";
  }
  return way + shown(back);
}

void Binder::check_own_changes(const Rule& rule) {
  if (error_ || !options_.saved || !options_.itself) return;
  std::vector<base::AudienceId> own = options_.siblings;
  own.push_back(options_.itself);
  const std::optional<std::size_t> offset = own_changes_in(rule, own, names_);
  if (offset) {
    return fail(RuleFault::mentions_own_changes, *offset,
                "changes of what does not depend on this one");
  }
  for (const auto& [audience, definition] : bound_->definitions_) {
    if (!own_changes_in(definition, own, names_)) continue;
    const auto& mentions = nested_[base::AudienceId{}];
    return fail(RuleFault::mentions_own_changes, mentions.empty() ? 0 : mentions.front().offset,
                shown(audience) + " follows the changes of what would depend on it");
  }
}

}  // namespace audience
