#include "customer/apart.h"

#include <algorithm>
#include <array>
#include <boost/json/object.hpp>

#include "base/check.h"
#include "base/json.h"
#include "customer/change.h"
#include "customer/checked_identity.h"
#include "customer/merge_sql.h"
#include "customer/normal_form.h"
#include "customer/person.h"
#include "log/log.h"
#include "log/rows.h"

namespace customer {
namespace {

std::string text_of(const std::optional<base::Value>& value, const std::string& raw) {
  return value ? base::to_text(*value) : raw;
}

base::CustomerId person_of(store::Session& session, base::CustomerId customer) {
  const auto known = customer_with(session, customer);
  return known ? known->person : customer;
}

// Whether the person has had this text as the attribute's value at any time.
bool has_ever_had(Writing& writing, base::CustomerId person, base::AttributeId attribute,
                  std::string_view text) {
  store::Unit& unit = writing.unit();
  event_log::Log& log = writing.log();
  const event_log::EventType* type = log.catalog().of(unit)->find("attribute_changed");
  CHECK(type != nullptr);  // of the standard vocabulary
  std::vector<base::CustomerId> ids;
  for (const Customer& customer : customers_of(unit, person)) ids.push_back(customer.id);
  const std::array<base::EventTypeId, 1> types = {type->id};
  for (const auto& event : event_log::rows_of(unit, log.customer_rows(), ids, types)) {
    const auto properties = base::parse_stored_json(event.properties);
    const auto* object = properties ? properties->if_object() : nullptr;
    const auto* ref = object == nullptr ? nullptr : object->if_contains("ref");
    if (ref == nullptr || !ref->is_int64() || ref->get_int64() != attribute.value) continue;
    for (const std::string_view name : {"to", "raw"}) {
      const auto* had = object->if_contains(name);
      if (had != nullptr && had->is_string() && had->get_string() == text) return true;
    }
  }
  return false;
}

// How far back values are looked at: history is asked for only when today does not tell.
enum class Back : std::uint8_t { today, ever };

bool has_other_values(Writing& writing, base::CustomerId person, const Claim& claim, Back back) {
  std::vector<const NewValue*> telling;
  for (const NewValue& value : claim.values) {
    if (std::ranges::find(claim.attributes, value.attribute) == claim.attributes.end()) continue;
    if (value.value || !value.raw.empty()) telling.push_back(&value);
  }
  if (telling.empty()) return false;
  const auto has = attributes_of(writing.unit(), person);
  return std::ranges::any_of(telling, [&](const NewValue* value) {
    const auto at = std::ranges::find(has, value->attribute, &AttributeValue::name);
    if (at == has.end()) return false;
    const std::string now = text_of(at->value, at->raw);
    const std::string said = text_of(value->value, value->raw);
    if (now.empty() || now == said) return false;
    return back == Back::today || !has_ever_had(writing, person, at->attribute, said);
  });
}

// Null: not one that a person has once.
const IdentityKind* once_kind(Writing& writing, std::string_view name) {
  const IdentityKind* kind = known_kind(writing, name);
  return kind == nullptr || !kind->one_per_person ? nullptr : kind;
}

bool has_another_once(Writing& writing, base::CustomerId person, const Claim& claim) {
  return std::ranges::any_of(claim.identities, [&](const IdentityRef& given) {
    const IdentityKind* kind = once_kind(writing, given.kind);
    if (kind == nullptr) return false;
    const auto normal = normal_form(kind->form, given.value);
    if (!normal) return false;
    bool any = false;
    for (const Identity& identity : identities_of(writing.unit(), person)) {
      if (identity.kind != kind->id) continue;
      if (normal_form(kind->form, identity.value) == normal) return false;
      any = true;
    }
    return any;
  });
}

std::vector<base::CustomerId> listed_beside(store::Session& session, base::CustomerId person) {
  std::vector<base::CustomerId> found;
  for (const Customer& customer : customers_of(session, person)) {
    session.query(sql::kListedBeside, {customer.id.value},
                  [&](const store::Row& row) { found.push_back({row.integer(0)}); });
  }
  return found;
}

bool cannot_be(Writing& writing, base::CustomerId person, const Claim& claim, Back back) {
  return has_other_values(writing, person, claim, back) || has_another_once(writing, person, claim);
}

}  // namespace

bool is_somebody_else(Writing& writing, base::CustomerId person, const Claim& claim) {
  return cannot_be(writing, person, claim, Back::today) &&
         cannot_be(writing, person, claim, Back::ever);
}

std::optional<base::CustomerId> whom(Writing& writing, base::CustomerId holder,
                                     const Claim& claim) {
  store::Unit& unit = writing.unit();
  const base::CustomerId person = person_of(unit, holder);
  if (!cannot_be(writing, person, claim, Back::today)) return holder;
  const auto beside = listed_beside(unit, person);
  for (const base::CustomerId other : beside) {
    if (!cannot_be(writing, person_of(unit, other), claim, Back::today)) return other;
  }
  if (!cannot_be(writing, person, claim, Back::ever)) return holder;
  for (const base::CustomerId other : beside) {
    if (!cannot_be(writing, person_of(unit, other), claim, Back::ever)) return other;
  }
  return std::nullopt;
}

bool list_apart(Writing& writing, base::CustomerId holder, base::CustomerId other,
                std::string_view kind) {
  store::Unit& unit = writing.unit();
  const base::CustomerId person = person_of(unit, holder);
  const base::CustomerId other_person = person_of(unit, other);
  if (person == other_person) return false;
  for (const base::CustomerId listed : listed_beside(unit, person)) {
    if (person_of(unit, listed) == other_person) return false;
  }
  lock_names(writing);
  unit.execute(sql::kInsertReview,
               {person.value, other_person.value, std::string_view("identity"), kind,
                writing.now().ms, std::int64_t{0}, store::param(batch_of(writing))});
  return true;
}

base::Result<AddedIdentity, Error> add_or_list(Writing& writing, base::CustomerId customer,
                                               const GivenIdentity& given) {
  const auto& [identity, claim, since] = given;
  const auto added = add_identity(writing, customer, identity, since);
  if (added) return AddedIdentity{*added, false};
  if (added.error().fault != Fault::identity_taken || identity.kind != kSharedKind) {
    return base::unexpected(added.error());
  }
  store::Unit& unit = writing.unit();
  const auto holder = find(unit, identity);
  CHECK(holder.has_value());  // this unit has just found them
  const base::CustomerId person = person_of(unit, customer);
  const auto is_person = [&](base::CustomerId other) { return person_of(unit, other) == person; };
  const bool is_listed = std::ranges::any_of(listed_beside(unit, holder->person), is_person);
  if (!is_listed && !is_somebody_else(writing, holder->person, claim)) {
    return base::unexpected(added.error());
  }
  return AddedIdentity{false, list_apart(writing, holder->person, customer, identity.kind)};
}

}  // namespace customer
