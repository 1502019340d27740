#include "customer/name_terms.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <iterator>
#include <set>

#include "base/check.h"
#include "base/text.h"
#include "customer/name_attribute_table.h"
#include "customer/pinyin.h"

namespace customer {
namespace {

icu::UnicodeString folded(std::string_view name) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* fold = icu::Normalizer2::getNFKCCasefoldInstance(status);
  CHECK(U_SUCCESS(status));
  const icu::StringPiece piece(name.data(), static_cast<std::int32_t>(name.size()));
  icu::UnicodeString out = fold->normalize(icu::UnicodeString::fromUTF8(piece), status);
  CHECK(U_SUCCESS(status));
  return out;
}

// Without spaces and what cannot be seen, cut at kNameCharactersMax.
icu::UnicodeString joined(const icu::UnicodeString& text) {
  icu::UnicodeString out;
  std::size_t characters = 0;
  for (std::int32_t at = 0; at < text.length() && characters < kNameCharactersMax;
       at = text.moveIndex32(at, 1)) {
    const UChar32 character = text.char32At(at);
    if (u_isUWhiteSpace(character) || u_iscntrl(character)) continue;
    out.append(character);
    ++characters;
  }
  return out;
}

std::string to_utf8(const icu::UnicodeString& text) {
  std::string out;
  text.toUTF8String(out);
  return out;
}

bool has_chinese(const icu::UnicodeString& text) {
  for (std::int32_t at = 0; at < text.length(); at = text.moveIndex32(at, 1)) {
    if (u_hasBinaryProperty(text.char32At(at), UCHAR_IDEOGRAPHIC)) return true;
  }
  return false;
}

std::string first_character(const std::string& text) {
  std::size_t end = 1;
  while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) ++end;
  return text.substr(0, end);
}

void add_pinyin(const icu::UnicodeString& name, std::set<std::string>& terms) {
  const std::vector<std::string> syllables = pinyin_of(name);
  std::string whole;
  std::string initials;
  for (auto syllable = syllables.rbegin(); syllable != syllables.rend(); ++syllable) {
    whole.insert(0, *syllable);
    initials.insert(0, first_character(*syllable));
    terms.insert(whole);
    // One letter alone is the beginning of the syllable already.
    if (syllable != syllables.rbegin()) terms.insert(initials);
  }
}

}  // namespace

bool is_name(std::string_view attribute) { return name_place(attribute).has_value(); }

std::optional<std::size_t> name_place(std::string_view attribute) {
  const auto* found = std::ranges::find(kNameAttributes, attribute, &NameAttribute::name);
  if (found == std::end(kNameAttributes)) return std::nullopt;
  return static_cast<std::size_t>(found - std::begin(kNameAttributes));
}

std::string folded_name(std::string_view name) {
  if (!base::is_utf8(name)) return {};
  return to_utf8(joined(folded(name)));
}

std::vector<std::string> name_terms(std::string_view name) {
  if (!base::is_utf8(name)) return {};
  const icu::UnicodeString plain = joined(folded(name));
  std::set<std::string> terms;
  for (std::int32_t at = 0; at < plain.length(); at = plain.moveIndex32(at, 1)) {
    terms.insert(to_utf8(plain.tempSubString(at)));
  }
  if (has_chinese(plain)) add_pinyin(plain, terms);
  return {terms.begin(), terms.end()};
}

}  // namespace customer
