// What the machine's memory does by itself, to hold the product's questions against.
#pragma once

#include <cstddef>

namespace bench {

inline constexpr std::size_t kPaceBytes = std::size_t{1} << 30;  // far beyond any cache

// Bytes a second that `threads` threads read together, in order, adding up kPaceBytes: the best of
// a few rounds.
double memory_read_rate(std::size_t threads);

}  // namespace bench
