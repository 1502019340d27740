// kill -9 at random points of writing a snapshot, a hundred times: what is opened next is one of
// the moments that were written, whole, and nothing of a dead writer is in the way.
//
// This program is both sides: started with --child it writes snapshots of two moments in turn until
// it is killed, and says so after each. SIYU_KILL_SEED repeats the moments of one run (as far as a
// machine repeats itself).
#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <random>
#include <stdexcept>
#include <string>

#include "store/test_folder.h"
#include "timeline/test_memory.h"

namespace {

using timeline::TestMemory;

constexpr int kKills = 100;
constexpr int kEvents = 5'000;  // of the first moment; the second has twice as many
constexpr long kLifeNanosecondsMax = 20'000'000;

// Two moments of one memory.
struct Moments {
  Moments() {
    first.live(kEvents);
    second.live(kEvents);
    second.fold_all();
    second.live(kEvents);
  }
  TestMemory first{11};
  TestMemory second{11};
};

int run_child(const std::string& path) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  Moments moments;
  while (true) {
    for (TestMemory* memory : {&moments.first, &moments.second}) {
      if (!memory->write({.path = path}) || write(STDOUT_FILENO, "w", 1) != 1) return 1;
    }
  }
}

class Child {
 public:
  explicit Child(const std::string& path) {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    process_ = fork();
    if (process_ == 0) {
      dup2(ends[1], STDOUT_FILENO);
      execl("/proc/self/exe", "snapshot_kill_test", "--child", path.c_str(), nullptr);
      _exit(127);
    }
    ::close(ends[1]);
    output_ = ends[0];
  }
  // Waits for the first snapshot, then for so long, and kills.
  void live_and_die(long nanoseconds) {
    char written = 0;
    EXPECT_EQ(read(output_, &written, 1), 1);
    const timespec time{0, nanoseconds};
    pollfd nothing{-1, 0, 0};
    ppoll(&nothing, 1, &time, nullptr);
    ::kill(process_, SIGKILL);
    int status = 0;
    waitpid(process_, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status)) << "the child ended by itself: " << status;
  }
  ~Child() { ::close(output_); }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

 private:
  pid_t process_ = 0;
  int output_ = -1;
};

TEST(SnapshotKill, OneOfTheMomentsWritten) {
  const char* given = getenv("SIYU_KILL_SEED");
  const unsigned seed =
      given == nullptr ? std::random_device{}() : static_cast<unsigned>(atoll(given));
  std::cout << "SIYU_KILL_SEED=" << seed << "\n";
  std::mt19937 random(seed);
  Moments moments;
  const std::string first = timeline::told(moments.first.store());
  const std::string second = timeline::told(moments.second.store());
  const store::TemporaryFolder folder;
  const std::string path = folder.path() + "/memory";
  int halves = 0;
  int firsts = 0;
  for (int round = 1; round <= kKills; ++round) {
    SCOPED_TRACE(fmt::format("seed {} round {}", seed, round));
    Child(path).live_and_die(std::uniform_int_distribution<long>(0, kLifeNanosecondsMax)(random));
    if (std::filesystem::exists(path + ".new")) ++halves;
    const auto found = timeline::open_snapshot(path);
    ASSERT_TRUE(found.has_value()) << code_of(found.error());
    const bool is_first = found->mark == moments.first.mark();
    ASSERT_TRUE(is_first || found->mark == moments.second.mark());
    ASSERT_EQ(timeline::told(*found), is_first ? first : second);
    if (is_first) ++firsts;
  }
  // Otherwise nothing was looked at.
  EXPECT_GT(halves, kKills / 10);
  EXPECT_GT(firsts, 0);
  EXPECT_LT(firsts, kKills);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 3 && std::strcmp(argv[1], "--child") == 0) return run_child(argv[2]);
  ::testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
