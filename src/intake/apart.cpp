#include "intake/apart.h"

#include <functional>

#include "intake/mapped_cell.h"

namespace intake {
namespace {

std::vector<std::size_t> hashes_of(std::span<const std::string_view> values) {
  std::vector<std::size_t> hashes;
  for (const std::string_view value : values) {
    const auto hash = std::hash<std::string_view>{}(without_spaces(value));
    hashes.push_back(is_blank(value) ? 0 : hash | 1);
  }
  return hashes;
}

// The first of the known persons that none of the values speaks against; their count when all have
// something against it.
std::size_t place_of(std::span<const std::size_t> known, std::span<const std::size_t> hashes) {
  const std::size_t count = known.size() / hashes.size();
  for (std::size_t person = 0; person < count; ++person) {
    bool fits = true;
    for (std::size_t i = 0; i < hashes.size(); ++i) {
      const std::size_t has = known[person * hashes.size() + i];
      if (has != 0 && hashes[i] != 0 && has != hashes[i]) fits = false;
    }
    if (fits) return person;
  }
  return count;
}

}  // namespace

std::size_t ApartPersons::add(std::string_view identity, std::span<const std::string_view> values) {
  const auto hashes = hashes_of(values);
  values_ = values.size();
  auto& known = persons_[std::hash<std::string_view>{}(identity)];
  const std::size_t place = place_of(known, hashes);
  if (place * hashes.size() == known.size()) {
    known.insert(known.end(), hashes.begin(), hashes.end());
  }
  return place;
}

std::size_t ApartPersons::count(std::string_view identity) const {
  const auto known = persons_.find(std::hash<std::string_view>{}(identity));
  return known == persons_.end() ? 0 : known->second.size() / values_;
}

std::size_t ApartPersons::find(std::string_view identity,
                               std::span<const std::string_view> values) const {
  const auto known = persons_.find(std::hash<std::string_view>{}(identity));
  if (known == persons_.end()) return 0;
  return place_of(known->second, hashes_of(values));
}

}  // namespace intake
