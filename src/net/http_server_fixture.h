// A server under test and peers that may send it anything.
#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "net/http_server.h"

namespace net {

inline constexpr timeval kFailsafe{20, 0};  // nothing below waits this long unless it is broken

// A peer that may send anything. Blocking.
class RawPeer {
 public:
  explicit RawPeer(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &kFailsafe, sizeof kFailsafe);
    ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &kFailsafe, sizeof kFailsafe);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  }
  ~RawPeer() { ::close(socket_); }
  RawPeer(const RawPeer&) = delete;
  RawPeer& operator=(const RawPeer&) = delete;

  // False when the server has closed.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t count = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
  }

  void finish_sending() { ::shutdown(socket_, SHUT_WR); }

  // Everything until the server closes; "…TIMEOUT" when it does not.
  std::string rest() {
    while (receive()) {
    }
    return std::exchange(received_, {});
  }

  // Up to and with `end`.
  std::string until(std::string_view end) {
    while (received_.find(end) == std::string::npos) {
      if (!receive()) break;
    }
    const std::size_t at = std::min(received_.size(), received_.find(end) + end.size());
    const std::string got = received_.substr(0, at);
    received_.erase(0, at);
    return got;
  }

 private:
  bool receive() {
    char bytes[4096];
    const ssize_t count = ::recv(socket_, bytes, sizeof bytes, 0);
    if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) received_ += "TIMEOUT";
    if (count > 0) received_.append(bytes, static_cast<std::size_t>(count));
    return count > 0;
  }

  int socket_;
  std::string received_;
};

inline int status_in(std::string_view answer) {
  return answer.starts_with("HTTP/1.1 ") ? std::stoi(std::string(answer.substr(9, 3))) : 0;
}

inline std::string get(const std::string& path) {
  return "GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n";
}

// More than the sockets' buffers take.
inline constexpr std::size_t kLargeAnswer = 32 * 1024 * 1024;

// Answers "METHOD path body remote"; /throw throws, /wait waits for the gate.
class HttpServerFixture : public testing::Test {
 protected:
  HttpServerFixture() {
    folder_ = std::filesystem::temp_directory_path() /
              ("siyu-net-" + std::to_string(::getpid()) + "-" + std::to_string(++last_folder_));
    std::filesystem::create_directories(folder_);
    options_.tcp = HostPort{"127.0.0.1", 0};
    options_.handler_threads = 4;
    options_.failed = [this](std::string_view what) { failure_.set_value(std::string(what)); };
    options_.handle = [this](const Request& request) { return answer(request); };
  }
  ~HttpServerFixture() override {
    open_gate();
    server_.reset();
    std::filesystem::remove_all(folder_);
  }

  void start() {
    auto started = HttpServer::start(options_);
    ASSERT_TRUE(started.has_value()) << started.error().reason;
    server_ = std::move(*started);
  }

  RawPeer peer() { return RawPeer(server_->port()); }

  std::string answer_to(std::string_view bytes) {
    RawPeer raw(server_->port());
    raw.send(bytes);
    raw.finish_sending();
    return raw.rest();
  }

  Response answer(const Request& request) {
    if (request.path == "/throw") throw std::runtime_error("thrown");
    if (request.path == "/empty") return Response{204, {}, "", ""};
    if (request.path == "/much") {
      return make_response(200, "text/plain", std::string(kLargeAnswer, 'x'));
    }
    if (request.path == "/fixed") return Response{200, {}, "", "fixed bytes"};
    if (request.path == "/wait") {
      ++waiting_;
      waiting_.notify_all();
      opened_.wait();
    }
    Response response = make_response(200, "text/plain", std::string(name_of(request.method)));
    response.body += " " + request.path + " " + request.body + " " + request.remote;
    return response;
  }

  // Returns once `count` handlers stand at the gate.
  void wait_for_waiting(int count) {
    for (int now = waiting_; now < count; now = waiting_) waiting_.wait(now);
  }

  void open_gate() {
    if (!gate_open_) gate_.set_value();
    gate_open_ = true;
  }

  // Until the counts are as wanted: polls, since counts have no event; bounded.
  template <typename Wanted>
  bool eventually(Wanted wanted) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(kFailsafe.tv_sec);
    while (!wanted(server_->counts())) {
      if (std::chrono::steady_clock::now() > end) return false;
      std::this_thread::yield();
    }
    return true;
  }

  static inline int last_folder_ = 0;
  std::filesystem::path folder_;
  HttpServerOptions options_;
  std::unique_ptr<HttpServer> server_;
  std::promise<std::string> failure_;
  std::promise<void> gate_;
  std::shared_future<void> opened_ = gate_.get_future().share();
  bool gate_open_ = false;
  std::atomic<int> waiting_ = 0;
};

}  // namespace net
