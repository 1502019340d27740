// A temporary folder for a test, in memory where the machine has enough (/dev/shm), so that syncs
// cost nothing. It goes away with the object; what a killed test left behind goes away when the
// next one starts.
#pragma once

#include <string>

namespace store {

class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace store
