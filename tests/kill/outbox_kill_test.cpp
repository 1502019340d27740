// kill -9 at random moments of a process that carries the outbox over HTTP to a receiver that knows
// no effect ids and cannot be asked: every intent ends in one outcome, none is sent a second time,
// and what is said to be done was.
//
// This program is both sides: started with --child it is the one that is killed. SIYU_KILL_SEED
// repeats the moments of one run (as far as a machine repeats itself).
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <cstring>
#include <iostream>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <unordered_map>
#include <vector>

#include "access/secret_seal.h"
#include "base/clock.h"
#include "base/random.h"
#include "channel/http/http_channel.h"
#include "channel/http/http_sender.h"
#include "lease/lease.h"
#include "net/http_server.h"
#include "outbox/intent.h"
#include "server/carriers.h"
#include "store/test_database.h"

namespace {

using store::Database;
using store::Dialect;

constexpr int kKills = 15;  // on each database
constexpr std::int64_t kEffects = 12'000;
constexpr std::chrono::seconds kFailsafe{120};  // nothing takes this long unless it is broken
constexpr outbox::LaneId kLane{1};

std::unique_ptr<Database> open(const std::string& place) {
  if (place.starts_with("postgresql://")) return store::open_postgresql({.url = place});
  return store::open_sqlite({.folder = place});
}

// As the program makes it, once it knows to be alone.
class Carrying {
 public:
  explicit Carrying(Database& database) : database_(database) {
    database.write("kill.release", [](store::Unit& unit) { lease::release_all(unit); });
  }
  server::Carriers& carriers() { return carriers_; }

 private:
  std::unique_ptr<outbox::Sender> sender(const std::stop_token& stop) {
    return std::make_unique<channel::HttpSender>(
        channel::SenderMeans{database_, seal_, clock_},
        channel::CallerOptions{.allowed = *channel::AllowedNetworks::parse("127.0.0.1"),
                               .stop = stop});
  }

  Database& database_;
  base::SystemClock clock_;
  base::SystemRandom random_;
  rights::SecretSeal seal_{"", random_};
  server::Carriers carriers_{
      {database_, clock_, random_,
       [this](const outbox::Lane&, const std::stop_token& stop) { return sender(stop); }}};
};

int run_child(const std::string& place) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  const auto database = open(place);
  Carrying carrying(*database);
  carrying.carriers().start();
  while (true) pause();
}

// Counts how often each effect comes; some answers say that it is to come again.
class Receiver {
 public:
  Receiver() {
    net::HttpServerOptions options;
    options.tcp = net::HostPort{"127.0.0.1", 0};
    options.handle = [this](const net::Request& request) {
      const std::scoped_lock lock(mutex_);
      ++calls_;
      called_.notify_all();
      auto& [calls, works] = counts_[std::string(request.headers.find("X-Id").value_or(""))];
      const bool is_away = ++calls == 1 && counts_.size() % 50 == 0;
      if (!is_away) ++works;
      return net::make_response(is_away ? 429 : 200, "application/json", "{}");
    };
    server_ = std::move(*net::HttpServer::start(std::move(options)));
  }
  std::string url() const { return fmt::format("http://127.0.0.1:{}/", server_->port()); }
  // Until so many more have come; false: they do not.
  bool await_calls(std::int64_t more) {
    std::unique_lock lock(mutex_);
    return called_.wait_for(lock, kFailsafe,
                            [&, until = calls_ + more] { return calls_ >= until; });
  }
  // How often its work was done.
  int works(const std::string& effect_id) {
    const std::scoped_lock lock(mutex_);
    const auto found = counts_.find(effect_id);
    return found == counts_.end() ? 0 : found->second.second;
  }

 private:
  std::mutex mutex_;
  std::condition_variable called_;
  std::int64_t calls_ = 0;
  std::unordered_map<std::string, std::pair<int, int>> counts_;  // calls, works of an effect
  std::unique_ptr<net::HttpServer> server_;                      // last: it uses the others
};

class Child {
 public:
  explicit Child(const std::string& place) : process_(fork()) {
    if (process_ != 0) return;
    execl("/proc/self/exe", "outbox_kill_test", "--child", place.c_str(), nullptr);
    _exit(127);
  }
  ~Child() {
    ::kill(process_, SIGKILL);
    int status = 0;
    waitpid(process_, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status)) << "the child ended by itself: " << status;
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

 private:
  pid_t process_ = 0;
};

std::string effect_id_of(std::int64_t number) { return fmt::format("kill/{}", number); }

class OutboxKill : public ::testing::TestWithParam<Dialect> {
 protected:
  void create(Database& database) {
    const channel::HttpDefinition definition{
        .name = "kill",
        .kind = "kill",
        .request = {.url = receiver_.url(),
                    .headers = {{"X-Id", "${effect_id}"}},
                    .body = R"({"n": ${n}})"},
        // So that the lane goes on soon.
        .meaning = {.rules = {{429, 429, "", "", "unavailable"}}}};
    database.write("kill.create", [&](store::Unit& unit) {
      ASSERT_TRUE(channel::add_channel(unit, {{1}, definition, clock_.now()}));
      ASSERT_TRUE(
          outbox::open_lane(unit, {.id = kLane,
                                   .kind = "kill",
                                   .pace = {outbox::kPaceMax, base::kSecond, outbox::kPaceMax}}));
    });
    for (std::int64_t made = 0; made < kEffects;) {
      std::vector<outbox::NewIntent> some;
      while (some.size() < outbox::kIntentsAtOnce && made < kEffects) {
        ++made;
        some.push_back({.id = {made},
                        .effect_id = effect_id_of(made),
                        .lane = kLane,
                        .cause = "kill",
                        .payload = fmt::format(R"({{"n": {}}})", made),
                        .due = clock_.now()});
      }
      database.write("kill.enqueue", [&](store::Unit& unit) {
        ASSERT_TRUE(outbox::enqueue(unit, some, clock_.now()));
      });
    }
  }

  static bool is_over(Database& database) {
    return database.read(
        [](store::Session& session) { return outbox::standing_in(session, kLane, 1) == 0; });
  }

  // What the dead have left.
  static void finish(Database& database) {
    Carrying carrying(database);
    const auto until = std::chrono::steady_clock::now() + kFailsafe;
    while (!is_over(database) && std::chrono::steady_clock::now() < until) {
      carrying.carriers().carry();
    }
    EXPECT_TRUE(is_over(database));
  }

  // Done once, or a dead letter whose outcome nobody knows.
  void verify(Database& database) {
    std::int64_t done = 0;
    for (std::int64_t number = 1; number <= kEffects; ++number) {
      const std::string effect_id = effect_id_of(number);
      const auto intent = database.read(
          [&](store::Session& session) { return outbox::intent_with(session, effect_id); });
      const int works = receiver_.works(effect_id);
      if (intent->state == outbox::State::done) {
        ++done;
        ASSERT_EQ(works, 1) << effect_id;
      } else {
        ASSERT_EQ(outbox::name_of(intent->state), "dead") << effect_id;
        ASSERT_EQ(intent->problem, "outbox.unknown_outcome") << effect_id;
        ASSERT_LE(works, 1) << effect_id;
      }
    }
    EXPECT_GT(done, kEffects / 2);
    EXPECT_LT(done, kEffects) << "no kill came between a call and its settlement";
  }

  base::SystemClock clock_;
  Receiver receiver_;
};
INSTANTIATE_TEST_SUITE_P(Both, OutboxKill, store::kBothDatabases, store::dialect_name);

TEST_P(OutboxKill, NothingIsSentTwiceAndEverythingEnds) {
  if (GetParam() == Dialect::postgresql && !store::postgresql_missing().empty()) {
    GTEST_SKIP() << store::postgresql_missing();
  }
  const char* given = getenv("SIYU_KILL_SEED");
  const unsigned seed =
      given == nullptr ? std::random_device{}() : static_cast<unsigned>(atoll(given));
  std::cout << "SIYU_KILL_SEED=" << seed << "\n";
  std::mt19937 random(seed);
  store::TestDatabase test(GetParam());
  create(test.get());
  const std::string place = test.place();
  test.close();
  for (int round = 0; round < kKills; ++round) {
    const Child child(place);
    ASSERT_TRUE(receiver_.await_calls(20 + static_cast<std::int64_t>(random() % 400)));
  }
  const auto database = open(place);
  finish(*database);
  verify(*database);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 3 && std::strcmp(argv[1], "--child") == 0) return run_child(argv[2]);
  ::testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
