// The words of the demo brand, from texts.tsv, which says what each kind is. Pure; any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace demo {

struct Text {
  std::string_view kind;
  std::string_view text;
  std::int64_t number = 0;
  std::string_view more = {};
};

// All of a kind, in the table's order: at least one.
std::span<const Text> texts(std::string_view kind);
// The first of a kind.
const Text& text(std::string_view kind);
// A text that is a list, cut at its spaces.
std::vector<std::string_view> words(std::string_view list);

}  // namespace demo
