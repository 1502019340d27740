#include "timeline/customer_places.h"

#include <algorithm>

#include "base/check.h"

namespace timeline {
namespace {

// block × kBlockRows + row: 4 million blocks.
std::uint32_t packed(const Pin::Place& place) {
  CHECK(place.row < kBlockRows);
  CHECK(place.block < (std::uint64_t{1} << 32) / kBlockRows);
  return static_cast<std::uint32_t>(place.block * kBlockRows + place.row);
}

Pin::Place unpacked(std::uint32_t place) {
  return {static_cast<std::uint32_t>(place / kBlockRows),
          static_cast<std::uint32_t>(place % kBlockRows)};
}

std::size_t hash_of(base::CustomerId customer) { return std::hash<base::CustomerId>()(customer); }

std::size_t part_number(base::CustomerId customer, std::size_t parts) {
  return (hash_of(customer) >> 20) % parts;
}

}  // namespace

std::size_t CustomerPlaces::KeyHash::operator()(const Key& key) const {
  return hash_of({static_cast<std::int64_t>(std::uint64_t{key.high} << 32 | key.low)});
}

CustomerPlaces::CustomerPlaces(std::span<const CustomerPlace> customers) {
  for (const auto& [customer, place] : customers) {
    parts_[part_number(customer, kParts)].insert_or_assign(key_of(customer), packed(place));
  }
}

CustomerPlaces::Key CustomerPlaces::key_of(base::CustomerId customer) {
  const auto value = static_cast<std::uint64_t>(customer.value);
  return {static_cast<std::uint32_t>(value), static_cast<std::uint32_t>(value >> 32)};
}

std::optional<Pin::Place> CustomerPlaces::latest(base::CustomerId customer) const {
  const Part& part = parts_[part_number(customer, kParts)];
  const auto found = part.find(key_of(customer));
  if (found == part.end()) return std::nullopt;
  return unpacked(found->second);
}

void CustomerPlaces::publish(Publication publication, const Moved& moved) {
  if (moved.empty()) return;
  const std::lock_guard lock(mutex_);
  for (const auto& [customer, place] : moved) {
    Part& part = parts_[part_number(customer, kParts)];
    if (place.block == kNowhere.block) {
      const auto entry = part.find(key_of(customer));
      if (entry == part.end()) continue;
      moves_.push_back({publication, customer, unpacked(entry->second)});
      part.erase(entry);
      continue;
    }
    const auto [entry, added] = part.try_emplace(key_of(customer), packed(place));
    if (added) continue;
    moves_.push_back({publication, customer, unpacked(entry->second)});
    entry->second = packed(place);
  }
  forget_moves();
}

std::vector<CustomerPlace> CustomerPlaces::part_of(std::size_t part) const {
  const std::lock_guard lock(mutex_);
  std::vector<CustomerPlace> places;
  places.reserve(parts_[part].size());
  for (const auto& [key, place] : parts_[part]) {
    const std::uint64_t customer = std::uint64_t{key.high} << 32 | key.low;
    places.emplace_back(base::CustomerId{static_cast<std::int64_t>(customer)}, unpacked(place));
  }
  return places;
}

std::vector<CustomerPlace> CustomerPlaces::moved_since(Publication publication) const {
  const std::lock_guard lock(mutex_);
  std::vector<CustomerPlace> places;
  for (const Move& move : moves_) {
    if (move.publication > publication) places.emplace_back(move.customer, move.before);
  }
  return places;
}

void CustomerPlaces::sort_once(std::vector<CustomerPlace>& places) {
  std::ranges::sort(places, {}, &CustomerPlace::first);
  const auto repeated = std::ranges::unique(places, {}, &CustomerPlace::first);
  places.erase(repeated.begin(), repeated.end());
}

void CustomerPlaces::forget_moves() {
  while (!moves_.empty() && (held_.empty() || moves_.front().publication <= *held_.begin())) {
    moves_.pop_front();
  }
}

CustomerPlaces::Hold::Hold(std::shared_ptr<CustomerPlaces> places, Publication publication)
    : places_(std::move(places)), publication_(publication) {
  const std::lock_guard lock(places_->mutex_);
  places_->held_.insert(publication_);
}

CustomerPlaces::Hold::~Hold() {
  const std::lock_guard lock(places_->mutex_);
  places_->held_.erase(places_->held_.find(publication_));
  places_->forget_moves();
}

std::size_t CustomerPlaces::bytes() const {
  const std::lock_guard lock(mutex_);
  std::size_t bytes = sizeof(*this) + moves_.size() * sizeof(Move);
  for (const Part& part : parts_) {
    bytes += part.bucket_count() * (sizeof(Part::value_type) + 1);
  }
  return bytes;
}

std::size_t CustomerPlaces::moves_kept() const {
  const std::lock_guard lock(mutex_);
  return moves_.size();
}

}  // namespace timeline
