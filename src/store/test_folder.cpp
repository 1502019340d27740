#include "store/test_folder.h"

#include <fmt/format.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <filesystem>
#include <string_view>
#include <system_error>

#include "base/check.h"

namespace store {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPrefix = "siyu-test-";
constexpr std::uintmax_t kMemoryBytesMin = 2ull << 30;

fs::path root() {
  std::error_code error;
  const fs::space_info memory = fs::space("/dev/shm", error);
  return !error && memory.available >= kMemoryBytesMin ? fs::path("/dev/shm")
                                                       : fs::temp_directory_path();
}

// The process that made a folder of ours: siyu-test-PID-XXXXXX; 0: not one of ours.
pid_t maker_of(std::string_view name) {
  if (!name.starts_with(kPrefix)) return 0;
  pid_t maker = 0;
  std::from_chars(name.data() + kPrefix.size(), name.data() + name.size(), maker);
  return maker;
}

void remove_what_the_dead_left(const fs::path& from) {
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator(from, ignored)) {
    const pid_t maker = maker_of(entry.path().filename().native());
    const bool dead = maker > 0 && kill(maker, 0) != 0 && errno == ESRCH;
    if (dead) fs::remove_all(entry.path(), ignored);
  }
}

}  // namespace

TemporaryFolder::TemporaryFolder() {
  static const fs::path in = [] {
    const fs::path found = root();
    remove_what_the_dead_left(found);
    return found;
  }();
  std::string pattern = fmt::format("{}/{}{}-XXXXXX", in.native(), kPrefix, getpid());
  CHECK(mkdtemp(pattern.data()) != nullptr);
  path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

}  // namespace store
