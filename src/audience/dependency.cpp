#include "audience/dependency.h"

#include <algorithm>
#include <set>

namespace audience {
namespace {

bool is_change_of_audience(std::string_view event) {
  return event == "audience_entered" || event == "audience_left" || event == "audience_corrected";
}

void add_named(std::vector<base::AudienceId>& found, const Literal& literal, const Names& names) {
  if (literal.kind != LiteralKind::text) return;
  if (const auto id = names.audience(literal.text)) found.push_back(*id);
}

// The audiences that `audience = …` or `audience in …` allows; nothing when the filter lets others
// through, too.
std::optional<std::vector<base::AudienceId>> audiences_allowed(const Node* filter,
                                                               const Names& names) {
  if (filter == nullptr) return std::nullopt;
  if (const auto* all = std::get_if<And>(&filter->form)) {
    for (const Node& part : all->parts) {
      if (auto allowed = audiences_allowed(&part, names)) return allowed;
    }
    return std::nullopt;
  }
  std::vector<base::AudienceId> allowed;
  if (const auto* compare = std::get_if<Compare>(&filter->form)) {
    if (compare->subject.text != "audience") return std::nullopt;
    if (compare->comparison != Comparison::equal) return std::nullopt;
    if (compare->value.kind != LiteralKind::text) return std::nullopt;
    add_named(allowed, compare->value, names);
    return allowed;
  }
  if (const auto* list = std::get_if<InList>(&filter->form)) {
    if (list->subject.text != "audience") return std::nullopt;
    const auto is_text = [](const Literal& value) { return value.kind == LiteralKind::text; };
    if (!std::ranges::all_of(list->values, is_text)) return std::nullopt;
    for (const Literal& value : list->values) add_named(allowed, value, names);
    return allowed;
  }
  return std::nullopt;
}

class Collector {
 public:
  explicit Collector(const Names& names) : names_(names) {}

  void visit(const Node& node) {
    if (const auto* nested = std::get_if<InAudience>(&node.form)) add_nested(*nested);
    if (const auto* did = std::get_if<Did>(&node.form)) add_step(did->step);
    if (const auto* edge = std::get_if<FirstLast>(&node.form)) add_step(edge->step);
    if (const auto* sequence = std::get_if<Sequence>(&node.form)) {
      add_step(sequence->first);
      for (const Then& then : sequence->then) add_step(then.step);
      if (sequence->then_not) add_step(sequence->then_not->step);
    }
    for (const Node* child : children_of(node)) visit(*child);
  }

  Dependencies found;

 private:
  void add_nested(const InAudience& test) {
    if (test.list) return;
    const auto id =
        test.audience.id ? std::optional(test.audience.id) : names_.audience(test.audience.text);
    if (id) found.nested.push_back(*id);
  }

  void add_step(const Step& step) {
    if (!is_change_of_audience(step.event.text)) return;
    found.followed.push_back({step.event.offset, audiences_allowed(step.filter.get(), names_)});
  }

  const Names& names_;
};

bool names_list(const Node& node, base::ListId list) {
  const auto* test = std::get_if<InAudience>(&node.form);
  if (test != nullptr && test->list == list) return true;
  return std::ranges::any_of(children_of(node),
                             [&](const Node* child) { return names_list(*child, list); });
}

// Whether `from` leans on `target`, by nesting it or by following its changes.
bool reaches(base::AudienceId from, base::AudienceId target, const Names& names) {
  std::vector<base::AudienceId> waiting{from};
  std::set<base::AudienceId> seen;
  while (!waiting.empty()) {
    const base::AudienceId at = waiting.back();
    waiting.pop_back();
    if (at == target) return true;
    const Rule* definition = names.definition(at);
    if (!seen.insert(at).second || definition == nullptr) continue;
    const Dependencies next = dependencies_of(*definition, names);
    waiting.insert(waiting.end(), next.nested.begin(), next.nested.end());
    for (const FollowedChanges& followed : next.followed) {
      if (!followed.audiences) return true;
      waiting.insert(waiting.end(), followed.audiences->begin(), followed.audiences->end());
    }
  }
  return false;
}

}  // namespace

Dependencies dependencies_of(const Rule& rule, const Names& names) {
  Collector collector(names);
  collector.visit(rule.root);
  return std::move(collector.found);
}

std::vector<std::string> users_of(const Names& names, base::ListId list) {
  std::vector<std::string> users;
  for (std::string& name : names.all(Names::Kind::audience)) {
    const Rule* rule = names.definition(*names.audience(name));
    if (rule != nullptr && names_list(rule->root, list)) users.push_back(std::move(name));
  }
  return users;
}

std::optional<std::size_t> own_changes_in(const Rule& rule, base::AudienceId itself,
                                          const Names& names) {
  for (const FollowedChanges& followed : dependencies_of(rule, names).followed) {
    if (!followed.audiences) return followed.offset;
    const auto depends = [&](base::AudienceId id) { return reaches(id, itself, names); };
    if (std::ranges::any_of(*followed.audiences, depends)) return followed.offset;
  }
  return std::nullopt;
}

}  // namespace audience
