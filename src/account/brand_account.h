// The brand's own accounts on its channels, entered by hand: an Official Account, a WeCom
// corporation, a mini program, a mall. What stands as `account` beside an identity of a customer is
// the external id of one of these.
//
// Nothing is deleted: an account that is no longer used is closed. Functions over a Session or in a
// unit (account/change.h); any thread.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "account/change.h"
#include "base/result.h"

namespace account {

inline constexpr std::int64_t kAccountsMax = 500;

enum class AccountKind : std::uint8_t { official_account, wecom, mini_program, mall };
inline constexpr std::array<AccountKind, 4> kAccountKinds = {
    AccountKind::official_account, AccountKind::wecom, AccountKind::mini_program,
    AccountKind::mall};
std::string_view name_of(AccountKind kind);  // "official_account"
std::optional<AccountKind> account_kind_named(std::string_view name);

// Of accounts and stores.
enum class State : std::uint8_t { open, closed };
std::string_view name_of(State state);  // "open"
std::optional<State> state_named(std::string_view name);

struct BrandAccount {
  base::AccountId id;  // given by the caller, drawn outside the unit
  AccountKind kind = AccountKind::official_account;
  std::string external_id;  // AppID, CorpID, number of the shop; one of each kind
  std::string name;
  State state = State::open;
  base::Moment created_at;
};
struct BrandAccountChange {
  std::optional<std::string> external_id = std::nullopt;
  std::optional<std::string> name = std::nullopt;
  std::optional<State> state = std::nullopt;
};

// All, by kind and name.
std::vector<BrandAccount> brand_accounts(store::Session& session);
std::optional<BrandAccount> brand_account_with(store::Session& session, base::AccountId id);

// Faults: bad_name, bad_code, code_taken, too_many; of a change unknown_account, too.
[[nodiscard]] base::Result<BrandAccount, Fault> add_brand_account(const Change& change,
                                                                  BrandAccount account);
[[nodiscard]] base::Result<BrandAccount, Fault> change_brand_account(const Change& change,
                                                                     base::AccountId id,
                                                                     const BrandAccountChange& to);

}  // namespace account
