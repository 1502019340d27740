#include "store/sqlite_vfs.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <functional>
#include <string_view>

#include "base/check.h"

namespace store {
namespace {

// What SQLite holds of a file: this, and behind it in the same memory the default VFS's own.
struct SeamFile {
  sqlite3_file base;  // first: SQLite sees only this
  const Disk* disk;
  const char* path;  // SQLite's, as long as the file is open; null: a temporary file
};

SeamFile& seam(sqlite3_file* file) { return *reinterpret_cast<SeamFile*>(file); }
sqlite3_file* real(sqlite3_file* file) {
  return reinterpret_cast<sqlite3_file*>(reinterpret_cast<SeamFile*>(file) + 1);
}
sqlite3_vfs* real_vfs() { return sqlite3_vfs_find(nullptr); }

// Runs `act` unless the disk forbids it. `error`: the code of an I/O error of this step.
int asked(const Disk& disk, const DiskCall& call, int error, const std::function<int()>& act) {
  switch (disk.before(call)) {
    case DiskAnswer::proceed:
      return act();
    case DiskAnswer::full:
      return SQLITE_FULL;
    case DiskAnswer::broken:
      return error;
    case DiskAnswer::broken_after:
      act();
      return error;
  }
  base::unreachable();
}

int ask_file(sqlite3_file* file, DiskCall call, int error, const std::function<int()>& act) {
  const SeamFile& self = seam(file);
  call.path = self.path == nullptr ? std::string_view{} : self.path;
  return asked(*self.disk, call, error, act);
}

int close_file(sqlite3_file* file) { return real(file)->pMethods->xClose(real(file)); }
int read_file(sqlite3_file* file, void* bytes, int count, sqlite3_int64 offset) {
  return real(file)->pMethods->xRead(real(file), bytes, count, offset);
}
int write_file(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 offset) {
  return ask_file(file, {DiskStep::write, {}, offset, count}, SQLITE_IOERR_WRITE,
                  [&] { return real(file)->pMethods->xWrite(real(file), bytes, count, offset); });
}
int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
  return ask_file(file, {DiskStep::truncate, {}, size, 0}, SQLITE_IOERR_TRUNCATE,
                  [&] { return real(file)->pMethods->xTruncate(real(file), size); });
}
int sync_file(sqlite3_file* file, int flags) {
  return ask_file(file, {DiskStep::sync, {}, 0, 0}, SQLITE_IOERR_FSYNC,
                  [&] { return real(file)->pMethods->xSync(real(file), flags); });
}
int file_size(sqlite3_file* file, sqlite3_int64* size) {
  return real(file)->pMethods->xFileSize(real(file), size);
}
int lock_file(sqlite3_file* file, int level) {
  return real(file)->pMethods->xLock(real(file), level);
}
int unlock_file(sqlite3_file* file, int level) {
  return real(file)->pMethods->xUnlock(real(file), level);
}
int check_reserved_lock(sqlite3_file* file, int* locked) {
  return real(file)->pMethods->xCheckReservedLock(real(file), locked);
}
int file_control(sqlite3_file* file, int operation, void* argument) {
  return real(file)->pMethods->xFileControl(real(file), operation, argument);
}
int sector_size(sqlite3_file* file) { return real(file)->pMethods->xSectorSize(real(file)); }
int device_traits(sqlite3_file* file) {
  return real(file)->pMethods->xDeviceCharacteristics(real(file));
}
int map_shared(sqlite3_file* file, int page, int size, int extend, void volatile** memory) {
  return real(file)->pMethods->xShmMap(real(file), page, size, extend, memory);
}
int lock_shared(sqlite3_file* file, int offset, int count, int flags) {
  return real(file)->pMethods->xShmLock(real(file), offset, count, flags);
}
void barrier_shared(sqlite3_file* file) { real(file)->pMethods->xShmBarrier(real(file)); }
int unmap_shared(sqlite3_file* file, int remove) {
  return real(file)->pMethods->xShmUnmap(real(file), remove);
}

// Version 2: with shared memory (the log needs it), without memory-mapped reading.
constexpr sqlite3_io_methods kMethods = {2,
                                         close_file,
                                         read_file,
                                         write_file,
                                         truncate_file,
                                         sync_file,
                                         file_size,
                                         lock_file,
                                         unlock_file,
                                         check_reserved_lock,
                                         file_control,
                                         sector_size,
                                         device_traits,
                                         map_shared,
                                         lock_shared,
                                         barrier_shared,
                                         unmap_shared,
                                         nullptr,
                                         nullptr};

int open_file(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags, int* flags_out) {
  const auto& disk = *static_cast<const Disk*>(vfs->pAppData);
  file->pMethods = nullptr;
  seam(file).disk = &disk;
  seam(file).path = path;
  const DiskCall call{DiskStep::open, path == nullptr ? "" : path, 0, 0};
  const int code = asked(disk, call, SQLITE_CANTOPEN, [&] {
    return real_vfs()->xOpen(real_vfs(), path, real(file), flags, flags_out);
  });
  if (code == SQLITE_OK) file->pMethods = &kMethods;
  return code;
}

int remove_file(sqlite3_vfs* vfs, const char* path, int sync_folder) {
  const auto& disk = *static_cast<const Disk*>(vfs->pAppData);
  return asked(disk, {DiskStep::remove, path, 0, 0}, SQLITE_IOERR_DELETE,
               [&] { return real_vfs()->xDelete(real_vfs(), path, sync_folder); });
}

}  // namespace

SqliteVfs::SqliteVfs(const Disk& disk)
    : name_(fmt::format("siyu-disk-{}", fmt::ptr(&disk))),
      vfs_(std::make_unique<sqlite3_vfs>(*real_vfs())) {
  vfs_->szOsFile += static_cast<int>(sizeof(SeamFile));
  vfs_->zName = name_.c_str();
  vfs_->pNext = nullptr;
  vfs_->pAppData = const_cast<Disk*>(&disk);
  vfs_->xOpen = open_file;
  vfs_->xDelete = remove_file;
  CHECK(sqlite3_vfs_register(vfs_.get(), 0) == SQLITE_OK);
}

SqliteVfs::~SqliteVfs() { sqlite3_vfs_unregister(vfs_.get()); }

}  // namespace store
