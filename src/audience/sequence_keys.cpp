#include "audience/sequence_keys.h"

#include <algorithm>
#include <functional>
#include <variant>

#include "audience/compare.h"
#include "base/check.h"

namespace audience {

using timeline::EventAt;

ValueNumber ValueNumbers::number_of(const base::Value* value) {
  if (value == nullptr) return 0;
  if (const auto* text = std::get_if<std::string>(value)) return number_of_text(*text);
  const auto key = equality_key(*value, zone_);
  if (!key) return 0;
  const auto [found, is_new] = others_.try_emplace(*key, last_ + 1);
  if (is_new) ++last_;
  return found->second;
}

ValueNumber ValueNumbers::number_of_text(std::string_view text) {
  if (2 * texts_known_ >= texts_.size()) grow();
  const std::size_t hash = std::hash<std::string_view>()(text);
  std::size_t place = hash & (texts_.size() - 1);
  for (; texts_[place].number != 0; place = (place + 1) & (texts_.size() - 1)) {
    if (texts_[place].hash == hash && texts_[place].text == text) return texts_[place].number;
  }
  texts_[place] = {text, hash, ++last_};
  ++texts_known_;
  return last_;
}

void ValueNumbers::grow() {
  constexpr std::size_t kPlacesMin = 256;
  std::vector<Text> larger(std::max(kPlacesMin, 2 * texts_.size()));
  for (const Text& text : texts_) {
    if (text.number == 0) continue;
    std::size_t place = text.hash & (larger.size() - 1);
    while (larger[place].number != 0) place = (place + 1) & (larger.size() - 1);
    larger[place] = text;
  }
  texts_ = std::move(larger);
}

StepValues::StepValues(const Scope& scope, const Step& step, const Subject& subject,
                       ValueNumbers& numbers)
    : scope_(scope),
      subject_(subject),
      type_(step.event.id),
      events_(scope.history.events(type_)),
      values_(scope, subject),
      numbers_(numbers) {}

ValueNumber StepValues::of(const EventAt& event) {
  if (subject_.field != EventField::none) return look_at(event);
  while (next_ < events_.size() && events_[next_].order < event.order) ++next_;
  CHECK(next_ < events_.size() && events_[next_].order == event.order);
  if (in_history_.empty()) {
    first_ = next_;
    in_history_ = scope_.history.value_numbers(type_, subject_.property, first_);
    of_number_.resize(in_history_.size() + 1);
  }
  auto& number = of_number_[in_history_[next_ - first_]];
  if (!number) number = look_at(event);
  return *number;
}

ValueNumber StepValues::look_at(const EventAt& event) {
  if (subject_.field == EventField::source) {
    return numbers_.number_of_text(scope_.history.source(event.order));
  }
  return numbers_.number_of(values_.of(event, false));
}

Key Keys::key_of(std::span<const ValueNumber> tuple) {
  if (width_ <= 1) {
    const ValueNumber value = tuple.empty() ? 0 : tuple.front();
    if (value >= of_value_.size()) of_value_.resize(std::max<std::size_t>(64, 2 * value + 1));
    if (!of_value_[value]) of_value_[value] = add(tuple);
    return *of_value_[value];
  }
  std::uint64_t path = 0;  // interned pair by pair: (((), v1), v2) …
  for (const ValueNumber value : tuple) {
    path = numbers_.emplace(path << 32 | value, numbers_.size() + 1).first->second;
  }
  const auto [found, is_new] = keys_.try_emplace(path, static_cast<Key>(size_));
  if (is_new) add(tuple);
  return found->second;
}

Key Keys::add(std::span<const ValueNumber> tuple) {
  values_.insert(values_.end(), tuple.begin(), tuple.end());
  return static_cast<Key>(size_++);
}

KeysByValue::KeysByValue(const Keys& keys, std::size_t place) : keys_(keys.size()) {
  ValueNumber last = 0;
  for (Key key = 0; key < keys.size(); ++key) last = std::max(last, keys.tuple_of(key)[place]);
  begins_.resize(std::size_t{last} + 2);
  for (Key key = 0; key < keys.size(); ++key) ++begins_[keys.tuple_of(key)[place] + 1];
  for (std::size_t value = 0; value <= last; ++value) begins_[value + 1] += begins_[value];
  std::vector<std::size_t> next(begins_.begin(), begins_.end() - 1);
  for (Key key = 0; key < keys.size(); ++key) keys_[next[keys.tuple_of(key)[place]]++] = key;
}

}  // namespace audience
