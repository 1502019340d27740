// kill -9 at random moments while two processes (on SQLite one) ask the ledger's desk, and timers
// fire: what was acknowledged is there, once; what is asked again under its id is a repeat; the
// books balance; stock and sold add up.
//
// This program is both sides: started with --child it is one that is killed. SIYU_KILL_SEED repeats
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

#include <array>
#include <chrono>
#include <cstring>
#include <iostream>
#include <map>
#include <random>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "ledger/asset.h"
#include "ledger/desk.h"
#include "ledger/ledger_account.h"
#include "ledger/proof.h"
#include "ledger/reading.h"
#include "store/failure.h"
#include "store/test_database.h"

namespace {

using ledger::LedgerAccountId;
using store::Database;
using store::Dialect;

constexpr int kKills = 20;  // on each database
constexpr int kThreads = 4;
constexpr std::int64_t kAgain = 20;  // of the ids before: asked once more after a death
constexpr LedgerAccountId kStock{1};
constexpr LedgerAccountId kSold{2};
constexpr LedgerAccountId kAdjusted{11};

std::unique_ptr<Database> open(const std::string& place) {
  if (place.starts_with("postgresql://")) return store::open_postgresql({.url = place});
  return store::open_sqlite({.folder = place});
}

// ---------------------------------------------------------------- the one that is killed

// What request `number` of a thread is; the same in every life.
ledger::Bundle bundle_of(std::int64_t thread, std::int64_t number) {
  const std::int64_t amount = 1 + number % 3;
  const bool adds = number % 4 == 0;
  ledger::Bundle bundle{.id = fmt::format("{}-{}", thread, number), .why = "kill:1"};
  bundle.transfers = {{{{.account = adds ? kAdjusted : kStock, .amount = -amount},
                        {.account = adds ? kStock : kSold, .amount = amount}}}};
  if (number % 4 == 1) bundle.held_for = {number % 8 == 1 ? 1 : 60'000};
  return bundle;
}

void say(std::int64_t thread, std::int64_t number, const ledger::Answer& answer) {
  const std::string line = fmt::format("{} {} {} {}\n", thread, number,
                                       answer ? ledger::name_of(answer->state) : "refused",
                                       answer && answer->is_repeat ? "again" : "new");
  // Lines this short reach a pipe whole.
  if (::write(STDOUT_FILENO, line.data(), line.size()) < 0) _exit(1);
}

void ask_for_ever(ledger::Desk& desk, std::int64_t thread, std::int64_t from) {
  for (std::int64_t number = std::max<std::int64_t>(1, from - kAgain);; ++number) {
    try {
      const ledger::Bundle bundle = bundle_of(thread, number);
      ledger::Answer answer = desk.ask(bundle);
      const bool is_held = answer && answer->state == ledger::State::held;
      if (is_held && number % 16 == 9) answer = desk.ask(ledger::Release{bundle.id});
      if (is_held && number % 16 == 5) answer = desk.ask(ledger::Commit{.hold = bundle.id});
      say(thread, number, answer);
    } catch (const store::Failure&) {
      // Not acknowledged; the next life asks again.
    }
  }
}

int run_child(const std::string& place, std::int64_t first_thread, std::int64_t from) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  const auto database = open(place);
  const base::SystemClock clock;
  ledger::Desk desk(*database, clock);
  ledger::Ends ends;
  timer::Runner runner(*database, {{ledger::kTimerKind, ends}});
  std::vector<std::thread> threads;
  for (std::int64_t thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, thread] { ask_for_ever(desk, first_thread + thread, from); });
  }
  while (true) runner.step(clock.now());
}

// ---------------------------------------------------------------- the one who kills

// By thread and number: what was acknowledged last.
using Acknowledged = std::map<std::pair<std::int64_t, std::int64_t>, std::string>;

class Child {
 public:
  Child(const std::string& place, std::int64_t first_thread, std::int64_t from) {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    const std::string first = std::to_string(first_thread);
    const std::string number = std::to_string(from);
    process_ = fork();
    if (process_ == 0) {
      dup2(ends[1], STDOUT_FILENO);
      execl("/proc/self/exe", "ledger_kill_test", "--child", place.c_str(), first.c_str(),
            number.c_str(), nullptr);
      _exit(127);
    }
    ::close(ends[1]);
    output_ = ends[0];
  }
  ~Child() { ::close(output_); }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  void read_for(std::chrono::microseconds time, Acknowledged& said) {
    const auto until = std::chrono::steady_clock::now() + time;
    while (true) {
      const auto left = until - std::chrono::steady_clock::now();
      if (left.count() <= 0) return;
      const timespec wait = {left.count() / 1'000'000'000, left.count() % 1'000'000'000};
      pollfd ready = {output_, POLLIN, 0};
      if (ppoll(&ready, 1, &wait, nullptr) > 0 && !read_some(said)) return;
    }
  }
  // kill -9, then what it had still said.
  void kill_and_read(Acknowledged& said) {
    ::kill(process_, SIGKILL);
    int status = 0;
    waitpid(process_, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status)) << "the child ended by itself: " << status;
    while (read_some(said)) {
    }
  }

  // How often something was asked that had been done.
  static inline int asked_again = 0;

 private:
  // False: the child has ended.
  bool read_some(Acknowledged& said) {
    std::array<char, 65536> bytes{};
    const ssize_t count = read(output_, bytes.data(), bytes.size());
    if (count <= 0) return false;
    rest_.append(bytes.data(), static_cast<std::size_t>(count));
    std::size_t begin = 0;
    for (std::size_t end = rest_.find('\n'); end != std::string::npos;
         end = rest_.find('\n', begin)) {
      std::array<char, 32> state{};
      std::array<char, 32> again{};
      long thread = 0;
      long number = 0;
      const std::string line = rest_.substr(begin, end - begin);
      EXPECT_EQ(
          sscanf(line.c_str(), "%ld %ld %31s %31s", &thread, &number, state.data(), again.data()),
          4)
          << line;
      std::string& last = said[{thread, number}];
      // What was acknowledged in an earlier life is not done again, but for an end that was asked
      // for anew.
      const bool was_done = !last.empty() && last != "refused";
      EXPECT_TRUE(!was_done || last == "held" || std::string_view(again.data()) == "again")
          << line << " after " << last;
      if (was_done) ++asked_again;
      last = state.data();
      begin = end + 1;
    }
    rest_.erase(0, begin);
    return true;
  }

  pid_t process_ = 0;
  int output_ = -1;
  std::string rest_;
};

class LedgerKill : public ::testing::TestWithParam<Dialect> {
 protected:
  LedgerKill() {
    const char* given = getenv("SIYU_KILL_SEED");
    const unsigned seed =
        given == nullptr ? std::random_device{}() : static_cast<unsigned>(atoll(given));
    random_.seed(seed);
    std::cout << "SIYU_KILL_SEED=" << seed << "\n";
  }

  static void create(Database& database) {
    database.write("kill.create", [](store::Unit& unit) {
      const ledger::AssetIds ids{{10}, {12}, kAdjusted};
      const auto asset =
          *ledger::define(unit, {"stock", ledger::AssetKind::stock, 0, {}}, ids, {1});
      for (const LedgerAccountId id : {kStock, kSold}) {
        const std::string owner = std::to_string(id.value);
        ASSERT_TRUE(ledger::open_account(
            unit, {.key = {asset.id, "kill", owner, "main"}, .id = id, .now = {1}}));
      }
      ledger::Bundle first{.id = "first", .why = "kill:1"};
      first.transfers = {{{{.account = kAdjusted, .amount = -1000},  //
                           {.account = kStock, .amount = 1000}}}};
      ASSERT_TRUE(ledger::post(unit, first, {1}));
    });
  }

  // A refused request has left nothing; everything else is there, and as it was said or further.
  static void verify(Database& database, const Acknowledged& said) {
    const ledger::Proof proof = ledger::prove(database);
    for (const std::string& wrong : proof.wrong) ADD_FAILURE() << wrong;
    database.read([&](store::Session& session) {
      for (const auto& [who, state] : said) {
        const std::string id = fmt::format("{}-{}", who.first, who.second);
        const auto found = ledger::bundle(session, id, {1});
        if (state == "refused") continue;  // a later life may have had more luck
        ASSERT_TRUE(found) << id << " was " << state;
        if (state == "held") continue;
        EXPECT_EQ(ledger::name_of(found->summary.state), state) << id;
      }
    });
    add_up(database);
  }

  // Acknowledged or not: what the bundles say that are there is what lies in the accounts.
  static void add_up(Database& database) {
    std::int64_t stock = 1000;
    std::int64_t sold = 0;
    database.read([&](store::Session& session) {
      session.query("select id from ledger_bundle where state in (0, 2) and id <> 'first'", {},
                    [&](const store::Row& row) {
                      long thread = 0;
                      long number = 0;
                      const std::string id(row.text(0));
                      ASSERT_EQ(sscanf(id.c_str(), "%ld-%ld", &thread, &number), 2) << id;
                      const ledger::Bundle bundle = bundle_of(thread, number);
                      for (const ledger::Posting& posting : bundle.transfers[0].postings) {
                        if (posting.account == kStock) stock += posting.amount;
                        if (posting.account == kSold) sold += posting.amount;
                      }
                    });
      const auto posted = [&](LedgerAccountId id) {
        return *session.one("select posted from ledger_account where id = $1", {id.value},
                            [](const store::Row& row) { return row.integer(0); });
      };
      EXPECT_EQ(posted(kStock), stock);
      EXPECT_EQ(posted(kSold), sold);
    });
  }

  std::mt19937 random_;
};
INSTANTIATE_TEST_SUITE_P(Both, LedgerKill, store::kBothDatabases, store::dialect_name);

TEST_P(LedgerKill, WhatWasAcknowledgedIsThereOnce) {
  if (GetParam() == Dialect::postgresql && !store::postgresql_missing().empty()) {
    GTEST_SKIP() << store::postgresql_missing();
  }
  store::TestDatabase test(GetParam());
  create(test.get());
  const std::string place = test.place();
  test.close();
  const std::int64_t processes = GetParam() == Dialect::sqlite ? 1 : 2;
  Acknowledged said;
  std::int64_t from = 1;
  for (int round = 0; round < kKills; ++round) {
    std::vector<std::unique_ptr<Child>> children;
    for (std::int64_t i = 0; i < processes; ++i) {
      children.push_back(std::make_unique<Child>(place, i * kThreads, from));
    }
    for (const auto& child : children) {
      child->read_for(std::chrono::microseconds(100'000 + random_() % 200'000), said);
    }
    for (const auto& child : children) child->kill_and_read(said);
    for (const auto& [who, state] : said) from = std::max(from, who.second + 1);
    verify(*open(place), said);
    if (HasFailure()) return;
  }
  EXPECT_GT(said.size(), 100u);
  EXPECT_GT(Child::asked_again, kKills);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 5 && std::strcmp(argv[1], "--child") == 0) {
    return run_child(argv[2], atoll(argv[3]), atoll(argv[4]));
  }
  ::testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
