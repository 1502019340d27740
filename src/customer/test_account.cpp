#include "customer/test_account.h"

#include "access/audit.h"
#include "customer/change.h"
#include "customer/person.h"
#include "customer/test_account_sql.h"

namespace customer {
namespace {

TestAccount account_at(const store::Row& row) {
  return {{row.integer(0)}, {row.integer(1)}, std::string(row.text(2))};
}

void record(Writing& writing, base::CustomerId person, bool is_test) {
  rights::AuditEntry entry;
  entry.actor = writing.actor();
  entry.at = writing.now();
  entry.noun = "customer";
  entry.verb = is_test ? "test_account_set" : "test_account_taken";
  entry.subject = std::to_string(person.value);
  entry.customer = person;
  entry.before = is_test ? R"({"test_account":false})" : R"({"test_account":true})";
  entry.after = is_test ? R"({"test_account":true})" : R"({"test_account":false})";
  rights::record(writing.unit(), entry);
  tell_persons_changed(writing, {person});
}

std::vector<base::CustomerId> ids_from(store::Session& session, std::string_view statement) {
  std::vector<base::CustomerId> ids;
  session.query(statement, {}, [&](const store::Row& row) { ids.push_back({row.integer(0)}); });
  return ids;
}

}  // namespace

base::Result<bool, Error> set_test_account(Writing& writing, base::CustomerId customer) {
  const auto person = writing.lock(customer);
  if (!person) return base::unexpected(person.error());
  store::Unit& unit = writing.unit();
  if (test_account_of(unit, *person)) return false;
  const auto marks =
      unit.one(sql::kCountMarks, {}, [](const store::Row& row) { return row.integer(0); });
  if (marks.value_or(0) >= kTestAccountsMax) {
    return base::unexpected(Error{Fault::too_many_test_accounts, {}});
  }
  unit.execute(sql::kInsertMark, {person->value, writing.now().ms, std::string_view(writing.by())});
  record(writing, *person, true);
  return true;
}

base::Result<bool, Error> take_test_account(Writing& writing, base::CustomerId customer) {
  const auto person = writing.lock(customer);
  if (!person) return base::unexpected(person.error());
  std::int64_t taken = 0;
  for (const Customer& each : customers_of(writing.unit(), *person)) {
    taken += writing.unit().execute(sql::kDeleteMark, {each.id.value});
  }
  if (taken > 0) record(writing, *person, false);
  return taken > 0;
}

std::optional<TestAccount> test_account_of(store::Session& session, base::CustomerId person) {
  return session.one(sql::kMarksOf, {person.value}, account_at);
}

std::vector<TestAccount> test_accounts(store::Session& session) {
  std::vector<TestAccount> accounts;
  session.query(sql::kAllMarks, {}, [&](const store::Row& row) {
    const TestAccount account = account_at(row);
    const bool is_known = !accounts.empty() && accounts.back().person == account.person;
    if (!is_known) accounts.push_back(account);
  });
  return accounts;
}

std::vector<base::CustomerId> marked_customers(store::Session& session) {
  return ids_from(session, sql::kMarkedCustomers);
}

std::vector<base::CustomerId> customers_of_test_accounts(store::Session& session) {
  return ids_from(session, sql::kCustomersOfTestAccounts);
}

}  // namespace customer
