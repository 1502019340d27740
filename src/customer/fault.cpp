#include "customer/fault.h"

#include "base/check.h"

namespace customer {

std::string_view code_of(Fault fault) {
  switch (fault) {
    case Fault::unknown_customer:
      return "customer.unknown_customer";
    case Fault::unknown_identity_kind:
      return "customer.unknown_identity_kind";
    case Fault::unknown_attribute:
      return "customer.unknown_attribute";
    case Fault::unknown_tag:
      return "customer.unknown_tag";
    case Fault::unknown_list:
      return "customer.unknown_list";
    case Fault::version_differs:
      return "customer.version_differs";
    case Fault::name_invalid:
      return "customer.name_invalid";
    case Fault::computed_name:
      return "customer.computed_name";
    case Fault::name_taken:
      return "customer.name_taken";
    case Fault::too_many_names:
      return "customer.too_many_names";
    case Fault::type_conflict:
      return "customer.type_conflict";
    case Fault::identity_invalid:
      return "customer.identity_invalid";
    case Fault::identity_taken:
      return "customer.identity_taken";
    case Fault::too_many_identities:
      return "customer.too_many_identities";
    case Fault::too_many_values:
      return "customer.too_many_values";
    case Fault::text_too_long:
      return "customer.text_too_long";
    case Fault::time_refused:
      return "customer.time_refused";
    case Fault::import_closed:
      return "customer.import_closed";
    case Fault::same_person:
      return "customer.same_person";
    case Fault::not_merged:
      return "customer.not_merged";
    case Fault::merge_too_large:
      return "customer.merge_too_large";
    case Fault::too_many_test_accounts:
      return "customer.too_many_test_accounts";
  }
  base::unreachable();
}

}  // namespace customer
