#include "net/http_client.h"

#include <curl/curl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <mutex>
#include <optional>

#include "base/check.h"
#include "net/socket_path.h"

namespace net {
namespace {

// Where a request may be written once only: an older connection may be ended by the peer any
// moment.
constexpr long kUsedAgainSecondsMax = 10;

// As curl_easy_perform waits; what libcurl wants to do sooner ends it.
constexpr int kWaitMsMax = 1000;

using SteadyClock = std::chrono::steady_clock;
using MayConnect = std::function<bool(std::span<const std::uint8_t>)>;

// What one transfer has done so far.
struct Passage {
  const MayConnect* may_connect = nullptr;
  bool written_once = false;
  bool forbidden = false;
  int written = 0;  // how often the request was about to be written
};

curl_socket_t open_checked_socket(void* with, curlsocktype, curl_sockaddr* to) {
  auto& passage = *static_cast<Passage*>(with);
  std::span<const std::uint8_t> bytes;
  if (to->family == AF_INET) {
    const auto* address = reinterpret_cast<const sockaddr_in*>(&to->addr);
    bytes = {reinterpret_cast<const std::uint8_t*>(&address->sin_addr), 4};
  } else if (to->family == AF_INET6) {
    const auto* address = reinterpret_cast<const sockaddr_in6*>(&to->addr);
    bytes = {reinterpret_cast<const std::uint8_t*>(&address->sin6_addr), 16};
  }
  if (bytes.empty() || !(*passage.may_connect)(bytes)) {
    passage.forbidden = true;
    return CURL_SOCKET_BAD;
  }
  return ::socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

int count_writing(void* with, char*, char*, int, int) {
  auto& passage = *static_cast<Passage*>(with);
  ++passage.written;
  return passage.written_once && passage.written > 1 ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
}

ClientFault fault_of(CURLcode code, const Passage& passage) {
  if (passage.written == 0 && passage.forbidden) return ClientFault::forbidden_address;
  if (code == CURLE_COULDNT_CONNECT || code == CURLE_COULDNT_RESOLVE_HOST) {
    return ClientFault::cannot_connect;
  }
  if (code == CURLE_OPERATION_TIMEDOUT) {
    return passage.written == 0 ? ClientFault::cannot_connect : ClientFault::timed_out;
  }
  if (code == CURLE_GOT_NOTHING || code == CURLE_RECV_ERROR || code == CURLE_SEND_ERROR ||
      code == CURLE_PARTIAL_FILE || code == CURLE_ABORTED_BY_CALLBACK) {
    return ClientFault::connection_lost;
  }
  if (code == CURLE_PEER_FAILED_VERIFICATION) return ClientFault::not_trusted;
  // TLS that does not come about, say.
  return passage.written == 0 ? ClientFault::cannot_connect : ClientFault::failed;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

struct Receiver {
  Response response;
  std::size_t bytes_max = 0;
  bool too_large = false;
};

std::size_t receive_body(char* bytes, std::size_t size, std::size_t count, void* into) {
  auto& receiver = *static_cast<Receiver*>(into);
  const std::size_t length = size * count;
  if (length > receiver.bytes_max - receiver.response.body.size()) {
    receiver.too_large = true;
    return 0;  // ends the transfer
  }
  receiver.response.body.append(bytes, length);
  return length;
}

std::size_t receive_header(char* bytes, std::size_t size, std::size_t count, void* into) {
  auto& receiver = *static_cast<Receiver*>(into);
  const std::string_view line(bytes, size * count);
  if (line.starts_with("HTTP/")) receiver.response.headers = {};  // after a 100 Continue
  const std::size_t colon = line.find(':');
  if (colon != std::string_view::npos && !line.starts_with("HTTP/")) {
    receiver.response.headers.add(line.substr(0, colon), trimmed(line.substr(colon + 1)));
  }
  return line.size();
}

}  // namespace

class HttpClient::Handle {
 public:
  Handle() {
    static std::once_flag once;
    std::call_once(once, [] { CHECK(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK); });
    easy_ = curl_easy_init();
    multi_ = curl_multi_init();
    CHECK(easy_ != nullptr && multi_ != nullptr);
  }
  ~Handle() {
    curl_slist_free_all(lines_);
    curl_easy_cleanup(easy_);
    curl_multi_cleanup(multi_);
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  // False, with errno: the socket's folder cannot be opened. The address stays the same from
  // request to request, because libcurl finds the open connection by it.
  bool open_socket(const std::string& path) {
    if (!path.empty() && !socket_) socket_ = SocketPath::open(path);
    return path.empty() || socket_.has_value();
  }

  // What a transfer hears of and tells.
  struct Parts {
    const HttpClientOptions& options;
    const ClientRequest& request;
    Receiver& receiver;
    Passage& passage;
  };
  // Nothing: it was given up because of the stop.
  std::optional<CURLcode> perform(const Parts& parts) {
    const auto& [options, request, receiver, passage] = parts;
    curl_easy_reset(easy_);  // options only: the connection stays
    curl_slist_free_all(lines_);
    lines_ = nullptr;
    set(CURLOPT_URL, (options.base_url + request.target).c_str());
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options.connect_time_max.ms));
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(options.total_time_max.ms));
    if (socket_) set(CURLOPT_UNIX_SOCKET_PATH, socket_->address().c_str());
    if (!options.ca_file.empty()) set(CURLOPT_CAINFO, options.ca_file.c_str());
    if (!options.proxy_from_environment) set(CURLOPT_PROXY, "");
    set(CURLOPT_HEADERFUNCTION, receive_header);
    set(CURLOPT_HEADERDATA, &receiver);
    set(CURLOPT_WRITEFUNCTION, receive_body);
    set(CURLOPT_WRITEDATA, &receiver);
    if (options.written_once) set(CURLOPT_MAXAGE_CONN, kUsedAgainSecondsMax);
    set(CURLOPT_PREREQFUNCTION, count_writing);
    set(CURLOPT_PREREQDATA, &passage);
    if (options.may_connect) {
      set(CURLOPT_OPENSOCKETFUNCTION, open_checked_socket);
      set(CURLOPT_OPENSOCKETDATA, &passage);
    }
    set_message(request);
    const auto code = transfer(options);
    long status = 0;
    curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
    receiver.response.status = static_cast<int>(status);
    return code;
  }

 private:
  template <typename Value>
  void set(CURLoption option, Value value) {
    CHECK(curl_easy_setopt(easy_, option, value) == CURLE_OK);
  }

  // curl_easy_perform, with an ear for the stop.
  std::optional<CURLcode> transfer(const HttpClientOptions& options) {
    CHECK(curl_multi_add_handle(multi_, easy_) == CURLM_OK);
    const auto code = run(options);
    // Else leaving waits for a name that is being resolved.
    if (!code) set(CURLOPT_QUICK_EXIT, 1L);
    CHECK(curl_multi_remove_handle(multi_, easy_) == CURLM_OK);
    return code;
  }

  std::optional<CURLcode> run(const HttpClientOptions& options) {
    const std::stop_callback wake(options.stop, [this] { curl_multi_wakeup(multi_); });
    std::optional<SteadyClock::time_point> give_up_at;
    while (true) {
      int running = 0;
      if (curl_multi_perform(multi_, &running) != CURLM_OK) return CURLE_OUT_OF_MEMORY;
      if (running == 0) return code_of_done();
      int wait_ms = kWaitMsMax;
      if (options.stop.stop_requested()) {
        const auto now = SteadyClock::now();
        if (!give_up_at) give_up_at = now + std::chrono::milliseconds(options.stop_time_max.ms);
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(*give_up_at - now);
        if (left.count() <= 0) return std::nullopt;
        wait_ms = static_cast<int>(std::min<std::int64_t>(wait_ms, left.count()));
      }
      if (curl_multi_poll(multi_, nullptr, 0, wait_ms, nullptr) != CURLM_OK) {
        return CURLE_OUT_OF_MEMORY;
      }
    }
  }

  CURLcode code_of_done() {
    int left = 0;
    const CURLMsg* message = curl_multi_info_read(multi_, &left);
    CHECK(message != nullptr && message->msg == CURLMSG_DONE);
    return message->data.result;
  }

  void add_line(const std::string& line) {
    CHECK(line.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos);
    curl_slist* longer = curl_slist_append(lines_, line.c_str());
    CHECK(longer != nullptr);
    lines_ = longer;
  }

  // `request` must outlive the transfer: libcurl reads the body where it lies.
  void set_message(const ClientRequest& request) {
    for (const Headers::Field& field : request.headers.fields()) {
      add_line(field.name + ": " + field.value);
    }
    const bool has_body = !request.body.empty() || request.method == Method::post ||
                          request.method == Method::put || request.method == Method::patch;
    if (has_body) {
      set(CURLOPT_POST, 1L);
      set(CURLOPT_POSTFIELDS, request.body.data());
      set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
      // Else libcurl would call any body a form.
      if (!request.headers.find("Content-Type")) add_line("Content-Type:");
    }
    if (request.method == Method::head) {
      set(CURLOPT_NOBODY, 1L);
    } else {
      set(CURLOPT_CUSTOMREQUEST, std::string(name_of(request.method)).c_str());
    }
    set(CURLOPT_HTTPHEADER, lines_);
  }

  CURL* easy_ = nullptr;
  CURLM* multi_ = nullptr;  // has the connection that is kept open
  curl_slist* lines_ = nullptr;
  std::optional<SocketPath> socket_;
};

std::string_view code_of(ClientFault fault) {
  switch (fault) {
    case ClientFault::cannot_connect:
      return "net.cannot_connect";
    case ClientFault::not_begun:
      return "net.not_begun";
    case ClientFault::given_up:
      return "net.given_up";
    case ClientFault::timed_out:
      return "net.timed_out";
    case ClientFault::connection_lost:
      return "net.connection_lost";
    case ClientFault::answer_too_large:
      return "net.answer_too_large";
    case ClientFault::not_trusted:
      return "net.not_trusted";
    case ClientFault::forbidden_address:
      return "net.forbidden_address";
    case ClientFault::failed:
      return "net.client_failed";
  }
  base::unreachable();
}

HttpClient::HttpClient(HttpClientOptions options)
    : options_(std::move(options)), handle_(std::make_unique<Handle>()) {}
HttpClient::~HttpClient() = default;

base::Result<Response, ClientError> HttpClient::send(const ClientRequest& request) {
  CHECK(request.method != Method::other && request.target.starts_with('/'));
  const std::string where = options_.socket_path.empty() ? options_.base_url : options_.socket_path;
  if (!handle_->open_socket(options_.socket_path)) {
    return base::unexpected(ClientError{
        ClientFault::cannot_connect, "Cannot reach " + where + ": " + std::strerror(errno) + "."});
  }
  Receiver receiver;
  receiver.bytes_max = options_.response_bytes_max;
  Passage passage{.may_connect = &options_.may_connect, .written_once = options_.written_once};
  std::optional<CURLcode> code;
  if (!options_.stop.stop_requested()) {
    code = handle_->perform({options_, request, receiver, passage});
  }
  if (!code) {
    const bool is_begun = passage.written > 0;
    return base::unexpected(
        ClientError{is_begun ? ClientFault::given_up : ClientFault::not_begun,
                    "The request to " + where + " was stopped" +
                        (is_begun ? " before its answer came." : " before it was sent.")});
  }
  if (receiver.too_large) {
    return base::unexpected(
        ClientError{ClientFault::answer_too_large, "The answer of " + where + " is too large."});
  }
  if (*code != CURLE_OK) {
    return base::unexpected(
        ClientError{fault_of(*code, passage),
                    "Cannot talk to " + where + ": " + curl_easy_strerror(*code) + "."});
  }
  return std::move(receiver.response);
}

}  // namespace net
