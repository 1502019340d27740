// The state of everybody in one subject, and the numbering of customers that these share.
//
// A customer's number is given when they are first seen and never used for another one; who is
// gone (merged away, erased) keeps it, in state 0. States lie in planes of one bit a number:
//
//   audience      1 plane:   bit n = customer n is in
//   model of 5    3 planes:  bit n of plane p = bit p of customer n's state
//
// so an audience costs an eighth of a byte a customer. Plain data; whoever shares it, locks.
#pragma once

#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "audience/state.h"
#include "base/id.h"

namespace audience {

using PersonNumber = std::uint32_t;

class LivePeople {
 public:
  // Their number, given now when they have none.
  PersonNumber number_of(base::CustomerId person);
  std::optional<PersonNumber> find(base::CustomerId person) const;
  // No id: who had the number was erased.
  base::CustomerId person(PersonNumber number) const { return persons_[number]; }
  std::size_t count() const { return persons_.size(); }
  // Their number stays, and nobody has it.
  void forget(base::CustomerId person);

  // Numbers [first, …) as they are stored: 8 bytes each, the least significant first.
  std::string bytes_from(PersonNumber first, std::size_t count) const;
  // Appends; false: not such bytes.
  [[nodiscard]] bool append(std::string_view bytes);

  std::size_t bytes() const;

 private:
  std::vector<base::CustomerId> persons_;
  boost::unordered_flat_map<std::int64_t, PersonNumber> numbers_;
};

class LiveStates {
 public:
  explicit LiveStates(std::size_t states);  // how many there are, with 0; 2 … kStatesMax

  State at(PersonNumber number) const;
  void set(PersonNumber number, State state);
  // How many are in each state but 0, which has all others.
  std::span<const std::int64_t> counts() const { return counts_; }
  // Calls for every number in the state, ascending. Requires a state that is not 0.
  template <typename Each>
  void each(State state, const Each& each) const {
    for (std::size_t word = 0; word < words_; ++word) {
      for (std::uint64_t bits = members(state, word); bits != 0; bits &= bits - 1) {
        each(
            static_cast<PersonNumber>(word * 64 + static_cast<std::size_t>(__builtin_ctzll(bits))));
      }
    }
  }

  // All planes one after the other, as they are stored.
  std::string to_bytes() const;
  // False: not the bytes of such states.
  [[nodiscard]] bool read(std::string_view bytes);

  std::size_t bytes() const { return planes_.size() * words_ * sizeof(std::uint64_t); }

 private:
  std::uint64_t members(State state, std::size_t word) const;
  void grow(std::size_t words);
  void count();

  std::size_t words_ = 0;
  std::vector<std::vector<std::uint64_t>> planes_;
  std::vector<std::int64_t> counts_;
};

}  // namespace audience
