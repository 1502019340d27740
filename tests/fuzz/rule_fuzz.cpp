// Any bytes as a rule: as text, and as a JSON tree when they begin with "{". What is accepted
// prints to a text that parses to the same tree and prints the same; what is refused is refused
// inside the text; names of every type are bound without a crash.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "audience/bind.h"
#include "audience/memory_names.h"
#include "audience/parse.h"
#include "audience/print.h"
#include "audience/random_rule.h"
#include "audience/tree.h"
#include "base/calendar.h"
#include "base/check.h"

namespace {

const audience::MemoryNames& known_names() {
  static const audience::MemoryNames names = [] {
    audience::MemoryNames made;
    audience::declare_something_of_everything(made);
    return made;
  }();
  return names;
}

void check_bound(const audience::Rule& rule) {
  static const base::Zone zone = base::Zone::utc();
  audience::BindOptions options;
  options.zone = &zone;
  const auto bound = audience::bind(rule, known_names(), options);
  if (!bound) return;
  CHECK(audience::print((*bound)->rule()) == audience::print(rule));
}

void check_rule(const audience::Rule& rule) {
  CHECK(audience::depth_of(rule.root) <= audience::kRuleDepthMax);
  CHECK(audience::count_tests(rule.root) <= audience::kRuleTestsMax);
  const std::string text = audience::print(rule);
  const std::string tree = audience::to_tree_text(rule);
  CHECK(text.size() <= audience::kRuleBytesMax);
  const auto read = audience::from_tree_text(tree);
  CHECK(read);
  CHECK(audience::to_tree_text(*read) == tree);
  const auto again = audience::parse(text);
  CHECK(again);
  CHECK(audience::print(*again) == text);
  check_bound(rule);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (text.starts_with('{')) {
    const auto rule = audience::from_tree_text(text);
    if (rule) check_rule(*rule);
    return 0;
  }
  const auto rule = audience::parse(text);
  if (rule) {
    check_rule(*rule);
  } else {
    CHECK(rule.error().offset <= size);
    CHECK(rule.error().line >= 1 && rule.error().column >= 1);
  }
  return 0;
}
