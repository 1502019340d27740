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

std::set<std::string> terms_of(store::Session& session, base::CustomerId customer) {
  std::set<std::string> terms;
  for (const std::string& name : names_of(session, customer)) {
    for (std::string& term : name_terms(name)) terms.insert(std::move(term));
  }
  return terms;
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
  const std::set<std::string> terms = terms_of(unit, customer);
  unit.execute(sql::kDropTerms, {customer.value});
  if (terms.empty()) return;
  unit.execute(
      unit.dialect() == store::Dialect::sqlite ? sql::kAddTermsSqlite : sql::kAddTermsPostgresql,
      {customer.value, store::list_text(unit.dialect(), terms)});
}

void add_names(store::Unit& unit, std::span<const CustomerName> names) {
  std::vector<std::pair<std::string, std::int64_t>> terms;
  for (const auto& [customer, name] : names) {
    for (std::string& term : name_terms(name)) terms.emplace_back(std::move(term), customer.value);
  }
  // Neighbours in the index one after the other; of two names of one customer a term is there once.
  std::ranges::sort(terms);
  const auto [first, last] = std::ranges::unique(terms);
  terms.erase(first, last);
  if (terms.empty()) return;
  if (unit.dialect() == store::Dialect::sqlite) {
    for (const auto& [term, customer] : terms) unit.execute(sql::kAddTerm, {term, customer});
    return;
  }
  store::ListText texts(unit.dialect());
  store::ListText customers(unit.dialect());
  for (const auto& [term, customer] : terms) {
    texts.add(term);
    customers.add(customer);
  }
  unit.execute(sql::kAddTermListsPostgresql, {texts.text(), customers.text()});
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

TermsCheck check_terms(store::Session& session, base::CustomerId after, std::size_t limit) {
  TermsCheck check;
  const auto waiting =
      session.one(sql::kPendingTerms, {}, [](const store::Row& row) { return row.integer(0); });
  const std::vector<CustomerOf> customers = customers_after(session, after, limit);
  for (const CustomerOf& each : customers) {
    const base::CustomerId id = each.customer.id;
    if (waiting && id.value > *waiting) continue;
    std::set<std::string> stored;
    session.query(sql::kTermsOf, {id.value},
                  [&](const store::Row& row) { stored.emplace(row.text(0)); });
    if (stored != terms_of(session, id)) check.wrong.push_back(id);
    ++check.customers;
  }
  if (customers.size() == limit) {
    check.last = customers.back().customer.id;
    return check;
  }
  session.query(sql::kTermsOfNobody, {static_cast<std::int64_t>(limit)},
                [&](const store::Row& row) { check.wrong.push_back({row.integer(0)}); });
  return check;
}

}  // namespace customer
