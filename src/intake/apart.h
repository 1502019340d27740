// Inside the module: rows with one identity that are different persons, told by the values of a few
// columns. A blank tells nothing. Not thread safe.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace intake {

// Of each identity's persons the values that tell them apart, as hashes: 8 bytes each.
class ApartPersons {
 public:
  // Every row has as many values, at least one. Which of the identity's persons a row with these
  // values is, from 0; a new one comes last. The same row is the same person whenever it is asked
  // about.
  std::size_t add(std::string_view identity, std::span<const std::string_view> values);
  // How many persons come with it.
  std::size_t count(std::string_view identity) const;
  // As add() once all rows are added.
  std::size_t find(std::string_view identity, std::span<const std::string_view> values) const;

 private:
  std::size_t values_ = 0;                                             // of each person
  std::unordered_map<std::size_t, std::vector<std::size_t>> persons_;  // flat, one after another
};

}  // namespace intake
