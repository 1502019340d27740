// kill -9 at random points of writing a snapshot with the database beside it: what is opened next
// is what the log says, whether it came from the snapshot or from the log alone.
//
// This program is both sides: started with --child it appends, merges and writes a snapshot after
// each of its units until it is killed. SIYU_KILL_SEED repeats the moments of one run (as far as a
// machine repeats itself).
#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <random>
#include <stdexcept>
#include <string>

#include "base/random.h"
#include "base/work_pool.h"
#include "customer/identity.h"
#include "customer/merge.h"
#include "customer/writing.h"
#include "log/log.h"
#include "store/test_database.h"
#include "timeline/column_histories.h"

namespace {

using base::CustomerId;
using store::Database;
using store::Dialect;

constexpr int kKills = 25;  // on each database
constexpr long kLifeNanosecondsMax = 60'000'000;
constexpr int kSnapshotsAUnit = 10;  // so that many are killed in one
constexpr base::Moment kNow{1'760'000'000'000};

// ---------------------------------------------------------------- the one that is killed

// Writes as the product does.
class Writer {
  // One unit of a change of customers.
  template <typename Work>
  auto write(Work work) {
    customer::WritingOptions options;
    options.actor = {.kind = rights::ActorKind::user, .id = 7};
    options.now = kNow;
    options.source = "kill";
    return database_.write("kill.write", [&](store::Unit& unit) {
      customer::Writing writing(unit, log_, options);
      return work(writing);
    });
  }

 public:
  Writer(Database& database, event_log::Log& log, unsigned seed)
      : database_(database), log_(log), random_(seed), ids_(seed) {}

  void write_something() {
    if (random_() % 6 == 0) {
      const CustomerId one = somebody();
      const CustomerId other = somebody();
      (void)write([&](customer::Writing& writing) { return customer::merge(writing, one, other); });
    }
    std::vector<event_log::NewEvent> events(1 + random_() % 300);
    const CustomerId first = somebody();
    const CustomerId second = somebody();
    for (event_log::NewEvent& event : events) {
      event.customer = random_() % 2 == 0 ? first : second;
      event.name = "checked_in";
      event.time = kNow - base::Duration{static_cast<std::int64_t>(random_() % 100'000)};
    }
    database_.write("kill.append", [&](store::Unit& unit) {
      return log_.append(unit, {.source = "kill", .now = kNow}, events).has_value();
    });
  }

 private:
  CustomerId somebody() {
    const std::string name = std::to_string(random_() % 300);
    const CustomerId id{ids_.id()};
    return write([&](customer::Writing& writing) {
             return customer::find_or_create(writing, {"customer", name}, id, kNow);
           })
        ->found.customer;
  }

  Database& database_;
  event_log::Log& log_;
  std::mt19937 random_;
  base::SeededRandom ids_;
};

std::unique_ptr<Database> open(const std::string& place) {
  if (place.starts_with("postgresql://")) return store::open_postgresql({.url = place});
  return store::open_sqlite({.folder = place});
}

int run_child(const std::string& place, const std::string& snapshot, unsigned seed) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  const auto database = open(place);
  base::SeededRandom random(seed);
  event_log::Log log(*database);
  log.prepare(kNow, random);
  base::WorkPool pool(1);
  timeline::ColumnHistories memory(*database, log, pool, {.snapshot = snapshot});
  memory.open();
  Writer writer(*database, log, seed);
  while (true) {
    writer.write_something();
    memory.catch_up();
    for (int i = 0; i < kSnapshotsAUnit; ++i) {
      if (!memory.write_snapshot() || write(STDOUT_FILENO, "w", 1) != 1) return 1;
    }
  }
}

// ---------------------------------------------------------------- the one who kills

struct Places {
  std::string database;
  std::string snapshot;
};

// Waits for the first snapshot of a child, then for so long, and kills it.
void live_and_die(const Places& places, unsigned seed, long nanoseconds) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  const std::string number = std::to_string(seed);
  const pid_t process = fork();
  if (process == 0) {
    dup2(ends[1], STDOUT_FILENO);
    execl("/proc/self/exe", "memory_kill_test", "--child", places.database.c_str(),
          places.snapshot.c_str(), number.c_str(), nullptr);
    _exit(127);
  }
  ::close(ends[1]);
  char written = 0;
  EXPECT_EQ(read(ends[0], &written, 1), 1);
  const timespec time{0, nanoseconds};
  pollfd nothing{-1, 0, 0};
  ppoll(&nothing, 1, &time, nullptr);
  ::kill(process, SIGKILL);
  int status = 0;
  waitpid(process, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status)) << "the child ended by itself: " << status;
  ::close(ends[0]);
}

std::string told(const timeline::ColumnHistories& memory, base::EventTypeId check_in) {
  const timeline::Pin pin = memory.pin();
  std::string text = fmt::format("{} persons, {} events", pin.persons(), pin.events());
  memory.each([&](const timeline::History& history) {
    text += fmt::format("\n{} since {}:", history.customer().value, history.known_since().ms);
    for (const timeline::EventAt& event : history.events(check_in)) {
      text += fmt::format(" {}@{}", event.order, event.time.ms);
    }
    return true;
  });
  return text;
}

class MemoryKill : public store::DatabaseTest {};

TEST_P(MemoryKill, WhatIsOpenedIsWhatTheLogSays) {
  const char* given = getenv("SIYU_KILL_SEED");
  const unsigned first_seed =
      given == nullptr ? std::random_device{}() : static_cast<unsigned>(atoll(given));
  std::cout << "SIYU_KILL_SEED=" << first_seed << "\n";
  std::mt19937 random(first_seed);
  const store::TemporaryFolder folder;
  const Places places{test_database().place(), folder.path() + "/memory"};
  int halves = 0;
  int snapshots = 0;
  for (int round = 1; round <= kKills; ++round) {
    SCOPED_TRACE(fmt::format("seed {} round {}", first_seed, round));
    test_database().close();
    live_and_die(places, static_cast<unsigned>(random()),
                 std::uniform_int_distribution<long>(0, kLifeNanosecondsMax)(random));
    if (std::filesystem::exists(places.snapshot + ".new")) ++halves;
    test_database().reopen();
    base::SeededRandom ids(first_seed);
    event_log::Log log(database());
    log.prepare(kNow, ids);
    base::WorkPool pool(1);
    timeline::ColumnHistories from_snapshot(database(), log, pool, {.snapshot = places.snapshot});
    from_snapshot.open();
    timeline::ColumnHistories from_log(database(), log, pool, {});
    from_log.open();
    if (from_snapshot.state().opened_from == "snapshot") ++snapshots;
    const base::EventTypeId check_in = database().read(
        [&](store::Session& session) { return log.catalog().of(session)->find("checked_in")->id; });
    ASSERT_GT(from_log.pin().events(), 0);
    ASSERT_EQ(told(from_snapshot, check_in), told(from_log, check_in));
  }
  std::cout << halves << " were killed while writing one\n";
  EXPECT_EQ(snapshots, kKills) << "a snapshot was refused";
  // On PostgreSQL most of a life goes by in units.
  const bool is_sqlite = database().dialect() == Dialect::sqlite;
  EXPECT_GT(halves, is_sqlite ? 0 : -1) << "nothing was interrupted";
}

INSTANTIATE_TEST_SUITE_P(Both, MemoryKill, store::kBothDatabases, store::dialect_name);

}  // namespace

int main(int argc, char** argv) {
  if (argc == 5 && std::strcmp(argv[1], "--child") == 0) {
    return run_child(argv[2], argv[3], static_cast<unsigned>(atoll(argv[4])));
  }
  ::testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
