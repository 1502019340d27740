// Inside the module: a name's characters as syllables of pinyin without tones, "张晓明" to "zhang",
// "xiao", "ming", read as a family name and a given name are; a word of another script is one
// syllable. By ICU's Han-Latin/Names. Pure; any thread.
#pragma once

#include <unicode/unistr.h>

#include <string>
#include <vector>

namespace customer {

// A name of common Chinese characters alone is put together from syllables that were asked for
// before: by the rules a syllable depends on its character, on whether it is the first, and on the
// one behind it where that is 狐, 俟, 台 or 孙 (万俟 is moqi).
std::vector<std::string> pinyin_of(const icu::UnicodeString& name);

// Every name by the rules: 20 times slower, and what the other must say.
std::vector<std::string> pinyin_by_rules(icu::UnicodeString name);

}  // namespace customer
