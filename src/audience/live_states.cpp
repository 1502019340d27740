#include "audience/live_states.h"

#include <bit>
#include <cstring>

#include "base/check.h"

namespace audience {

using base::CustomerId;

static_assert(std::endian::native == std::endian::little, "numbers are stored as they lie");

PersonNumber LivePeople::number_of(CustomerId person) {
  const auto [place, fresh] =
      numbers_.try_emplace(person.value, static_cast<PersonNumber>(persons_.size()));
  if (fresh) persons_.push_back(person);
  return place->second;
}

std::optional<PersonNumber> LivePeople::find(CustomerId person) const {
  const auto place = numbers_.find(person.value);
  if (place == numbers_.end()) return std::nullopt;
  return place->second;
}

void LivePeople::forget(CustomerId person) {
  const auto place = numbers_.find(person.value);
  if (place == numbers_.end()) return;
  persons_[place->second] = {};
  numbers_.erase(place);
}

std::string LivePeople::bytes_from(PersonNumber first, std::size_t count) const {
  CHECK(first + count <= persons_.size());
  std::string bytes(count * sizeof(std::int64_t), '\0');
  for (std::size_t i = 0; i < count; ++i) {
    std::memcpy(bytes.data() + i * sizeof(std::int64_t), &persons_[first + i].value,
                sizeof(std::int64_t));
  }
  return bytes;
}

bool LivePeople::append(std::string_view bytes) {
  if (bytes.size() % sizeof(std::int64_t) != 0) return false;
  for (; !bytes.empty(); bytes.remove_prefix(sizeof(std::int64_t))) {
    CustomerId person;
    std::memcpy(&person.value, bytes.data(), sizeof(std::int64_t));
    if (person) numbers_.emplace(person.value, static_cast<PersonNumber>(persons_.size()));
    persons_.push_back(person);
  }
  return true;
}

std::size_t LivePeople::bytes() const {
  constexpr std::size_t kEntry = sizeof(std::pair<std::int64_t, PersonNumber>) + 1;
  return persons_.capacity() * sizeof(CustomerId) + numbers_.bucket_count() * kEntry;
}

LiveStates::LiveStates(std::size_t states)
    : planes_(static_cast<std::size_t>(std::bit_width(states - 1))), counts_(states) {
  CHECK(states >= 2);
  CHECK(states <= kStatesMax);
}

State LiveStates::at(PersonNumber number) const {
  const std::size_t word = number / 64;
  if (word >= words_) return 0;
  std::size_t state = 0;
  for (std::size_t plane = 0; plane < planes_.size(); ++plane) {
    state |= ((planes_[plane][word] >> (number % 64)) & 1U) << plane;
  }
  return static_cast<State>(state);
}

void LiveStates::set(PersonNumber number, State state) {
  CHECK(state < counts_.size());
  const State before = at(number);
  if (before == state) return;
  const std::size_t word = number / 64;
  if (word >= words_) grow(word + 1);
  const std::uint64_t bit = std::uint64_t{1} << (number % 64);
  for (std::size_t plane = 0; plane < planes_.size(); ++plane) {
    if (((state >> plane) & 1U) != 0) {
      planes_[plane][word] |= bit;
    } else {
      planes_[plane][word] &= ~bit;
    }
  }
  if (before != 0) --counts_[before];
  if (state != 0) ++counts_[state];
}

std::uint64_t LiveStates::members(State state, std::size_t word) const {
  std::uint64_t bits = ~std::uint64_t{0};
  for (std::size_t plane = 0; plane < planes_.size(); ++plane) {
    const std::uint64_t here = planes_[plane][word];
    bits &= ((state >> plane) & 1U) != 0 ? here : ~here;
  }
  return bits;
}

void LiveStates::grow(std::size_t words) {
  words = std::max(words, words_ + words_ / 8);
  for (auto& plane : planes_) plane.resize(words);
  words_ = words;
}

void LiveStates::count() {
  for (std::size_t state = 1; state < counts_.size(); ++state) {
    counts_[state] = 0;
    for (std::size_t word = 0; word < words_; ++word) {
      counts_[state] += std::popcount(members(static_cast<State>(state), word));
    }
  }
}

std::string LiveStates::to_bytes() const {
  std::string bytes;
  bytes.reserve(this->bytes());
  for (const auto& plane : planes_) {
    bytes.append(reinterpret_cast<const char*>(plane.data()), words_ * sizeof(std::uint64_t));
  }
  return bytes;
}

bool LiveStates::read(std::string_view bytes) {
  const std::size_t word_bytes = planes_.size() * sizeof(std::uint64_t);
  if (bytes.size() % word_bytes != 0) return false;
  words_ = bytes.size() / word_bytes;
  for (auto& plane : planes_) {
    plane.resize(words_);
    if (words_ > 0) std::memcpy(plane.data(), bytes.data(), words_ * sizeof(std::uint64_t));
    bytes.remove_prefix(words_ * sizeof(std::uint64_t));
  }
  count();
  std::int64_t all = 0;
  for (std::size_t state = 1; state < counts_.size(); ++state) all += counts_[state];
  std::int64_t set = 0;
  for (std::size_t word = 0; word < words_; ++word) {
    std::uint64_t any = 0;
    for (const auto& plane : planes_) any |= plane[word];
    set += std::popcount(any);
  }
  return all == set;  // else some are in a state there is not
}

}  // namespace audience
