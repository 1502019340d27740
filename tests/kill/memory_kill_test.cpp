// kill -9 at random points of writing a snapshot with the database beside it: what is opened next
// is what the log says, whether it came from the snapshot or from the log alone.
//
// This program is both sides: started with --child it appends, merges and undoes merges, sets
// attributes and tags, erases, imports and takes imports back, and writes snapshots after each of
// its units until it is killed; in every other round while it writes one. SIYU_KILL_SEED repeats
// the moments of one run (as far as a machine repeats itself).
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
#include <cstring>
#include <filesystem>
#include <iostream>
#include <map>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/random.h"
#include "base/value.h"
#include "base/work_pool.h"
#include "customer/attribute.h"
#include "customer/erase.h"
#include "customer/identity.h"
#include "customer/import_undo.h"
#include "customer/merge.h"
#include "customer/tag.h"
#include "customer/writing.h"
#include "intake/import_undo.h"
#include "log/batch.h"
#include "log/log.h"
#include "store/test_database.h"
#include "timeline/column_histories.h"

namespace {

using base::CustomerId;
using store::Database;
using store::Dialect;

constexpr int kKills = 25;  // on each database
constexpr long kLifeNanosecondsMax = 60'000'000;
constexpr int kSnapshotsAUnit = 10;                 // so that many are killed in one
constexpr int kSnapshotsMax = 40;                   // seen before a child is killed in one
constexpr long kWritingNanosecondsMax = 1'000'000;  // into that one
constexpr char kBegins = 'b';                       // what a child tells of each snapshot
constexpr char kWritten = 'w';
constexpr base::Moment kNow{1'760'000'000'000};

// ---------------------------------------------------------------- the one that is killed

class StandingClock final : public base::Clock {
 public:
  base::Moment now() const override { return kNow; }
};

// Writes as the product does.
class Writer {
 public:
  struct Means {
    Database& database;
    event_log::Log& log;
    customer::ErasedHashes& hashes;
  };
  Writer(const Means& means, unsigned seed)
      : means_(means), actor_id_(seed), random_(seed), ids_(seed) {}

  void write_something() {
    const auto what = random_() % 12;
    if (what < 2) merge();
    if (what == 2) unmerge();
    if (what == 3) erase();
    if (what == 4 || what == 5) import(what == 4);
    if (what > 5) set_something();
    append({.source = "kill", .now = kNow});
  }

 private:
  // One unit of a change of customers.
  template <typename Work>
  auto write(Work work) {
    customer::WritingOptions options;
    options.actor = {.kind = rights::ActorKind::user, .id = actor_id_};
    options.now = kNow;
    options.source = "kill";
    return means_.database.write("kill.write", [&](store::Unit& unit) {
      customer::Writing writing(unit, means_.log, options);
      return work(writing);
    });
  }

  void append(const event_log::Origin& origin) {
    std::vector<event_log::NewEvent> events(1 + random_() % 300);
    const CustomerId first = somebody();
    const CustomerId second = somebody();
    for (event_log::NewEvent& event : events) {
      event.customer = random_() % 2 == 0 ? first : second;
      event.name = "checked_in";
      event.time = some_time();
      event.properties = {{"store", "S" + std::to_string(random_() % 20)}};
    }
    means_.database.write("kill.append", [&](store::Unit& unit) {
      return means_.log.append(unit, origin, events).has_value();
    });
  }

  void merge() {
    const CustomerId one = somebody();
    const CustomerId other = somebody();
    const auto merged =
        write([&](customer::Writing& writing) { return customer::merge(writing, one, other); });
    if (merged) gone_.push_back(merged->gone);
  }
  void unmerge() {
    if (gone_.empty()) return;
    const CustomerId gone = gone_[random_() % gone_.size()];
    (void)write([&](customer::Writing& writing) { return customer::unmerge(writing, gone); });
  }
  void erase() {
    const CustomerId person = somebody();
    (void)write([&](customer::Writing& writing) {
      return customer::erase(writing, means_.hashes, ids_, person);
    });
  }

  // Attributes and tags, some late.
  void set_something() {
    const CustomerId person = somebody();
    customer::NewValue age;
    age.attribute = "age";
    age.value = static_cast<std::int64_t>(random_() % 100);
    age.since = some_time();
    const std::string tag = "level/" + std::to_string(random_() % 4);
    const bool adds = random_() % 3 != 0;
    const base::Moment since = some_time();
    (void)write([&](customer::Writing& writing) -> base::Result<bool, customer::Error> {
      if (const auto set = customer::set_attributes(writing, person, {{age}}); !set) {
        return base::unexpected(set.error());
      }
      const auto declared = customer::declare_tag(writing, tag);
      if (!declared) return base::unexpected(declared.error());
      return adds ? customer::add_tag(writing, person, declared->id, since)
                  : customer::remove_tag(writing, person, declared->id, since);
    });
  }

  // An import, and perhaps its undo.
  void import(bool undone) {
    const base::BatchId batch{ids_.id()};
    means_.database.write("kill.batch", [&](store::Unit& unit) {
      event_log::begin_batch(unit, {batch, "events", "kill.csv", "command line", kNow});
    });
    append({.source = "kill", .now = kNow, .batch = batch});
    means_.database.write("kill.batch", [&](store::Unit& unit) {
      return event_log::finish_batch(unit, batch, {kNow}).has_value();
    });
    if (!undone) return;
    const StandingClock clock;
    customer::ImportUndo follower(means_.log, {.actor = {}, .now = kNow, .source = "kill"});
    event_log::BatchFollower* const followers[] = {&follower};
    (void)intake::undo_import({means_.database, means_.log, clock, followers}, batch);
  }

  base::Moment some_time() {
    return kNow - base::Duration{static_cast<std::int64_t>(random_() % 100'000)};
  }
  CustomerId somebody() {
    const std::string name = std::to_string(random_() % 300);
    const CustomerId id{ids_.id()};
    return write([&](customer::Writing& writing) {
             return customer::find_or_create(writing, {"customer", name}, id, kNow);
           })
        ->found.customer;
  }

  Means means_;
  // Of this process alone: the audit keeps two entries of one millisecond, one number and one
  // content apart by nothing else, and the clock stands.
  const std::int64_t actor_id_;
  std::mt19937 random_;
  base::SeededRandom ids_;
  std::vector<CustomerId> gone_;  // merged away, perhaps not any more
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
  const auto hashes = database->dialect() == Dialect::sqlite
                          ? customer::open_erased_hashes(place, random)
                          : customer::erased_hashes_table(random);
  Writer writer({*database, log, *hashes}, seed);
  const auto tell = [](char what) { return write(STDOUT_FILENO, &what, 1) == 1; };
  while (true) {
    writer.write_something();
    memory.catch_up();
    for (int i = 0; i < kSnapshotsAUnit; ++i) {
      if (!tell(kBegins) || !memory.write_snapshot() || !tell(kWritten)) return 1;
    }
  }
}

// ---------------------------------------------------------------- the one who kills

struct Places {
  std::string database;
  std::string snapshot;
};

// When a child is killed: `nanoseconds` behind the first snapshot it has written, or behind the
// beginning of the `snapshots`-th after it.
struct Death {
  int snapshots = 0;  // 0: the first
  long nanoseconds = 0;
};

// Reads what the child tells until it is time.
void await(int told, const Death& death) {
  int left = death.snapshots;
  for (bool one_is_there = false;;) {
    char what = 0;
    ASSERT_EQ(read(told, &what, 1), 1);
    if (what == kWritten) one_is_there = true;
    if (one_is_there && death.snapshots == 0) break;
    if (one_is_there && what == kBegins && --left == 0) break;
  }
  const timespec time{0, death.nanoseconds};
  pollfd nothing{-1, 0, 0};
  ppoll(&nothing, 1, &time, nullptr);
}

void live_and_die(const Places& places, unsigned seed, const Death& death) {
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
  await(ends[0], death);
  ::kill(process, SIGKILL);
  int status = 0;
  waitpid(process, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status)) << "the child ended by itself: " << status;
  ::close(ends[0]);
}

// All histories of a memory, as a text.
class Telling {
 public:
  Telling(Database& database, const timeline::ColumnHistories& memory)
      : memory_(memory), pin_(memory.pin()) {
    database.read([&](store::Session& session) {
      attributes_ = customer::attributes(session);
      tags_ = customer::tags(session);
    });
  }

  std::string text() {
    text_ = fmt::format("{} persons, {} events", pin_.persons(), pin_.events());
    memory_.each([&](const timeline::History& history) {
      text_ += fmt::format("\n{} since {}", history.customer().value, history.known_since().ms);
      add_events(history.customer());
      add_changes(history);
      return true;
    });
    return std::move(text_);
  }

 private:
  void add_events(CustomerId person) {
    const auto place = pin_.place_of(person);
    timeline::Rows rows;
    pin_.read_row(place->block, place->row, rows);
    for (const timeline::RowEvent& event : rows.events) {
      text_ += fmt::format("\n  {}@{}:{}", event.type.value, event.time.ms,
                           event_log::to_text(memory_.position_of(event.slot)));
      std::map<std::int64_t, std::string> properties;  // a delta has them in the order of the log
      for (std::uint32_t i = 0; i < event.property_count; ++i) {
        const auto& property = rows.properties[event.first_property + i];
        properties[property.id.value] = base::to_text(property.value);
      }
      for (const auto& [id, value] : properties) text_ += fmt::format(" {}={}", id, value);
    }
  }
  void add_changes(const timeline::History& history) {
    for (const customer::Attribute& attribute : attributes_) {
      for (const auto& change : history.attribute(attribute.id)) {
        text_ += fmt::format("\n  {} {}@{}", attribute.name,
                             change.value ? base::to_text(*change.value) : "?", change.since.ms);
      }
    }
    for (const customer::Tag& tag : tags_) {
      for (const auto& span : history.membership({timeline::MembershipKind::tag, tag.id.value})) {
        text_ += fmt::format("\n  {} {}-{}", tag.name, span.from.ms, span.to.ms);
      }
    }
  }

  const timeline::ColumnHistories& memory_;
  const timeline::Pin pin_;
  std::vector<customer::Attribute> attributes_;
  std::vector<customer::Tag> tags_;
  std::string text_;
};

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
  int whole = 0;  // snapshots that a life left behind: the first one may end before it wrote any
  int snapshots = 0;
  for (int round = 1; round <= kKills; ++round) {
    SCOPED_TRACE(fmt::format("seed {} round {}", first_seed, round));
    test_database().close();
    Death death;
    if (round % 2 == 0) {
      death.snapshots = 1 + static_cast<int>(random() % kSnapshotsMax);
      death.nanoseconds = static_cast<long>(random() % kWritingNanosecondsMax);
    } else {
      death.nanoseconds = static_cast<long>(random() % kLifeNanosecondsMax);
    }
    ASSERT_NO_FATAL_FAILURE(live_and_die(places, static_cast<unsigned>(random()), death));
    if (std::filesystem::exists(places.snapshot + ".new")) ++halves;
    if (std::filesystem::exists(places.snapshot)) ++whole;
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
    ASSERT_GT(from_log.pin().events(), 0);
    ASSERT_EQ(Telling(database(), from_snapshot).text(), Telling(database(), from_log).text());
  }
  std::cout << halves << " were killed while writing one\n";
  EXPECT_EQ(snapshots, whole) << "a snapshot was refused";
  EXPECT_GT(whole, kKills / 2);
  EXPECT_GT(halves, 0) << "nothing was interrupted";
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
