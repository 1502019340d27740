// Identities: the accounts a customer is known under, and finding a customer by any of them.
//
// An identity is (kind, account, value). The account is the brand's (an openid belongs to one
// Official Account); kinds that need none leave it empty. An identity belongs to one customer and
// does not move; it may be removed and then given to somebody else. Finding goes through merges.
//
// Values are shown as given. They are found by a normal form: NFC, outer spaces dropped, and
//   phone   full-width digits made plain; spaces, "-", "(", ")", "." dropped; "+86", "0086" and
//           "86" before eleven digits that begin with 1 dropped; other countries keep their "+"
//   email   lower case
// so +86 138 0013 8000, １３８００１３８０００ and 13800138000 are one phone.
//
// "c_" with digits behind it is the key of the record with this id, whoever asks: it is never given
// as an identity of kind "customer", and one that leads nowhere is an unknown customer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "customer/writing.h"

namespace customer {

inline constexpr std::size_t kIdentityBytesMax = 256;
inline constexpr std::size_t kAccountBytesMax = 128;
inline constexpr std::size_t kIdentitiesMax = 200;  // of one customer id
inline constexpr std::size_t kIdentityKindsMax = 100;

using IdentityKindId = base::Id<struct IdentityKindTag>;

enum class IdentityForm : std::uint8_t { plain, phone, email };
std::string_view name_of(IdentityForm form);  // "plain", …
std::optional<IdentityForm> identity_form_named(std::string_view name);

// Shipped: customer (the key given at import), phone, openid, unionid, external_userid,
// member_number, email, device. Others are declared.
struct IdentityKind {
  IdentityKindId id;
  std::string name;
  IdentityForm form = IdentityForm::plain;
  bool one_per_person = false;  // two after a merge are listed for review (member_number)
};
std::vector<IdentityKind> identity_kinds(store::Session& session);
std::optional<IdentityKind> identity_kind_named(store::Session& session, std::string_view name);
// The same again answers the one that stands; another form is type_conflict.
[[nodiscard]] base::Result<IdentityKind, Error> declare_identity_kind(Writing& writing,
                                                                      const IdentityKind& kind);

// An identity as asked for. Views must outlive the call.
struct IdentityRef {
  std::string_view kind;
  std::string_view value;
  std::string_view account = {};
};

struct Identity {
  base::CustomerId customer;  // the one it was given to; the person may be another
  IdentityKindId kind;
  std::string kind_name;
  std::string account;
  std::string value;  // as given
  base::Moment since;
  std::string source;
};

// A number that rises in every unit in which an identity goes: removed, erased, taken back with its
// import. The customer an identity was given to is the same for as long as the number is.
std::int64_t identity_version(store::Session& session);
// For whoever takes identities away, behind that; never where none went. On PostgreSQL units that
// do so wait for each other.
void raise_identity_version(store::Unit& unit);

// Every identity of the person, by (kind, account, value).
std::vector<Identity> identities_of(store::Session& session, base::CustomerId person);

// The normal form by which a value is found; nothing when it is not a value of this form.
std::optional<std::string> normal_form(IdentityForm form, std::string_view value);

struct Found {
  base::CustomerId customer;  // events that come through the identity are written on this one
  base::CustomerId person;    // who that is today
};
std::optional<Found> find(store::Session& session, const IdentityRef& identity);

// By customer key: "c_<id>", else the identity of kind "customer".
std::optional<Found> find_by_key(store::Session& session, std::string_view key);
// The same for many keys at once: one answer each, in their order.
std::vector<std::optional<Found>> find_by_keys(store::Session& session,
                                               std::span<const std::string_view> keys);
// The person's key: the first identity of kind "customer" given to the survivor, else "c_<id>".
std::string key_of(store::Session& session, base::CustomerId person);

struct Resolved {
  Found found;
  bool created = false;
};
// The customer the identity belongs to, made if there is none (unknown_customer for "c_<id>"):
// `fresh` is an id drawn outside the unit and used then; `created_at` the customer's creation and
// the identity's since (none: now). Any number of threads at once get one customer. A refusal
// leaves nothing behind in the unit.
[[nodiscard]] base::Result<Resolved, Error> find_or_create(Writing& writing,
                                                           const IdentityRef& identity,
                                                           base::CustomerId fresh,
                                                           std::optional<base::Moment> created_at);

// The same of many customer keys, in as few statements as the database allows; created now. After
// an error, which is that of one key, the unit must end with one.
struct NewKey {
  std::string_view key;
  base::CustomerId fresh;  // each its own
};
struct KeyError {
  std::size_t index;  // of the key
  Error error;
};
[[nodiscard]] base::Result<std::vector<Resolved>, KeyError> find_or_create_keys(
    Writing& writing, std::span<const NewKey> keys);

// A customer without identity (known as "c_<id>").
[[nodiscard]] base::Result<base::CustomerId, Error> create(Writing& writing, base::CustomerId fresh,
                                                           std::optional<base::Moment> created_at);

// False: this person has it already. identity_taken: another one has it; the caller may merge.
[[nodiscard]] base::Result<bool, Error> add_identity(Writing& writing, base::CustomerId customer,
                                                     const IdentityRef& identity,
                                                     std::optional<base::Moment> since);
// False: this person does not have it.
[[nodiscard]] base::Result<bool, Error> remove_identity(Writing& writing, base::CustomerId customer,
                                                        const IdentityRef& identity,
                                                        std::optional<base::Moment> at);

}  // namespace customer
