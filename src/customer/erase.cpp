#include "customer/erase.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json/object.hpp>
#include <set>

#include "access/audit.h"
#include "base/check.h"
#include "base/json.h"
#include "customer/change.h"
#include "customer/erase_sql.h"
#include "customer/normal_form.h"
#include "customer/person.h"
#include "log/batch.h"
#include "log/batch_report.h"
#include "log/log.h"
#include "log/rows.h"
#include "store/scrub.h"

namespace customer {
namespace {

// In this order, behind the identities: what names the person first, the customer last.
constexpr std::array kEraseSql = {
    sql::kEraseAttributes, sql::kEraseTerms,    sql::kEraseTags,
    sql::kEraseLists,      sql::kEraseConsents, sql::kEraseTestAccount,
    sql::kEraseAliases,    sql::kEraseReviews,  sql::kEraseCustomer};

std::string identity_subject(std::string_view kind, std::string_view account,
                             std::string_view normal) {
  std::string subject(kind);
  subject += '\0';
  subject += account;
  subject += '\0';
  subject += normal;
  return subject;
}

std::string customer_subject(base::CustomerId customer) {
  std::string subject = "id";
  subject += '\0';
  return subject + std::to_string(customer.value);
}

void add_subjects(store::Session& session, base::CustomerId customer,
                  std::vector<std::string>& subjects) {
  subjects.push_back(customer_subject(customer));
  session.query(sql::kSubjectsOf, {customer.value}, [&](const store::Row& row) {
    subjects.push_back(identity_subject(row.text(0), row.text(1), row.text(2)));
  });
}

// What the person is or was known by: identities, and what the log says of those that came and
// went.
std::set<std::string> values_of(Writing& writing, std::span<const base::CustomerId> customers) {
  std::set<std::string> values;
  for (const base::CustomerId customer : customers) {
    writing.unit().query(sql::kIdentityValues, {customer.value},
                         [&](const store::Row& row) { values.emplace(row.text(0)); });
  }
  const auto types = writing.log().catalog().of(writing.unit());
  std::vector<base::EventTypeId> changes;
  for (const std::string_view name : {"identity_added", "identity_removed"}) {
    const event_log::EventType* type = types->find(name);
    CHECK(type != nullptr);  // of the standard vocabulary
    changes.push_back(type->id);
  }
  for (const event_log::Event& event :
       event_log::rows_of(writing.unit(), writing.log().customer_rows(), customers, changes)) {
    const auto properties = base::parse_stored_json(event.properties);
    if (!properties || !properties->is_object()) continue;
    for (const std::string_view name : {"from", "to"}) {
      const auto* value = properties->get_object().if_contains(name);
      if (value != nullptr && value->is_string()) values.emplace(value->get_string());
    }
  }
  return values;
}

void record(Writing& writing, base::CustomerId person, const Erased& erased) {
  rights::AuditEntry entry;
  entry.actor = writing.actor();
  entry.at = writing.now();
  entry.noun = "customer";
  entry.verb = "erased";
  entry.subject = std::to_string(person.value);
  entry.after = fmt::format(R"({{"customers":{},"events":{}}})", erased.customers, erased.events);
  rights::record(writing.unit(), entry);
}

// Customers that stand in the database though they were erased after they had entered it.
std::set<base::CustomerId> erased_before(store::Session& session, ErasedHashes& hashes) {
  struct Candidate {
    base::CustomerId customer;
    base::Moment arrived;
    std::string subject;
  };
  std::vector<Candidate> candidates;
  session.query(sql::kAllCustomers, {}, [&](const store::Row& row) {
    const base::CustomerId customer{row.integer(0)};
    candidates.push_back({customer, {row.integer(1)}, customer_subject(customer)});
  });
  session.query(sql::kAllSubjects, {}, [&](const store::Row& row) {
    candidates.push_back({{row.integer(0)},
                          {row.integer(1)},
                          identity_subject(row.text(2), row.text(3), row.text(4))});
  });
  std::set<base::CustomerId> found;
  for (const Candidate& candidate : candidates) {
    const auto erased_at = hashes.erased_at(session, candidate.subject);
    if (erased_at && candidate.arrived <= *erased_at) found.insert(candidate.customer);
  }
  return found;
}

}  // namespace

base::Result<Erased, Error> erase(Writing& writing, ErasedHashes& hashes, base::Random& random,
                                  base::CustomerId customer) {
  lock_removals(writing);
  lock_merges(writing);
  const auto person = writing.lock(customer);
  if (!person) return base::unexpected(person.error());
  store::Unit& unit = writing.unit();
  store::mark_scrub_due(unit, random.id());
  const std::vector<Customer> customers = customers_of(unit, *person);
  std::vector<std::string> subjects;
  std::vector<base::CustomerId> ids;
  for (const Customer& each : customers) {
    add_subjects(unit, each.id, subjects);
    ids.push_back(each.id);
  }
  const std::set<std::string> values = values_of(writing, ids);
  const auto tells_them = [&](std::string_view name) {
    return std::ranges::any_of(values, [&](const auto& value) { return tells(name, value); });
  };
  event_log::forget_file_names(unit, tells_them);
  event_log::forget_report_names(unit, tells_them);
  hashes.remember(unit, subjects, writing.now());

  Erased erased;
  std::vector<event_log::Log::Erasure> erasures;
  for (const Customer& each : customers) {
    erasures.push_back({each.id, base::CustomerId{random.id()}});
  }
  erased.events = writing.log().erase(unit, erasures);
  for (const Customer& each : customers) {
    rights::erase_audit(unit, each.id);
    if (unit.execute(sql::kEraseIdentities, {each.id.value}) > 0) raise_identity_version(unit);
    for (const std::string_view sql : kEraseSql) unit.execute(sql, {each.id.value});
    tell_persons_changed(writing, {each.id});
    ++erased.customers;
  }
  record(writing, *person, erased);
  return erased;
}

base::Result<std::int64_t, Error> apply_erased(Writing& writing, ErasedHashes& hashes,
                                               base::Random& random) {
  std::int64_t persons = 0;
  for (const base::CustomerId customer : erased_before(writing.unit(), hashes)) {
    const auto erased = erase(writing, hashes, random, customer);
    if (erased) {
      ++persons;
    } else if (erased.error().fault != Fault::unknown_customer) {  // gone with another of theirs
      return base::unexpected(erased.error());
    }
  }
  return persons;
}

}  // namespace customer
