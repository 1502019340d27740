// Dump and restore: the copy goes on where the original was, and no reader loses or repeats
// anything, though the transaction ids of the new cluster are other ones.
#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <thread>

#include "log/test_log.h"
#include "store/migration.h"
#include "store/test_cluster.h"

namespace event_log {
namespace {

constexpr std::string_view kPrograms = "/usr/lib/postgresql/15/bin";

void run(const std::string& command) {
  if (std::system(command.c_str()) != 0) throw std::runtime_error(command);
}

// One program on one database.
class Program {
 public:
  explicit Program(const std::string& url) : database_(store::open_postgresql({.url = url})) {
    store::migrate(*database_, kTestNow);
    log_ = std::make_unique<Log>(*database_);
    log_->prepare(kTestNow, random_);
  }
  const std::string& id() const { return log_->id(); }

  // Appends events with n = from … to - 1, a unit each.
  void append(int from, int to) {
    for (int n = from; n < to; ++n) {
      const NewEvent event = new_event(1, "a", fmt::format(R"({{"n": {}}})", n));
      database_->write("event.append", [&](store::Unit& unit) {
        EXPECT_TRUE(log_->append(unit, {.source = "test", .now = kTestNow}, event).has_value());
      });
    }
  }
  // Reads on from where the reader stands: "0 1 2 …".
  std::string read_on(std::string_view reader) {
    std::string out;
    const Position from =
        database_->read([&](store::Session& session) { return position_of(session, reader); })
            .value_or(Position{});
    const Reading reading =
        database_->read([&](store::Session& session) { return read_after(session, from, 100); });
    for (const Event& event : reading.events) {
      const auto n = boost::json::parse(event.properties).as_object().at("n").as_int64();
      out += (out.empty() ? "" : " ") + std::to_string(n);
    }
    database_->write("reader.advance", [&](store::Unit& unit) {
      EXPECT_TRUE(advance(unit, reader, from, reading.through));
    });
    return out;
  }
  Position head() {
    return database_->read([&](store::Session& session) { return log_->head(session); });
  }
  // Uses up transaction ids, as other databases of a cluster do.
  void use_transactions(int count) {
    for (int i = 0; i < count; ++i) {
      database_->write("test.write", [](store::Unit& unit) {
        unit.execute("update log_state set catalog_version = catalog_version", {});
      });
    }
  }

 private:
  base::SystemRandom random_;
  std::unique_ptr<store::Database> database_;
  std::unique_ptr<Log> log_;
};

class RestoreTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!store::postgresql_missing().empty()) GTEST_SKIP() << store::postgresql_missing();
  }
  void dump(const store::TestCluster& cluster) {
    run(fmt::format("{}/pg_dump --dbname='{}' --file={}/dump.sql", kPrograms, cluster.url("siyu"),
                    folder_.path()));
  }
  void restore(const store::TestCluster& cluster) {
    run(
        fmt::format("{0}/psql --quiet --dbname='{1}' --command='drop database if exists siyu' "
                    "--command='create database siyu'",
                    kPrograms, cluster.url("postgres")));
    run(
        fmt::format("{}/psql --quiet --set=ON_ERROR_STOP=1 --dbname='{}' --file={}/dump.sql "
                    "--output=/dev/null",
                    kPrograms, cluster.url("siyu"), folder_.path()));
  }
  static void create(const store::TestCluster& cluster) {
    run(fmt::format("{}/psql --quiet --dbname='{}' --command='create database siyu'", kPrograms,
                    cluster.url("postgres")));
  }

 private:
  store::TemporaryFolder folder_;
};

TEST_F(RestoreTest, IntoAFreshClusterWhoseTransactionsBeginAgain) {
  const store::TestCluster first({});
  create(first);
  std::string id;
  Position before;
  {
    Program program(first.url("siyu"));
    program.use_transactions(1000);  // a restore takes one a statement
    program.append(0, 5);
    EXPECT_EQ(program.read_on("behind"), "0 1 2 3 4");
    program.append(5, 8);
    EXPECT_EQ(program.read_on("current"), "0 1 2 3 4 5 6 7");
    id = program.id();
    before = program.head();
  }
  dump(first);

  const store::TestCluster second({});
  restore(second);
  Program program(second.url("siyu"));
  EXPECT_EQ(program.id(), id);
  program.append(8, 10);
  EXPECT_LT(program.head().transaction, before.transaction);  // else the test shows nothing
  EXPECT_LT(before, program.head());
  EXPECT_EQ(program.read_on("behind"), "5 6 7 8 9");
  EXPECT_EQ(program.read_on("current"), "8 9");
  EXPECT_EQ(program.read_on("new"), "0 1 2 3 4 5 6 7 8 9");
  EXPECT_EQ(program.read_on("behind"), "");
}

TEST_F(RestoreTest, IntoTheSameClusterAndOpenedAgain) {
  const store::TestCluster cluster({});
  create(cluster);
  {
    Program program(cluster.url("siyu"));
    program.append(0, 3);
    EXPECT_EQ(program.read_on("reader"), "0 1 2");
  }
  dump(cluster);
  restore(cluster);
  std::int64_t epoch = 0;
  {
    Program program(cluster.url("siyu"));  // a database of another oid
    program.append(3, 5);
    EXPECT_EQ(program.read_on("reader"), "3 4");
    epoch = program.head().epoch;
    EXPECT_EQ(epoch, 2);
  }
  Program again(cluster.url("siyu"));  // the same one: no new epoch
  again.append(5, 6);
  EXPECT_EQ(again.read_on("reader"), "5");
  EXPECT_EQ(again.head().epoch, epoch);
}

TEST_F(RestoreTest, ManyProgramsOpenedAtOnceRaiseTheEpochOnce) {
  const store::TestCluster cluster({});
  create(cluster);
  Program(cluster.url("siyu")).append(0, 3);
  dump(cluster);
  restore(cluster);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] { Program(cluster.url("siyu")).append(3 + i, 4 + i); });
  }
  for (std::thread& thread : threads) thread.join();
  Program program(cluster.url("siyu"));
  EXPECT_EQ(program.head().epoch, 2);
  EXPECT_EQ(program.read_on("reader").size(), std::string_view("0 1 2 3 4 5 6").size());
}

}  // namespace
}  // namespace event_log
