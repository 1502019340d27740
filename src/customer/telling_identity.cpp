#include "customer/telling_identity.h"

#include <algorithm>
#include <array>

#include "customer/identity.h"

namespace customer {
namespace {

constexpr std::array<std::string_view, 6> kNumbers = {"customer",        "openid",        "unionid",
                                                      "external_userid", "member_number", "device"};
constexpr char kMobileSecondDigitMin = '3';

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

}  // namespace

bool is_mobile(std::string_view text) {
  return text.size() == kMobileDigits && text[0] == '1' && text[1] >= kMobileSecondDigitMin &&
         std::ranges::all_of(text, is_digit);
}

bool is_like_phone(std::string_view text) {
  const auto normal = normal_form(IdentityForm::phone, text);
  if (!normal) return false;
  if (normal->front() == '+') return true;
  return normal->size() == kMobileDigits && normal->front() == '1';
}

std::optional<PhoneWithin> phone_within(std::string_view text, std::size_t from) {
  while (from < text.size()) {
    const std::string_view rest = text.substr(from);
    const auto size =
        static_cast<std::size_t>(std::ranges::find_if_not(rest, is_digit) - rest.begin());
    if (is_mobile(rest.substr(0, size))) return PhoneWithin{from, size};
    from += std::max<std::size_t>(size, 1);
  }
  return std::nullopt;
}

Telling told_by(std::string_view kind, std::string_view value) {
  if (kind == "phone") return Telling::phone;
  if (kind == "email") return Telling::email;
  if (is_like_phone(value)) return Telling::phone;
  if (value.find('@') != std::string_view::npos) return Telling::email;
  if (std::ranges::find(kNumbers, kind) == kNumbers.end()) return Telling::unknown;
  if (!is_ascii(value)) return Telling::name;
  return phone_within(value) ? Telling::a_phone : Telling::nothing;
}

}  // namespace customer
