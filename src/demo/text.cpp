#include "demo/text.h"

#include <algorithm>

#include "base/check.h"
#include "demo/text_table.h"

namespace demo {

std::span<const Text> texts(std::string_view kind) {
  const auto is_kind = [&](const Text& text) { return text.kind == kind; };
  const Text* first = std::ranges::find_if(kTexts, is_kind);
  const Text* last = std::find_if_not(first, std::end(kTexts), is_kind);
  CHECK(first != last);
  return {first, last};
}

const Text& text(std::string_view kind) { return texts(kind).front(); }

std::vector<std::string_view> words(std::string_view list) {
  std::vector<std::string_view> words;
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(' '), list.size());
    words.push_back(list.substr(0, end));
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return words;
}

}  // namespace demo
