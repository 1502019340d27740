// Where each customer's person stands, now and at every moment somebody still holds.
//
// One table of customers; what a publication moves is also kept as it was before, as long as a
// pin of an earlier publication lives. A row belongs to one person from its birth to its end, so
// of all the places a customer has had, at most one is there at a publication, and that is the
// customer's place then: `is_there` of the searches below asks the pin for it. Who is in no row any
// more is moved to kNowhere and takes no room.
//
// Memory: a customer takes 15 to 30 bytes (12 in a table that doubles when 7/8 full). The table is
// in parts, so that the one that doubles is copied in about 100 µs for a million customers.
// Threads: one writer; any number that search (a mutex is held for a look into a table).
#pragma once

#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <deque>
#include <limits>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "base/id.h"
#include "timeline/column_store.h"
#include "timeline/delta.h"

namespace timeline {

using CustomerPlace = std::pair<base::CustomerId, Pin::Place>;

inline constexpr Pin::Place kNowhere{std::numeric_limits<std::uint32_t>::max(), 0};

class CustomerPlaces {
 public:
  // New places of customers, not yet published.
  using Moved =
      boost::unordered_flat_map<base::CustomerId, Pin::Place, std::hash<base::CustomerId>>;

  CustomerPlaces() = default;
  explicit CustomerPlaces(std::span<const CustomerPlace> customers);

  // --- the writer
  // The latest, of whatever row.
  std::optional<Pin::Place> latest(base::CustomerId customer) const;
  // Before the publication can be pinned.
  void publish(Publication publication, const Moved& moved);

  // --- any thread
  // is_there(Pin::Place) -> bool, about rows at `publication`, which is being held.
  template <typename IsThere>
  std::optional<Pin::Place> find(base::CustomerId customer, Publication publication,
                                 IsThere is_there) const {
    const std::lock_guard lock(mutex_);
    const auto place = latest(customer);
    if (place && is_there(*place)) return place;
    for (const Move& move : moves_) {
      if (move.publication <= publication || move.customer != customer) continue;
      if (is_there(move.before)) return move.before;
    }
    return std::nullopt;
  }
  // All that are there, ascending by id.
  template <typename IsThere>
  std::vector<CustomerPlace> all(Publication publication, IsThere is_there) const {
    std::vector<CustomerPlace> places;
    const auto take = [&](const CustomerPlace& found) {
      if (is_there(found.second)) places.push_back(found);
    };
    for (std::size_t part = 0; part < kParts; ++part) {
      for (const CustomerPlace& found : part_of(part)) take(found);
    }
    // Whoever moved before their part was read is found here; who moved after, twice.
    for (const CustomerPlace& found : moved_since(publication)) take(found);
    sort_once(places);
    return places;
  }

  // While it lives, what publications after `publication` move can be found as it was.
  class Hold {
   public:
    Hold(std::shared_ptr<CustomerPlaces> places, Publication publication);
    ~Hold();
    Hold(const Hold&) = delete;
    Hold& operator=(const Hold&) = delete;

   private:
    std::shared_ptr<CustomerPlaces> places_;
    Publication publication_;
  };

  std::size_t bytes() const;
  std::size_t moves_kept() const;

 private:
  static constexpr std::size_t kParts = 256;

  // 12 bytes with the place, where CustomerId would take 16.
  struct Key {
    std::uint32_t low = 0;
    std::uint32_t high = 0;
    friend bool operator==(const Key&, const Key&) = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const;
  };
  using Part = boost::unordered_flat_map<Key, std::uint32_t, KeyHash>;
  struct Move {
    Publication publication = 0;
    base::CustomerId customer;
    Pin::Place before;
  };

  static Key key_of(base::CustomerId customer);
  std::vector<CustomerPlace> part_of(std::size_t part) const;
  std::vector<CustomerPlace> moved_since(Publication publication) const;
  static void sort_once(std::vector<CustomerPlace>& places);
  void forget_moves();

  mutable std::mutex mutex_;
  std::array<Part, kParts> parts_;
  std::deque<Move> moves_;  // by publication
  std::multiset<Publication> held_;
};

}  // namespace timeline
