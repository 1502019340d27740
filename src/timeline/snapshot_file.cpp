#include "timeline/snapshot_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <utility>

namespace timeline {
namespace {

using store::DiskAnswer;
using store::DiskCall;
using store::DiskStep;

constexpr int kLockTriesMax = 100;  // others may take the name away between open and lock

std::string new_path(const SnapshotPlace& place) { return place.path + ".new"; }

std::string folder_of(const SnapshotPlace& place) {
  const auto folder = std::filesystem::path(place.path).parent_path();
  return folder.empty() ? "." : folder.native();
}

// Asks the disk, then does it.
template <typename Act>
bool act(const SnapshotPlace& place, const DiskCall& call, Act&& act) {
  const DiskAnswer answer = place.disk == nullptr ? DiskAnswer::proceed : place.disk->before(call);
  if (answer == DiskAnswer::full || answer == DiskAnswer::broken) return false;
  return act() && answer == DiskAnswer::proceed;
}

// Whether the name still stands for the open file.
bool is_named(int file, const std::string& path) {
  struct stat opened{};
  struct stat named{};
  return fstat(file, &opened) == 0 && stat(path.c_str(), &named) == 0 &&
         opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
}

bool write_all(int file, std::uint64_t offset, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t written = pwrite(file, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    offset += static_cast<std::uint64_t>(written);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

base::Result<SnapshotFile, WriteFault> SnapshotFile::take(const SnapshotPlace& place,
                                                          Missing missing) {
  const std::string path = new_path(place);
  const int flags = O_RDWR | O_CLOEXEC | (missing == Missing::create ? O_CREAT : 0);
  for (int tries = 0; tries < kLockTriesMax; ++tries) {
    int opened = -1;
    if (!act(place, {DiskStep::open, path}, [&] {
          opened = ::open(path.c_str(), flags, 0600);
          return opened >= 0;
        })) {
      if (opened >= 0) ::close(opened);
      return base::unexpected(WriteFault::disk);
    }
    SnapshotFile file(place, opened);
    if (flock(opened, LOCK_EX | LOCK_NB) != 0) {
      ::close(std::exchange(file.file_, -1));
      return base::unexpected(WriteFault::busy);
    }
    // Who held the lock before may have given the file its name: then it is not to be touched.
    if (is_named(opened, path)) {
      if (!act(place, {DiskStep::truncate, path}, [&] { return ftruncate(opened, 0) == 0; })) {
        return base::unexpected(WriteFault::disk);
      }
      return file;
    }
    ::close(std::exchange(file.file_, -1));
  }
  return base::unexpected(WriteFault::busy);
}

SnapshotFile::~SnapshotFile() {
  if (file_ < 0) return;
  if (is_still_ours()) (void)remove_file(*place_, new_path(*place_));
  ::close(file_);
}

SnapshotFile::SnapshotFile(SnapshotFile&& other) noexcept
    : place_(other.place_),
      file_(std::exchange(other.file_, -1)),
      size_(other.size_),
      unsynced_(other.unsynced_) {}

bool SnapshotFile::is_still_ours() const { return is_named(file_, new_path(*place_)); }

bool SnapshotFile::write_at(std::uint64_t offset, std::span<const std::byte> bytes) {
  const std::string path = new_path(*place_);
  return act(*place_,
             {DiskStep::write, path, static_cast<std::int64_t>(offset),
              static_cast<std::int64_t>(bytes.size())},
             [&] { return write_all(file_, offset, bytes); });
}

bool SnapshotFile::append(std::span<const std::byte> bytes) {
  if (!write_at(size_, bytes)) return false;
  size_ += bytes.size();
  unsynced_ += bytes.size();
  return unsynced_ < kUnsyncedBytesMax || sync();
}

bool SnapshotFile::put_first(std::span<const std::byte> bytes) { return write_at(0, bytes); }

bool SnapshotFile::sync() {
  unsynced_ = 0;
  const std::string path = new_path(*place_);
  return act(*place_, {DiskStep::sync, path}, [&] { return fdatasync(file_) == 0; });
}

bool SnapshotFile::finish() {
  if (!sync() || !is_still_ours()) return false;
  const std::string path = new_path(*place_);
  if (!act(*place_, {DiskStep::rename, path},
           [&] { return ::rename(path.c_str(), place_->path.c_str()) == 0; })) {
    return false;
  }
  return sync_folder_of(*place_);
}

bool sync_folder_of(const SnapshotPlace& place) {
  const std::string path = folder_of(place);
  return act(place, {DiskStep::sync, path}, [&] {
    const int folder = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) return false;
    const bool synced = fsync(folder) == 0;
    ::close(folder);
    return synced;
  });
}

bool remove_file(const SnapshotPlace& place, const std::string& path) {
  return act(place, {DiskStep::remove, path},
             [&] { return ::unlink(path.c_str()) == 0 || errno == ENOENT; });
}

}  // namespace timeline
