// Customers by their keys, remembered from one unit to the next by whoever is given the same
// customers again and again.
//
// Exact, on both databases and beside other processes: an identity never moves, and when one goes
// identity_version (customer/identity.h) rises in the same unit. What was found is believed only by
// a unit that reads the number under which it was found. A key that nobody has is not remembered,
// nor is one with "c_" in it, which may be that of a record and no identity.
//
//   const std::int64_t version = identity_version(unit);    // first: what is found is not older
//   known = keys.find(version, asked);                      // zero: to be looked up
//   unit.after_commit([…] { keys.keep(version, found); });  // never before: it may be rolled back
//
// Memory: places of 16 bytes, two to four of them a key, and room for the keys' own bytes, up to
// twice as much as they have; begins anew before it holds more than the limit given, and while it
// grows needs half as much again. Threads: any.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.h"

namespace customer {

inline constexpr std::size_t kRememberedBytesMax = 64 * 1024 * 1024;
inline constexpr std::size_t kRememberedKeyBytesMax = 255;  // longer ones are not

class RememberedKeys {
 public:
  explicit RememberedKeys(std::size_t bytes_max = kRememberedBytesMax) : bytes_max_(bytes_max) {}
  RememberedKeys(const RememberedKeys&) = delete;
  RememberedKeys& operator=(const RememberedKeys&) = delete;

  // One answer a key, in their order; zero: it is not remembered, or not of this version.
  std::vector<base::CustomerId> find(std::int64_t version,
                                     std::span<const std::string_view> keys) const;

  struct Found {
    std::string key;
    base::CustomerId customer;  // the one it was given to
  };
  // What a unit that has happened found or made behind reading `version`.
  void keep(std::int64_t version, std::span<const Found> found);

  std::size_t size() const;
  std::size_t bytes() const;

 private:
  struct Place {
    base::CustomerId customer;  // zero: the place is free
    std::uint32_t hash = 0;     // the low half
    std::uint32_t name_at = 0;  // in names_: a byte of length, then the key
  };

  // All of these by the mutex.
  std::size_t place_of(std::string_view key, std::uint32_t hash) const;
  std::string_view name_at(std::uint32_t at) const;
  void add(const Found& found);
  void grow();
  void clear();
  std::size_t bytes_held() const;

  const std::size_t bytes_max_;
  mutable std::mutex mutex_;
  std::int64_t version_ = 0;
  std::vector<Place> places_;  // open addressing; the size is zero or a power of two
  std::size_t used_ = 0;
  std::string names_;
};

}  // namespace customer
