#include "audience/binder.h"

namespace audience {
namespace {

using base::ValueType;

bool is_number(ValueType type) {
  return type == ValueType::integer || type == ValueType::decimal || type == ValueType::money;
}

bool is_time(ValueType type) { return type == ValueType::time || type == ValueType::date; }

}  // namespace

void Binder::bind_step(Step& step) {
  if (step.event.id) {
    if (names_.name_of(Kind::event, step.event.id.value).empty()) step.event.id = {};
  } else if (const auto event = names_.event(step.event.text)) {
    step.event.id = *event;
  }
  if (!step.event.id) {
    miss(RuleFault::unknown_event, Kind::event, step.event.text, step.event.offset);
  }
  const Scope scope{step.event.id};
  if (step.filter) bind_node(*step.filter, &scope);
}

void Binder::bind_test(Did& form) {
  bind_step(form.step);
  if (form.measure) {
    if (auto* aggregate = std::get_if<AggregateOf>(&*form.measure)) {
      bind_aggregate(*aggregate, Scope{form.step.event.id});
    }
  }
  if (form.window) bind_window(*form.window);
}

void Binder::bind_test(FirstLast& form) {
  bind_step(form.step);
  const Scope scope{form.step.event.id};
  if (form.with) bind_node(*form.with, &scope);
  if (form.window) bind_window(*form.window);
}

void Binder::bind_test(Sequence& form) {
  bind_step(form.first);
  const Scope first{form.first.event.id};
  for (Then& then : form.then) {
    bind_step(then.step);
    bind_same(then, first);
  }
  if (form.then_not) {
    bind_step(form.then_not->step);
    bind_same(*form.then_not, first);
  }
  if (form.window) bind_window(*form.window);
}

void Binder::bind_aggregate(AggregateOf& form, const Scope& scope) {
  const auto type = bind_property(form.property, scope);
  if (!type) return bind_literal(form.value, Want::anything);
  const std::size_t offset = form.property.offset;
  switch (form.aggregate) {
    case Aggregate::sum:
    case Aggregate::average:
      if (!is_number(*type)) fail(RuleFault::not_a_number, offset, "a number");
      return bind_literal(form.value, Want::number);
    case Aggregate::minimum:
    case Aggregate::maximum:
      if (!is_number(*type) && !is_time(*type)) {
        fail(RuleFault::not_comparable, offset, "a number, a time or a date");
      }
      return bind_literal(form.value, want_of(*type));
    case Aggregate::distinct:
      if (*type == ValueType::text_list) {
        fail(RuleFault::not_comparable, offset, "anything but a list");
      }
      return bind_literal(form.value, Want::number);
  }
}

// A property that the first step's event does not have is unknown there, and a mistake all the
// same.
void Binder::bind_same(Then& then, const Scope& first) {
  if (!then.same_here) return;
  then.same_first = *then.same_here;
  [[maybe_unused]] const auto here = bind_property(*then.same_here, Scope{then.step.event.id});
  [[maybe_unused]] const auto there = bind_property(then.same_first, first);
}

}  // namespace audience
