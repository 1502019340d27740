#include "audience/live_subject.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <variant>

#include "audience/rule.h"
#include "audience/tree.h"

namespace audience {
namespace {

// The keys of every test over a group's tags or a purpose's channels: they are no part of the tree.
void add_keys(const BoundRule& rule, const Node& node, std::string& text) {
  std::vector<const Node*> waiting{&node};
  while (!waiting.empty()) {
    const Node& next = *waiting.back();
    waiting.pop_back();
    const bool has_keys =
        std::holds_alternative<HasAnyTag>(next.form) || std::holds_alternative<Consents>(next.form);
    if (has_keys) {
      for (const std::int64_t key : rule.keys(next)) text += fmt::format(" {}", key);
      text += ';';
    }
    for (const Node* child : children_of(next)) waiting.push_back(child);
  }
}

void add_meaning(const BoundRule& rule, std::string& text) {
  text += rule.zone().name();
  text += to_tree_text(rule.rule());
  add_keys(rule, rule.rule().root, text);
  for (const auto& [id, definition] : rule.definitions()) {
    text += fmt::format("{}", id.value);
    text += to_tree_text(definition);
    add_keys(rule, definition.root, text);
  }
}

template <typename Index, typename Name>
const std::vector<LiveIndex::Slot>& found(const Index& index, const Name& name) {
  static const std::vector<LiveIndex::Slot> kNone;
  const auto place = index.find(name);
  return place == index.end() ? kNone : place->second;
}

template <typename Index, typename Names>
void add_all(Index& index, const Names& names, LiveIndex::Slot slot) {
  for (const auto& name : names) {
    auto& slots = index[name];
    if (slots.empty() || slots.back() != slot) slots.push_back(slot);
  }
}

}  // namespace

std::string_view name_of(SubjectKind kind) {
  return kind == SubjectKind::audience ? "audience" : "model";
}

std::string meaning_of(const LiveSubject& subject) {
  std::string text;
  for (const std::string& state : subject.states) text += state + '\n';
  for (const auto& rule : subject.rules) add_meaning(*rule, text);
  const XXH128_hash_t hash = XXH3_128bits(text.data(), text.size());
  return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
}

void LiveIndex::add(Slot slot, const LiveSubject& subject) {
  for (const auto& rule : subject.rules) {
    if (rule->matches_nobody()) continue;
    const timeline::Mentions mentions = looks_at(*rule, rule->rule().root).mentions;
    add_all(events_, mentions.events, slot);
    add_all(attributes_, mentions.attributes, slot);
    add_all(memberships_, mentions.memberships, slot);
  }
}

const std::vector<LiveIndex::Slot>& LiveIndex::of(base::EventTypeId event) const {
  return found(events_, event);
}

const std::vector<LiveIndex::Slot>& LiveIndex::of(const timeline::Change& change) const {
  if (change.kind == timeline::ChangeKind::attribute) return found(attributes_, change.attribute);
  return found(memberships_, change.membership);
}

}  // namespace audience
