#include "benchmark/disk_pace.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <vector>

#include "benchmark/stopwatch.h"
#include "benchmark/workspace.h"

namespace bench {
namespace {

constexpr int kSyncs = 300;
constexpr std::size_t kRowsInTransaction = 10'000;

using Connection = std::unique_ptr<sqlite3, decltype(&sqlite3_close)>;
using Statement = std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)>;

void run(sqlite3* connection, const char* sql) {
  if (sqlite3_exec(connection, sql, nullptr, nullptr, nullptr) != SQLITE_OK) {
    throw std::runtime_error(sqlite3_errmsg(connection));
  }
}

Connection open_plain(const std::string& path) {
  std::filesystem::remove(path);
  sqlite3* opened = nullptr;
  const int code = sqlite3_open(path.c_str(), &opened);
  Connection connection(opened, sqlite3_close);
  if (code != SQLITE_OK) throw std::runtime_error("cannot open " + path);
  run(opened, "pragma journal_mode=wal");
  run(opened, "pragma synchronous=full");
  run(opened,
      "create table event (sequence integer primary key, customer integer not null, type integer "
      "not null, time integer not null, arrived integer not null, sent integer, source integer not "
      "null, live integer not null, batch integer, state integer not null, properties text not "
      "null)");
  return connection;
}

class PlainTable {
 public:
  explicit PlainTable(sqlite3* connection)
      : connection_(connection), insert_(nullptr, sqlite3_finalize) {
    sqlite3_stmt* prepared = nullptr;
    sqlite3_prepare_v2(connection, "insert into event values (?,?,?,?,?,null,1,0,null,0,?)", -1,
                       &prepared, nullptr);
    insert_.reset(prepared);
  }

  // The seconds of one transaction.
  double write(std::span<const Event> events) {
    std::vector<std::string> properties;
    for (const Event& event : events) {
      properties.push_back(event_log::to_stored(to_log(event, {1}).properties));
    }
    const Stopwatch watch;
    run(connection_, "begin immediate");
    for (std::size_t i = 0; i < events.size(); ++i) insert(events[i], properties[i]);
    run(connection_, "commit");
    return watch.wall_seconds();
  }

 private:
  void insert(const Event& event, const std::string& properties) {
    sqlite3_stmt* insert = insert_.get();
    sqlite3_bind_int64(insert, 1, ++rows_);
    // As wide as the product's random ids.
    sqlite3_bind_int64(insert, 2, std::int64_t{event.customer()} << 20);
    sqlite3_bind_int64(insert, 3, event.name());
    sqlite3_bind_int64(insert, 4, event.time().ms);
    sqlite3_bind_int64(insert, 5, kEnd.ms);
    sqlite3_bind_text(insert, 6, properties.data(), static_cast<int>(properties.size()),
                      SQLITE_STATIC);
    if (sqlite3_step(insert) != SQLITE_DONE) throw std::runtime_error(sqlite3_errmsg(connection_));
    sqlite3_reset(insert);
  }

  sqlite3* connection_;
  Statement insert_;
  std::int64_t rows_ = 0;
};

}  // namespace

double fdatasync_ms(const std::string& folder) {
  const std::string path = folder + "/sync.bin";
  const int file = open(path.c_str(), O_CREAT | O_TRUNC | O_WRONLY, 0600);
  if (file < 0) throw std::runtime_error("cannot write " + path);
  const std::array<char, 4096> page{};
  std::vector<double> times;
  for (int i = 0; i < kSyncs; ++i) {
    const Stopwatch watch;
    const bool done =
        write(file, page.data(), page.size()) == std::ssize(page) && fdatasync(file) == 0;
    if (!done) throw std::runtime_error("cannot sync " + path);
    times.push_back(watch.wall_seconds() * 1000);
  }
  close(file);
  std::filesystem::remove(path);
  std::ranges::sort(times);
  return times[times.size() / 2];
}

PlainRows write_plain_rows(std::span<const Event> events, const std::string& folder) {
  const std::string path = folder + "/plain.db";
  PlainRows done;
  {
    const Connection connection = open_plain(path);
    PlainTable table(connection.get());
    for (std::size_t at = 0; at < events.size(); at += kRowsInTransaction) {
      const auto batch = events.subspan(at, std::min(kRowsInTransaction, events.size() - at));
      done.seconds += table.write(batch);
      done.rows += std::ssize(batch);
    }
  }
  for (const char* rest : {"", "-wal", "-shm"}) std::filesystem::remove(path + rest);
  return done;
}

}  // namespace bench
