// What the disk and plain SQLite do by themselves, to hold the product's input against.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "benchmark/workload.h"

namespace bench {

// The median of some hundred appends of a page with fdatasync, in milliseconds.
double fdatasync_ms(const std::string& folder);

struct PlainRows {
  double seconds = 0;
  std::int64_t rows = 0;
};
// The events as rows of one table with the columns of the product's, an integer key and no index:
// WAL, synchronous=FULL, transactions of 10,000. Properties are texts made before the clock runs.
// Throws std::runtime_error.
PlainRows write_plain_rows(std::span<const Event> events, const std::string& folder);

}  // namespace bench
