// The disk seam: what is about to be done to files, asked before it happens, so that tests fill the
// disk, break it, or lose an answer, at any call they choose.
//
// Production passes no Disk. With one SQLite goes through a thin VFS (store/sqlite_vfs.h) and the
// memory's snapshots ask it too (timeline/snapshot.h); reads are never asked.
#pragma once

#include <cstdint>
#include <string_view>

namespace store {

enum class DiskStep : std::uint8_t { open, write, truncate, sync, remove, rename };

struct DiskCall {
  DiskStep step;
  std::string_view path;    // whole path; the write-ahead log ends in "-wal"
  std::int64_t offset = 0;  // write: where; truncate: the new size
  std::int64_t bytes = 0;   // write: how many
};

enum class DiskAnswer : std::uint8_t {
  proceed,
  full,          // not done: no space left
  broken,        // not done: an I/O error
  broken_after,  // done, and reported as an I/O error: the outcome nobody knows
};

// Called from every thread that uses the database, several at once.
class Disk {
 public:
  virtual ~Disk() = default;
  virtual DiskAnswer before(const DiskCall& call) const = 0;
};

}  // namespace store
