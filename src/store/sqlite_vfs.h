// A SQLite VFS that asks a Disk before every change of a file and leaves the rest to the default
// one. Registered under a name of its own for as long as it lives; connections opened through it
// are closed before. Threads: any, as Disk says.
#pragma once

#include <memory>
#include <string>

#include "store/disk.h"

struct sqlite3_vfs;

namespace store {

class SqliteVfs {
 public:
  explicit SqliteVfs(const Disk& disk);  // `disk` outlives it
  ~SqliteVfs();
  SqliteVfs(const SqliteVfs&) = delete;
  SqliteVfs& operator=(const SqliteVfs&) = delete;

  const std::string& name() const { return name_; }

 private:
  std::string name_;
  std::unique_ptr<sqlite3_vfs> vfs_;
};

}  // namespace store
