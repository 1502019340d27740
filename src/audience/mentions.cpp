#include "audience/mentions.h"

#include <algorithm>
#include <set>
#include <type_traits>
#include <variant>
#include <vector>

#include "audience/compare.h"
#include "base/check.h"

namespace audience {

using timeline::MembershipKey;
using timeline::MembershipKind;

namespace {

class Looker {
 public:
  explicit Looker(const BoundRule& rule) : rule_(rule) {}

  LooksAt look(const Node& node) {
    waiting_ = {&node};
    while (!waiting_.empty()) {
      const Node& next = *waiting_.back();
      waiting_.pop_back();
      add(next);
    }
    tidy(found_.mentions.events);
    tidy(found_.mentions.attributes);
    tidy(found_.mentions.memberships);
    return std::move(found_);
  }

 private:
  void add(const Node& node) {
    std::visit(
        [&](const auto& form) {
          using Form = std::decay_t<decltype(form)>;
          if constexpr (std::is_same_v<Form, And> || std::is_same_v<Form, Or>) {
            for (const Node& part : form.parts) waiting_.push_back(&part);
          } else if constexpr (std::is_same_v<Form, Not> || std::is_same_v<Form, Held>) {
            found_.held |= std::is_same_v<Form, Held>;
            waiting_.push_back(form.part.get());
          } else if constexpr (std::is_same_v<Form, Did> || std::is_same_v<Form, FirstLast>) {
            add(form.step);
          } else if constexpr (std::is_same_v<Form, Sequence>) {
            add(form.first);
            for (const Then& then : form.then) add(then.step);
            if (form.then_not) add(form.then_not->step);
          } else if constexpr (std::is_same_v<Form, InAudience>) {
            add_audience(node, form);
          } else if constexpr (std::is_same_v<Form, Stage>) {
            waiting_.push_back(&rule_.stage(node).tree);
          } else if constexpr (requires { form.subject; }) {
            add(form.subject);
          } else if constexpr (!std::is_same_v<Form, Everyone>) {
            add_keys(node);
          }
        },
        node.form);
  }
  void add(const Subject& subject) {
    if (subject.fitted) {
      found_.fitted = true;
    } else if (subject.rhythm != Rhythm::none) {
      found_.rhythm = true;
      found_.mentions.events.push_back(subject.bought);
    } else {
      found_.mentions.attributes.push_back(subject.attribute);
    }
  }
  void add(const Step& step) { found_.mentions.events.push_back(step.event.id); }
  void add_keys(const Node& node) {
    for (const MembershipKey key : membership_keys(rule_, node)) {
      found_.mentions.memberships.push_back(key);
    }
  }
  void add_audience(const Node& node, const InAudience& test) {
    if (test.list) return add_keys(node);
    if (!audiences_.insert(test.audience.id).second) return;
    waiting_.push_back(&rule_.definition(test.audience.id).root);
  }

  template <typename Name>
  static void tidy(std::vector<Name>& names) {
    std::ranges::sort(names);
    names.erase(std::ranges::unique(names).begin(), names.end());
  }

  const BoundRule& rule_;
  LooksAt found_;
  std::vector<const Node*> waiting_;
  std::set<base::AudienceId> audiences_;
};

}  // namespace

LooksAt looks_at(const BoundRule& rule, const Node& node) { return Looker(rule).look(node); }

std::vector<MembershipKey> membership_keys(const BoundRule& rule, const Node& node) {
  if (const auto* tag = std::get_if<HasTag>(&node.form)) {
    return {{MembershipKind::tag, tag->tag.id.value}};
  }
  if (const auto* identity = std::get_if<HasIdentity>(&node.form)) {
    return {{MembershipKind::identity, identity->kind.id.value}};
  }
  if (const auto* audience = std::get_if<InAudience>(&node.form)) {
    CHECK(audience->list);
    return {{MembershipKind::list, audience->list.value}};
  }
  const bool tags = std::holds_alternative<HasAnyTag>(node.form);
  CHECK(tags || std::holds_alternative<Consents>(node.form));
  std::vector<MembershipKey> keys;
  for (const std::int64_t id : rule.keys(node)) {
    keys.push_back({tags ? MembershipKind::tag : MembershipKind::consent, id});
  }
  return keys;
}

}  // namespace audience
