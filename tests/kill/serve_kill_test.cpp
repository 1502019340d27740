// kill -9 of `siyu serve` at random moments while clients post single events and batches over HTTP:
// what was acknowledged is there after the restart, exactly once; what was not is sent again with
// its key and is there once as well; `siyu check` finds nothing. An import that was killed is told
// from one that runs.
//
// SIYU_KILL_SEED repeats the moments of one run (as far as a machine repeats itself).
#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <iostream>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "access/api_key.h"
#include "base/clock.h"
#include "base/random.h"
#include "net/http_client.h"
#include "server/operate.h"
#include "store/test_database.h"

namespace {

using store::Dialect;

constexpr int kKills = 25;
constexpr int kClients = 2;
constexpr std::int64_t kIdsPerClient = 1'000'000;
constexpr std::int64_t kBatchEvents = 20;
constexpr std::int64_t kCustomers = 50;

// The program with arguments; its standard output can be read.
class Process {
 public:
  explicit Process(const std::vector<std::string>& arguments) {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    std::vector<char*> list = {const_cast<char*>(SIYU_PROGRAM)};
    for (const std::string& argument : arguments)
      list.push_back(const_cast<char*>(argument.c_str()));
    list.push_back(nullptr);
    process_ = fork();
    if (process_ == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      dup2(ends[1], STDOUT_FILENO);
      execv(SIYU_PROGRAM, list.data());
      _exit(127);
    }
    ::close(ends[1]);
    output_ = ends[0];
  }
  ~Process() {
    kill();
    ::close(output_);
  }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  // Reads until `text` and a whole line behind it have come; "" when the output ended before.
  std::string line_with(const std::string& text) {
    std::string read_so_far;
    std::array<char, 4096> bytes{};
    while (true) {
      const std::size_t at = read_so_far.find(text);
      const std::size_t end = at == std::string::npos ? at : read_so_far.find('\n', at);
      if (end != std::string::npos) return read_so_far.substr(at, end - at);
      const ssize_t count = ::read(output_, bytes.data(), bytes.size());
      if (count <= 0) return "";
      read_so_far.append(bytes.data(), static_cast<std::size_t>(count));
    }
  }
  // Whether it ends by itself, which it must not, before the moment of its death.
  bool ends_within(std::chrono::microseconds time) {
    const timespec wait = {0, std::chrono::nanoseconds(time).count()};
    pollfd end = {output_, 0, 0};  // nothing but the hang-up
    return ppoll(&end, 1, &wait, nullptr) > 0;
  }
  void kill() {
    if (process_ == 0) return;
    ::kill(process_, SIGKILL);
    wait();
  }
  // Everything it says, and how it ended (0: well).
  std::pair<int, std::string> finish() {
    std::string said;
    std::array<char, 4096> bytes{};
    for (ssize_t count = 0; (count = ::read(output_, bytes.data(), bytes.size())) > 0;) {
      said.append(bytes.data(), static_cast<std::size_t>(count));
    }
    return {wait(), said};
  }

 private:
  int wait() {
    int status = 0;
    waitpid(process_, &status, 0);
    process_ = 0;
    return status;
  }

  pid_t process_ = 0;
  int output_ = -1;
};

// How many requests have been answered in this life of the server.
class Answers {
 public:
  void add() {
    const std::lock_guard hold(mutex_);
    ++count_;
    changed_.notify_all();
  }
  bool wait_for(int count, std::chrono::seconds patience) {
    std::unique_lock hold(mutex_);
    return changed_.wait_for(hold, patience, [&] { return count_ >= count; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int count_ = 0;
};

// One sender of events: each has a number and a key; what was not answered is sent again.
class Client {
 public:
  Client(std::int64_t first, unsigned seed) : next_(first), random_(seed) {}

  // Until the server is gone.
  void run(const std::string& url, const std::string& secret, Answers& answers) {
    net::HttpClient http({.base_url = url, .total_time_max = base::Duration{20'000}});
    while (true) {
      if (waiting_.empty()) {
        const std::int64_t count = random_() % 2 == 0 ? 1 : kBatchEvents;
        for (std::int64_t i = 0; i < count; ++i) waiting_.push_back(next_++);
      }
      net::ClientRequest request{net::Method::post, "/api/v1/events", {}, body()};
      request.headers.set("Content-Type", "application/json");
      request.headers.set("Authorization", "Bearer " + secret);
      const auto answer = http.send(request);
      if (!answer) return;
      if (answer->status == 503) continue;
      ASSERT_EQ(answer->status, 201) << answer->body;
      acknowledged_.insert(acknowledged_.end(), waiting_.begin(), waiting_.end());
      waiting_.clear();
      answers.add();
    }
  }

  const std::vector<std::int64_t>& acknowledged() const { return acknowledged_; }

 private:
  std::string body() const {
    std::string events;
    for (const std::int64_t id : waiting_) {
      events += events.empty() ? "" : ",";
      events += fmt::format(R"({{"customer": "c{}", "event": "kill_tick", "key": "k{}", )",
                            id % kCustomers, id);
      events += fmt::format(R"("properties": {{"n": {}}}}})", id);
    }
    return R"({"events": [)" + events + "]}";
  }

  std::int64_t next_;
  std::mt19937 random_;
  std::vector<std::int64_t> waiting_;  // sent, or to be sent, without an answer
  std::vector<std::int64_t> acknowledged_;
};

class ServeKill : public ::testing::TestWithParam<Dialect> {
 protected:
  void SetUp() override {
    if (!is_sqlite() && !store::postgresql_missing().empty()) {
      GTEST_SKIP() << store::postgresql_missing();
    }
    const char* given = getenv("SIYU_KILL_SEED");
    seed_ = given == nullptr ? std::random_device{}() : static_cast<unsigned>(atoll(given));
    random_.seed(seed_);
    std::cout << "SIYU_KILL_SEED=" << seed_ << "\n";
    place_ = std::make_unique<store::TestDatabase>(GetParam());
    place_->close();
    (is_sqlite() ? options_.folder : options_.database_url) = place_->place();
    make_key();
    for (int i = 0; i < kClients; ++i) {
      clients_.emplace_back(i * kIdsPerClient, static_cast<unsigned>(random_()));
    }
  }

  bool is_sqlite() const { return GetParam() == Dialect::sqlite; }
  std::int64_t up_to(std::int64_t most) {
    return std::uniform_int_distribution<std::int64_t>(0, most)(random_);
  }

  void make_key() {
    const base::SystemClock clock;
    base::SystemRandom random;
    const auto database = server::open_database(options_);
    rights::SecretSeal seal("", random);  // nobody has a second factor
    rights::ApiKeys keys({*database, clock, random, seal});
    rights::NewKey key;
    key.name = "kill";
    key.scopes = {rights::Permission::events_write, rights::Permission::imports_read,
                  rights::Permission::imports_write};
    const auto made = keys.create(rights::Viewer::command_line(), key);
    ASSERT_TRUE(made);
    secret_ = made->secret;
  }

  std::vector<std::string> command(const std::string& name) const {
    return {name, is_sqlite() ? "--data" : "--database", place_->place()};
  }

  // One life of the server. In one of five it is killed while it may still be starting up.
  void live_and_die() {
    auto arguments = command("serve");
    arguments.insert(arguments.end(), {"--listen", "127.0.0.1:0"});
    Process server(arguments);
    if (up_to(4) == 0) {
      EXPECT_FALSE(server.ends_within(std::chrono::microseconds(up_to(200'000))));
      return;
    }
    const std::string url = server.line_with("http://");
    ASSERT_NE(url, "") << "it did not start";
    Answers answers;
    std::vector<std::thread> threads;
    for (Client& client : clients_) {
      threads.emplace_back([&] { client.run(url, secret_, answers); });
    }
    EXPECT_TRUE(answers.wait_for(1 + static_cast<int>(up_to(40)), std::chrono::seconds(20)));
    EXPECT_FALSE(server.ends_within(std::chrono::microseconds(up_to(10'000))));
    server.kill();
    for (std::thread& thread : threads) thread.join();
  }

  // A server that listens, and where.
  std::pair<std::unique_ptr<Process>, std::string> listening() const {
    auto arguments = command("serve");
    arguments.insert(arguments.end(), {"--listen", "127.0.0.1:0"});
    auto server = std::make_unique<Process>(arguments);
    std::string url = server->line_with("http://");
    return {std::move(server), std::move(url)};
  }
  std::string asked(const std::string& url, net::Method method, const std::string& target,
                    std::string body) const {
    net::HttpClient http({.base_url = url});
    net::ClientRequest request{method, target, {}, std::move(body)};
    request.headers.set("Content-Type", "text/csv");
    request.headers.set("Authorization", "Bearer " + secret_);
    const auto answer = http.send(request);
    return answer ? answer->body : "";
  }

  std::vector<std::int64_t> stored() const {
    const auto database = server::open_database(options_);
    std::vector<std::int64_t> ids;
    database->read([&](store::Session& session) {
      session.query(
          "select e.properties from event e join event_type t on t.id = e.type "
          "where t.name = 'kill_tick'",
          {}, [&](const store::Row& row) {
            const std::string_view text = row.text(0);  // {"n":17}
            std::int64_t id = -1;
            std::from_chars(text.data() + text.find(':') + 1, text.data() + text.size(), id);
            ids.push_back(id);
          });
    });
    std::ranges::sort(ids);
    return ids;
  }

  void verify() const {
    const auto ids = stored();
    ASSERT_EQ(std::ranges::adjacent_find(ids), ids.end()) << "an event is there twice";
    for (const Client& client : clients_) {
      for (const std::int64_t id : client.acknowledged()) {
        ASSERT_TRUE(std::ranges::binary_search(ids, id)) << "acknowledged and lost: " << id;
      }
    }
    const auto [status, said] = Process(command("check")).finish();
    ASSERT_EQ(status, 0) << said;
  }

  unsigned seed_ = 0;
  std::mt19937 random_;
  std::unique_ptr<store::TestDatabase> place_;
  server::AppOptions options_;
  std::string secret_;
  std::vector<Client> clients_;
};

TEST_P(ServeKill, KeepsEveryAcknowledgedEventOnce) {
  for (int round = 1; round <= kKills; ++round) {
    SCOPED_TRACE(fmt::format("SIYU_KILL_SEED={} round {}", seed_, round));
    live_and_die();
    if (!HasFailure()) verify();
    if (HasFailure()) return;
  }
  for (const Client& client : clients_) EXPECT_GT(client.acknowledged().size(), 500u);
}

// On PostgreSQL somebody else might be writing the batch: it is closed when nothing was heard of
// its writer for a while, here as if that while were over.
TEST_P(ServeKill, AnImportThatWasKilledIsCutOff) {
  std::string file = "customer,event,time\n";
  for (int i = 0; i < 400'000; ++i) {
    file += fmt::format("c{},visit,{}\n", i % kCustomers, 1'700'000'000'000 + i);
  }
  {
    const auto [server, url] = listening();
    ASSERT_NE(url, "");
    std::thread sender([&] {
      const std::string path = "/api/v1/imports?kind=events&file=a.csv";
      EXPECT_EQ(asked(url, net::Method::post, path, file), "")
          << "it was done before it was killed";
    });
    std::string imports;
    const auto begin = std::chrono::steady_clock::now();
    // Some rows are written.
    while (imports.find(R"("rows_imported":)") == std::string::npos ||
           imports.find(R"("rows_imported":0)") != std::string::npos) {
      if (std::chrono::steady_clock::now() - begin > std::chrono::seconds(60)) break;
      imports = asked(url, net::Method::get, "/api/v1/imports", "");
    }
    EXPECT_NE(imports.find(R"("state":"running")"), std::string::npos) << imports;
    server->kill();
    sender.join();
  }
  if (!is_sqlite()) {
    {
      const auto [server, url] = listening();
      const std::string imports = asked(url, net::Method::get, "/api/v1/imports", "");
      EXPECT_NE(imports.find(R"("state":"running")"), std::string::npos) << imports;
    }
    server::open_database(options_)->write("test.silence", [](store::Unit& unit) {
      unit.execute("update import_batch set alive = alive - 120001", {});
    });
  }
  const auto [server, url] = listening();
  const std::string imports = asked(url, net::Method::get, "/api/v1/imports", "");
  EXPECT_NE(imports.find(R"("state":"cut_off")"), std::string::npos) << imports;
}

INSTANTIATE_TEST_SUITE_P(Both, ServeKill, store::kBothDatabases, store::dialect_name);

}  // namespace
