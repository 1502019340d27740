#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <utility>

#include "audience/tree.h"
#include "audience/tree_words.h"

namespace audience {
namespace {

namespace json = boost::json;

std::string text_of(const WrittenDuration& duration) {
  return std::to_string(duration.count) + duration.unit;
}

template <typename Id>
void add_id(json::object& object, std::string_view key, Id id) {
  if (id) object[key] = id.value;
}

json::value write(const Node& node);

json::value write(const Literal& literal) {
  json::object object;
  const std::string_view kind = word_of(kLiteralWords, literal.kind);
  if (literal.kind == LiteralKind::boolean) {
    object[kind] = literal.text == "true";
  } else {
    object[kind] = literal.text;
  }
  return object;
}

json::array write(const std::vector<Literal>& literals) {
  json::array array;
  for (const Literal& literal : literals) array.push_back(write(literal));
  return array;
}

struct WindowWriter {
  json::object operator()(const InLast& form) const {
    return {{"type", "in_last"}, {"duration", text_of(form.duration)}};
  }
  json::object operator()(const InNext& form) const {
    return {{"type", "in_next"}, {"duration", text_of(form.duration)}};
  }
  json::object operator()(const InThis& form) const {
    return {{"type", "in_this"}, {"unit", word_of(kUnitWords, form.unit)}};
  }
  json::object operator()(const InPrevious& form) const {
    return {
        {"type", "in_previous"}, {"count", form.count}, {"unit", word_of(kUnitWords, form.unit)}};
  }
  json::object operator()(const Today&) const { return {{"type", "today"}}; }
  json::object operator()(const Yesterday&) const { return {{"type", "yesterday"}}; }
  json::object operator()(const BetweenMoments& form) const {
    return {{"type", "between"}, {"from", write(form.from)}, {"to", write(form.to)}};
  }
  json::object operator()(const Before& form) const {
    return {{"type", "before"}, {"moment", write(form.moment)}};
  }
  json::object operator()(const Since& form) const {
    return {{"type", "since"}, {"moment", write(form.moment)}};
  }
  json::object operator()(const FromToAgo& form) const {
    return {{"type", "from_to_ago"}, {"from", text_of(form.from)}, {"to", text_of(form.to)}};
  }
};

void add_window(json::object& object, const std::optional<Window>& window) {
  if (window) object["window"] = std::visit(WindowWriter{}, window->form);
}

struct MeasureWriter {
  json::object operator()(const CountTimes& form) const {
    return {{"type", "times"},
            {"comparison", word_of(kComparisonWords, form.comparison)},
            {"times", form.times}};
  }
  json::object operator()(const AggregateOf& form) const {
    return {{"type", word_of(kAggregateWords, form.aggregate)},
            {"property", form.property.text},
            {"comparison", word_of(kComparisonWords, form.comparison)},
            {"value", write(form.value)}};
  }
  json::object operator()(const OnDays& form) const {
    return {{"type", "days"},
            {"comparison", word_of(kComparisonWords, form.comparison)},
            {"days", form.days}};
  }
};

void add_step(json::object& object, const Step& step) {
  object["event"] = step.event.text;
  add_id(object, "event_id", step.event.id);
  if (step.filter) object["where"] = write(*step.filter);
}

json::object write(const Then& then) {
  json::object object;
  add_step(object, then.step);
  if (then.within) object["within"] = text_of(*then.within);
  if (then.same_here) object["same"] = then.same_here->text;
  return object;
}

struct NodeWriter {
  json::object operator()(const Everyone&) const { return {{"type", "everyone"}}; }
  json::object operator()(const And& form) const { return chain("and", form.parts); }
  json::object operator()(const Or& form) const { return chain("or", form.parts); }
  json::object operator()(const Not& form) const {
    return {{"type", "not"}, {"part", write(*form.part)}};
  }
  json::object operator()(const Held& form) const {
    return {{"type", "held"}, {"part", write(*form.part)}, {"duration", text_of(form.duration)}};
  }

  json::object operator()(const Compare& form) const {
    json::object object = named("compare", form.subject);
    object["comparison"] = word_of(kComparisonWords, form.comparison);
    object["value"] = write(form.value);
    return object;
  }
  json::object operator()(const InList& form) const {
    json::object object = named("in", form.subject);
    object["values"] = write(form.values);
    return object;
  }
  json::object operator()(const BetweenValues& form) const {
    json::object object = named("between", form.subject);
    object["low"] = write(form.low);
    object["high"] = write(form.high);
    return object;
  }
  json::object operator()(const IsKnown& form) const {
    json::object object = named("known", form.subject);
    object["known"] = form.known;
    return object;
  }
  json::object operator()(const MatchText& form) const {
    json::object object = named("match", form.subject);
    object["match"] = word_of(kMatchWords, form.match);
    object["text"] = form.value.text;
    return object;
  }
  json::object operator()(const InWindow& form) const {
    json::object object = named("window", form.subject);
    object["window"] = std::visit(WindowWriter{}, form.window.form);
    return object;
  }
  json::object operator()(const Anniversary& form) const {
    json::object object = named("anniversary", form.subject);
    object["range"] = word_of(kRangeWords, form.range);
    if (form.duration) object["duration"] = text_of(*form.duration);
    return object;
  }

  json::object operator()(const HasTag& form) const {
    json::object object{{"type", "tag"}, {"tag", form.tag.text}};
    add_id(object, "tag_id", form.tag.id);
    return object;
  }
  json::object operator()(const HasAnyTag& form) const {
    json::object object{{"type", "any_tag"}, {"group", form.group.text}};
    add_id(object, "group_id", form.group.id);
    return object;
  }
  json::object operator()(const InAudience& form) const {
    json::object object{{"type", "audience"}, {"audience", form.audience.text}};
    add_id(object, "audience_id", form.audience.id);
    add_id(object, "list_id", form.list);
    return object;
  }
  json::object operator()(const Consents& form) const {
    json::object object{{"type", "consents"}, {"purpose", form.purpose.text}};
    if (form.channel) object["channel"] = form.channel->text;
    return object;
  }
  json::object operator()(const HasIdentity& form) const {
    return {{"type", "identity"}, {"kind", form.kind.text}};
  }
  json::object operator()(const Relation& form) const {
    json::object object{{"type", "relation"}, {"relation", word_of(kRelationWords, form.kind)}};
    if (form.name) object["name"] = *form.name;
    return object;
  }
  json::object operator()(const Stage& form) const {
    json::object object{
        {"type", "stage"}, {"model", form.model.text}, {"test", word_of(kStageWords, form.test)}};
    add_id(object, "model_id", form.model.id);
    json::array stages;
    json::array ids;
    for (const Named<StageId>& stage : form.stages) {
      stages.emplace_back(stage.text);
      if (stage.id) ids.emplace_back(stage.id.value);
    }
    if (!stages.empty()) object["stages"] = std::move(stages);
    if (!ids.empty()) object["stage_ids"] = std::move(ids);
    return object;
  }
  json::object operator()(const Balance& form) const {
    return {{"type", "balance"},
            {"asset", form.asset},
            {"comparison", word_of(kComparisonWords, form.comparison)},
            {"value", write(form.value)}};
  }

  json::object operator()(const Did& form) const {
    json::object object{{"type", "did"}};
    if (form.negated) object["not"] = true;
    add_step(object, form.step);
    if (form.measure) object["measure"] = std::visit(MeasureWriter{}, *form.measure);
    add_window(object, form.window);
    return object;
  }
  json::object operator()(const FirstLast& form) const {
    json::object object{{"type", form.last ? "last" : "first"}};
    add_step(object, form.step);
    if (form.with) object["with"] = write(*form.with);
    add_window(object, form.window);
    return object;
  }
  json::object operator()(const Sequence& form) const {
    json::object first;
    add_step(first, form.first);
    json::array steps{std::move(first)};
    for (const Then& then : form.then) steps.push_back(write(then));
    json::object object{{"type", "sequence"}, {"steps", std::move(steps)}};
    if (form.then_not) object["then_not"] = write(*form.then_not);
    add_window(object, form.window);
    return object;
  }

 private:
  static json::object chain(std::string_view type, const std::vector<Node>& parts) {
    json::array array;
    for (const Node& part : parts) array.push_back(write(part));
    return {{"type", type}, {"parts", std::move(array)}};
  }
  static json::object named(std::string_view type, const Subject& subject) {
    json::object object{{"type", type}, {"name", subject.text}};
    add_id(object, "attribute_id", subject.attribute);
    return object;
  }
};

json::value write(const Node& node) { return std::visit(NodeWriter{}, node.form); }

}  // namespace

json::value to_tree(const Rule& rule) { return write(rule.root); }

std::string to_tree_text(const Rule& rule) { return json::serialize(to_tree(rule)); }

}  // namespace audience
