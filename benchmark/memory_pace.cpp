#include "benchmark/memory_pace.h"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <span>
#include <thread>
#include <vector>

#include "base/check.h"
#include "benchmark/stopwatch.h"

namespace bench {
namespace {

constexpr int kRounds = 5;
constexpr std::size_t kWordsOfLine = 8;  // one of each is added: the line comes whole all the same

std::uint64_t sum_with(std::size_t threads, std::span<const std::uint64_t> words) {
  std::vector<std::uint64_t> sums(threads);
  std::vector<std::jthread> running;
  const std::size_t each = words.size() / threads;
  for (std::size_t i = 0; i < threads; ++i) {
    running.emplace_back([&sums, i, part = words.subspan(i * each, each)] {
      std::uint64_t sum = 0;
      for (std::size_t word = 0; word < part.size(); word += kWordsOfLine) sum += part[word];
      sums[i] = sum;
    });
  }
  running.clear();
  return std::accumulate(sums.begin(), sums.end(), std::uint64_t{0});
}

}  // namespace

double memory_read_rate(std::size_t threads) {
  const std::vector<std::uint64_t> words(kPaceBytes / sizeof(std::uint64_t), 3);
  double best = 0;
  for (int round = 0; round < kRounds; ++round) {
    const Stopwatch watch;
    // Asked for, so that the reading cannot be left out.
    CHECK(sum_with(threads, words) == words.size() / kWordsOfLine * 3);
    best = std::max(best, static_cast<double>(kPaceBytes) / watch.wall_seconds());
  }
  return best;
}

}  // namespace bench
