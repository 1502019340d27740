// What all connections of a server share: options, counts, the room for bodies, the threads of the
// handlers, and where a connection tells that it has ended. A part of http_connection.h and
// included by nothing else.
//
// Threads: any.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <utility>

#include "net/http_server.h"
#include "net/worker_pool.h"

namespace net {

// Bytes held by all connections: of bodies, until the request has been handled; of large answers,
// until they are written.
class ByteBudget {
 public:
  explicit ByteBudget(std::size_t bytes_max) : left_(static_cast<std::int64_t>(bytes_max)) {}
  bool take(std::size_t bytes) {
    const auto wanted = static_cast<std::int64_t>(bytes);
    if (left_.fetch_sub(wanted) >= wanted) return true;
    left_.fetch_add(wanted);
    return false;
  }
  void give_back(std::size_t bytes) { left_.fetch_add(static_cast<std::int64_t>(bytes)); }

 private:
  std::atomic<std::int64_t> left_;
};

// What connections share; outlives them.
struct Shared {
  explicit Shared(HttpServerOptions given)
      : options(std::move(given)),
        bodies(options.limits.bodies_bytes_max),
        answers(options.limits.answers_bytes_max),
        pool({options.handler_threads, options.limits.queued_requests_max}) {}

  HttpServerOptions options;
  ByteBudget bodies;
  ByteBudget answers;
  std::atomic<bool> stopping = false;
  std::atomic<std::uint64_t> accepted = 0;
  std::atomic<std::uint64_t> answered = 0;
  std::atomic<std::uint64_t> refused = 0;
  std::atomic<std::uint64_t> gone = 0;
  WorkerPool pool;
  std::function<void(std::uint64_t)> ended;  // told by each connection: its number

  // Why an answer cannot be given: there is no room for it. Otherwise `room` is what it has taken,
  // which small ones do not.
  std::optional<Refusal> refusal_of(const Response& answer, std::size_t& room) {
    if (answer.body.size() <= options.limits.large_answer_bytes) return std::nullopt;
    if (!answers.take(answer.body.size())) return Refusal::too_busy;
    room = answer.body.size();
    return std::nullopt;
  }

  void report(std::string_view sentence) const {
    if (options.failed) options.failed(sentence);
  }
};

}  // namespace net
