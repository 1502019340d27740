#include "fact_writer.h"

#include <algorithm>
#include <span>
#include <string>

#include "base/check.h"
#include "base/value_json.h"
#include "customer/attribute.h"
#include "customer/consent.h"
#include "customer/identity.h"
#include "customer/static_list.h"
#include "customer/tag.h"
#include "log/log.h"

namespace random_life {

using audience::Names;
using timeline::MembershipKind;

FactWriter::FactWriter(const audience::MemoryNames& names, customer::Writing& writing)
    : names_(names), writing_(writing) {}

void FactWriter::write(const Fact& fact, base::CustomerId customer) {
  if (fact.event) {
    append(*fact.event, customer);
  } else if (fact.attribute) {
    set(*fact.attribute, customer);
  } else {
    change(*fact.membership, customer);
  }
}

void FactWriter::append(const EventFact& fact, base::CustomerId customer) {
  const event_log::Origin origin{
      .source = fact.source,
      .liveness = writing_.live() ? event_log::Liveness::live : event_log::Liveness::history,
      .now = writing_.now(),
      .batch = writing_.batch() ? std::optional(writing_.batch()) : std::nullopt};
  event_log::NewEvent event{
      customer, names_.name_of(Names::Kind::event, fact.type.value), fact.time, {}, {}, {}};
  for (const auto& [property, value] : fact.properties) {
    event.properties[names_.name_of(Names::Kind::property, property.value)] =
        base::value_to_json(value);
  }
  must(writing_.log().append(writing_.unit(), origin, event));
}

void FactWriter::set(const AttributeFact& fact, base::CustomerId customer) {
  const customer::NewValue given{
      names_.name_of(Names::Kind::attribute, fact.attribute.value), fact.value, {}, fact.since};
  must(customer::set_attributes(writing_, customer, std::span(&given, 1)));
}

void FactWriter::change(const MembershipFact& fact, base::CustomerId customer) {
  switch (fact.key.kind) {
    case MembershipKind::tag: {
      const std::string name = names_.name_of(Names::Kind::tag, fact.key.id);
      const auto tag = customer::tags_named(writing_.unit(), name).at(0).id;
      must(fact.on ? customer::add_tag(writing_, customer, tag, fact.since)
                   : customer::remove_tag(writing_, customer, tag, fact.since));
      return;
    }
    case MembershipKind::list: {
      const std::string name = names_.name_of(Names::Kind::list, fact.key.id);
      const auto list = customer::list_named(writing_.unit(), name).value().id;
      must(fact.on ? customer::join_list(writing_, customer, list, fact.since)
                   : customer::leave_list(writing_, customer, list, fact.since));
      return;
    }
    case MembershipKind::consent:
      return consent(fact, customer);
    case MembershipKind::identity:
      return identity(fact, customer);
  }
  base::unreachable();
}

void FactWriter::consent(const MembershipFact& fact, base::CustomerId customer) {
  for (const std::string& purpose : names_.all(Names::Kind::purpose)) {
    for (const std::string& channel : names_.all(Names::Kind::channel)) {
      const auto keys = names_.consent_keys(purpose, channel);
      if (std::ranges::find(keys, fact.key.id) == keys.end()) continue;
      must(customer::change_consent(writing_, customer,
                                    {.purpose = purpose,
                                     .channel = channel,
                                     .given = fact.on,
                                     .how = "form",
                                     .since = fact.since}));
      return;
    }
  }
  base::unreachable();
}

void FactWriter::identity(const MembershipFact& fact, base::CustomerId customer) {
  const std::string kind = names_.name_of(Names::Kind::identity_kind, fact.key.id);
  const std::string value = std::to_string(13'800'000'000 + customer.value);
  const customer::IdentityRef ref{.kind = kind, .value = value};
  must(fact.on ? customer::add_identity(writing_, customer, ref, fact.since)
               : customer::remove_identity(writing_, customer, ref, fact.since));
}

}  // namespace random_life
