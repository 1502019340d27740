// What a brand says of an attribute or of a property of an event: how people call it, and whether
// it tells something personal. Pure; any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace base {

inline constexpr std::size_t kLabelBytesMax = 100;

struct FieldNote {
  std::string label_zh = {};  // empty: none was written
  std::string label_en = {};
  bool personal = false;  // masked for whoever sees masked
  friend bool operator==(const FieldNote&, const FieldNote&) = default;
};

// In NFC with outer spaces dropped; empty: none. Nothing: longer than kLabelBytesMax, no UTF-8, or
// a control character.
std::optional<std::string> label_from(std::string_view text);

// How people of a language call it: the label of theirs, else the other one, else `name`.
enum class LabelLanguage : unsigned char { chinese, english };
std::string_view label_of(const FieldNote& note, std::string_view name, LabelLanguage language);

}  // namespace base
