// The live engine against the evaluator: random rules over random customers of whom things are told
// in time, late by up to a year, ahead of time and as history; merges and their undo, erasures,
// imports and their undo; rules that are made, changed and taken away; a process that is killed and
// comes back hours or days later, with its memory's snapshot and without; a clock that goes back;
// the parts of the engine in any order.
//
// Whenever all is settled the states are the evaluator's, and the moments of entering and leaving,
// as finally recorded, are the evaluator's intervals from the moment on at which the rule was made
// live; what the engine answers in between is right, too. SIYU_SEED=n repeats one seed,
// SIYU_SEEDS=n runs so many. A failure prints the rules and all that was done.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "live_world.h"

namespace simulation {
namespace {

constexpr std::uint32_t kSeedsSqlite = 200;
constexpr std::uint32_t kSeedsPostgresql = 20;
constexpr std::uint32_t kStepsMax = 60;
constexpr std::uint32_t kStepsPerVerifying = 6;

std::uint32_t number_from(const char* name, std::uint32_t otherwise) {
  const char* given = std::getenv(name);
  return given == nullptr ? otherwise
                          : static_cast<std::uint32_t>(std::strtoul(given, nullptr, 10));
}

class LiveSimulation : public ::testing::TestWithParam<store::Dialect> {
 protected:
  void SetUp() override {
    const bool is_postgresql = GetParam() == store::Dialect::postgresql;
    if (is_postgresql && !store::postgresql_missing().empty()) {
      GTEST_SKIP() << store::postgresql_missing();
    }
  }
  void run(std::uint32_t seed) {
    SCOPED_TRACE("SIYU_SEED=" + std::to_string(seed));
    store::TestDatabase database(GetParam());
    LiveWorld world(database, seed, counts_);
    world.make();
    for (std::uint32_t step = 0; step < kStepsMax && !HasFailure(); ++step) {
      world.step();
      if ((step + seed) % kStepsPerVerifying == 0 && !HasFailure()) world.verify();
    }
    if (!HasFailure()) world.verify();
    if (HasFailure()) std::printf("SIYU_SEED=%u\n%s", seed, world.trace().c_str());
  }
  LiveCounts counts_;
};
INSTANTIATE_TEST_SUITE_P(Both, LiveSimulation, store::kBothDatabases, store::dialect_name);

TEST_P(LiveSimulation, WhatIsRecordedIsWhatWas) {
  const std::uint32_t only = number_from("SIYU_SEED", 0);
  const bool is_sqlite = GetParam() == store::Dialect::sqlite;
  const std::uint32_t seeds =
      number_from("SIYU_SEEDS", is_sqlite ? kSeedsSqlite : kSeedsPostgresql);
  if (only != 0) return run(only);
  for (std::uint32_t seed = 1; seed <= seeds && !HasFailure(); ++seed) run(seed);
  std::printf("%lld courses with %lld changes, %lld answers in between, %lld silent\n",
              static_cast<long long>(counts_.courses), static_cast<long long>(counts_.changes),
              static_cast<long long>(counts_.answers), static_cast<long long>(counts_.silent));
}

}  // namespace
}  // namespace simulation
