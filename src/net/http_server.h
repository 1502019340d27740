// HTTP/1.1 server: TCP for everybody, a UNIX socket for the command line.
//
//   net::HttpServerOptions options;
//   options.tcp = net::HostPort{"127.0.0.1", 0};
//   options.handle = [](const net::Request& request) { return net::make_response(…); };
//   auto server = net::HttpServer::start(std::move(options));   // (*server)->port()
//
// A connection is read by one of `io_threads` event loops; a complete request waits in one bounded
// queue and is handled on one of `handler_threads` threads, where it may block (on a group commit,
// say); a handler may also return at once and have its answer given later (net/later.h). What needs
// no waiting `handle_at_once` may answer before that, on the event loop itself.
// Requests of one connection are answered one after the other, also when pipelined.
//
// A request is refused by itself (Refusal, with the connection closed after the answer) before a
// handler sees it: a header over header_bytes_max 431, a body over its maximum 413 before it is
// read, slow headers or bodies 408, a full queue, too many connections or too many bytes of bodies
// 503.
//
// A handler that takes long can have its peer watched (Request::watch_sender) and end early when it
// goes away; an answer is written all the same, and lost.
//
// A body of more than body_bytes_max bytes, or of a length not told, is read only after
// `admit_body` has let it: so that who sends it can be looked up before.
//
// Threads: `handle` and `admit_body` run on many threads at once and may block; `handle_at_once`
// and `refuse` run on event loops and must not block, and `refuse` must not throw. Lifetime:
// callbacks are called until stop() returned.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/moment.h"
#include "base/result.h"
#include "net/http.h"

namespace net {

// Bodies beyond it are not asked about by `handle_at_once`: reading one takes its time.
inline constexpr std::size_t kAtOnceBodyBytesMax = 16 * 1024;

struct HttpLimits {
  std::size_t header_bytes_max = 16 * 1024;          // request line and fields
  std::size_t body_bytes_max = 64 * 1024;            // where `admit_body` does not say otherwise
  std::size_t bodies_bytes_max = 512 * 1024 * 1024;  // bodies of all connections together
  // Large answers of all connections together that are being written; one beyond is answered
  // Refusal::too_busy in its place. Smaller ones do not count.
  std::size_t answers_bytes_max = 512 * 1024 * 1024;
  std::size_t large_answer_bytes = 1024 * 1024;
  std::size_t connections_max = 1000;      // of both sockets together
  std::size_t queued_requests_max = 1000;  // complete, waiting for a handler thread
  base::Duration idle_time_max{75'000};    // between requests; then closed silently
  base::Duration header_time_max{10'000};  // from the first byte of a request
  base::Duration body_time_max{60'000};    // for a whole body
  base::Duration write_time_max{60'000};   // for a whole answer
  base::Duration linger_time_max{2'000};   // for reading on after a refusal, so that the
                                           // peer gets to read the answer
  base::Duration stop_time_max{10'000};    // for requests that run when stop() is called
};

// What becomes of a large body.
struct Admission {
  std::size_t body_bytes_max = 0;                  // the largest that is read; over it: 413
  std::optional<Response> refusal = std::nullopt;  // the answer instead; the body is not read
};

struct HttpServerOptions {
  std::optional<HostPort> tcp;  // port 0: a free one
  std::string socket_path;      // "": none. Any length; mode 0600; left from a crash: replaced
  HttpLimits limits;
  std::size_t io_threads = 1;
  std::size_t handler_threads = 64;

  // Required. An exception becomes Refusal::handler_failed and goes to `failed`. An answer that
  // comes later must come: its connection waits for it, and so does stop().
  std::function<Response(const Request&)> handle;
  // Asked first: the answer, now or later, where none of it blocks; nothing: `handle` is asked. An
  // exception as in `handle`. Missing: `handle` is asked.
  std::function<std::optional<Response>(const Request&)> handle_at_once;
  // Of a request everything is known but its body. Missing: no body is larger than limits say. An
  // exception becomes Refusal::handler_failed and goes to `failed`.
  std::function<Admission(const Request&)> admit_body;
  // The answer for what the server refuses; default response_of.
  std::function<Response(Refusal)> refuse;
  // For the Date of answers; null: without. Outlives the server.
  const base::Clock* clock = nullptr;
  // One sentence for the operator's log, without data of customers.
  std::function<void(std::string_view)> failed;
};

enum class ListenFault : std::uint8_t {
  bad_address,     // no such host or address on this machine
  address_in_use,  // another program listens there
  not_allowed,     // a port below 1024, a folder that is not ours
  failed,          // anything else; `reason` has the system's words
};
std::string_view code_of(ListenFault fault);  // "net.address_in_use"

struct ListenError {
  ListenFault fault;
  std::string reason;  // one sentence naming the address or path
};

// Since the start, except for the first three.
struct HttpCounts {
  std::size_t connections_open = 0;
  std::size_t requests_queued = 0;
  std::size_t requests_running = 0;
  std::uint64_t connections_accepted = 0;
  std::uint64_t requests_answered = 0;   // by a handler
  std::uint64_t requests_refused = 0;    // by the server itself
  std::uint64_t requests_abandoned = 0;  // of those answered: the peer went while it was watched
};

class HttpServer {
 public:
  // Listens and serves; returns at once.
  [[nodiscard]] static base::Result<std::unique_ptr<HttpServer>, ListenError> start(
      HttpServerOptions options);
  ~HttpServer();  // stop()
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  // The TCP port listened on; 0 without TCP.
  std::uint16_t port() const;

  // Listens no more, closes connections between requests, lets running requests end and be
  // answered (at most stop_time_max for what hangs on the network; handlers are always waited
  // for), and returns when no thread of the server is left. Not from a handler. Any number of
  // times.
  void stop();

  HttpCounts counts() const;

 private:
  class State;
  explicit HttpServer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace net
