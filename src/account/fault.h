// What can go wrong with brand accounts, stores, staff and whose customers are whose.
#pragma once

#include <cstdint>
#include <string_view>

namespace account {

enum class Fault : std::uint8_t {
  bad_name,           // not 1–kNameCharactersMax characters without control characters
  bad_code,           // a code, number or id of a channel: not 1–kCodeBytesMax bytes without spaces
  bad_text,           // a city or address beyond kTextBytesMax, or with control characters
  bad_phone,          // not kPhoneDigitsMin–kPhoneDigitsMax digits, at most with a plus before them
  bad_place,          // latitude without longitude, or off the globe
  code_taken,         // another one of the same kind has the code, number or id
  name_taken,         // another store has the name
  unknown_account,    // there is none with this id
  unknown_store,      // also: a member of staff was to work there
  unknown_staff,      // there is none with this id
  unknown_kind,       // of a brand account
  unknown_state,      // not one of the states such a thing can be in
  staff_left,         // customers go to staff who are there
  too_many,           // accounts, stores or staff: the limit is reached
  too_many_stores,    // of one member of staff
  too_many_assigned,  // customers of one member of staff
};
inline constexpr std::size_t kFaultCount = 16;
std::string_view code_of(Fault fault);  // "account.bad_name"

}  // namespace account
