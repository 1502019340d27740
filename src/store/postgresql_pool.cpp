#include "store/postgresql_pool.h"

#include <utility>

namespace store {

std::unique_ptr<PostgresqlConnection> PostgresqlPool::take() {
  std::unique_lock lock(mutex_);
  if (waiting_ >= kQueuedUnitsMax) {
    throw Failure(FailureKind::overloaded, "too much waits for PostgreSQL: try again later");
  }
  ++waiting_;
  const bool free = given_.wait_for(lock, wait_max_, [&] { return on_loan_ < count_; });
  --waiting_;
  if (!free) {
    throw Failure(FailureKind::overloaded, "every connection to PostgreSQL is in use");
  }
  ++on_loan_;
  if (idle_.empty()) return nullptr;
  auto connection = std::move(idle_.back());
  idle_.pop_back();
  return connection;
}

void PostgresqlPool::give(std::unique_ptr<PostgresqlConnection> connection) {
  if (connection != nullptr && !connection->usable()) connection.reset();
  const std::scoped_lock lock(mutex_);
  --on_loan_;
  if (connection != nullptr) idle_.push_back(std::move(connection));
  given_.notify_one();
}

std::unique_ptr<PostgresqlConnection> PostgresqlPool::connect() {
  std::string reason;
  try {
    auto connection = std::make_unique<PostgresqlConnection>(url_);
    const std::scoped_lock lock(mutex_);
    reason_.clear();
    return connection;
  } catch (const Failure& failure) {
    reason = failure.what();
  }
  const std::scoped_lock lock(mutex_);
  reason_ = reason;
  throw Failure(FailureKind::unavailable, reason);
}

// One was lost, so the others probably are.
void PostgresqlPool::drop_idle() {
  std::vector<std::unique_ptr<PostgresqlConnection>> dropped;
  const std::scoped_lock lock(mutex_);
  dropped.swap(idle_);
}

PostgresqlConnection& PostgresqlPool::Loan::begin(const char* sql) {
  if (connection_ != nullptr) {
    try {
      connection_->control(sql);
      return *connection_;
    } catch (const Failure&) {
      connection_.reset();
      pool_.drop_idle();
    }
  }
  connection_ = pool_.connect();
  connection_->control(sql);
  return *connection_;
}

std::int64_t PostgresqlPool::waiting() const {
  const std::scoped_lock lock(mutex_);
  return static_cast<std::int64_t>(waiting_);
}

std::string PostgresqlPool::reason() const {
  const std::scoped_lock lock(mutex_);
  return reason_;
}

}  // namespace store
