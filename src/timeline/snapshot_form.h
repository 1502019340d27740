// How a snapshot's file is laid out (timeline/snapshot.h), for those who write and read it.
#pragma once

#include <xxhash.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "timeline/log_mark.h"

namespace timeline {

inline constexpr std::size_t kHeaderBytes = 4096;
inline constexpr std::array<char, 8> kSnapshotMagic = {'s', 'i', 'y', 'u', '-', 'm', 'e', 'm'};

// Stands at the beginning of the first page. The page is zero up to its last 8 bytes, which are the
// sum of all before.
struct SnapshotHeader {
  std::array<char, 8> magic = kSnapshotMagic;
  std::uint32_t version = 0;
  std::uint32_t log_id_bytes = 0;
  std::array<char, kLogIdBytesMax> log_id{};
  std::int64_t epoch = 0;
  std::int64_t transaction = 0;
  std::int64_t sequence = 0;
  std::uint64_t digest = 0;
  std::uint64_t kept = 0;
  std::int64_t persons = 0;
  std::int64_t events = 0;
  std::uint64_t parts = 0;
  std::uint64_t table_offset = 0;  // the table ends the file
  std::uint64_t table_sum = 0;
};

// In this order: blocks, customers, one of positions, one of origins.
enum class PartKind : std::uint64_t { block = 1, customers = 2, positions = 3, origins = 4 };

// A line of the table. The first part begins behind the header, each other where the one before
// ends, rounded up to kPartAlignment; so does the table.
struct PartLine {
  PartKind kind{};
  std::uint64_t offset = 0;
  std::uint64_t bytes = 0;
  std::uint64_t sum = 0;  // of the bytes and the zeros behind them
};

// A line of a part of customers.
struct CustomerLine {
  std::uint32_t customer_low = 0;
  std::uint32_t customer_high = 0;
  std::uint32_t place = 0;  // block × kBlockRows + row
};
static_assert(sizeof(CustomerLine) == 12);

inline std::uint64_t sum_of(std::span<const std::byte> bytes) {
  return XXH3_64bits(bytes.data(), bytes.size());
}

inline std::array<std::byte, kHeaderBytes> header_page(const SnapshotHeader& header) {
  std::array<std::byte, kHeaderBytes> page{};
  std::memcpy(page.data(), &header, sizeof header);
  const std::uint64_t sum = sum_of(std::span(page).first(kHeaderBytes - sizeof(sum)));
  std::memcpy(page.data() + kHeaderBytes - sizeof sum, &sum, sizeof sum);
  return page;
}

}  // namespace timeline
