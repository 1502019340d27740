// The address of a UNIX socket whose path may be longer than the 107 bytes the system's structure
// holds: the folder is opened and named through /proc/self/fd.
#pragma once

#include <optional>
#include <string>

namespace net {

// Keeps the folder open while the address is used (bind or connect); movable.
class SocketPath {
 public:
  // Nothing when the folder cannot be opened (errno says why) or the file name itself is too long.
  static std::optional<SocketPath> open(const std::string& path);
  ~SocketPath();
  SocketPath(SocketPath&& other) noexcept;
  SocketPath& operator=(SocketPath&& other) noexcept;

  // At most 107 bytes; valid in this process while the object lives.
  const std::string& address() const { return address_; }

 private:
  SocketPath(int folder, std::string address) : folder_(folder), address_(std::move(address)) {}
  int folder_;
  std::string address_;
};

}  // namespace net
