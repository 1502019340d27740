#include "customer/remembered_keys.h"

#include <algorithm>
#include <functional>

namespace customer {
namespace {

constexpr std::size_t kPlacesMin = 1024;

std::uint32_t hash_of(std::string_view key) {
  return static_cast<std::uint32_t>(std::hash<std::string_view>{}(key));
}

}  // namespace

std::vector<base::CustomerId> RememberedKeys::find(std::int64_t version,
                                                   std::span<const std::string_view> keys) const {
  std::vector<base::CustomerId> customers(keys.size());
  const std::scoped_lock lock(mutex_);
  if (version != version_ || places_.empty()) return customers;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    customers[i] = places_[place_of(keys[i], hash_of(keys[i]))].customer;
  }
  return customers;
}

void RememberedKeys::keep(std::int64_t version, std::span<const Found> found) {
  const std::scoped_lock lock(mutex_);
  if (version < version_) return;
  if (version > version_) clear();
  version_ = version;
  for (const Found& each : found) add(each);
}

std::size_t RememberedKeys::size() const {
  const std::scoped_lock lock(mutex_);
  return used_;
}

std::size_t RememberedKeys::bytes() const {
  const std::scoped_lock lock(mutex_);
  return bytes_held();
}

// Where the key is, or the free place where it would be.
std::size_t RememberedKeys::place_of(std::string_view key, std::uint32_t hash) const {
  const std::size_t mask = places_.size() - 1;
  std::size_t at = hash & mask;
  while (places_[at].customer) {
    if (places_[at].hash == hash && name_at(places_[at].name_at) == key) break;
    at = (at + 1) & mask;
  }
  return at;
}

std::string_view RememberedKeys::name_at(std::uint32_t at) const {
  const auto bytes = static_cast<unsigned char>(names_[at]);
  return std::string_view(names_).substr(at + 1, bytes);
}

void RememberedKeys::add(const Found& found) {
  const bool may_be_of_record = found.key.find("c_") != std::string::npos;
  if (may_be_of_record || found.key.size() > kRememberedKeyBytesMax) return;
  if (2 * (used_ + 1) > places_.size()) {
    const bool has_room = bytes_held() + places_.size() * sizeof(Place) <= bytes_max_;
    if (!has_room) clear();
    grow();
  }
  const std::uint32_t hash = hash_of(found.key);
  Place& place = places_[place_of(found.key, hash)];
  if (place.customer) return;
  place = {found.customer, hash, static_cast<std::uint32_t>(names_.size())};
  names_ += static_cast<char>(found.key.size());
  names_ += found.key;
  ++used_;
  if (bytes_held() > bytes_max_) clear();
}

void RememberedKeys::grow() {
  std::vector<Place> old(std::max(kPlacesMin, 2 * places_.size()));
  old.swap(places_);
  for (const Place& each : old) {
    if (each.customer) places_[place_of(name_at(each.name_at), each.hash)] = each;
  }
}

void RememberedKeys::clear() {
  places_ = {};
  used_ = 0;
  names_ = {};
}

std::size_t RememberedKeys::bytes_held() const {
  return places_.size() * sizeof(Place) + names_.capacity();
}

}  // namespace customer
