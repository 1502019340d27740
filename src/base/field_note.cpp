#include "base/field_note.h"

#include <algorithm>

#include "base/text.h"

namespace base {

std::optional<std::string> label_from(std::string_view text) {
  if (text.size() > kLabelBytesMax || !is_utf8(text)) return std::nullopt;
  std::string label = to_nfc(text);
  const auto from = label.find_first_not_of(' ');
  if (from == std::string::npos) return "";
  label = label.substr(from, label.find_last_not_of(' ') - from + 1);
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  if (label.size() > kLabelBytesMax || std::ranges::any_of(label, is_control)) return std::nullopt;
  return label;
}

std::string_view label_of(const FieldNote& note, std::string_view name, LabelLanguage language) {
  const bool chinese = language == LabelLanguage::chinese;
  const std::string& first = chinese ? note.label_zh : note.label_en;
  const std::string& second = chinese ? note.label_en : note.label_zh;
  if (!first.empty()) return first;
  return second.empty() ? name : std::string_view(second);
}

}  // namespace base
