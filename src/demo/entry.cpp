#include "demo/entry.h"

#include "account/assignment.h"
#include "customer/attribute.h"
#include "customer/consent.h"
#include "customer/identity.h"
#include "customer/static_list.h"
#include "customer/tag.h"
#include "demo/mark.h"
#include "demo/text.h"

namespace demo {
namespace {

template <typename T>
Entry::Done done(const base::Result<T, customer::Error>& result) {
  if (!result) return base::unexpected(result.error());
  return {};
}

}  // namespace

base::Result<bool, customer::Error> Entry::person(const Life& life) {
  const auto made =
      customer::find_or_create(writing_, {"customer", life.key}, life.id, life.created_at);
  if (!made) return base::unexpected(made.error());
  if (!made->created) return made->found.customer == life.id;
  if (life.phone.empty()) return true;
  const auto phone =
      customer::add_identity(writing_, life.id, {"phone", life.phone}, life.created_at);
  if (!phone && phone.error().fault != customer::Fault::identity_taken) {
    return base::unexpected(phone.error());
  }
  return true;
}

Entry::Done Entry::attributes(base::CustomerId id, std::span<const customer::NewValue> values) {
  return done(customer::set_attributes(writing_, id, values));
}

Entry::Done Entry::tag(base::CustomerId id, const TagPut& put) {
  const auto tag = customer::declare_tag(writing_, put.tag);
  if (!tag) return base::unexpected(tag.error());
  return done(put.added ? customer::add_tag(writing_, id, tag->id, put.since)
                        : customer::remove_tag(writing_, id, tag->id, put.since));
}

Entry::Done Entry::consent(base::CustomerId id, const Consent& consent) {
  return done(customer::change_consent(writing_, id,
                                       {.purpose = text("purpose").text,
                                        .channel = consent.channel,
                                        .given = consent.given,
                                        .how = "form",
                                        .wording = text("wording").text,
                                        .since = consent.since}));
}

Entry::Done Entry::list(base::CustomerId id, const ListJoined& joined) {
  const auto list = customer::list_named(writing_.unit(), joined.list);
  if (!list) return {};
  return done(customer::join_list(writing_, id, list->id, joined.since));
}

void Entry::looked_after(base::CustomerId id, const LookedAfter& change) {
  const auto member = staff_.find(change.staff);
  if (member == staff_.end()) return;
  const rights::Actor actor = program();
  account::AssignedTo assigned({writing_.unit(), actor, change.since}, member->second);
  // Refused where they have left: then nobody looks after the customer.
  (void)(change.ended ? assigned.unassign(id) : assigned.assign(id));
}

}  // namespace demo
