// The words of the JSON tree for the enumerations of a rule, in both directions.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace audience {

// In the order of the enumerators.
inline constexpr std::array<std::string_view, 6> kComparisonWords = {"=",  "!=", ">",
                                                                     ">=", "<",  "<="};
inline constexpr std::array<std::string_view, 3> kMatchWords = {"contains", "starts_with",
                                                                "ends_with"};
inline constexpr std::array<std::string_view, 3> kRangeWords = {"today", "next", "last"};
inline constexpr std::array<std::string_view, 4> kRelationWords = {"group", "follows", "friend",
                                                                   "coupon"};
inline constexpr std::array<std::string_view, 5> kStageWords = {"=", "!=", "in", "known",
                                                                "unknown"};
inline constexpr std::array<std::string_view, 5> kAggregateWords = {"sum", "avg", "min", "max",
                                                                    "distinct"};
inline constexpr std::array<std::string_view, 5> kUnitWords = {"day", "week", "month", "quarter",
                                                               "year"};
inline constexpr std::array<std::string_view, 6> kLiteralWords = {"number", "text", "bool",
                                                                  "moment", "date", "parameter"};

template <typename Enum, std::size_t count>
constexpr std::string_view word_of(const std::array<std::string_view, count>& words, Enum value) {
  return words.at(static_cast<std::size_t>(value));
}

template <typename Enum, std::size_t count>
constexpr std::optional<Enum> enum_of(const std::array<std::string_view, count>& words,
                                      std::string_view word) {
  for (std::size_t i = 0; i < count; ++i) {
    if (words[i] == word) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

}  // namespace audience
