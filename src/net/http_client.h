// A blocking HTTP client over libcurl: to our own server (TCP or its UNIX socket) and to the
// platforms. Follows no redirects, keeps its connection open between requests.
//
// Threads: one client per thread; a stop is requested from any, and ends the waiting at once
// (curl_multi_wakeup: libcurl's transfer-info callback comes about once a second where nothing
// moves).
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/moment.h"
#include "base/result.h"
#include "net/http.h"

namespace net {

struct HttpClientOptions {
  std::string base_url = "http://localhost";  // before every target; without '/' at its end
  std::string socket_path = {};  // not "": connect there whatever the URL's host is; any length
  std::string ca_file = {};      // "": the system's
  base::Duration connect_time_max{5'000};
  base::Duration total_time_max{60'000};  // of one request with its answer
  std::size_t response_bytes_max = 64 * 1024 * 1024;
  bool proxy_from_environment = false;
  // Asked of the very address a connection is about to be made to, after names were resolved: 4 or
  // 16 bytes in network order. False: no connection is made. Not asked of `socket_path`.
  std::function<bool(std::span<const std::uint8_t>)> may_connect = {};
  // A request is written to a connection at most once. Else libcurl writes it again where a
  // connection kept open turns out to have ended before an answer came.
  bool written_once = false;
  // Once it is requested no request is begun, and the one under way has `stop_time_max` more.
  std::stop_token stop = {};
  base::Duration stop_time_max{0};
};

struct ClientRequest {
  Method method = Method::get;  // not `other` (checked)
  std::string target;           // "/api/v1/customers?limit=10"
  Headers headers;              // without CR, LF, NUL (checked)
  std::string body;
};

enum class ClientFault : std::uint8_t {
  cannot_connect,   // nothing was sent
  not_begun,        // because of the stop; nothing was sent
  given_up,         // because of the stop; the request may have been carried out
  timed_out,        // the request may have been carried out
  connection_lost,  // the request may have been carried out
  answer_too_large,
  not_trusted,        // the certificate; nothing was sent
  forbidden_address,  // by may_connect; nothing was sent
  failed,             // anything else
};
std::string_view code_of(ClientFault fault);  // "net.cannot_connect"

struct ClientError {
  ClientFault fault;
  std::string reason;  // one sentence
};

class HttpClient {
 public:
  explicit HttpClient(HttpClientOptions options);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  // Any status is an answer.
  [[nodiscard]] base::Result<Response, ClientError> send(const ClientRequest& request);

 private:
  class Handle;
  HttpClientOptions options_;
  std::unique_ptr<Handle> handle_;
};

}  // namespace net
