// Random rules for tests: valid by construction, every production of the grammar among them.
#pragma once

#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "audience/memory_names.h"
#include "audience/rule.h"
#include "base/moment.h"

namespace audience {

struct RandomRuleOptions {
  // Moments in rules fall here, mostly on whole hours, so that they say something about histories
  // that do, too.
  base::Moment from{1'767'225'600'000};  // 2026-01-01T00:00Z
  base::Moment to{1'772'323'200'000};    // 2026-03-01T00:00Z
  std::uint64_t tests_max = 6;           // of a rule, those in filters not counted
  // Group, follows, friend of, coupon, balance: bind() refuses them as not available yet.
  bool with_unavailable = false;
  bool with_audiences = true;
};

// How often each production stands in the rules made so far: "and", "held", "compare/decimal",
// "attribute window/in_next", "event window/in_last", "did/sum", "first/with", "sequence/then_not".
using ProductionCounts = std::map<std::string, std::size_t>;

// Repeatable from `seed`. Every name is one of `names`, tags stand with their group, and every
// literal has the type it is compared with, so that bind() accepts the rule. Durations, numbers and
// texts are small and few, so that rules are true for some histories and false for others. `names`
// has at least one event and one of every other kind that the options do not exclude, and outlives
// this.
class RandomRules {
 public:
  RandomRules(const MemoryNames& names, std::uint64_t seed, RandomRuleOptions options = {});
  Rule next();
  const ProductionCounts& counts() const { return counts_; }

 private:
  friend class RandomRuleMaker;
  struct TypedName {
    std::string name;
    base::ValueType type;
  };
  struct Event {
    std::string name;
    std::vector<TypedName> properties;  // with source, local_hour, local_weekday
  };

  const MemoryNames& names_;
  std::mt19937_64 random_;
  RandomRuleOptions options_;
  ProductionCounts counts_;
  std::vector<TypedName> attributes_;
  std::vector<Event> events_;
  std::map<Names::Kind, std::vector<std::string>> all_;
};

// What texts in random rules are, and in histories should be.
inline constexpr const char* kRandomTexts[] = {"a", "b", "上海", "ab", ""};

}  // namespace audience
