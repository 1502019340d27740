#include "net/http_client.h"

#include <curl/curl.h>

#include <cerrno>
#include <cstring>
#include <mutex>
#include <optional>

#include "base/check.h"
#include "net/socket_path.h"

namespace net {
namespace {

ClientFault fault_of(CURLcode code) {
  if (code == CURLE_COULDNT_CONNECT || code == CURLE_COULDNT_RESOLVE_HOST) {
    return ClientFault::cannot_connect;
  }
  if (code == CURLE_OPERATION_TIMEDOUT) return ClientFault::timed_out;
  if (code == CURLE_GOT_NOTHING || code == CURLE_RECV_ERROR || code == CURLE_SEND_ERROR ||
      code == CURLE_PARTIAL_FILE) {
    return ClientFault::connection_lost;
  }
  if (code == CURLE_PEER_FAILED_VERIFICATION) return ClientFault::not_trusted;
  return ClientFault::failed;
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
    CHECK(easy_ != nullptr);
  }
  ~Handle() {
    curl_slist_free_all(lines_);
    curl_easy_cleanup(easy_);
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  // False, with errno: the socket's folder cannot be opened. The address stays the same from
  // request to request, because libcurl finds the open connection by it.
  bool open_socket(const std::string& path) {
    if (!path.empty() && !socket_) socket_ = SocketPath::open(path);
    return path.empty() || socket_.has_value();
  }

  CURLcode perform(const HttpClientOptions& options, const ClientRequest& request,
                   Receiver& receiver) {
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
    set_message(request);
    const CURLcode code = curl_easy_perform(easy_);
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
  curl_slist* lines_ = nullptr;
  std::optional<SocketPath> socket_;
};

std::string_view code_of(ClientFault fault) {
  switch (fault) {
    case ClientFault::cannot_connect:
      return "net.cannot_connect";
    case ClientFault::timed_out:
      return "net.timed_out";
    case ClientFault::connection_lost:
      return "net.connection_lost";
    case ClientFault::answer_too_large:
      return "net.answer_too_large";
    case ClientFault::not_trusted:
      return "net.not_trusted";
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
  const CURLcode code = handle_->perform(options_, request, receiver);
  if (receiver.too_large) {
    return base::unexpected(
        ClientError{ClientFault::answer_too_large, "The answer of " + where + " is too large."});
  }
  if (code != CURLE_OK) {
    return base::unexpected(ClientError{
        fault_of(code), "Cannot talk to " + where + ": " + curl_easy_strerror(code) + "."});
  }
  return std::move(receiver.response);
}

}  // namespace net
