// Holds a history's numbers for values against the values themselves.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <map>

#include "log/event.h"
#include "timeline/history.h"

namespace timeline {

inline void expect_value_numbers(const History& history, const event_log::EventType& type) {
  const auto events = history.events(type.id);
  for (const event_log::Property& property : type.properties) {
    SCOPED_TRACE(type.name + "." + property.name);
    for (const std::size_t first : std::array{std::size_t{0}, events.size() / 2}) {
      const auto numbers = history.value_numbers(type.id, property.id, first);
      ASSERT_EQ(numbers.size(), events.size() - first);
      std::map<base::Value, std::uint32_t> number_of;
      std::map<std::uint32_t, base::Value> value_of;
      for (std::size_t i = 0; i < numbers.size(); ++i) {
        const base::Value* value = history.property(events[first + i].order, property.id);
        ASSERT_EQ(numbers[i] == 0, value == nullptr);
        if (value == nullptr) continue;
        EXPECT_LE(numbers[i], numbers.size());
        EXPECT_EQ(number_of.try_emplace(*value, numbers[i]).first->second, numbers[i]);
        EXPECT_EQ(value_of.try_emplace(numbers[i], *value).first->second, *value);
      }
    }
  }
}

}  // namespace timeline
