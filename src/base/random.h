// Randomness as a dependency: the system's for ids and secrets, a seeded one in tests.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace base {

// Thread safe.
class Random {
 public:
  virtual ~Random() = default;
  virtual void fill(std::span<std::byte> bytes) = 0;

  // Uniform in [0, 2^64).
  std::uint64_t next();
  // A new positive id, uniform in [1, 2^53): exact in JSON and in a browser's numbers.
  std::int64_t id();
  // Many of them at once, in much less time.
  void ids(std::span<std::int64_t> ids);
};

// The kernel's generator; fit for secrets.
class SystemRandom final : public Random {
 public:
  void fill(std::span<std::byte> bytes) override;
};

// Repeatable from its seed (splitmix64); never for secrets. Not thread safe.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : state_(seed) {}
  void fill(std::span<std::byte> bytes) override;

 private:
  std::uint64_t state_;
};

}  // namespace base
