#include "net/socket_path.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <utility>

namespace net {
namespace {
constexpr std::size_t kAddressBytesMax = 107;
}

std::optional<SocketPath> SocketPath::open(const std::string& path) {
  if (path.size() <= kAddressBytesMax) return SocketPath(-1, path);
  const std::filesystem::path whole(path);
  const int folder = ::open(whole.parent_path().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return std::nullopt;
  SocketPath opened(folder,
                    "/proc/self/fd/" + std::to_string(folder) + "/" + whole.filename().string());
  if (opened.address_.size() > kAddressBytesMax) {
    errno = ENAMETOOLONG;
    return std::nullopt;
  }
  return opened;
}

SocketPath::~SocketPath() {
  if (folder_ >= 0) ::close(folder_);
}

SocketPath::SocketPath(SocketPath&& other) noexcept
    : folder_(std::exchange(other.folder_, -1)), address_(std::move(other.address_)) {}

SocketPath& SocketPath::operator=(SocketPath&& other) noexcept {
  std::swap(folder_, other.folder_);
  std::swap(address_, other.address_);
  return *this;
}

}  // namespace net
