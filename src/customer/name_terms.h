// What a name can be found by: every part of it, its pinyin, and the initials of its pinyin.
//
//   张晓明   张晓明 晓明 明   zhangxiaoming xiaoming ming   zxm xm
//   Anna Li  annali nnali nali ali li i
//
// Folded: compatibility forms are one (ａ is a), case makes no difference, spaces are left out. A
// question is looked up as the beginning of a term. Where a name can be read in two ways, it is
// read as a family name and a given name are (单 is shan, 曾 is zeng); ü is u.
//
// Pure; any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace customer {

inline constexpr std::size_t kNameCharactersMax = 32;  // of one name; what follows is not found

// A row of name_attributes.tsv.
struct NameAttribute {
  std::string_view name;
};
// Whether the attribute of this name holds what a person is called.
bool is_name(std::string_view attribute);
// The place of the attribute in name_attributes.tsv: of two names the one with the smaller is what
// the person is called. Nothing: no name.
std::optional<std::size_t> name_place(std::string_view attribute);

// A name or a question as it is compared; "" for what is no UTF-8.
std::string folded_name(std::string_view name);

// Ascending, each once; none for a name of spaces.
std::vector<std::string> name_terms(std::string_view name);

}  // namespace customer
