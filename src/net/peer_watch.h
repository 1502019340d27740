// Notices that the peer of a connection goes away while its request is handled. A part of
// http_connection.h and included by nothing else.
//
// Nobody watches until a handler asks: then the socket is read on, and what arrives is kept in the
// connection's buffer as the beginning of the next request. A peer that has sent kReadBytes ahead
// is not read on, so its end is not noticed. A peer that only ends its sending counts as gone: over
// TCP it looks the same.
//
// Threads: begin() on the handler's thread, everything else on the connection's strand.
#pragma once

#include <atomic>
#include <boost/asio.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <cstdint>
#include <memory>
#include <stop_token>
#include <utility>

namespace net {

inline constexpr std::size_t kReadBytes = 16 * 1024;

template <typename Protocol>
class PeerWatch {
 public:
  struct Means {
    typename Protocol::socket& socket;
    boost::beast::flat_buffer& buffer;
    boost::asio::steady_timer& ended;  // cancelled when reading has ended after close()
    std::atomic<std::uint64_t>& gone;  // how many peers have been found gone
  };
  explicit PeerWatch(const Means& means) : means_(means) {}

  // Before a handler runs.
  void open() {
    over_ = false;
    gone_ = std::stop_source(std::nostopstate);
  }

  // While it runs: the token ends when the peer goes. `owner` keeps the connection alive.
  std::stop_token begin(std::shared_ptr<void> owner) {
    if (gone_.stop_possible()) return gone_.get_token();
    gone_ = std::stop_source();
    boost::asio::post(means_.socket.get_executor(), [this, owner = std::move(owner)]() mutable {
      if (!over_) read(std::move(owner));
    });
    return gone_.get_token();
  }

  // After it has run; the socket is free once reading() is false.
  void close() {
    over_ = true;
    if (!reading_) return;
    Error ignored;
    means_.socket.cancel(ignored);
  }
  bool reading() const { return reading_; }

 private:
  using Error = boost::system::error_code;

  void read(std::shared_ptr<void> owner) {
    if (means_.buffer.size() >= kReadBytes) return;
    reading_ = true;
    auto space = means_.buffer.prepare(kReadBytes);
    means_.socket.async_read_some(
        space, [this, owner = std::move(owner)](Error failure, std::size_t count) mutable {
          reading_ = false;
          means_.buffer.commit(count);
          if (over_) {
            means_.ended.cancel();
          } else if (!failure) {
            read(std::move(owner));
          } else {
            ++means_.gone;
            gone_.request_stop();
          }
        });
  }

  const Means means_;
  std::stop_source gone_{std::nostopstate};
  bool reading_ = false;
  bool over_ = true;  // no handler runs
};

}  // namespace net
