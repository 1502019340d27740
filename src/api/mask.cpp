#include "api/mask.h"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <iterator>

#include "api/masked_name_table.h"
#include "customer/identity.h"
#include "customer/telling_identity.h"

namespace api {
namespace {

namespace json = boost::json;

// What an event about a change says the value was and is.
constexpr std::array<std::string_view, 4> kToldValues = {"from", "to", "raw", "value"};
constexpr std::string_view kMasked = "****";
constexpr std::string_view kKeyKind = "customer";
constexpr std::array<std::string_view, 2> kOfIdentities = {"identity_added", "identity_removed"};
constexpr std::size_t kShownDigits = 7;

// Numbers of the standard vocabulary that count or sum: what has eleven digits there is no phone.
constexpr std::array<std::string_view, 10> kCounts = {
    "amount", "items", "level", "price", "quantity", "ref", "score", "seconds", "stars", "step"};

bool is_count(std::string_view name) { return std::ranges::count(kCounts, name) > 0; }

// Every Chinese mobile number within a text.
std::string with_phones_masked(std::string_view text) {
  if (customer::is_like_phone(text)) return masked_phone(text);
  std::string shown;
  std::size_t at = 0;
  while (const auto phone = customer::phone_within(text, at)) {
    shown += text.substr(at, phone->at - at);
    shown += masked_phone(text.substr(phone->at, phone->size));
    at = phone->at + phone->size;
  }
  return shown += text.substr(at);
}

std::size_t bytes_of_first(std::string_view text) {
  std::size_t end = 1;
  while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) ++end;
  return std::min(end, text.size());
}

// The first character and what stands from the last "@" on.
std::string masked_email(std::string_view email) {
  const std::size_t at = email.rfind('@');
  if (at == std::string_view::npos || at == 0) return std::string(kMasked);
  return std::string(email.substr(0, bytes_of_first(email))) + std::string(kMasked) +
         std::string(email.substr(at));
}

std::string text_of(const json::value& value) {
  return value.is_string() ? std::string(value.get_string()) : json::serialize(value);
}

std::string_view view(const json::string& text) { return {text.data(), text.size()}; }

// What an event says has changed; "": it does not say.
std::string changed_of(const json::object& properties) {
  const auto* name = properties.if_contains("changed");
  return name != nullptr && name->is_string() ? std::string(view(name->get_string())) : "";
}

// Texts, those of a list, and whole numbers that are a mobile; all else as it is.
json::value without_phones(json::value value) {
  if (value.is_int64() && customer::is_mobile(std::to_string(value.get_int64()))) {
    return json::value(masked_phone(text_of(value)));
  }
  if (auto* text = value.if_string()) return json::value(with_phones_masked(view(*text)));
  if (auto* list = value.if_array()) {
    for (json::value& one : *list) one = without_phones(std::move(one));
  }
  return value;
}

}  // namespace

std::string_view mask_named(std::string_view name) {
  const auto* found = std::ranges::find(kMaskedNames, name, &MaskedName::name);
  return found == std::end(kMaskedNames) ? std::string_view() : found->mask;
}

std::string masked_phone(std::string_view phone) {
  const auto normal = customer::normal_form(customer::IdentityForm::phone, phone);
  const std::string digits = normal.value_or("");
  if (digits.size() <= kShownDigits) return std::string(kMasked);
  return digits.substr(0, 3) + "****" + digits.substr(digits.size() - 4);
}

std::string masked_name(std::string_view name) {
  if (name.empty()) return "";
  return std::string(name.substr(0, bytes_of_first(name))) + "*";
}

std::string Mask::key(std::string_view key) const { return identity(kKeyKind, key); }

std::string Mask::identity(std::string_view kind, std::string_view value) const {
  using customer::Telling;
  switch (customer::told_by(kind, value)) {
    case Telling::phone:
      return masks_.phone ? masked_phone(value) : std::string(value);
    case Telling::email:
      return masks_.phone ? masked_email(value) : std::string(value);
    case Telling::a_phone:
      return masks_.phone ? with_phones_masked(value) : std::string(value);
    case Telling::name:
      return masks_.name ? masked_name(value) : std::string(value);
    case Telling::unknown:
      return masks_.personal ? std::string(kMasked) : std::string(value);
    case Telling::nothing:
      break;
  }
  return std::string(value);
}

json::value Mask::name(const std::optional<std::string>& name) const {
  if (!name) return nullptr;
  return json::value(masks_.name ? masked_name(*name) : *name);
}

json::value FieldMask::masked(std::string_view name, const PersonalFields::Names& personal,
                              json::value value) const {
  if (value.is_null()) return value;
  const std::string_view mask = mask_named(name);
  if (masks_.phone && mask == "phone") return json::value(masked_phone(text_of(value)));
  if (masks_.phone && mask == "email") return json::value(masked_email(text_of(value)));
  if (masks_.name && mask == "name") return json::value(masked_name(text_of(value)));
  if (hides(name, personal)) return json::value(kMasked);
  const bool counts = is_count(name) && value.is_number();
  return masks_.phone && !counts ? without_phones(std::move(value)) : value;
}

bool FieldMask::hides(std::string_view name, const PersonalFields::Names& personal) const {
  const std::string_view mask = mask_named(name);
  return (masks_.phone && (mask == "phone" || mask == "email")) ||
         (masks_.name && mask == "name") || (masks_.personal && personal.contains(name));
}

json::value FieldMask::value(std::string_view attribute, json::value value) const {
  return masked(attribute, personal_.attributes, std::move(value));
}

bool FieldMask::hides(std::string_view attribute) const {
  return hides(attribute, personal_.attributes);
}

std::vector<std::string> FieldMask::hidden_attributes() const {
  PersonalFields::Names names;
  for (const MaskedName& each : kMaskedNames) {
    if (hides(each.name)) names.emplace(each.name);
  }
  if (masks_.personal) names.insert(personal_.attributes.begin(), personal_.attributes.end());
  return {names.begin(), names.end()};
}

std::vector<std::pair<std::string, std::string>> FieldMask::hidden_properties() const {
  std::vector<std::pair<std::string, std::string>> found;
  if (!masks_.personal) return found;
  for (const auto& [event, names] : personal_.properties) {
    for (const std::string& name : names) found.emplace_back(event, name);
  }
  return found;
}

const PersonalFields::Names& FieldMask::personal_of(std::string_view event) const {
  static const PersonalFields::Names none;
  const auto found = personal_.properties.find(event);
  return found == personal_.properties.end() ? none : found->second;
}

json::object FieldMask::properties(std::string_view event, json::object properties) const {
  if (!any()) return properties;
  const PersonalFields::Names& personal = personal_of(event);
  const std::string changed = changed_of(properties);
  const bool of_identity = std::ranges::count(kOfIdentities, event) > 0;
  for (auto& member : properties) {
    const std::string_view name(member.key().data(), member.key().size());
    const bool told =
        !changed.empty() && std::ranges::count(kToldValues, name) > 0 && !hides(name, personal);
    if (told && of_identity && member.value().is_string()) {
      member.value() = json::value(identity(changed, view(member.value().get_string())));
    } else {
      member.value() =
          told ? value(changed, member.value()) : masked(name, personal, member.value());
    }
  }
  return properties;
}

json::object FieldMask::fact(json::object fact) const {
  const std::string name(view(fact.at("name").as_string()));
  if (auto* given = fact.if_contains("properties")) {
    // A fact holds what the rule asks for alone: it need not say whose value it tells.
    const bool says = !changed_of(given->as_object()).empty();
    json::object shown = properties(name, given->as_object());
    for (const std::string_view told : kToldValues) {
      auto* value = shown.if_contains(told);
      if (!says && value != nullptr && !value->is_null()) *value = kMasked;
    }
    *given = std::move(shown);
  }
  if (auto* given = fact.if_contains("value")) *given = value(name, *given);
  return fact;
}

json::value FieldMask::measured(const json::object& of, json::value value) const {
  const std::string_view property = view(of.at("property").as_string());
  if (std::ranges::count(kToldValues, property) > 0 ||
      hides(property, personal_of(view(of.at("event").as_string())))) {
    return json::value(kMasked);
  }
  // The least and the greatest of several phones are phones.
  return masks_.phone && !is_count(property) ? without_phones(std::move(value)) : value;
}

json::object FieldMask::node(json::object node) const {
  for (json::value& one : node.at("facts").as_array()) one = fact(one.as_object());
  auto* measured = node.if_contains("measured");
  const auto* of = node.if_contains("measured_of");
  if (measured != nullptr && of != nullptr) *measured = this->measured(of->as_object(), *measured);
  for (json::value& part : node.at("parts").as_array()) part = this->node(part.as_object());
  return node;
}

json::object FieldMask::explanation(json::object explanation) const {
  if (!any()) return explanation;
  explanation["tree"] = node(explanation.at("tree").as_object());
  return explanation;
}

}  // namespace api
