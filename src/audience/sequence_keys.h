// What the chains of a sequence must keep: values by number, and keys, tuples of such numbers.
//
// One thread; borrows the scope and what it names.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "audience/event_stream.h"
#include "audience/rule.h"
#include "audience/scope.h"
#include "base/calendar.h"
#include "timeline/history.h"

namespace audience {

using ValueNumber = std::uint32_t;  // 0: unknown, or equal to nothing
using Key = std::uint32_t;

// Numbers equal values alike, over all steps of one sequence, from 1 on.
class ValueNumbers {
 public:
  explicit ValueNumbers(const base::Zone& zone) : zone_(zone) {}
  // What is given outlives this.
  ValueNumber number_of(const base::Value* value);
  ValueNumber number_of_text(std::string_view text);

 private:
  struct Text {
    std::string_view text;
    std::size_t hash = 0;
    ValueNumber number = 0;  // 0: an open place
  };
  void grow();

  const base::Zone& zone_;
  ValueNumber last_ = 0;
  std::vector<Text> texts_;  // by hash, with open places
  std::size_t texts_known_ = 0;
  std::unordered_map<std::string, ValueNumber> others_;  // by equality_key
};

// The numbers of one subject's values over the events of a step, which are asked for in their
// order. Each value is looked at once, however many events have it.
class StepValues {
 public:
  StepValues(const Scope& scope, const Step& step, const Subject& subject, ValueNumbers& numbers);
  ValueNumber of(const timeline::EventAt& event);

 private:
  ValueNumber look_at(const timeline::EventAt& event);

  const Scope& scope_;
  const Subject& subject_;
  base::EventTypeId type_;
  std::span<const timeline::EventAt> events_;
  Values values_;
  ValueNumbers& numbers_;
  std::size_t next_ = 0;
  std::size_t first_ = 0;  // the place in events_ of what in_history_ begins with
  std::vector<std::uint32_t> in_history_;
  std::vector<std::optional<ValueNumber>> of_number_;  // of the numbers of the history
};

// Keys are tuples of values: one for every property of the first step that a `same` names.
class Keys {
 public:
  explicit Keys(std::size_t width) : width_(width) {}

  Key key_of(std::span<const ValueNumber> tuple);
  std::span<const ValueNumber> tuple_of(Key key) const {
    return std::span(values_).subspan(key * width_, width_);
  }
  std::size_t size() const { return size_; }

 private:
  Key add(std::span<const ValueNumber> tuple);

  std::size_t width_;
  std::size_t size_ = 0;
  std::vector<std::optional<Key>> of_value_;                  // of tuples of one at most
  std::unordered_map<std::uint64_t, std::uint64_t> numbers_;  // of longer ones
  std::unordered_map<std::uint64_t, Key> keys_;
  std::vector<ValueNumber> values_;
};

// The keys that have a value at one place of their tuple, ascending.
class KeysByValue {
 public:
  KeysByValue(const Keys& keys, std::size_t place);
  std::span<const Key> with(ValueNumber value) const {
    if (value + 1 >= begins_.size()) return {};
    return std::span(keys_).subspan(begins_[value], begins_[value + 1] - begins_[value]);
  }

 private:
  std::vector<std::size_t> begins_;  // by value
  std::vector<Key> keys_;
};

}  // namespace audience
