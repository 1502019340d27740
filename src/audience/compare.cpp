#include "audience/compare.h"

#include <algorithm>
#include <type_traits>
#include <variant>

#include "audience/window.h"
#include "base/check.h"

namespace audience {

using base::Moment;
using base::Value;
using base::Zone;

bool compares(Comparison comparison, int order) {
  switch (comparison) {
    case Comparison::equal:
      return order == 0;
    case Comparison::not_equal:
      return order != 0;
    case Comparison::greater:
      return order > 0;
    case Comparison::greater_equal:
      return order >= 0;
    case Comparison::less:
      return order < 0;
    case Comparison::less_equal:
      return order <= 0;
  }
  base::unreachable();
}

std::optional<Moment> moment_of_value(const Value& value, const Zone& zone) {
  if (const auto* time = std::get_if<Moment>(&value)) return *time;
  const auto* date = std::get_if<base::Date>(&value);
  if (date == nullptr || date->year == 0) return std::nullopt;
  return zone.start_of(base::day_of(*date));
}

namespace {

template <typename Ordered>
int sign_of(const Ordered& left, const Ordered& right) {
  return left < right ? -1 : (right < left ? 1 : 0);
}

bool contains_element(const base::TextList& list, const Literal& literal) {
  const auto* text = literal.value ? std::get_if<std::string>(&*literal.value) : nullptr;
  return text != nullptr && std::ranges::find(list, *text) != list.end();
}

bool equals(const Value& value, const Literal& literal, const Zone& zone) {
  if (const auto* list = std::get_if<base::TextList>(&value)) {
    return contains_element(*list, literal);
  }
  const auto order = order_against(value, literal, zone);
  return order && *order == 0;
}

}  // namespace

std::optional<int> order_against(const Value& value, const Literal& literal, const Zone& zone) {
  if (const auto number = base::number_of(value)) {
    if (!literal.number) return std::nullopt;
    return base::compare(*number, *literal.number);
  }
  if (!literal.value) return std::nullopt;
  if (const auto* text = std::get_if<std::string>(&value)) {
    const auto* other = std::get_if<std::string>(&*literal.value);
    return other ? std::optional(sign_of(*text, *other)) : std::nullopt;
  }
  if (const auto* truth = std::get_if<bool>(&value)) {
    const auto* other = std::get_if<bool>(&*literal.value);
    return other ? std::optional(sign_of(*truth, *other)) : std::nullopt;
  }
  const auto moment = moment_of_value(value, zone);
  const auto other = moment_of_value(*literal.value, zone);
  if (!moment || !other) return std::nullopt;
  return sign_of(*moment, *other);
}

bool satisfies(const Compare& test, const Value* value, const Zone& zone) {
  if (test.comparison == Comparison::not_equal) {
    return value == nullptr || !equals(*value, test.value, zone);
  }
  if (value == nullptr) return false;
  if (test.comparison == Comparison::equal) return equals(*value, test.value, zone);
  const auto order = order_against(*value, test.value, zone);
  return order && compares(test.comparison, *order);
}

bool satisfies(const InList& test, const Value* value, const Zone& zone) {
  return value != nullptr && std::ranges::any_of(test.values, [&](const Literal& literal) {
           return equals(*value, literal, zone);
         });
}

bool satisfies(const BetweenValues& test, const Value* value, const Zone& zone) {
  if (value == nullptr) return false;
  const auto low = order_against(*value, test.low, zone);
  const auto high = order_against(*value, test.high, zone);
  if (!low || !high) return false;
  const bool number = base::number_of(*value).has_value();
  return *low >= 0 && (number ? *high <= 0 : *high < 0);
}

bool satisfies(const IsKnown& test, const Value* value) { return (value != nullptr) == test.known; }

bool satisfies(const MatchText& test, const Value* value) {
  const auto* text = value ? std::get_if<std::string>(value) : nullptr;
  const auto* part = test.value.value ? std::get_if<std::string>(&*test.value.value) : nullptr;
  if (text == nullptr || part == nullptr) return false;
  switch (test.match) {
    case TextMatch::contains:
      return text->find(*part) != std::string::npos;
    case TextMatch::starts_with:
      return text->starts_with(*part);
    case TextMatch::ends_with:
      return text->ends_with(*part);
  }
  base::unreachable();
}

std::optional<std::string> equality_key(const Value& value, const Zone& zone) {
  if (const auto number = base::number_of(value)) {
    auto micros = number->micros;
    const bool negative = micros < 0;
    std::string digits = "n";
    do {  // any one spelling will do: least digit first, each with its own sign dropped
      digits += static_cast<char>('0' + static_cast<int>(negative ? -(micros % 10) : micros % 10));
      micros /= 10;
    } while (micros != 0);
    return negative ? digits + '-' : digits;
  }
  if (const auto* text = std::get_if<std::string>(&value)) return "t" + *text;
  if (const auto* truth = std::get_if<bool>(&value)) return *truth ? "b1" : "b0";
  if (const auto* list = std::get_if<base::TextList>(&value)) {
    std::string joined = "l";
    for (const std::string& element : *list) joined += element + '\0';  // no text holds U+0000
    return joined;
  }
  const auto moment = moment_of_value(value, zone);
  if (!moment) return std::nullopt;
  return "m" + std::to_string(moment->ms);
}

const Value* EventView::value_of(const Subject& subject, Value& made) const {
  switch (subject.field) {
    case EventField::none:
      return history.property(event.order, subject.property);
    case EventField::source:
      made = std::string(history.source(event.order));
      return &made;
    case EventField::local_hour:
      made = std::int64_t{zone.hour_of(event.time)};
      return &made;
    case EventField::local_weekday:
      made = std::int64_t{zone.weekday_of(event.time)};
      return &made;
  }
  base::unreachable();
}

namespace {

bool satisfies_window(const InWindow& test, const Value* value, const Zone& zone) {
  const auto moment = value ? moment_of_value(*value, zone) : std::nullopt;
  return moment && in_fixed_window(test.window, *moment);
}

}  // namespace

bool satisfies_test(const Node& node, const Value* value, const Zone& zone) {
  return std::visit(
      [&](const auto& test) -> bool {
        using Type = std::decay_t<decltype(test)>;
        if constexpr (std::is_same_v<Type, InWindow>) {
          return satisfies_window(test, value, zone);
        } else if constexpr (requires { satisfies(test, value, zone); }) {
          return satisfies(test, value, zone);
        } else if constexpr (requires { satisfies(test, value); }) {
          return satisfies(test, value);
        }
        base::unreachable();  // bind() lets nothing else into a filter
      },
      node.form);
}

const Subject* subject_of(const Node& node) {
  return std::visit(
      [](const auto& form) -> const Subject* {
        if constexpr (requires { form.subject; }) {
          return &form.subject;
        } else {
          return nullptr;
        }
      },
      node.form);
}

bool satisfies(const Node& filter, const EventView& event) {
  if (const auto* all = std::get_if<And>(&filter.form)) {
    return std::ranges::all_of(all->parts,
                               [&](const Node& part) { return satisfies(part, event); });
  }
  if (const auto* any = std::get_if<Or>(&filter.form)) {
    return std::ranges::any_of(any->parts,
                               [&](const Node& part) { return satisfies(part, event); });
  }
  if (const auto* no = std::get_if<Not>(&filter.form)) return !satisfies(*no->part, event);
  const Subject* subject = subject_of(filter);
  CHECK(subject != nullptr);
  Value made;
  return satisfies_test(filter, event.value_of(*subject, made), event.zone);
}

}  // namespace audience
