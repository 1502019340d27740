#include "access/fault.h"

#include "base/check.h"

namespace rights {

std::string_view code_of(Fault fault) {
  switch (fault) {
    case Fault::not_signed_in:
      return "access.not_signed_in";
    case Fault::csrf_mismatch:
      return "access.csrf_mismatch";
    case Fault::not_allowed:
      return "access.not_allowed";
    case Fault::sign_in_failed:
      return "access.sign_in_failed";
    case Fault::slow_down:
      return "access.slow_down";
    case Fault::busy:
      return "access.busy";
    case Fault::link_invalid:
      return "access.link_invalid";
    case Fault::unknown_user:
      return "access.unknown_user";
    case Fault::unknown_key:
      return "access.unknown_key";
    case Fault::unknown_session:
      return "access.unknown_session";
    case Fault::bad_name:
      return "access.bad_name";
    case Fault::name_taken:
      return "access.name_taken";
    case Fault::password_too_short:
      return "access.password_too_short";
    case Fault::password_too_long:
      return "access.password_too_long";
    case Fault::password_not_text:
      return "access.password_not_text";
    case Fault::password_common:
      return "access.password_common";
    case Fault::wrong_password:
      return "access.wrong_password";
    case Fault::last_owner:
      return "access.last_owner";
    case Fault::no_scopes:
      return "access.no_scopes";
    case Fault::expires_in_past:
      return "access.expires_in_past";
    case Fault::too_many:
      return "access.too_many";
    case Fault::code_needed:
      return "access.code_needed";
    case Fault::code_wrong:
      return "access.code_wrong";
    case Fault::second_factor_on:
      return "access.second_factor_on";
    case Fault::second_factor_off:
      return "access.second_factor_off";
    case Fault::public_scopes:
      return "access.public_scopes";
    case Fault::bad_origin:
      return "access.bad_origin";
    case Fault::origin_not_allowed:
      return "access.origin_not_allowed";
    case Fault::too_often:
      return "access.too_often";
    case Fault::no_second_factor_key:
      return "access.no_second_factor_key";
    case Fault::owner_sees_all:
      return "access.owner_sees_all";
    case Fault::scope_needs_staff:
      return "access.scope_needs_staff";
    case Fault::needs_proof:
      return "access.needs_proof";
  }
  base::unreachable();
}

}  // namespace rights
