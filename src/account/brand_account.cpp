#include "account/brand_account.h"

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "account/brand_account_sql.h"
#include "base/text.h"

namespace account {
namespace {

constexpr std::array<std::string_view, 4> kKindNames = {"official_account", "wecom", "mini_program",
                                                        "mall"};

BrandAccount account_at(const store::Row& row) {
  BrandAccount account;
  account.id = base::AccountId{row.integer(0)};
  account.kind = account_kind_named(row.text(1)).value_or(AccountKind::official_account);
  account.external_id = row.text(2);
  account.name = row.text(3);
  account.state = state_named(row.text(4)).value_or(State::closed);
  account.created_at = base::Moment{row.integer(5)};
  return account;
}

std::string json_of(const BrandAccount& account) {
  return boost::json::serialize(boost::json::object{{"kind", name_of(account.kind)},
                                                    {"external_id", account.external_id},
                                                    {"name", account.name},
                                                    {"state", name_of(account.state)}});
}

// As they are stored, checked.
std::optional<Fault> fault_of(store::Unit& unit, BrandAccount& account) {
  if (!is_good_name(account.name)) return Fault::bad_name;
  if (!is_good_code(account.external_id)) return Fault::bad_code;
  account.name = base::to_nfc(account.name);
  const auto taken = unit.one(sql::kBrandAccountTaken,
                              {name_of(account.kind), account.external_id, account.id.value},
                              [](const store::Row&) { return true; });
  if (taken) return Fault::code_taken;
  return std::nullopt;
}

}  // namespace

std::string_view name_of(AccountKind kind) { return kKindNames[static_cast<std::size_t>(kind)]; }

std::optional<AccountKind> account_kind_named(std::string_view name) {
  const auto found = std::ranges::find(kKindNames, name);
  if (found == kKindNames.end()) return std::nullopt;
  return static_cast<AccountKind>(found - kKindNames.begin());
}

std::string_view name_of(State state) { return state == State::open ? "open" : "closed"; }

std::optional<State> state_named(std::string_view name) {
  if (name == "open") return State::open;
  if (name == "closed") return State::closed;
  return std::nullopt;
}

std::vector<BrandAccount> brand_accounts(store::Session& session) {
  std::vector<BrandAccount> accounts;
  session.query(sql::kBrandAccounts, {},
                [&](const store::Row& row) { accounts.push_back(account_at(row)); });
  return accounts;
}

std::optional<BrandAccount> brand_account_with(store::Session& session, base::AccountId id) {
  return session.one(sql::kBrandAccountWith, {id.value}, account_at);
}

base::Result<BrandAccount, Fault> add_brand_account(const Change& change, BrandAccount account) {
  begin(change);
  account.created_at = change.now;
  if (const auto fault = fault_of(change.unit, account)) return base::unexpected(*fault);
  const auto known = change.unit.one(sql::kCountBrandAccounts, {},
                                     [](const store::Row& row) { return row.integer(0); });
  if (known.value_or(0) >= kAccountsMax) return base::unexpected(Fault::too_many);
  change.unit.execute(sql::kInsertBrandAccount,
                      {account.id.value, name_of(account.kind), account.external_id, account.name,
                       name_of(account.state), account.created_at.ms});
  note(change, {.noun = "account",
                .verb = "created",
                .subject = account.id.value,
                .after = json_of(account)});
  return account;
}

base::Result<BrandAccount, Fault> change_brand_account(const Change& change, base::AccountId id,
                                                       const BrandAccountChange& to) {
  begin(change);
  const auto before = brand_account_with(change.unit, id);
  if (!before) return base::unexpected(Fault::unknown_account);
  BrandAccount after = *before;
  if (to.external_id) after.external_id = *to.external_id;
  if (to.name) after.name = *to.name;
  if (to.state) after.state = *to.state;
  if (const auto fault = fault_of(change.unit, after)) return base::unexpected(*fault);
  change.unit.execute(sql::kUpdateBrandAccount,
                      {id.value, after.external_id, after.name, name_of(after.state)});
  note(change, {.noun = "account",
                .verb = "changed",
                .subject = id.value,
                .before = json_of(*before),
                .after = json_of(after)});
  return after;
}

}  // namespace account
