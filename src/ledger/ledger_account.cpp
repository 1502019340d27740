#include "ledger/ledger_account.h"

#include <algorithm>

#include "base/check.h"
#include "ledger/asset.h"
#include "ledger/ledger_account_sql.h"

namespace ledger {
namespace {

bool is_word(std::string_view word) {
  return !word.empty() && word.size() <= kBookBytesMax && std::ranges::all_of(word, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

bool is_key(const AccountKey& key) {
  return is_word(key.owner_kind) && is_word(key.book) && key.owner.size() <= kOwnerBytesMax &&
         std::ranges::all_of(key.owner, [](char c) { return c > ' ' && c < 0x7f; });
}

LedgerAccount account_in(const store::Row& row) {
  return {.id = {row.integer(0)},
          .key = {.asset = {row.integer(1)},
                  .owner_kind = std::string(row.text(2)),
                  .owner = std::string(row.text(3)),
                  .book = std::string(row.text(4))},
          .debt_allowed = row.integer(5) != 0,
          .has_lots = row.integer(6) != 0,
          .opened_at = {row.integer(7)}};
}

}  // namespace

base::Result<LedgerAccountId, Fault> open_account(store::Unit& unit, const Opening& opening) {
  const AccountKey& key = opening.key;
  if (!is_key(key)) return base::unexpected(Fault::bad_name);
  if (!asset_of(unit, key.asset)) return base::unexpected(Fault::unknown_asset);
  unit.execute(sql::kInsertAccount, {opening.id.value, key.asset.value, key.owner_kind, key.owner,
                                     key.book, std::int64_t{opening.debt_allowed},
                                     std::int64_t{opening.has_lots}, opening.now.ms});
  const auto account = account_with(unit, key);
  CHECK(account);
  if (account->debt_allowed != opening.debt_allowed || account->has_lots != opening.has_lots) {
    return base::unexpected(Fault::account_differs);
  }
  return account->id;
}

std::optional<LedgerAccount> account_with(store::Session& session, const AccountKey& key) {
  return session.one(sql::kAccountWith, {key.asset.value, key.owner_kind, key.owner, key.book},
                     account_in);
}

std::optional<LedgerAccount> account_of(store::Session& session, LedgerAccountId id) {
  return session.one(sql::kAccountOf, {id.value}, account_in);
}

std::vector<LedgerAccount> accounts(store::Session& session, const AccountsAsked& asked) {
  CHECK(!asked.owner_kind.empty() || asked.asset);
  std::vector<LedgerAccount> found;
  const auto add = [&](const store::Row& row) { found.push_back(account_in(row)); };
  if (asked.owner_kind.empty()) {
    session.query(sql::kAccountsOfAsset, {asked.asset.value, asked.after.value, asked.rows_max},
                  add);
  } else {
    session.query(
        sql::kAccountsOfOwner,
        {asked.owner_kind, asked.owner, asked.after.value, asked.rows_max, asked.asset.value}, add);
  }
  return found;
}

}  // namespace ledger
