// A file being written that takes another's name when it is whole (timeline/snapshot.h).
//
// One thread. While it lives it holds path + ".new" under a lock (flock), which goes with the
// process.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "base/result.h"
#include "store/disk.h"
#include "timeline/snapshot.h"

namespace timeline {

// So much is left to the system to write at most, then it is waited for: the log's own syncs on
// the same disk do not stand behind a gigabyte.
inline constexpr std::uint64_t kUnsyncedBytesMax = 32ull << 20;

class SnapshotFile {
 public:
  // Empty. `create`: when there is none.
  enum class Missing : std::uint8_t { create, leave };
  [[nodiscard]] static base::Result<SnapshotFile, WriteFault> take(const SnapshotPlace& place,
                                                                   Missing missing);
  // Takes the file away unless it has got its name.
  ~SnapshotFile();
  SnapshotFile(SnapshotFile&& other) noexcept;
  SnapshotFile& operator=(SnapshotFile&&) = delete;

  std::uint64_t size() const { return size_; }
  // These answer false when the disk does not do it.
  [[nodiscard]] bool append(std::span<const std::byte> bytes);
  [[nodiscard]] bool put_first(std::span<const std::byte> bytes);  // over what is there
  // Syncs, takes the name and syncs the folder.
  [[nodiscard]] bool finish();

 private:
  SnapshotFile(const SnapshotPlace& place, int file) : place_(&place), file_(file) {}
  bool is_still_ours() const;
  bool write_at(std::uint64_t offset, std::span<const std::byte> bytes);
  bool sync();

  const SnapshotPlace* place_;  // outlives this
  int file_ = -1;
  std::uint64_t size_ = 0;
  std::uint64_t unsynced_ = 0;
};

// What a folder's entries are is on the disk when this answers true.
[[nodiscard]] bool sync_folder_of(const SnapshotPlace& place);
// True also when there is none.
[[nodiscard]] bool remove_file(const SnapshotPlace& place, const std::string& path);

}  // namespace timeline
