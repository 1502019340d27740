// The connections to a PostgreSQL server, at most `count`, opened when first wanted and replaced
// when they are lost. Threads: any.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "store/postgresql_connection.h"

namespace store {

class PostgresqlPool {
 public:
  // `wait_max`: how long a unit or read waits for a connection.
  PostgresqlPool(std::string url, std::size_t count, std::chrono::milliseconds wait_max)
      : url_(std::move(url)), count_(count), wait_max_(wait_max) {}

  // A connection on loan; goes back when it is idle and is closed when it is not.
  class Loan {
   public:
    explicit Loan(PostgresqlPool& pool) : pool_(pool), connection_(pool.take()) {}
    ~Loan() { pool_.give(std::move(connection_)); }
    Loan(const Loan&) = delete;
    Loan& operator=(const Loan&) = delete;

    // Opens a transaction with this text. An idle connection that was lost meanwhile is replaced,
    // since nothing was done with it; a server that cannot be reached is Failure{unavailable}.
    PostgresqlConnection& begin(const char* sql);

   private:
    PostgresqlPool& pool_;
    std::unique_ptr<PostgresqlConnection> connection_;  // null: to be opened
  };

  std::int64_t waiting() const;
  // Why the server cannot be reached; empty: at the last try it could.
  std::string reason() const;

 private:
  std::unique_ptr<PostgresqlConnection> take();
  std::unique_ptr<PostgresqlConnection> connect();
  void give(std::unique_ptr<PostgresqlConnection> connection);
  void drop_idle();

  const std::string url_;
  const std::size_t count_;
  const std::chrono::milliseconds wait_max_;
  mutable std::mutex mutex_;
  std::condition_variable given_;
  std::vector<std::unique_ptr<PostgresqlConnection>> idle_;
  std::size_t on_loan_ = 0;
  std::size_t waiting_ = 0;
  std::string reason_;
};

}  // namespace store
