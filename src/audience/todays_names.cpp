#include "audience/todays_names.h"

#include <type_traits>
#include <utility>

namespace audience {
namespace {

using Kind = Names::Kind;

class Renamer {
 public:
  explicit Renamer(const Names& names) : names_(names) {}

  void visit(Node& node) {
    std::visit([&](auto& form) { rename(form); }, node.form);
  }

 private:
  // `meant`: the id the written name has today.
  void replace(std::string& written, Kind kind, std::int64_t id, std::int64_t meant) const {
    if (id == 0 || id == meant) return;
    std::string current = names_.name_of(kind, id);
    if (!current.empty()) written = std::move(current);
  }

  template <typename Id>
  static std::int64_t number_of(const std::optional<Id>& id) {
    return id ? id->value : 0;
  }

  template <typename Form>
  void rename(Form& form) {
    if constexpr (requires { form.subject; }) {
      const auto meant = names_.attribute(form.subject.text);
      replace(form.subject.text, Kind::attribute, form.subject.attribute.value,
              meant ? meant->id : 0);
    } else if constexpr (requires { form.parts; }) {
      for (Node& part : form.parts) visit(part);
    } else if constexpr (requires { form.part; }) {
      visit(*form.part);
    }
  }
  void rename(HasTag& form) {
    const auto meant = names_.tags(form.tag.text);
    replace(form.tag.text, Kind::tag, form.tag.id.value,
            meant.size() == 1 ? meant.front().value : 0);
  }
  void rename(HasAnyTag& form) {
    replace(form.group.text, Kind::tag_group, form.group.id.value,
            number_of(names_.tag_group(form.group.text)));
  }
  void rename(InAudience& form) {
    std::string& text = form.audience.text;
    replace(text, Kind::audience, form.audience.id.value, number_of(names_.audience(text)));
    replace(text, Kind::list, form.list.value, number_of(names_.list(text)));
  }
  void rename(Stage& form) {
    replace(form.model.text, Kind::model, form.model.id.value,
            number_of(names_.model(form.model.text)));
    for (Named<StageId>& stage : form.stages) {
      replace(stage.text, Kind::stage, stage.id.value,
              number_of(names_.stage(form.model.id, stage.text)));
    }
  }
  // Properties are never renamed, so filters stay as they are.
  void rename(Step& step) {
    replace(step.event.text, Kind::event, step.event.id.value,
            number_of(names_.event(step.event.text)));
  }
  void rename(Did& form) { rename(form.step); }
  void rename(FirstLast& form) { rename(form.step); }
  void rename(Sequence& form) {
    rename(form.first);
    for (Then& then : form.then) rename(then.step);
    if (form.then_not) rename(form.then_not->step);
  }

  const Names& names_;
};

}  // namespace

Rule with_todays_names(const Rule& rule, const Names& names) {
  Rule copy = rule.clone();
  Renamer(names).visit(copy.root);
  return copy;
}

}  // namespace audience
