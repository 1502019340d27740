// One thread of the server: its connections' sockets, what becomes known to them from other
// threads, their deadlines. A part of http_server.cpp and included by nothing else.
//
// Deadlines are looked at once a tick, a fraction of the shortest of them: a request costs no timer
// of its own. One is met up to two ticks late, never early.
//
// What other threads tell is collected: a thread that tells many connections something wakes the
// loop once, not once each.
//
// Threads: deliver(), io() and stop() from any; everything else on the loop's.
#pragma once

#include <algorithm>
#include <boost/asio.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/moment.h"
#include "net/http.h"
#include "net/http_server.h"

namespace net {

class AnyConnection {
 public:
  virtual ~AnyConnection() = default;
  // From any thread. `stop_idle` ends a connection between requests or within a header, `abort`
  // any.
  virtual void stop_idle() = 0;
  virtual void abort() = 0;

  // On the loop's thread. What the connection waited for on another thread is done.
  virtual void end_job() = 0;
  // The loop has come to this tick.
  virtual void look_at_deadline(std::int64_t tick) = 0;
};

inline std::chrono::milliseconds chrono_of(base::Duration duration) {
  return std::chrono::milliseconds(duration.ms);
}

class EventLoop {
 public:
  explicit EventLoop(const HttpLimits& limits) : tick_time_(tick_time_of(limits)) {}
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  boost::asio::io_context& io() { return io_; }

  void start() {
    thread_ = std::thread([this] { io_.run(); });
  }
  // Once every connection has ended.
  void stop() {
    work_.reset();
    if (thread_.joinable()) thread_.join();
  }

  // Has end_job() of the connection called.
  void deliver(std::shared_ptr<AnyConnection> connection) {
    bool is_first = false;
    {
      const std::scoped_lock lock(mutex_);
      is_first = delivered_.empty();
      delivered_.push_back(std::move(connection));
    }
    if (is_first) boost::asio::post(io_, [this] { take_delivered(); });
  }

  // A connection has its deadlines looked at from add() to remove(), which it calls once.
  void add(AnyConnection& connection) {
    connections_.insert(&connection);
    if (connections_.size() > 1) return;
    tick_ = ticks_now();
    wait_for_tick();
  }
  void remove(AnyConnection& connection) {
    connections_.erase(&connection);
    if (connections_.empty()) ticker_.cancel();
  }

  // The tick that is the deadline of what may take so long from now on.
  std::int64_t deadline_after(base::Duration limit) const {
    return tick_ + 1 + (limit.ms + tick_time_.ms - 1) / tick_time_.ms;
  }

  // HTTP's date of now; written anew once a second. The view lives until the next call.
  std::string_view date_of(base::Moment now) {
    if (now.ms / 1000 != date_second_ || date_.empty()) {
      date_second_ = now.ms / 1000;
      date_ = http_date(now);
    }
    return date_;
  }

 private:
  using Steady = std::chrono::steady_clock;

  static base::Duration tick_time_of(const HttpLimits& limits) {
    constexpr std::int64_t kTicksOfADeadline = 8;
    const std::int64_t shortest =
        std::min({limits.idle_time_max.ms, limits.header_time_max.ms, limits.body_time_max.ms,
                  limits.write_time_max.ms, limits.linger_time_max.ms});
    return base::Duration{std::max<std::int64_t>(shortest / kTicksOfADeadline, 1)};
  }

  std::int64_t ticks_now() const { return (Steady::now() - began_) / chrono_of(tick_time_); }

  void wait_for_tick() {
    ticker_.expires_after(chrono_of(tick_time_));
    ticker_.async_wait([this](const boost::system::error_code& failure) {
      if (failure || connections_.empty()) return;
      tick_ = ticks_now();
      for (AnyConnection* connection : connections_) connection->look_at_deadline(tick_);
      wait_for_tick();
    });
  }

  void take_delivered() {
    {
      const std::scoped_lock lock(mutex_);
      std::swap(delivered_, taken_);
    }
    for (const auto& connection : taken_) connection->end_job();
    taken_.clear();
  }

  const base::Duration tick_time_;
  const Steady::time_point began_ = Steady::now();
  boost::asio::io_context io_{1};  // run by one thread
  std::optional<boost::asio::executor_work_guard<boost::asio::io_context::executor_type>> work_{
      boost::asio::make_work_guard(io_)};
  boost::asio::steady_timer ticker_{io_};
  std::int64_t tick_ = 0;
  std::unordered_set<AnyConnection*> connections_;
  std::int64_t date_second_ = 0;
  std::string date_;

  std::mutex mutex_;
  std::vector<std::shared_ptr<AnyConnection>> delivered_;  // by mutex_
  std::vector<std::shared_ptr<AnyConnection>> taken_;
  std::thread thread_;
};

}  // namespace net
