#include "customer/pinyin.h"

#include <unicode/translit.h>
#include <unicode/uchar.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <unordered_map>

#include "base/check.h"

namespace customer {
namespace {

constexpr UChar32 kCommonFirst = 0x4e00;
constexpr UChar32 kCommonLast = 0x9fff;
constexpr char16_t kAnyCharacter = 0x4e00;  // stands before those that are not the first
// Fox, si, tai and sun: as the second of a family name they change what is before them.
constexpr std::array<char16_t, 4> kChanging = {0x72d0, 0x4fdf, 0x53f0, 0x5b59};

// One for each thread: a transliterator is changed by what it does.
const icu::Transliterator& to_pinyin() {
  thread_local const std::unique_ptr<icu::Transliterator> made = [] {
    UErrorCode status = U_ZERO_ERROR;
    std::unique_ptr<icu::Transliterator> pinyin(icu::Transliterator::createInstance(
        "Han-Latin/Names; NFD; [:Nonspacing Mark:] Remove; NFC", UTRANS_FORWARD, status));
    CHECK(U_SUCCESS(status));
    return pinyin;
  }();
  return *made;
}

bool is_common(const icu::UnicodeString& name) {
  for (std::int32_t at = 0; at < name.length(); ++at) {
    if (name.charAt(at) < kCommonFirst || name.charAt(at) > kCommonLast) return false;
  }
  return !name.isEmpty();
}

// Of the character there. At most as many as there are characters, five times two.
const std::string& syllable_at(const icu::UnicodeString& name, std::int32_t at) {
  thread_local std::unordered_map<std::uint64_t, std::string> known;
  const char16_t here = name.charAt(at);
  const char16_t next = at + 1 < name.length() ? name.charAt(at + 1) : u'\0';
  const bool changes = std::find(kChanging.begin(), kChanging.end(), next) != kChanging.end();
  const std::uint64_t key =
      std::uint64_t{here} << 17 | (changes ? std::uint64_t{next} << 1 : 0) | (at == 0 ? 1 : 0);
  const auto [place, is_new] = known.try_emplace(key);
  if (!is_new) return place->second;
  icu::UnicodeString text;
  if (at > 0) text.append(kAnyCharacter);
  text.append(here);
  if (changes) text.append(next);
  place->second = pinyin_by_rules(text)[at > 0 ? 1 : 0];
  return place->second;
}

}  // namespace

std::vector<std::string> pinyin_by_rules(icu::UnicodeString name) {
  to_pinyin().transliterate(name);
  std::vector<std::string> syllables(1);
  for (std::int32_t at = 0; at < name.length(); at = name.moveIndex32(at, 1)) {
    const UChar32 character = name.char32At(at);
    if (!u_isUWhiteSpace(character)) {
      icu::UnicodeString(character).toUTF8String(syllables.back());
    } else if (!syllables.back().empty()) {
      syllables.emplace_back();
    }
  }
  if (syllables.back().empty()) syllables.pop_back();
  return syllables;
}

std::vector<std::string> pinyin_of(const icu::UnicodeString& name) {
  if (!is_common(name)) return pinyin_by_rules(name);
  std::vector<std::string> syllables;
  for (std::int32_t at = 0; at < name.length(); ++at) syllables.push_back(syllable_at(name, at));
  return syllables;
}

}  // namespace customer
