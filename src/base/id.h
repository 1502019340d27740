// Identifiers as types: a customer's id cannot be passed where an event type's is wanted.
//
// The number is positive and made by the program (base::Random or a sequence of its own table);
// 0 is no id. Ids are ordered and hashable; `value` is what the database stores.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace base {

template <typename Tag>
struct Id {
  std::int64_t value = 0;

  explicit constexpr operator bool() const { return value != 0; }
  friend constexpr auto operator<=>(Id, Id) = default;
};

using CustomerId = Id<struct CustomerTag>;    // one real person as the row was written
using EventTypeId = Id<struct EventTypeTag>;  // the name of an event
using PropertyId = Id<struct PropertyTag>;    // one property of one event name
using AttributeId = Id<struct AttributeTag>;  // one attribute of customers
using TagGroupId = Id<struct TagGroupTag>;
using TagId = Id<struct TagTag>;
using ListId = Id<struct ListTag>;          // a static list of customers
using AudienceId = Id<struct AudienceTag>;  // a saved rule
using BatchId = Id<struct BatchTag>;        // an import that can be undone
using UserId = Id<struct UserTag>;          // somebody who signs in
using KeyId = Id<struct KeyTag>;            // an API key
using AccountId = Id<struct AccountTag>;    // an account of the brand on a channel
using StoreId = Id<struct StoreTag>;        // a shop with a door
using StaffId = Id<struct StaffTag>;        // a person of the brand who has customers

}  // namespace base

template <typename Tag>
struct std::hash<base::Id<Tag>> {
  std::size_t operator()(base::Id<Tag> id) const noexcept {
    // Ids may be consecutive: spread them (the finaliser of MurmurHash3).
    auto mixed = static_cast<std::uint64_t>(id.value);
    mixed = (mixed ^ (mixed >> 33)) * 0xff51afd7ed558ccdULL;
    mixed = (mixed ^ (mixed >> 33)) * 0xc4ceb9fe1a85ec53ULL;
    return static_cast<std::size_t>(mixed ^ (mixed >> 33));
  }
};
