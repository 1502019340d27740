// Where requests that come at once queue up: while one unit is being made durable the next ones
// collect, and go together, in the order they came. What a unit costs by itself (its COMMIT, its
// locks, on PostgreSQL its round trips) is then paid once for up to kRequestsMax of them, and
// nobody who asks for what is there is refused because others ask too.
//
//   thread ──▶ ask() ──▶ queue ──▶ one unit: post_all() ──▶ every answer
//
// Several processes over one PostgreSQL have a desk each; the groups of two that touch one account
// wait for each other at its lock (docs/decisions/0028).
//
// A unit that fails for what one request does is done again one request at a time, so that nobody
// is refused for his neighbour; one that was in somebody's way was rolled back and goes once more.
//
// Threads: ask() from any, not from inside a unit.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <future>
#include <mutex>
#include <span>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "ledger/ledger.h"
#include "store/database.h"

namespace ledger {

inline constexpr std::size_t kWaitingMax = 10'000;       // beyond: Failure{overloaded}
inline constexpr std::size_t kGroupPostingsMax = 4'000;  // of one unit, so that units stay short
inline constexpr std::size_t kHoldsKnownMax = 50'000;

class Desk {
 public:
  // Borrows both.
  Desk(store::Database& database, const base::Clock& clock, std::size_t waiting_max = kWaitingMax);
  // Answers everybody who waits.
  ~Desk();
  Desk(const Desk&) = delete;
  Desk& operator=(const Desk&) = delete;

  // What happens in the unit of a request that was accepted and is no repeat. It may run twice.
  // What it throws is told to who asked, for whom nothing has happened then; the others of the
  // group are done without him. A lost database is told to all.
  using Beside = std::function<void(store::Unit& unit, const Outcome& outcome)>;

  // Durable when it returns. Throws store::Failure: then it has happened or not, and the same
  // request may be asked again.
  [[nodiscard]] Answer ask(Request request, Beside beside = {});
  // How many wait for the next unit.
  std::size_t waiting() const;

 private:
  struct Waiting {
    Request request;
    Beside beside;
    std::promise<Answer> answer;
  };

  void work();
  std::vector<Waiting> take();
  std::size_t postings_of(const Request& request);
  void serve(std::span<const Request> requests, std::span<Waiting> group);
  // Null: everybody is answered.
  std::exception_ptr attempt(std::span<const Request> requests, std::span<Waiting> group);
  std::vector<Answer> write(std::span<const Request> requests, std::span<const Waiting> waiting);

  store::Database& database_;
  const base::Clock& clock_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  const std::size_t waiting_max_;
  std::deque<Waiting> queue_;  // by mutex_
  bool stopping_ = false;      // by mutex_
  // How many postings holds have that were asked for here: who ends one does not say. Forgotten
  // when there are kHoldsKnownMax. Of the thread.
  std::unordered_map<std::string, std::size_t> holds_;
  std::thread thread_;
};

}  // namespace ledger
