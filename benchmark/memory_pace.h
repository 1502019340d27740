// What the machine's memory does by itself, to hold the product's questions against.
#pragma once

#include <cstddef>

namespace bench {

inline constexpr std::size_t kPaceBytes = std::size_t{1} << 30;  // far beyond any cache

// Bytes a second that `threads` threads (a power of two) read together, each its part of kPaceBytes
// line by line in order: the best of a few rounds.
double memory_read_rate(std::size_t threads);

}  // namespace bench
