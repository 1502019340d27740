// What a caller of `customer` can act on. Never carries a value of a customer.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace customer {

// Listed by precedence: when two apply, the earlier one is reported.
enum class Fault : std::uint8_t {
  unknown_customer,  // no such id, or erased
  unknown_identity_kind,
  unknown_attribute,
  unknown_tag,
  unknown_list,
  version_differs,  // somebody else has changed it meanwhile
  name_invalid,     // empty, longer than kNameBytesMax, no UTF-8, a control character, "/"
  computed_name,    // kComputedNames (customer/computed_name.h): nobody sets it
  name_taken,
  too_many_names,          // kAttributesMax, kTagsMax … of the workspace are reached
  type_conflict,           // an attribute declared with another type
  identity_invalid,        // empty, too long, no UTF-8; a phone that is no phone
  identity_taken,          // it belongs to another customer and does not move
  too_many_identities,     // more than kIdentitiesMax on one customer
  too_many_values,         // more than kAttributesAtOnceMax in one call
  text_too_long,           // more than kProofBytesMax
  time_refused,            // before 1970 or more than 366 days ahead
  import_closed,           // the import it belongs to is not running: finished or being undone
  same_person,             // both are one person already
  not_merged,              // there is no such merge to undo
  merge_too_large,         // more than kMergedCustomersMax customers would be one person
  too_many_test_accounts,  // more than kTestAccountsMax
};
std::string_view code_of(Fault fault);  // "customer.unknown_customer", …

struct Error {
  Fault fault;
  std::string subject;  // the name, kind or limit it is about; never an identity or a value
};

}  // namespace customer
