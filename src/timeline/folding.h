// Which blocks of a store are folded when, and for how much CPU.
//
// Folding rewrites a block, so it pays by what has come to the block: with everything that arrives
// folded at once most of the time would go into rewriting what is already there. But whatever is
// not folded makes questions dearer. While nothing comes there is time, and everything is folded;
// while much comes a part of one core goes into it, to the blocks with the most first.
//
// busy() belongs to one thread; the others to any number.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <stop_token>
#include <utility>

#include "timeline/column_store.h"

namespace timeline {

// While things come: blocks that have grown by this part, and have so many events, whatever it
// takes, so that an event is rewritten some 16 times at most.
inline constexpr std::size_t kFoldEventsMin = 1024;
inline constexpr std::size_t kPartToFold = 8;
// Of one core, for those with the least growth that pays: about a quarter of a millisecond for an
// event that has come.
inline constexpr int kFoldingShare = 8;
inline constexpr std::size_t kGrowthThatPays = 1024;
// What was not spent is kept, and what was spent beyond is owed, up to this.
inline constexpr std::chrono::nanoseconds kFoldingSavedMax = std::chrono::seconds(1);

// Of the calling thread.
std::chrono::nanoseconds thread_cpu_time();

class Folding {
 public:
  // Borrows the store.
  explicit Folding(ColumnStore& store,
                   std::function<std::chrono::nanoseconds()> cpu_time = thread_cpu_time)
      : store_(store), cpu_time_(std::move(cpu_time)) {}

  // What was published of blocks that have grown by a part. These answer how many were folded.
  std::size_t grown_by(std::size_t part, const std::stop_token& stop = {});
  std::size_t all(const std::stop_token& stop = {});
  // While things come, called again and again: `since` is the time that has passed.
  std::size_t busy(std::chrono::nanoseconds since, const std::stop_token& stop = {});

 private:
  struct Wanted {
    std::size_t events_min = 1;
    std::size_t part = 0;     // 0: however little it has grown
    bool of_savings = false;  // only while there are some
  };
  std::size_t fold(const Wanted& wanted, const std::stop_token& stop);

  ColumnStore& store_;
  std::function<std::chrono::nanoseconds()> cpu_time_;
  std::chrono::nanoseconds savings_{0};  // of busy(); below 0: owed
};

}  // namespace timeline
