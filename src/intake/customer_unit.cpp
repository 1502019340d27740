#include "intake/customer_unit.h"

#include <algorithm>
#include <boost/json/value.hpp>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "base/check.h"
#include "base/json.h"
#include "customer/apart.h"
#include "customer/attribute.h"
#include "customer/consent.h"
#include "customer/identity.h"
#include "customer/newcomers.h"
#include "customer/tag.h"
#include "intake/customer_key.h"
#include "log/log.h"
#include "log/rows.h"

namespace intake {
namespace {

// A customer at a moment.
using CustomerMoment = std::pair<base::CustomerId, base::Moment>;
// What history has there: (attribute, value or raw text).
using Known = std::vector<std::pair<std::int64_t, std::string>>;

// What history has for the customers of a chunk of rows at the moments of the rows. Read at once
// for all; again for what the unit itself has written.
class KnownValues {
 public:
  KnownValues(store::Unit& unit, event_log::Log& log) : unit_(unit), log_(log) {
    const event_log::EventType* type = log.catalog().of(unit)->find("attribute_changed");
    CHECK(type != nullptr);  // of the standard vocabulary
    type_ = type->id;
  }

  void read(std::span<const CustomerMoment> moments) {
    std::vector<event_log::RowAt> wanted;
    for (const auto& [customer, since] : moments) wanted.push_back({customer, type_, since});
    event_log::each_row_at(unit_, log_.customer_rows(), {wanted},
                           [&](const event_log::Event& event) { add(event); });
  }
  void written(const CustomerMoment& moment) { written_.insert(moment); }
  // Requires that it was read, or that the customer has come with this unit.
  const Known& at(const CustomerMoment& moment) {
    if (written_.erase(moment) > 0) {
      known_.erase(moment);
      read(std::span(&moment, 1));
    }
    return known_[moment];
  }

 private:
  void add(const event_log::Event& event) {
    const auto value = base::parse_stored_json(event.properties);
    const auto* object = value ? value->if_object() : nullptr;
    const auto* ref = object == nullptr ? nullptr : object->if_contains("ref");
    if (ref == nullptr || !ref->is_int64()) return;
    for (const std::string_view name : {"to", "raw"}) {
      const auto* text = object->if_contains(name);
      if (text == nullptr || !text->is_string()) continue;
      known_[{event.customer, event.time}].emplace_back(ref->get_int64(),
                                                        std::string(text->get_string()));
    }
  }

  store::Unit& unit_;
  event_log::Log& log_;
  base::EventTypeId type_;
  std::map<CustomerMoment, Known> known_;
  std::set<CustomerMoment> written_;
};

std::vector<customer::IdentityRef> identities_of(const CustomerRow& row) {
  std::vector<customer::IdentityRef> identities;
  for (const auto& [kind, value] : row.identities) identities.push_back({kind, value});
  return identities;
}

class CustomerUnit {
 public:
  CustomerUnit(customer::Writing& writing, const CustomerRows& chunk)
      : writing_(writing),
        unit_(writing.unit()),
        rows_(chunk.rows),
        fresh_(chunk.fresh),
        telling_(chunk.telling),
        known_(unit_, writing.log()) {}

  base::Result<std::vector<RowOutcome>, Refusals> write() {
    Refusals refusals;
    const auto made = make_newcomers();
    if (!made) return base::unexpected(Refusals{{made.error().index, made.error().error.fault}});
    find_others(*made);
    std::vector<RowOutcome> outcomes;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      const auto outcome = (*made)[i] ? finish_newcomer(i) : write_row(i);
      if (outcome) {
        outcomes.push_back(*outcome);
        continue;
      }
      const customer::Fault fault = outcome.error().fault;
      if (fault == customer::Fault::import_closed) return base::unexpected(Refusals{{i, fault}});
      refusals.emplace(i, fault);
    }
    if (!refusals.empty()) return base::unexpected(std::move(refusals));
    return outcomes;
  }

 private:
  base::Result<std::vector<bool>, customer::NewcomerError> make_newcomers() {
    std::vector<std::vector<customer::IdentityRef>> identities;
    for (const CustomerRow& row : rows_) identities.push_back(identities_of(row));
    std::vector<customer::Newcomer> newcomers;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      const CustomerRow& row = rows_[i];
      newcomers.push_back({.named_by = identity_of(row.customer),
                           .fresh = fresh_[i],
                           .created_at = row.known_since,
                           .identities = identities[i],
                           .since = row.since,
                           .values = row.values});
    }
    return customer::make_newcomers(writing_, newcomers);
  }

  base::Result<RowOutcome, customer::Error> finish_newcomer(std::size_t index) {
    RowOutcome outcome{.created = true};
    if (auto marked = write_marks(rows_[index], fresh_[index]); !marked) {
      return base::unexpected(std::move(marked.error()));
    }
    return outcome;
  }

  // Who the customers of the other rows are, as far as they are there, and what history has of them
  // at the rows' moments.
  void find_others(const std::vector<bool>& made) {
    found_.resize(rows_.size());
    std::vector<std::size_t> keyed;
    std::vector<std::string_view> keys;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (made[i]) continue;
      if (is_key(rows_[i].customer)) {
        keyed.push_back(i);
        keys.push_back(rows_[i].customer);
      } else {
        found_[i] = find_customer(unit_, rows_[i].customer);
      }
    }
    const auto found = customer::find_by_keys(unit_, keys);
    for (std::size_t i = 0; i < keyed.size(); ++i) found_[keyed[i]] = found[i];
    std::vector<CustomerMoment> moments;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (found_[i] && rows_[i].since) moments.emplace_back(found_[i]->customer, *rows_[i].since);
    }
    known_.read(moments);
  }

  // Who the row is about: who has its identity, or somebody who only shares it. Nothing is written
  // of somebody nobody has seen yet.
  struct About {
    std::optional<base::CustomerId> customer;
    std::optional<base::CustomerId> holder = {};  // of the identity, when it is not the customer
  };
  About about(const CustomerRow& row, const customer::Found& found, const customer::Claim& claim) {
    if (is_key(row.customer) || identity_of(row.customer).kind != customer::kSharedKind) {
      return {found.customer};
    }
    const auto whom = customer::whom(writing_, found.customer, claim);
    if (whom == found.customer) return {found.customer};
    if (whom) return {*whom, found.customer};
    for (const customer::IdentityRef& identity : claim.identities) {
      const auto other = customer::find(unit_, identity);
      if (other && other->person != found.person) return {other->customer, found.customer};
    }
    return {std::nullopt, found.customer};
  }

  base::Result<RowOutcome, customer::Error> write_row(std::size_t index) {
    const CustomerRow& row = rows_[index];
    RowOutcome outcome;
    std::optional<customer::Found> found = found_[index];
    if (!found) found = find_customer(unit_, row.customer);  // a row above has made them
    if (!found) {
      const auto resolved = customer::find_or_create(writing_, identity_of(row.customer),
                                                     fresh_[index], row.known_since);
      if (!resolved) return base::unexpected(resolved.error());
      found = resolved->found;
      outcome.created = resolved->created;
    }
    const auto identities = identities_of(row);
    // Against customers there are already the name tells: who has become a member since, or says
    // their gender now, is the same person.
    const auto telling = row.shares ? telling_ : std::span<const std::string>(name_only_);
    const customer::Claim claim{row.values, telling, identities};
    if (!outcome.created) {
      const auto whose = take_apart(row, claim, {*found, fresh_[index]});
      if (!whose) return base::unexpected(whose.error());
      outcome = whose->outcome;
      found->customer = whose->customer;
    }
    const auto more = write_roles(row, claim, found->customer);
    if (!more) return base::unexpected(more.error());
    outcome.changed = outcome.changed || more->changed;
    outcome.reviews += more->reviews;
    const auto values = unknown_yet(found->customer, row);
    if (values.empty()) return outcome;
    const auto changes = customer::set_attributes(writing_, found->customer, values);
    if (!changes) return base::unexpected(changes.error());
    outcome.changed = outcome.changed || *changes > 0;
    if (row.since) known_.written({found->customer, *row.since});
    return outcome;
  }

  struct Candidates {
    customer::Found found;   // who has the identity
    base::CustomerId fresh;  // nobody's yet
  };
  struct Whose {
    base::CustomerId customer;
    RowOutcome outcome;
  };
  // Somebody else with the identity of another is a customer of their own, and the two are listed.
  base::Result<Whose, customer::Error> take_apart(const CustomerRow& row,
                                                  const customer::Claim& claim,
                                                  const Candidates& candidates) {
    if (const auto locked = writing_.lock(candidates.found.customer); !locked) {
      return base::unexpected(locked.error());
    }
    const About whose = about(row, candidates.found, claim);
    if (!whose.holder) return Whose{*whose.customer, {}};
    Whose out{whose.customer.value_or(candidates.fresh), {}};
    if (!whose.customer) {
      const auto made = customer::create(writing_, candidates.fresh, row.since);
      if (!made) return base::unexpected(made.error());
      out.outcome.created = true;
    }
    const bool listed =
        customer::list_apart(writing_, *whose.holder, out.customer, identity_of(row.customer).kind);
    if (listed) ++out.outcome.reviews;
    if (row.since) known_.written({out.customer, *row.since});  // not read with the chunk
    return out;
  }

  base::Result<RowOutcome, customer::Error> write_roles(const CustomerRow& row,
                                                        const customer::Claim& claim,
                                                        base::CustomerId customer) {
    RowOutcome out;
    for (const customer::IdentityRef& identity : claim.identities) {
      const auto added = customer::add_or_list(writing_, customer, {identity, claim, row.since});
      if (!added) return base::unexpected(added.error());
      out.changed = out.changed || added->added;
      if (added->listed) ++out.reviews;
    }
    const auto marked = write_marks(row, customer);
    if (!marked) return base::unexpected(marked.error());
    out.changed = out.changed || *marked;
    return out;
  }

  // Tags and consents: whether any has changed.
  base::Result<bool, customer::Error> write_marks(const CustomerRow& row,
                                                  base::CustomerId customer) {
    bool changed = false;
    for (const auto& [group, name] : row.tags) {
      const auto tag = customer::declare_tag(writing_, group + "/" + name);
      if (!tag) return base::unexpected(tag.error());
      const auto added = customer::add_tag(writing_, customer, tag->id, row.since);
      if (!added) return base::unexpected(added.error());
      changed = changed || *added;
    }
    for (const auto& [name, given] : row.consents) {
      const std::size_t slash = std::min(name.find('/'), name.size());
      const std::string_view channel =
          slash < name.size() ? std::string_view(name).substr(slash + 1) : std::string_view();
      const auto written =
          customer::change_consent(writing_, customer,
                                   {.purpose = std::string_view(name).substr(0, slash),
                                    .channel = channel,
                                    .given = given,
                                    .how = "import",
                                    .since = row.since});
      if (!written) return base::unexpected(written.error());
      changed = changed || *written;
    }
    return changed;
  }

  // Of a row with `since`: without the values that history has at that moment.
  std::vector<customer::NewValue> unknown_yet(base::CustomerId customer, const CustomerRow& row) {
    std::vector<customer::NewValue> values = row.values;
    if (!row.since) return values;
    const Known& known = known_.at({customer, *row.since});
    if (known.empty()) return values;
    std::erase_if(values, [&](const customer::NewValue& given) {
      const auto attribute = customer::attribute_named(unit_, given.attribute);
      if (!attribute) return false;
      const std::string text = given.value ? base::to_text(*given.value) : given.raw;
      return std::ranges::find(known, std::pair(attribute->id.value, text)) != known.end();
    });
    return values;
  }

  customer::Writing& writing_;
  store::Unit& unit_;
  std::span<const CustomerRow> rows_;
  std::span<const base::CustomerId> fresh_;
  std::span<const std::string> telling_;
  std::vector<std::string> name_only_ = telling_attributes({});
  KnownValues known_;
  std::vector<std::optional<customer::Found>> found_;  // before the chunk; of newcomers nothing
};

}  // namespace

base::Result<std::vector<RowOutcome>, Refusals> write_customers(customer::Writing& writing,
                                                                const CustomerRows& chunk) {
  return CustomerUnit(writing, chunk).write();
}

}  // namespace intake
