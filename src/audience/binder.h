// The machine of bind.h, for it alone. The first mistake is latched and ends the walk.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "audience/bind.h"

namespace audience {

class Binder {
 public:
  // `names` and `options` outlive the binder.
  Binder(const Names& names, const BindOptions& options) : names_(names), options_(options) {}

  [[nodiscard]] base::Result<std::shared_ptr<const BoundRule>, RuleError> run(const Rule& rule);

 private:
  using Kind = Names::Kind;

  // In a filter: the event whose properties are tested; no id when its name is unknown.
  struct Scope {
    base::EventTypeId event;
  };
  // What a literal may be, from the type it is compared with.
  enum class Want : std::uint8_t { number, text, boolean, moment, anything };
  static Want want_of(base::ValueType type);
  // As `expected` of a mistake says it.
  static const char* wanted(Want want);

  // bind.cpp: the walk, names, mistakes.
  void bind_node(Node& node, const Scope* scope);
  void bind_form(Node& node, HasTag& form);
  void bind_form(Node& node, HasAnyTag& form);
  void bind_form(Node& node, InAudience& form);
  void bind_form(Node& node, Consents& form);
  void bind_form(Node& node, HasIdentity& form);
  void bind_form(Node& node, Stage& form);
  bool bind_stages(Stage& form);
  void mention(base::AudienceId definition, std::size_t offset, std::size_t level);
  bool is_known(Kind kind, const std::string& name) const;
  void fail(RuleFault fault, std::size_t offset, std::string expected = {});
  // An unknown name: an error when saved, else a warning.
  void miss(RuleFault fault, Kind kind, const std::string& name, std::size_t offset,
            base::EventTypeId event = {});
  void miss(RuleFault fault, const std::string& name, std::size_t offset,
            const std::vector<std::string>& candidates);
  void warn_empty(std::size_t offset);

  // bind_attribute.cpp: subjects, literals, windows.
  std::optional<base::ValueType> bind_subject(Subject& subject, const Scope* scope);
  // Of a name that no attribute of the workspace has.
  bool bind_computed(Subject& subject) const;
  std::optional<base::ValueType> bind_property(Subject& subject, const Scope& scope);
  void bind_test(Compare& form, const Scope* scope);
  void bind_test(InList& form, const Scope* scope);
  void bind_test(BetweenValues& form, const Scope* scope);
  void bind_test(IsKnown& form, const Scope* scope);
  void bind_test(MatchText& form, const Scope* scope);
  void bind_test(InWindow& form, const Scope* scope);
  void bind_test(Anniversary& form, const Scope* scope);
  void bind_literal(Literal& literal, Want want);
  void bind_parameter(Literal& literal, Want want);
  void bind_window(Window& window);

  // bind_event.cpp
  void bind_step(Step& step);
  void bind_test(Did& form);
  void bind_test(FirstLast& form);
  void bind_test(Sequence& form);
  void bind_aggregate(AggregateOf& form, const Scope& scope);
  void bind_same(Then& then, const Scope& first);

  struct Mention {
    base::AudienceId audience;
    std::size_t offset = 0;  // in the text of the rule being bound
    std::size_t level = 0;   // in the tree it stands in, from 1
  };

  // bind_nested.cpp: definitions of nested audiences, circles, expanded tests, own changes.
  void bind_definitions();
  void check_expansion();
  struct Open;
  Open open(base::AudienceId audience) const;
  bool is_within_limits(const Open& at, const std::vector<Mention>& mentions);
  std::string shown(base::AudienceId definition) const;
  std::string circle_through(const std::vector<base::AudienceId>& path,
                             base::AudienceId back) const;
  void check_own_changes(const Rule& rule);

  const Names& names_;
  const BindOptions& options_;
  std::shared_ptr<BoundRule> bound_;
  std::optional<RuleError> error_;
  // The definition that is being walked; no id: the rule itself.
  Mention within_{};
  std::size_t level_ = 0;  // of the node that is being walked, from 1
  std::vector<Mention> pending_;
  std::map<base::AudienceId, std::vector<Mention>> nested_;  // of a definition, in order
};

}  // namespace audience
