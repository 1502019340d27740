// The only translation unit with coroutines, and the only one that names Beast and Asio.
#include "net/http_server.h"

#include <sys/stat.h>
#include <unistd.h>

#include <condition_variable>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <vector>

#include "net/event_loop.h"
#include "net/http_connection.h"
#include "net/socket_path.h"

namespace net {
namespace {

constexpr std::size_t kRefusedConnectionsMax = 64;  // beyond connections_max, to say 503 to
constexpr std::chrono::milliseconds kAcceptPause{50};

ListenError listen_error(const Error& failure, const std::string& where) {
  ListenFault fault = ListenFault::failed;
  if (failure == asio::error::address_in_use) fault = ListenFault::address_in_use;
  if (failure == asio::error::access_denied) fault = ListenFault::not_allowed;
  if (failure == boost::system::errc::address_not_available) fault = ListenFault::bad_address;
  return {fault, "Cannot listen on " + where + ": " + failure.message() + "."};
}

// A socket file nobody listens on any more.
bool is_left_over(asio::io_context& io, const std::string& address) {
  Local::socket probe(io);
  Error failure;
  probe.connect(Local::endpoint(address), failure);
  return failure == asio::error::connection_refused;
}

}  // namespace

class HttpServer::State {
 public:
  explicit State(HttpServerOptions options) : shared_(std::move(options)) {
    shared_.ended = [this](std::uint64_t number) { forget(number); };
    for (std::size_t i = 0; i < shared_.options.io_threads; ++i) {
      loops_.push_back(std::make_unique<EventLoop>(shared_.options.limits));
    }
    tcp_.emplace(first_loop().io());
    local_.emplace(first_loop().io());
  }

  std::optional<ListenError> listen() {
    if (shared_.options.tcp) {
      if (auto failure = listen_tcp(*shared_.options.tcp)) return failure;
    }
    if (!shared_.options.socket_path.empty()) return listen_local();
    return std::nullopt;
  }

  void run() {
    is_running_ = true;
    if (tcp_->is_open()) asio::co_spawn(first_loop().io(), accept_from(*tcp_), asio::detached);
    if (local_->is_open()) asio::co_spawn(first_loop().io(), accept_from(*local_), asio::detached);
    for (const auto& loop : loops_) loop->start();
  }

  void stop() {
    const std::lock_guard once(stop_mutex_);
    if (stopped_) return;
    stopped_ = true;
    shared_.stopping = true;
    if (is_running_) end_connections();
    shared_.pool.stop();
    for (const auto& loop : loops_) loop->stop();
    if (bound_local_) ::unlink(shared_.options.socket_path.c_str());
  }

  std::uint16_t port() const { return port_; }

  HttpCounts counts() const {
    HttpCounts counts;
    {
      const std::lock_guard lock(mutex_);
      counts.connections_open = open_.size();
    }
    counts.requests_queued = shared_.pool.queued();
    counts.requests_running = shared_.pool.running();
    counts.connections_accepted = shared_.accepted;
    counts.requests_answered = shared_.answered;
    counts.requests_refused = shared_.refused;
    counts.requests_abandoned = shared_.gone;
    return counts;
  }

 private:
  std::optional<ListenError> listen_tcp(const HostPort& wanted) {
    const std::string where = wanted.host + ":" + std::to_string(wanted.port);
    const std::string host = wanted.host.empty() ? "0.0.0.0" : wanted.host;
    Error failure;
    Tcp::resolver resolver(first_loop().io());
    const auto found = resolver.resolve(host, std::to_string(wanted.port), failure);
    if (failure || found.empty()) {
      return ListenError{ListenFault::bad_address, "There is no address " + where + "."};
    }
    const Tcp::endpoint endpoint = *found.begin();
    if (!failure) tcp_->open(endpoint.protocol(), failure);
    if (!failure) tcp_->set_option(Tcp::acceptor::reuse_address(true), failure);
    if (!failure) tcp_->bind(endpoint, failure);
    if (!failure) tcp_->listen(asio::socket_base::max_listen_connections, failure);
    if (failure) return listen_error(failure, where);
    port_ = tcp_->local_endpoint().port();
    return std::nullopt;
  }

  std::optional<ListenError> listen_local() {
    const std::string& path = shared_.options.socket_path;
    const auto opened = SocketPath::open(path);
    if (!opened) {
      return listen_error(Error(errno, boost::system::system_category()), path);
    }
    Error failure;
    local_->open(Local(), failure);
    if (!failure) local_->bind(Local::endpoint(opened->address()), failure);
    if (failure == asio::error::address_in_use &&
        is_left_over(first_loop().io(), opened->address())) {
      ::unlink(path.c_str());
      failure = {};
      local_->bind(Local::endpoint(opened->address()), failure);
    }
    if (failure) return listen_error(failure, path);
    bound_local_ = true;
    // Nobody can connect before listen(), so the mode is right from the first connection on.
    if (::chmod(path.c_str(), 0600) != 0) failure = Error(errno, boost::system::system_category());
    if (!failure) local_->listen(asio::socket_base::max_listen_connections, failure);
    if (failure) return listen_error(failure, path);
    return std::nullopt;
  }

  template <typename Acceptor>
  asio::awaitable<void> accept_from(Acceptor& acceptor) {
    using Protocol = typename Acceptor::protocol_type;
    asio::steady_timer pause(acceptor.get_executor());
    Error failure;
    const auto into_failure = [&failure] {
      return asio::redirect_error(asio::use_awaitable, failure);
    };
    while (acceptor.is_open()) {
      failure = {};
      EventLoop& loop = next_loop();
      typename Protocol::socket socket(loop.io());
      co_await acceptor.async_accept(socket, into_failure());
      if (!acceptor.is_open() || shared_.stopping) co_return;
      if (failure) {  // out of file descriptors, say: those in use will be closed
        pause.expires_after(kAcceptPause);
        co_await pause.async_wait(into_failure());
        continue;
      }
      ++shared_.accepted;
      take<Protocol>(loop, std::move(socket));
    }
  }

  EventLoop& first_loop() { return *loops_.front(); }
  EventLoop& next_loop() { return *loops_[taken_++ % loops_.size()]; }

  template <typename Protocol>
  void take(EventLoop& loop, typename Protocol::socket socket) {
    auto connection = std::make_shared<Connection<Protocol>>(shared_, loop, std::move(socket));
    bool too_many = false;
    {
      const std::lock_guard lock(mutex_);
      if (shared_.stopping) return;  // end_connections() would not see it
      const std::size_t connections_max = shared_.options.limits.connections_max;
      too_many = open_.size() >= connections_max;
      if (open_.size() >= connections_max + kRefusedConnectionsMax) return;  // closed at once
      connection->set_number(++last_number_);
      open_.emplace(last_number_, connection);
    }
    asio::post(loop.io(), [connection, too_many] { connection->serve(too_many); });
  }

  void forget(std::uint64_t number) {
    const std::lock_guard lock(mutex_);
    open_.erase(number);
    ended_.notify_all();
  }

  void end_connections() {
    close_acceptor(*tcp_);
    close_acceptor(*local_);
    std::unique_lock lock(mutex_);
    for (const auto& [number, connection] : open_) connection->stop_idle();
    const auto all_ended = [this] { return open_.empty(); };
    if (ended_.wait_for(lock, chrono_of(shared_.options.limits.stop_time_max), all_ended)) return;
    for (const auto& [number, connection] : open_) connection->abort();
    ended_.wait(lock, all_ended);
  }

  template <typename Acceptor>
  void close_acceptor(Acceptor& acceptor) {
    asio::post(acceptor.get_executor(), [&acceptor] {
      Error ignored;
      acceptor.close(ignored);
    });
  }

  Shared shared_;
  std::vector<std::unique_ptr<EventLoop>> loops_;  // the first accepts
  std::size_t taken_ = 0;                          // by the first loop
  std::optional<Tcp::acceptor> tcp_;
  std::optional<Local::acceptor> local_;
  std::uint16_t port_ = 0;
  bool bound_local_ = false;
  bool is_running_ = false;

  std::mutex stop_mutex_;
  bool stopped_ = false;
  mutable std::mutex mutex_;
  std::condition_variable ended_;
  std::unordered_map<std::uint64_t, std::shared_ptr<AnyConnection>> open_;
  std::uint64_t last_number_ = 0;
};

std::string_view code_of(ListenFault fault) {
  switch (fault) {
    case ListenFault::bad_address:
      return "net.bad_address";
    case ListenFault::address_in_use:
      return "net.address_in_use";
    case ListenFault::not_allowed:
      return "net.not_allowed";
    case ListenFault::failed:
      return "net.listen_failed";
  }
  base::unreachable();
}

base::Result<std::unique_ptr<HttpServer>, ListenError> HttpServer::start(
    HttpServerOptions options) {
  CHECK(options.handle && options.io_threads > 0);
  auto state = std::make_unique<State>(std::move(options));
  if (auto failure = state->listen()) return base::unexpected(std::move(*failure));
  state->run();
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(state)));
}

HttpServer::HttpServer(std::unique_ptr<State> state) : state_(std::move(state)) {}
HttpServer::~HttpServer() { stop(); }
std::uint16_t HttpServer::port() const { return state_->port(); }
void HttpServer::stop() { state_->stop(); }
HttpCounts HttpServer::counts() const { return state_->counts(); }

}  // namespace net
