#include <algorithm>
#include <utility>

#include "audience/binder.h"
#include "audience/computed_attribute.h"
#include "audience/rhythm.h"
#include "base/calendar.h"
#include "base/check.h"
#include "base/text.h"

namespace audience {
namespace {

using base::ValueType;

bool is_ordered(ValueType type) {
  return type != ValueType::text && type != ValueType::boolean && type != ValueType::text_list;
}

bool is_time(ValueType type) { return type == ValueType::time || type == ValueType::date; }

// Both ends of a range are known and nothing lies between them.
bool is_empty_range(const Literal& low, const Literal& high) {
  if (low.number && high.number) return base::compare(*low.number, *high.number) > 0;
  if (!low.value || !high.value) return false;
  const auto* from = std::get_if<base::Moment>(&*low.value);
  const auto* to = std::get_if<base::Moment>(&*high.value);
  return from != nullptr && to != nullptr && *from >= *to;
}

bool is_empty(const WindowForm& form) {
  if (const auto* last = std::get_if<InLast>(&form)) return last->duration.value().ms == 0;
  if (const auto* next = std::get_if<InNext>(&form)) return next->duration.value().ms == 0;
  if (const auto* previous = std::get_if<InPrevious>(&form)) return previous->count == 0;
  if (const auto* between = std::get_if<BetweenMoments>(&form)) {
    return is_empty_range(between->from, between->to);
  }
  if (const auto* ago = std::get_if<FromToAgo>(&form)) {
    return ago->from.value() <= ago->to.value();
  }
  return false;
}

}  // namespace

Binder::Want Binder::want_of(ValueType type) {
  switch (type) {
    case ValueType::integer:
    case ValueType::decimal:
    case ValueType::money:
      return Want::number;
    case ValueType::text:
    case ValueType::text_list:
      return Want::text;
    case ValueType::boolean:
      return Want::boolean;
    case ValueType::time:
    case ValueType::date:
      return Want::moment;
  }
  base::unreachable();
}

const char* Binder::wanted(Want want) {
  switch (want) {
    case Want::number:
      return "a number";
    case Want::text:
      return "a text in double quotes";
    case Want::boolean:
      return "true or false";
    case Want::moment:
      return "a moment such as 2026-01-31 or 2026-01-31T08:00";
    case Want::anything:
      return "a value";
  }
  base::unreachable();
}

// The type, or nothing when the name is unknown.
std::optional<ValueType> Binder::bind_subject(Subject& subject, const Scope* scope) {
  if (scope != nullptr) return bind_property(subject, *scope);
  const std::string name =
      subject.attribute ? names_.name_of(Kind::attribute, subject.attribute.value) : subject.text;
  const auto attribute = names_.attribute(name);
  subject.rhythm = Rhythm::none;
  subject.fitted.reset();
  if (!attribute && !subject.attribute && bind_computed(subject)) return subject.type;
  if (!attribute) {
    miss(RuleFault::unknown_attribute, Kind::attribute, subject.text, subject.offset);
    return std::nullopt;
  }
  subject.attribute = base::AttributeId{attribute->id};
  subject.type = attribute->type;
  return subject.type;
}

bool Binder::bind_computed(Subject& subject) const {
  const ComputedAttribute* computed = computed_attribute(subject.text);
  if (computed == nullptr) return false;
  subject.type = computed->type;
  subject.rhythm = computed->rhythm;
  subject.fitted = computed->fitted;
  subject.bought = names_.event(kBoughtEvent).value_or(base::EventTypeId{});
  return true;
}

std::optional<ValueType> Binder::bind_property(Subject& subject, const Scope& scope) {
  if (!scope.event) return std::nullopt;
  subject.field = EventField::none;
  subject.property = {};
  if (subject.text == "source") subject.field = EventField::source;
  if (subject.text == "local_hour") subject.field = EventField::local_hour;
  if (subject.text == "local_weekday") subject.field = EventField::local_weekday;
  if (subject.field != EventField::none) {
    subject.type = subject.field == EventField::source ? ValueType::text : ValueType::integer;
    return subject.type;
  }
  const auto property = names_.property(scope.event, subject.text);
  if (!property) {
    miss(RuleFault::unknown_property, Kind::property, subject.text, subject.offset, scope.event);
    return std::nullopt;
  }
  subject.property = base::PropertyId{property->id};
  subject.type = property->type;
  return subject.type;
}

void Binder::bind_test(Compare& form, const Scope* scope) {
  const auto type = bind_subject(form.subject, scope);
  const bool orders =
      form.comparison != Comparison::equal && form.comparison != Comparison::not_equal;
  if (type && orders && !is_ordered(*type)) {
    fail(RuleFault::not_ordered, form.operator_offset, "= or !=");
  }
  bind_literal(form.value, type ? want_of(*type) : Want::anything);
}

void Binder::bind_test(InList& form, const Scope* scope) {
  const auto type = bind_subject(form.subject, scope);
  for (Literal& value : form.values) bind_literal(value, type ? want_of(*type) : Want::anything);
}

void Binder::bind_test(BetweenValues& form, const Scope* scope) {
  const auto type = bind_subject(form.subject, scope);
  if (type && !is_ordered(*type)) {
    fail(RuleFault::not_ordered, form.operator_offset, "a number, a time or a date before between");
  }
  const Want want = type ? want_of(*type) : Want::anything;
  bind_literal(form.low, want);
  bind_literal(form.high, want);
  if (is_empty_range(form.low, form.high)) warn_empty(form.operator_offset);
}

void Binder::bind_test(IsKnown& form, const Scope* scope) {
  [[maybe_unused]] const auto type = bind_subject(form.subject, scope);
}

void Binder::bind_test(MatchText& form, const Scope* scope) {
  const auto type = bind_subject(form.subject, scope);
  if (type && *type != ValueType::text) {
    fail(RuleFault::not_a_text, form.operator_offset, "a text before contains, starts, ends");
  }
  bind_literal(form.value, Want::text);
}

void Binder::bind_test(InWindow& form, const Scope* scope) {
  const auto type = bind_subject(form.subject, scope);
  const bool fixed = std::holds_alternative<Before>(form.window.form) ||
                     std::holds_alternative<Since>(form.window.form);
  if (scope != nullptr && !fixed) {
    fail(RuleFault::window_in_filter, form.window.offset, "between, before or since");
  }
  if (type && !is_time(*type)) {
    fail(RuleFault::not_a_time, form.window.offset, "a time or a date before a window");
  }
  bind_window(form.window);
}

void Binder::bind_test(Anniversary& form, const Scope* scope) {
  const auto type = bind_subject(form.subject, scope);
  if (scope != nullptr) {
    fail(RuleFault::window_in_filter, form.operator_offset, "between, before or since");
  }
  if (type && !is_time(*type)) {
    fail(RuleFault::not_a_time, form.operator_offset, "a time or a date before anniversary");
  }
  if (form.duration && form.duration->unit != "d" && form.duration->unit != "w") {
    fail(RuleFault::not_whole_days, form.duration->offset, "a duration in d or w");
  }
}

void Binder::bind_literal(Literal& literal, Want want) {
  literal.number.reset();
  literal.value.reset();
  if (literal.kind == LiteralKind::parameter) return bind_parameter(literal, want);
  if (want == Want::anything || error_) return;
  const auto expect = [&](Want kind) {
    if (want != kind) fail(RuleFault::wrong_literal, literal.offset, wanted(want));
    return want == kind;
  };
  switch (literal.kind) {
    case LiteralKind::number:
      if (expect(Want::number)) literal.number = base::parse_number(literal.text);
      return;
    case LiteralKind::text:
      if (expect(Want::text)) literal.value = literal.text;
      return;
    case LiteralKind::boolean:
      if (expect(Want::boolean)) literal.value = literal.text == "true";
      return;
    case LiteralKind::moment:
    case LiteralKind::date: {
      if (!expect(Want::moment)) return;
      const auto written = base::parse_moment(literal.text);
      CHECK(written);
      if (written->date.year != 0) literal.value = base::resolve(*written, *options_.zone);
      return;
    }
    case LiteralKind::parameter:
      return;
  }
  base::unreachable();
}

void Binder::bind_parameter(Literal& literal, Want want) {
  base::Value value;
  if (!options_.entry) {
    return fail(literal.text == "entry" ? RuleFault::no_entry_here : RuleFault::no_parameters_here,
                literal.offset, "a fixed value");
  }
  if (literal.text == "entry") {
    value = *options_.entry;
  } else {
    const auto found = options_.parameters.find(literal.text);
    if (found == options_.parameters.end()) {
      fail(RuleFault::unknown_parameter, literal.offset, "a value a person enters with");
      std::vector<std::string> names;
      for (const auto& [name, ignored] : options_.parameters) names.push_back(name);
      if (error_) error_->nearest = base::nearest(literal.text, names);
      return;
    }
    value = found->second;
  }
  if (want == Want::anything) return;
  const ValueType type = base::type_of(value);
  if (type == ValueType::text_list || want_of(type) != want) {
    return fail(RuleFault::wrong_literal, literal.offset, wanted(want));
  }
  if (want == Want::number) {
    literal.number = base::number_of(value);
  } else if (const auto* date = std::get_if<base::Date>(&value)) {
    if (date->year != 0) literal.value = options_.zone->start_of(base::day_of(*date));
  } else {
    literal.value = std::move(value);
  }
}

void Binder::bind_window(Window& window) {
  if (auto* between = std::get_if<BetweenMoments>(&window.form)) {
    bind_literal(between->from, Want::moment);
    bind_literal(between->to, Want::moment);
  } else if (auto* before = std::get_if<Before>(&window.form)) {
    bind_literal(before->moment, Want::moment);
  } else if (auto* since = std::get_if<Since>(&window.form)) {
    bind_literal(since->moment, Want::moment);
  }
  if (is_empty(window.form)) warn_empty(window.offset);
}

}  // namespace audience
