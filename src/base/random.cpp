#include "base/random.h"

#include <openssl/rand.h>

#include <cstring>

#include "base/check.h"

namespace base {
namespace {

constexpr int kSpareBits = 64 - 53;

}  // namespace

std::uint64_t Random::next() {
  std::uint64_t value = 0;
  fill(std::as_writable_bytes(std::span(&value, 1)));
  return value;
}

std::int64_t Random::id() {
  std::int64_t id = 0;
  ids(std::span(&id, 1));
  return id;
}

void Random::ids(std::span<std::int64_t> ids) {
  fill(std::as_writable_bytes(ids));
  for (std::int64_t& id : ids) {
    std::uint64_t bits = static_cast<std::uint64_t>(id);
    while (bits >> kSpareBits == 0) bits = next();
    id = static_cast<std::int64_t>(bits >> kSpareBits);
  }
}

void SystemRandom::fill(std::span<std::byte> bytes) {
  const int done =
      RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  CHECK(done == 1);
}

void SeededRandom::fill(std::span<std::byte> bytes) {
  while (!bytes.empty()) {
    state_ += 0x9e3779b97f4a7c15ULL;
    std::uint64_t mixed = state_;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9ULL;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebULL;
    mixed ^= mixed >> 31;
    const std::size_t count = bytes.size() < sizeof mixed ? bytes.size() : sizeof mixed;
    std::memcpy(bytes.data(), &mixed, count);
    bytes = bytes.subspan(count);
  }
}

}  // namespace base
