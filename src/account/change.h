// A change of this module: the unit it happens in, by whom and when. Changes of accounts, stores
// and staff take one lock for all of them (they are rare, and two must not take one code).
//
// Also the rules every text of this module follows. Pure but for begin() and note(); any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "access/actor.h"
#include "account/fault.h"
#include "base/id.h"
#include "base/moment.h"
#include "store/database.h"

namespace account {

inline constexpr std::size_t kNameCharactersMax = 100;
inline constexpr std::size_t kCodeBytesMax = 64;
inline constexpr std::size_t kTextBytesMax = 500;
inline constexpr std::size_t kPhoneDigitsMin = 5;
inline constexpr std::size_t kPhoneDigitsMax = 20;
inline constexpr std::size_t kPageMax = 1001;  // one more than is shown tells of a next page
inline constexpr std::size_t kSearchBytesMax = 200;

// Borrows; lives inside the unit.
struct Change {
  store::Unit& unit;
  const rights::Actor& actor;
  base::Moment now;
};

// Takes the lock of accounts, stores and staff.
void begin(const Change& change);

// Audits it: before and after are JSON, "" for none.
struct Noted {
  std::string_view noun;
  std::string_view verb;
  std::int64_t subject;
  std::string before = {};
  std::string after = {};
};
void note(const Change& change, const Noted& noted);

bool is_good_name(std::string_view name);
bool is_good_code(std::string_view code);
bool is_good_text(std::string_view text);
bool is_good_phone(std::string_view phone);  // "" is: none

// A page of a list: what was typed (looked for anywhere in it, without regard to the case of A–Z),
// the code behind which it begins, and how many rows, 1 … kPageMax.
struct Cut {
  std::string_view search = {};
  std::string_view after = {};
  std::size_t rows = 100;
};
// What is found by a search, and a search as a pattern of LIKE with the escape "\".
std::string find_key(std::initializer_list<std::string_view> texts);
std::string pattern_of(std::string_view search);

}  // namespace account
