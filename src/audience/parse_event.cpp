#include <array>
#include <utility>

#include "audience/parser.h"

namespace audience {
namespace {

struct AggregateWord {
  std::string_view word;
  Aggregate aggregate;
};
constexpr std::array<AggregateWord, 5> kAggregates = {{
    {"sum", Aggregate::sum},
    {"avg", Aggregate::average},
    {"min", Aggregate::minimum},
    {"max", Aggregate::maximum},
    {"distinct", Aggregate::distinct},
}};

}  // namespace

// `depth`: the level of this test in the tree; filters lie one below.
Node Parser::parse_did(std::size_t depth) {
  const std::size_t offset = next().offset;
  Did test;
  test.negated = take_word("not");
  test.step = parse_step(depth);
  if (!test.negated) {
    if (at_word("then")) {
      return Node{parse_sequence(std::move(test.step), depth), offset};
    }
    test.measure = parse_measure();
  }
  test.window = parse_window();
  return Node{std::move(test), offset};
}

Node Parser::parse_first_last(std::size_t depth) {
  FirstLast test;
  test.last = at_word("last");
  const std::size_t offset = next().offset;
  test.step = parse_step(depth);
  if (take_word("with")) test.with = parse_filter(depth);
  test.window = parse_window();
  return Node{std::move(test), offset};
}

Step Parser::parse_step(std::size_t depth) {
  Subject name = need_subject();
  Step step;
  step.event.text = std::move(name.text);
  step.event.offset = name.offset;
  if (take_word("where")) step.filter = parse_filter(depth);
  return step;
}

std::unique_ptr<Node> Parser::parse_filter(std::size_t depth) {
  need_open();
  auto filter = std::make_unique<Node>(parse_rule(Scope::event, depth));
  need_close();
  return filter;
}

std::optional<Measure> Parser::parse_measure() {
  if (at_comparison()) {
    CountTimes measure;
    measure.comparison = need_comparison();
    measure.times = need_integer();
    need_word("times");
    return measure;
  }
  if (take_word("on")) {
    OnDays measure;
    measure.comparison = need_comparison();
    measure.days = need_integer();
    need_word("days");
    return measure;
  }
  for (const AggregateWord& word : kAggregates) {
    if (take_word(word.word)) return parse_aggregate(word.aggregate);
  }
  return std::nullopt;
}

Measure Parser::parse_aggregate(Aggregate aggregate) {
  AggregateOf measure;
  measure.aggregate = aggregate;
  need_open();
  measure.property = need_subject();
  need_close();
  measure.comparison = need_comparison();
  measure.value = parse_value();
  return measure;
}

Sequence Parser::parse_sequence(Step first, std::size_t depth) {
  Sequence sequence;
  sequence.first = std::move(first);
  while (!sequence.then_not && take_word("then")) {
    const bool negated = take_word("not");
    Then then = parse_then(negated, depth);
    if (negated) {
      sequence.then_not = std::move(then);
    } else {
      sequence.then.push_back(std::move(then));
    }
  }
  sequence.window = parse_window();
  return sequence;
}

Then Parser::parse_then(bool negated, std::size_t depth) {
  Then then;
  then.step = parse_step(depth);
  if (take_word("within")) {
    then.within = need_duration();
  } else if (negated) {
    fail(RuleFault::expected_word, "within", {"within"});
  }
  if (take_word("same")) {
    need_open();
    then.same_here = need_subject();
    then.same_first = *then.same_here;
    need_close();
  }
  return then;
}

}  // namespace audience
