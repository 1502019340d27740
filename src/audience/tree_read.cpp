#include <boost/json/parse.hpp>
#include <utility>

#include "audience/print.h"
#include "audience/tree.h"
#include "audience/tree_reader.h"

namespace audience {

namespace json = boost::json;

base::Result<Rule, RuleError> from_tree(const json::value& tree) {
  TreeReader reader;
  Rule rule = reader.read(tree);
  if (reader.error()) return base::unexpected(*reader.error());
  return rule;
}

base::Result<Rule, RuleError> from_tree_text(std::string_view text) {
  json::parse_options options;
  options.max_depth = 4 * kRuleDepthMax;  // an object and an array a level, and what stands below
  json::error_code failure;
  const json::value tree =
      json::parse(json::string_view(text.data(), text.size()), failure, {}, options);
  if (!failure) return from_tree(tree);
  RuleError error;
  error.fault = RuleFault::bad_tree;
  error.expected = "JSON";
  return base::unexpected(std::move(error));
}

Rule TreeReader::read(const Value& tree) {
  Rule rule{read_node(tree, Scope::customer, 1)};
  if (!error_ && print(rule).size() > kRuleBytesMax) {
    fail("at most " + std::to_string(kRuleBytesMax) + " bytes of text", RuleFault::text_too_long);
  }
  return rule;
}

Node TreeReader::read_node(const Value& value, Scope scope, std::size_t depth) {
  Node node;
  if (depth > kRuleDepthMax) {
    fail("at most " + std::to_string(kRuleDepthMax) + " levels", RuleFault::too_deep);
    return node;
  }
  Fields fields = open(value);
  const std::string type = error_ ? std::string() : need_text(fields, "type");
  if (error_) return node;
  std::optional<NodeForm> form = read_connective(fields, type, scope, depth);
  if (!form) {
    if (++tests_ > kRuleTestsMax) {
      fail("at most " + std::to_string(kRuleTestsMax) + " tests", RuleFault::too_many_tests);
      return node;
    }
    form = read_attribute(fields, type);
    if (!form && scope == Scope::customer) form = read_membership(fields, type);
    if (!form && scope == Scope::customer) form = read_event(fields, type, depth);
  }
  if (form) {
    node.form = std::move(*form);
    close(fields);
  } else {
    const At place(*this, "type");
    fail(scope == Scope::customer ? "a node" : "and, or, not, or a test over a property");
  }
  return node;
}

std::optional<NodeForm> TreeReader::read_connective(Fields& fields, std::string_view type,
                                                    Scope scope, std::size_t depth) {
  if (type == "and") return read_chain<And>(fields, scope, depth);
  if (type == "or") return read_chain<Or>(fields, scope, depth);
  if (type == "not") return Not{read_part(fields, "part", scope, depth)};
  if (type != "held" || scope == Scope::event) return std::nullopt;
  Held held{read_part(fields, "part", scope, depth), {}};
  held.duration = need_duration(fields, "duration");
  return held;
}

// A part that is a chain of the same connective dissolves, so it is no level of its own.
template <typename Chain>
Chain TreeReader::read_chain(Fields& fields, Scope scope, std::size_t depth) {
  Chain chain;
  const json::array* parts = need_array(fields, "parts");
  if (parts == nullptr) return chain;
  const At place(*this, "parts");
  for (std::size_t i = 0; i < parts->size() && !error_; ++i) {
    const At index(*this, i);
    Node part = read_node((*parts)[i], scope, depth + 1);
    if (auto* same = std::get_if<Chain>(&part.form)) {
      for (Node& inner : same->parts) chain.parts.push_back(std::move(inner));
    } else {
      chain.parts.push_back(std::move(part));
    }
  }
  if (chain.parts.size() < 2) fail("at least two parts");
  return chain;
}

std::unique_ptr<Node> TreeReader::read_part(Fields& fields, std::string_view key, Scope scope,
                                            std::size_t depth) {
  const Value* part = need(fields, key);
  const At place(*this, key);
  return std::make_unique<Node>(part == nullptr ? Node{} : read_node(*part, scope, depth + 1));
}

Subject TreeReader::read_subject(Fields& fields) {
  Subject subject;
  subject.text = need_text(fields, "name");
  subject.attribute.value = take_id(fields, "attribute_id");
  return subject;
}

std::optional<NodeForm> TreeReader::read_attribute(Fields& fields, std::string_view type) {
  if (type == "compare") {
    Compare form{read_subject(fields), Comparison::equal, {}, 0};
    form.comparison = need_word<Comparison>(fields, "comparison", kComparisonWords);
    form.value = need_literal(fields, "value");
    return form;
  }
  if (type == "in") {
    InList form{read_subject(fields), {}, 0};
    const json::array* values = need_array(fields, "values");
    const At place(*this, "values");
    for (std::size_t i = 0; values != nullptr && i < values->size() && !error_; ++i) {
      const At index(*this, i);
      form.values.push_back(read_literal((*values)[i]));
    }
    return form;
  }
  if (type == "between") {
    BetweenValues form{read_subject(fields), {}, {}, 0};
    form.low = need_literal(fields, "low");
    form.high = need_literal(fields, "high");
    return form;
  }
  if (type == "known") {
    IsKnown form{read_subject(fields), true};
    form.known = need_bool(fields, "known");
    return form;
  }
  if (type == "match") {
    MatchText form{read_subject(fields), TextMatch::contains, {}, 0};
    form.match = need_word<TextMatch>(fields, "match", kMatchWords);
    form.value.kind = LiteralKind::text;
    form.value.text = need_text(fields, "text");
    return form;
  }
  if (type == "window") return read_window_test(fields);
  if (type == "anniversary") return read_anniversary(fields);
  return std::nullopt;
}

NodeForm TreeReader::read_window_test(Fields& fields) {
  InWindow form{read_subject(fields), Window{Today{}, 0}};
  const Value* value = need(fields, "window");
  const At place(*this, "window");
  if (value != nullptr) form.window = read_window(*value);
  if (std::holds_alternative<BetweenMoments>(form.window.form)) fail("a node of type between");
  return form;
}

NodeForm TreeReader::read_anniversary(Fields& fields) {
  Anniversary form{read_subject(fields), AnniversaryRange::today, std::nullopt, 0};
  form.range = need_word<AnniversaryRange>(fields, "range", kRangeWords);
  if (form.range != AnniversaryRange::today) form.duration = need_duration(fields, "duration");
  return form;
}

std::optional<NodeForm> TreeReader::read_membership(Fields& fields, std::string_view type) {
  if (type == "everyone") return Everyone{};
  if (type == "tag") {
    HasTag form{{need_text(fields, "tag"), 0, {}}};
    form.tag.id.value = take_id(fields, "tag_id");
    return form;
  }
  if (type == "any_tag") {
    HasAnyTag form{{need_text(fields, "group"), 0, {}}};
    form.group.id.value = take_id(fields, "group_id");
    return form;
  }
  if (type == "audience") {
    InAudience form{{need_text(fields, "audience"), 0, {}}, {}};
    form.audience.id.value = take_id(fields, "audience_id");
    form.list.value = take_id(fields, "list_id");
    if (form.audience.id && form.list) fail("audience_id or list_id, not both");
    return form;
  }
  if (type == "consents") {
    Consents form{{need_text(fields, "purpose"), 0, {}}, std::nullopt};
    if (const Value* channel = take(fields, "channel")) {
      const At place(*this, "channel");
      form.channel = Named<ChannelId>{text(*channel), 0, {}};
    }
    return form;
  }
  if (type == "identity") return HasIdentity{{need_text(fields, "kind"), 0, {}}};
  if (type == "relation") {
    Relation form{need_word<RelationKind>(fields, "relation", kRelationWords), std::nullopt};
    if (const Value* name = take(fields, "name")) {
      const At place(*this, "name");
      form.name = text(*name);
    }
    return form;
  }
  if (type == "stage") return read_stage(fields);
  if (type != "balance") return std::nullopt;
  Balance form{need_text(fields, "asset"), Comparison::equal, {}};
  form.comparison = need_word<Comparison>(fields, "comparison", kComparisonWords);
  form.value = need_literal(fields, "value");
  if (form.value.kind != LiteralKind::number) fail("a number as value");
  return form;
}

NodeForm TreeReader::read_stage(Fields& fields) {
  Stage form{{need_text(fields, "model"), 0, {}}, StageTest::equal, {}};
  form.model.id.value = take_id(fields, "model_id");
  form.test = need_word<StageTest>(fields, "test", kStageWords);
  if (form.test == StageTest::known || form.test == StageTest::unknown) return form;
  const json::array* stages = need_array(fields, "stages");
  const bool with_ids = fields.object != nullptr && fields.object->contains("stage_ids");
  const json::array* ids = with_ids ? need_array(fields, "stage_ids") : nullptr;
  const At place(*this, "stages");
  for (std::size_t i = 0; stages != nullptr && i < stages->size() && !error_; ++i) {
    const At index(*this, i);
    form.stages.push_back({text((*stages)[i]), 0, {}});
  }
  if (form.test != StageTest::in && form.stages.size() != 1) fail("one stage");
  if (ids != nullptr && ids->size() != form.stages.size()) fail("an id for each stage");
  for (std::size_t i = 0; ids != nullptr && i < ids->size() && !error_; ++i) {
    const Value& id = (*ids)[i];
    if (!id.is_int64() || id.get_int64() <= 0) return fail("positive ids"), form;
    form.stages[i].id.value = id.get_int64();
  }
  return form;
}

std::optional<NodeForm> TreeReader::read_event(Fields& fields, std::string_view type,
                                               std::size_t depth) {
  if (type == "did") return read_did(fields, depth);
  if (type == "sequence") return read_sequence(fields, depth);
  if (type != "first" && type != "last") return std::nullopt;
  FirstLast form;
  form.last = type == "last";
  form.step = read_step(fields, depth);
  if (const Value* with = take(fields, "with")) {
    const At place(*this, "with");
    form.with = std::make_unique<Node>(read_node(*with, Scope::event, depth + 1));
  }
  form.window = take_window(fields);
  return form;
}

NodeForm TreeReader::read_did(Fields& fields, std::size_t depth) {
  Did form;
  if (const Value* negated = take(fields, "not")) {
    const At place(*this, "not");
    if (!negated->is_bool()) fail("true or false");
    form.negated = !error_ && negated->get_bool();
  }
  form.step = read_step(fields, depth);
  if (const Value* measure = take(fields, "measure")) {
    const At place(*this, "measure");
    if (form.negated) fail("no measure beside not");
    form.measure = read_measure(*measure);
  }
  form.window = take_window(fields);
  return form;
}

NodeForm TreeReader::read_sequence(Fields& fields, std::size_t depth) {
  Sequence form;
  if (const json::array* steps = need_array(fields, "steps")) {
    const At place(*this, "steps");
    for (std::size_t i = 0; i < steps->size() && !error_; ++i) {
      const At index(*this, i);
      if (i > 0) {
        form.then.push_back(read_then((*steps)[i], depth));
        continue;
      }
      Fields first = open((*steps)[i]);
      if (error_) break;
      form.first = read_step(first, depth);
      close(first);
    }
  }
  if (const Value* then_not = take(fields, "then_not")) {
    const At place(*this, "then_not");
    form.then_not = read_then(*then_not, depth);
    if (!form.then_not->within) fail("a member \"within\"");
  }
  if (form.then.empty() && !form.then_not) fail("two steps, or one and then_not");
  form.window = take_window(fields);
  return form;
}

Step TreeReader::read_step(Fields& fields, std::size_t depth) {
  Step step;
  step.event.text = need_text(fields, "event");
  step.event.id.value = take_id(fields, "event_id");
  if (const Value* filter = take(fields, "where")) {
    const At place(*this, "where");
    step.filter = std::make_unique<Node>(read_node(*filter, Scope::event, depth + 1));
  }
  return step;
}

Then TreeReader::read_then(const Value& value, std::size_t depth) {
  Then then;
  Fields fields = open(value);
  if (error_) return then;
  then.step = read_step(fields, depth);
  if (const Value* within = take(fields, "within")) {
    const At place(*this, "within");
    then.within = duration(*within);
  }
  if (const Value* same = take(fields, "same")) {
    const At place(*this, "same");
    then.same_here.emplace();
    then.same_here->text = text(*same);
    then.same_first = *then.same_here;
  }
  close(fields);
  return then;
}

}  // namespace audience
