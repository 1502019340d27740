// The connections that read a SQLite file, at most `count`, opened when first wanted.
//
// While the writer finds out what became of a COMMIT no connection may be open, since SQLite reads
// its log anew only when the first one opens the file: the writer closes the pool for that time.
// Threads: any.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "store/sqlite_connection.h"

namespace store {

class SqliteReaders {
 public:
  // `wait_max`: how long a read waits for a connection.
  SqliteReaders(SqlitePlace place, std::size_t count, std::chrono::milliseconds wait_max)
      : place_(std::move(place)), count_(count), wait_max_(wait_max) {}

  // Runs `work` with a connection of its own. Waits for one at most `wait_max`, then
  // throws Failure{overloaded}.
  void with_connection(const std::function<void(SqliteConnection&)>& work);

  // Waits for running reads and closes every connection. New ones wait until open().
  void close();
  // New reads throw Failure{unavailable} with this reason, until open().
  void refuse(const std::string& reason);
  void open();

 private:
  std::unique_ptr<SqliteConnection> take();
  void give(std::unique_ptr<SqliteConnection> connection);

  const SqlitePlace place_;
  const std::size_t count_;
  const std::chrono::milliseconds wait_max_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::unique_ptr<SqliteConnection>> idle_;
  std::size_t in_use_ = 0;
  bool closed_ = false;
  std::string refusal_;  // empty: none
};

}  // namespace store
