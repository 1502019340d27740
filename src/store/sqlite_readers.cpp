#include "store/sqlite_readers.h"

#include <utility>

namespace store {

std::unique_ptr<SqliteConnection> SqliteReaders::take() {
  std::unique_lock lock(mutex_);
  const bool free = changed_.wait_for(
      lock, wait_max_, [&] { return !refusal_.empty() || (!closed_ && in_use_ < count_); });
  if (!refusal_.empty()) throw Failure(FailureKind::unavailable, refusal_);
  if (!free) throw Failure(FailureKind::overloaded, "too many reads at once: try again later");
  ++in_use_;
  if (idle_.empty()) return nullptr;
  auto connection = std::move(idle_.back());
  idle_.pop_back();
  return connection;
}

void SqliteReaders::give(std::unique_ptr<SqliteConnection> connection) {
  const std::scoped_lock lock(mutex_);
  --in_use_;
  if (connection != nullptr) idle_.push_back(std::move(connection));
  if (closed_) {
    changed_.notify_all();  // close() waits among those who wait for a connection
  } else {
    changed_.notify_one();
  }
}

void SqliteReaders::with_connection(const std::function<void(SqliteConnection&)>& work) {
  auto connection = take();
  try {
    if (connection == nullptr) {
      connection = std::make_unique<SqliteConnection>(place_, SqliteAccess::read);
    }
    work(*connection);
    // One that could not even roll back is not used again.
    if (connection->in_transaction()) connection.reset();
  } catch (...) {
    if (connection != nullptr && connection->in_transaction()) connection.reset();
    give(std::move(connection));
    throw;
  }
  give(std::move(connection));
}

void SqliteReaders::close() {
  std::unique_lock lock(mutex_);
  closed_ = true;
  changed_.wait(lock, [&] { return in_use_ == 0; });
  idle_.clear();
}

void SqliteReaders::refuse(const std::string& reason) {
  const std::scoped_lock lock(mutex_);
  refusal_ = reason;
  changed_.notify_all();
}

void SqliteReaders::open() {
  const std::scoped_lock lock(mutex_);
  closed_ = false;
  refusal_.clear();
  changed_.notify_all();
}

}  // namespace store
