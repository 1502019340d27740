#include "account/fault.h"

#include <array>

namespace account {
namespace {
constexpr std::array<std::string_view, kFaultCount> kCodes = {
    "account.bad_name",         "account.bad_code",        "account.bad_text",
    "account.bad_phone",        "account.bad_place",       "account.code_taken",
    "account.name_taken",       "account.unknown_account", "account.unknown_store",
    "account.unknown_staff",    "account.unknown_kind",    "account.unknown_state",
    "account.staff_left",       "account.too_many",        "account.too_many_stores",
    "account.too_many_assigned"};
}

std::string_view code_of(Fault fault) { return kCodes[static_cast<std::size_t>(fault)]; }

}  // namespace account
