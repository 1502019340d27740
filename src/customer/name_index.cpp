#include "customer/name_index.h"

#include <algorithm>
#include <set>
#include <utility>

#include "customer/name_index_sql.h"
#include "customer/name_terms.h"
#include "customer/person.h"
#include "store/list_text.h"

namespace customer {
namespace {

std::vector<std::string> names_of(store::Session& session, base::CustomerId customer) {
  std::vector<std::string> names;
  session.query(sql::kTextsOfCustomer, {customer.value}, [&](const store::Row& row) {
    if (is_name(row.text(0))) names.emplace_back(row.text(1));
  });
  return names;
}

struct Pending {
  std::int64_t after = 0;
  std::vector<base::CustomerId> customers;
  std::vector<store::LockKey> locks;
};
std::optional<Pending> pending_names(store::Unit& unit) {
  const auto after =
      unit.one(sql::kPendingTerms, {}, [](const store::Row& row) { return row.integer(0); });
  if (!after) return std::nullopt;
  Pending pending{.after = *after, .customers = {}, .locks = {}};
  unit.query(sql::kPersonsBehind, {*after, kNamesAtOnce}, [&](const store::Row& row) {
    pending.customers.push_back({row.integer(0)});
    pending.locks.push_back(store::lock_key(base::CustomerId{row.integer(1)}));
  });
  return pending;
}

}  // namespace

void index_names(store::Unit& unit, base::CustomerId customer) {
  std::set<std::string> terms;
  for (const std::string& name : names_of(unit, customer)) {
    for (std::string& term : name_terms(name)) terms.insert(std::move(term));
  }
  unit.execute(sql::kDropTerms, {customer.value});
  if (terms.empty()) return;
  unit.execute(
      unit.dialect() == store::Dialect::sqlite ? sql::kAddTermsSqlite : sql::kAddTermsPostgresql,
      {customer.value, store::list_text(unit.dialect(), terms)});
}

bool index_more_names(store::Database& database) {
  return database.write("customer.names", [](store::Unit& unit) {
    auto pending = pending_names(unit);
    if (!pending) return false;
    if (pending->customers.empty()) {
      unit.execute(sql::kEndPendingTerms, {pending->after});
      return false;
    }
    // A name that is being changed would be read as it was, and its terms written over the new.
    unit.lock(std::move(pending->locks));
    const std::int64_t last = pending->customers.back().value;
    if (unit.execute(sql::kAdvancePendingTerms, {pending->after, last}) == 0) return true;
    for (const base::CustomerId customer : pending->customers) index_names(unit, customer);
    return true;
  });
}

std::vector<Named> named(store::Session& session, const NamePart& asked) {
  std::vector<Named> found;
  if (asked.part.empty()) return found;
  // U+10FFFF is no character: every text that begins with `part` lies before it.
  session.query(sql::kCustomersByTerm,
                {asked.part, asked.part + "\U0010ffff", static_cast<std::int64_t>(asked.rows)},
                [&](const store::Row& row) {
                  found.push_back({std::string(row.text(0)), {row.integer(1)}, {row.integer(2)}});
                });
  return found;
}

bool is_called(store::Session& session, base::CustomerId person, const std::string& folded) {
  for (const Customer& customer : customers_of(session, person)) {
    for (const std::string& name : names_of(session, customer.id)) {
      if (folded_name(name) == folded) return true;
    }
  }
  return false;
}

}  // namespace customer
