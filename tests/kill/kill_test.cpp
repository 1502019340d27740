// kill -9 at random moments, fifty times on each database, while a client writes units and keeps
// the ids that were acknowledged: every one of them is there, exactly once, and no unit is half
// done.
//
// This program is both sides: started with --child it is the one that is killed. It writes with
// four threads, each unit in three tables, and prints an id once write() has returned.
// SIYU_KILL_SEED repeats the moments of one run (as far as a machine repeats itself).
#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <chrono>
#include <cstring>
#include <iostream>
#include <random>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "store/database.h"
#include "store/test_cluster.h"
#include "store/test_database.h"

namespace {

using store::Database;
using store::Dialect;

constexpr int kKills = 50;
constexpr int kThreads = 4;
constexpr std::int64_t kIdsPerRound = 1'000'000;

std::unique_ptr<Database> open(const std::string& place) {
  if (place.starts_with("postgresql://")) return store::open_postgresql({.url = place});
  return store::open_sqlite({.folder = place});
}

// ---------------------------------------------------------------- the one that is killed

// One unit: two rows that belong together and a count of all. No table has a unique key, so that a
// unit which happened twice would show.
bool write_unit(Database& database, std::int64_t id, std::int64_t shard) {
  try {
    database.write("kill.write", [&](store::Unit& unit) {
      unit.execute("insert into kill_left (id) values ($1)", {id});
      unit.execute("update kill_count set n = n + 1 where shard = $1", {shard});
      unit.execute("insert into kill_right (id) values ($1)", {id});
    });
    return true;
  } catch (const store::Failure&) {
    return false;  // the server went away: this id was never acknowledged
  }
}

int run_child(const std::string& place, std::int64_t first_id) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  const auto database = open(place);
  std::atomic<std::int64_t> next = first_id;
  std::vector<std::thread> threads;
  for (std::int64_t shard = 0; shard < kThreads; ++shard) {
    threads.emplace_back([&, shard] {
      while (true) {
        const std::int64_t id = next++;
        if (!write_unit(*database, id, shard)) continue;
        const std::string line = std::to_string(id) + "\n";
        // Lines this short reach a pipe whole.
        if (write(STDOUT_FILENO, line.data(), line.size()) < 0) _exit(1);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  return 0;
}

// ---------------------------------------------------------------- the one who kills

class Child {
 public:
  Child(const std::string& place, std::int64_t first_id) {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    const std::string first = std::to_string(first_id);
    process_ = fork();
    if (process_ == 0) {
      dup2(ends[1], STDOUT_FILENO);
      execl("/proc/self/exe", "kill_test", "--child", place.c_str(), first.c_str(), nullptr);
      _exit(127);
    }
    ::close(ends[1]);
    output_ = ends[0];
  }
  ~Child() {
    kill();
    ::close(output_);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  // Reads acknowledged ids for so long, or until there are so many.
  void read_for(std::chrono::microseconds time, std::size_t ids_max, std::set<std::int64_t>& ids) {
    const auto until = std::chrono::steady_clock::now() + time;
    const std::size_t before = ids.size();
    while (ids.size() - before < ids_max) {
      const auto left = until - std::chrono::steady_clock::now();
      if (left.count() <= 0) return;
      const timespec wait = {0, std::min<long>(left.count(), 999'999'999)};
      pollfd ready = {output_, POLLIN, 0};
      if (ppoll(&ready, 1, &wait, nullptr) > 0 && !read_some(ids)) return;
    }
  }
  // kill -9, then what it had still said.
  void kill_and_read(std::set<std::int64_t>& ids) {
    kill();
    while (read_some(ids)) {
    }
  }

 private:
  void kill() {
    if (process_ == 0) return;
    ::kill(process_, SIGKILL);
    int status = 0;
    waitpid(process_, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status)) << "the child ended by itself: " << status;
    process_ = 0;
  }
  // False: the child has ended.
  bool read_some(std::set<std::int64_t>& ids) {
    std::array<char, 65536> bytes{};
    const ssize_t count = read(output_, bytes.data(), bytes.size());
    if (count <= 0) return false;
    rest_.append(bytes.data(), static_cast<std::size_t>(count));
    std::size_t begin = 0;
    for (std::size_t end = rest_.find('\n'); end != std::string::npos;
         end = rest_.find('\n', begin)) {
      std::int64_t id = 0;
      std::from_chars(rest_.data() + begin, rest_.data() + end, id);
      EXPECT_TRUE(ids.insert(id).second) << id << " was acknowledged twice";
      begin = end + 1;
    }
    rest_.erase(0, begin);
    return true;
  }

  pid_t process_ = 0;
  int output_ = -1;
  std::string rest_;
};

class Kill : public ::testing::Test {
 protected:
  Kill() {
    const char* given = getenv("SIYU_KILL_SEED");
    seed_ = given == nullptr ? std::random_device{}() : static_cast<unsigned>(atoll(given));
    random_.seed(seed_);
    std::cout << "SIYU_KILL_SEED=" << seed_ << "\n";
  }

  std::int64_t up_to(std::int64_t most) {
    return std::uniform_int_distribution<std::int64_t>(0, most)(random_);
  }

  static void create(Database& database) {
    database.write("kill.create", [](store::Unit& unit) {
      unit.execute("create table kill_left (id bigint not null)", {});
      unit.execute("create table kill_right (id bigint not null)", {});
      unit.execute("create table kill_count (shard bigint not null primary key, n bigint)", {});
      for (std::int64_t shard = 0; shard < kThreads; ++shard) {
        unit.execute("insert into kill_count (shard, n) values ($1, 0)", {shard});
      }
    });
  }

  // Every acknowledged id is in both tables, none is there twice or on one side only, and the
  // counts say as many.
  static void verify(Database& database, const std::set<std::int64_t>& acknowledged) {
    std::vector<std::int64_t> left;
    std::vector<std::int64_t> right;
    std::int64_t sum = 0;
    // One snapshot: a server may still be carrying out the last COMMIT of a client that is dead.
    database.read([&](store::Session& session) {
      session.query("select id from kill_left order by id", {},
                    [&](const store::Row& row) { left.push_back(row.integer(0)); });
      session.query("select id from kill_right order by id", {},
                    [&](const store::Row& row) { right.push_back(row.integer(0)); });
      session.query("select sum(n) from kill_count", {},
                    [&](const store::Row& row) { sum = row.integer(0); });
    });
    ASSERT_EQ(std::adjacent_find(left.begin(), left.end()), left.end()) << "twice";
    ASSERT_EQ(left, right);
    ASSERT_EQ(static_cast<std::int64_t>(left.size()), sum);
    ASSERT_TRUE(std::includes(left.begin(), left.end(), acknowledged.begin(), acknowledged.end()))
        << "an acknowledged id is missing";
  }

  // One life of a child. In one of five it is killed while it may still be starting up.
  void live_and_die(const std::string& place, std::int64_t round, std::set<std::int64_t>& ids,
                    const std::function<void(Child&)>& meanwhile) {
    Child child(place, round * kIdsPerRound);
    if (up_to(4) > 0) child.read_for(std::chrono::seconds(20), 1, ids);
    meanwhile(child);
    child.read_for(std::chrono::microseconds(up_to(30'000)), 100'000, ids);
    child.kill_and_read(ids);
  }

  unsigned seed_ = 0;
  std::mt19937 random_;
};

TEST_F(Kill, SqliteKeepsEveryAcknowledgedUnitOnce) {
  const store::TemporaryFolder folder;
  create(*open(folder.path()));
  std::set<std::int64_t> acknowledged;
  for (int round = 1; round <= kKills; ++round) {
    SCOPED_TRACE(fmt::format("seed {} round {}", seed_, round));
    live_and_die(folder.path(), round, acknowledged, [](Child&) {});
    verify(*open(folder.path()), acknowledged);
    if (HasFatalFailure()) return;
  }
  EXPECT_GT(acknowledged.size(), 1000u);
}

// In every fifth round the server goes too, with all its children, while the client lives; it comes
// back, the client goes on by itself, and then the client is killed.
TEST_F(Kill, PostgresqlKeepsEveryAcknowledgedUnitOnce) {
  std::unique_ptr<store::TestCluster> cluster;
  try {
    cluster = std::make_unique<store::TestCluster>(store::TestCluster::Options{.fsync = true});
  } catch (const std::runtime_error& error) {
    GTEST_SKIP() << error.what();
  }
  const std::string url = cluster->url("postgres");
  const auto database = open(url);
  create(*database);
  std::set<std::int64_t> acknowledged;
  for (int round = 1; round <= kKills; ++round) {
    SCOPED_TRACE(fmt::format("seed {} round {}", seed_, round));
    live_and_die(url, round, acknowledged, [&](Child& child) {
      if (round % 5 != 0) return;
      child.read_for(std::chrono::seconds(20), static_cast<std::size_t>(up_to(200)) + 1,
                     acknowledged);
      cluster->stop_immediately();
      cluster->start();
      const std::size_t before = acknowledged.size();
      child.read_for(std::chrono::seconds(20), 10, acknowledged);
      EXPECT_GT(acknowledged.size(), before) << "the client did not recover by itself";
    });
    verify(*database, acknowledged);
    if (HasFatalFailure()) return;
  }
  EXPECT_GT(acknowledged.size(), 1000u);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 4 && std::strcmp(argv[1], "--child") == 0) return run_child(argv[2], atoll(argv[3]));
  ::testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
