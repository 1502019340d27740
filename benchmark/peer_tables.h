// The work as CSV files without headers, for the peers to load, and as one that siyu imports.
//
//   events.csv     customer, time (ms), name, channel, sku, amount (cents)   numbers; 0: none
//   customers.csv  customer, city, birth year, month, day                    city a number
//   levels.csv     customer, since (ms), level
//   vip.csv        customer, from (ms), until (ms)      spans of the tag; kForever: still on
//   marketing.csv  the same of the consent
//
// Existing files are replaced. Throws std::runtime_error when the disk refuses.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "benchmark/workload.h"

namespace bench {

inline constexpr std::int64_t kForever = 9'000'000'000'000'000;

void write_peer_tables(const Workload& workload, std::span<const Event> events,
                       const std::string& folder);

// With a header, for `siyu import events`; customers are named by their numbers.
void write_import_file(std::span<const Event> events, const std::string& path);

// A moment as CSV and JSON carry it: Unix milliseconds; an amount in yuan.
std::string yuan_of(std::uint32_t cents);
std::string sku_name(std::uint32_t sku);

}  // namespace bench
