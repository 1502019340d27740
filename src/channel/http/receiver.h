// Receivers for tests: one that answers as told, and a raw one that does what no server does.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "net/http_server.h"

namespace channel {

// Answers 200 with "{}" unless told otherwise; keeps what it was asked.
class TestReceiver {
 public:
  using Answer = std::function<net::Response(const net::Request&)>;
  explicit TestReceiver(Answer answer = {}) : answer_(std::move(answer)) {
    net::HttpServerOptions options;
    options.tcp = net::HostPort{"127.0.0.1", 0};
    options.handle = [this](const net::Request& request) { return handle(request); };
    auto server = net::HttpServer::start(std::move(options));
    EXPECT_TRUE(server.has_value());
    server_ = std::move(*server);
  }

  std::string url(const std::string& path = "/") const {
    return "http://127.0.0.1:" + std::to_string(server_->port()) + path;
  }
  std::vector<net::Request> asked() {
    const std::scoped_lock lock(mutex_);
    return asked_;
  }
  // How often each value of a header came.
  std::map<std::string, int> counts(std::string_view header) {
    std::map<std::string, int> counted;
    for (const net::Request& request : asked()) {
      ++counted[std::string(request.headers.find(header).value_or(""))];
    }
    return counted;
  }

 private:
  net::Response handle(const net::Request& request) {
    {
      const std::scoped_lock lock(mutex_);
      asked_.push_back(request);
    }
    return answer_ ? answer_(request) : net::make_response(200, "application/json", "{}");
  }

  Answer answer_;
  std::mutex mutex_;
  std::vector<net::Request> asked_;
  std::unique_ptr<net::HttpServer> server_;  // last: it uses the others
};

}  // namespace channel
