#include "audience/bind.h"

#include <algorithm>
#include <type_traits>
#include <utility>

#include "audience/binder.h"
#include "audience/computed_attribute.h"
#include "audience/parse.h"
#include "base/check.h"
#include "base/text.h"

namespace audience {

const Rule& BoundRule::definition(base::AudienceId audience) const {
  const auto found = definitions_.find(audience);
  CHECK(found != definitions_.end());
  return found->second;
}

const std::vector<std::int64_t>& BoundRule::keys(const Node& node) const {
  const auto found = keys_.find(&node);
  CHECK(found != keys_.end());
  return found->second;
}

namespace {

// Calls `visit` with every node of the tree, but for those in filters.
template <typename Visit>
void each_node(const Node& root, Visit visit) {
  std::vector<const Node*> waiting{&root};
  while (!waiting.empty()) {
    const Node& node = *waiting.back();
    waiting.pop_back();
    visit(node);
    if (is_test(node)) continue;
    for (const Node* child : children_of(node)) waiting.push_back(child);
  }
}

// What the keys of a node depend on; nothing: it has none.
std::optional<std::string> keys_name(const Node& node) {
  if (const auto* any = std::get_if<HasAnyTag>(&node.form)) {
    return std::to_string(any->group.id.value);
  }
  const auto* consents = std::get_if<Consents>(&node.form);
  if (consents == nullptr) return std::nullopt;
  // No text holds U+0000.
  const char* apart = consents->channel ? "\0c" : "\0p";
  return consents->purpose.text + std::string(apart, 2) +
         (consents->channel ? consents->channel->text : "");
}

std::string stage_name(const Stage& stage) {
  std::string name =
      std::to_string(stage.model.id.value) + ' ' + std::to_string(static_cast<int>(stage.test));
  for (const auto& each : stage.stages) name += ' ' + std::to_string(each.id.value);
  return name;
}

}  // namespace

// Of every node that needs them, from one alike.
void BoundRule::take_keys(const BoundRule& source) {
  std::map<std::string, const std::vector<std::int64_t>*> known;
  for (const auto& [node, keys] : source.keys_) known[keys_name(*node).value()] = &keys;
  std::map<std::string, const StageMeaning*> stages;
  for (const auto& [node, meaning] : source.stages_) {
    stages[stage_name(std::get<Stage>(node->form))] = &meaning;
  }
  const auto take = [&](const Node& node) {
    if (const auto* stage = std::get_if<Stage>(&node.form)) {
      const auto meant = stages.find(stage_name(*stage));
      CHECK(meant != stages.end());
      stages_[&node] = {meant->second->rules, meant->second->answers, meant->second->otherwise,
                        clone(meant->second->tree)};
    }
    const auto name = keys_name(node);
    if (!name) return;
    const auto found = known.find(*name);
    CHECK(found != known.end());
    keys_[&node] = *found->second;
  };
  each_node(rule_.root, take);
  for (const auto& [audience, definition] : definitions_) each_node(definition.root, take);
}

std::shared_ptr<const BoundRule> BoundRule::another(
    Rule rule, std::map<base::AudienceId, Rule> definitions) const {
  const std::shared_ptr<BoundRule> made(new BoundRule());  // NOLINT: nobody else can make one
  made->rule_ = std::move(rule);
  made->zone_ = zone_;
  made->matches_nobody_ = matches_nobody_;
  made->definitions_ = std::move(definitions);
  for (const auto& [audience, definition] : definitions_) {
    made->definitions_.emplace(audience, definition.clone());
  }
  made->take_keys(*this);
  return made;
}

const StageMeaning& BoundRule::stage(const Node& node) const {
  const auto found = stages_.find(&node);
  CHECK(found != stages_.end());
  return found->second;
}

base::Result<std::shared_ptr<const BoundRule>, RuleError> bind(const Rule& rule, const Names& names,
                                                               const BindOptions& options) {
  return Binder(names, options).run(rule);
}

base::Result<std::shared_ptr<const BoundRule>, RuleError> compile(std::string_view text,
                                                                  const Names& names,
                                                                  const BindOptions& options) {
  const auto rule = parse(text);
  if (!rule) return base::unexpected(rule.error());
  auto bound = bind(*rule, names, options);
  if (!bound) locate(bound.error(), text);
  return bound;
}

base::Result<std::shared_ptr<const BoundRule>, RuleError> Binder::run(const Rule& rule) {
  CHECK(options_.zone != nullptr);
  bound_.reset(new BoundRule());  // NOLINT: its constructor is the binder's alone
  bound_->rule_ = rule.clone();
  bound_->zone_ = std::make_shared<const base::Zone>(*options_.zone);
  bind_node(bound_->rule_.root, nullptr);
  bind_definitions();
  check_expansion();
  check_own_changes(bound_->rule_);
  if (error_) return base::unexpected(*std::move(error_));
  return std::shared_ptr<const BoundRule>(std::move(bound_));
}

void Binder::bind_node(Node& node, const Scope* scope) {
  if (error_) return;
  ++level_;
  std::visit(
      [&](auto& form) {
        using Form = std::decay_t<decltype(form)>;
        if constexpr (std::is_same_v<Form, And> || std::is_same_v<Form, Or>) {
          for (Node& part : form.parts) bind_node(part, scope);
        } else if constexpr (std::is_same_v<Form, Not> || std::is_same_v<Form, Held>) {
          bind_node(*form.part, scope);
        } else if constexpr (requires { bind_test(form, scope); }) {
          bind_test(form, scope);
        } else if constexpr (requires { bind_test(form); }) {
          bind_test(form);
        } else if constexpr (requires { bind_form(node, form); }) {
          bind_form(node, form);
        } else if constexpr (!std::is_same_v<Form, Everyone>) {
          fail(RuleFault::not_available_yet, node.offset);
        }
      },
      node.form);
  --level_;
}

void Binder::bind_form(Node& node, HasTag& form) {
  if (form.tag.id) {
    if (!names_.name_of(Kind::tag, form.tag.id.value).empty()) return;
    miss(RuleFault::unknown_tag, Kind::tag, form.tag.text, form.tag.offset);
    return;
  }
  const std::vector<base::TagId> tags = names_.tags(form.tag.text);
  if (tags.empty()) {
    miss(RuleFault::unknown_tag, Kind::tag, form.tag.text, form.tag.offset);
  } else if (tags.size() > 1) {
    std::string both;
    for (const base::TagId tag : tags) {
      both += (both.empty() ? "" : ", ") + names_.name_of(Kind::tag, tag.value);
    }
    fail(RuleFault::ambiguous_tag, node.offset, both);
  } else {
    form.tag.id = tags.front();
  }
}

void Binder::bind_form(Node& node, HasAnyTag& form) {
  if (!form.group.id) {
    if (const auto group = names_.tag_group(form.group.text)) form.group.id = *group;
  }
  const bool known = form.group.id && !names_.name_of(Kind::tag_group, form.group.id.value).empty();
  if (!known) {
    miss(RuleFault::unknown_tag_group, Kind::tag_group, form.group.text, form.group.offset);
    return;
  }
  std::vector<std::int64_t>& keys = bound_->keys_[&node];
  for (const base::TagId tag : names_.tags_of(form.group.id)) keys.push_back(tag.value);
}

void Binder::bind_form(Node&, InAudience& form) {
  if (!form.audience.id && !form.list) {
    if (const auto audience = names_.audience(form.audience.text)) {
      form.audience.id = *audience;
    } else if (const auto list = names_.list(form.audience.text)) {
      form.list = *list;
    }
  }
  if (form.list && !names_.name_of(Kind::list, form.list.value).empty()) return;
  const bool known =
      form.audience.id && !names_.name_of(Kind::audience, form.audience.id.value).empty();
  if (!known) {
    miss(RuleFault::unknown_audience, Kind::audience, form.audience.text, form.audience.offset);
    return;
  }
  mention(form.audience.id, form.audience.offset, level_);
}

void Binder::mention(base::AudienceId definition, std::size_t offset, std::size_t level) {
  const bool outermost = !within_.audience;
  const Mention mention{definition, outermost ? offset : within_.offset, level};
  nested_[within_.audience].push_back(mention);
  pending_.push_back(mention);
}

void Binder::bind_form(Node& node, Consents& form) {
  if (!is_known(Kind::purpose, form.purpose.text)) {
    miss(RuleFault::unknown_purpose, Kind::purpose, form.purpose.text, form.purpose.offset);
    return;
  }
  std::optional<std::string_view> channel;
  if (form.channel) {
    if (!is_known(Kind::channel, form.channel->text)) {
      miss(RuleFault::unknown_channel, Kind::channel, form.channel->text, form.channel->offset);
      return;
    }
    channel = form.channel->text;
  }
  bound_->keys_[&node] = names_.consent_keys(form.purpose.text, channel);
}

void Binder::bind_form(Node&, HasIdentity& form) {
  const auto kind = names_.identity_kind(form.kind.text);
  if (kind) {
    form.kind.id = IdentityKindId{*kind};
  } else {
    miss(RuleFault::unknown_identity_kind, Kind::identity_kind, form.kind.text, form.kind.offset);
  }
}

bool Binder::is_known(Kind kind, const std::string& name) const {
  const std::vector<std::string> names = names_.all(kind);
  return std::ranges::find(names, name) != names.end();
}

void Binder::fail(RuleFault fault, std::size_t offset, std::string expected) {
  if (error_) return;
  error_ = RuleError{};
  error_->fault = fault;
  error_->offset = within_.audience ? within_.offset : offset;
  error_->expected = std::move(expected);
}

void Binder::miss(RuleFault fault, Kind kind, const std::string& name, std::size_t offset,
                  base::EventTypeId event) {
  if (error_) return;
  std::vector<std::string> candidates = names_.all(kind, event);
  if (kind == Kind::tag) {
    for (std::size_t i = 0, full = candidates.size(); i < full; ++i) {
      const std::size_t slash = candidates[i].find('/');
      if (slash != std::string::npos) candidates.push_back(candidates[i].substr(slash + 1));
    }
  }
  if (kind == Kind::attribute) {
    for (const ComputedAttribute& each : computed_attributes()) candidates.emplace_back(each.name);
  }
  if (kind == Kind::audience) {
    const std::vector<std::string> lists = names_.all(Kind::list);
    candidates.insert(candidates.end(), lists.begin(), lists.end());
  }
  miss(fault, name, offset, candidates);
}

void Binder::miss(RuleFault fault, const std::string& name, std::size_t offset,
                  const std::vector<std::string>& candidates) {
  if (error_) return;
  std::optional<std::string> nearest = base::nearest(name, candidates);
  if (options_.saved) {
    fail(fault, offset, "a known name");
    error_->nearest = std::move(nearest);
    return;
  }
  bound_->matches_nobody_ = true;
  bound_->warnings_.push_back(Warning{std::string(code_of(fault)),
                                      within_.audience ? within_.offset : offset, name,
                                      std::move(nearest)});
}

void Binder::warn_empty(std::size_t offset) {
  bound_->warnings_.push_back(Warning{
      "audience.empty_range", within_.audience ? within_.offset : offset, {}, std::nullopt});
}

}  // namespace audience
