// HTTP as the program sees it: requests, responses, and the small grammars around them. The server
// (http_server.h) and the client (http_client.h) speak these types; Beast and libcurl stay inside
// one file each.
//
// Values are plain data: any thread, no sharing. The functions are pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/moment.h"

namespace net {

enum class Method : std::uint8_t { get, head, post, put, patch, del, options, other };
std::string_view name_of(Method method);     // "GET", …, "DELETE"; other: "OTHER"
Method method_named(std::string_view name);  // exact spelling; else other

// Header fields in the order they came; names are compared without case.
class Headers {
 public:
  struct Field {
    std::string name;
    std::string value;
  };

  void add(std::string_view name, std::string_view value);
  // Replaces all fields of the name by one.
  void set(std::string_view name, std::string_view value);
  // The same of every name of `others`, whose fields take their place.
  void set_all(Headers others);
  // The first of the name. The view lives until the headers change.
  std::optional<std::string_view> find(std::string_view name) const;
  std::span<const Field> fields() const { return fields_; }

 private:
  std::vector<Field> fields_;
};

struct QueryPair {
  std::string name;
  std::string value;  // "a" and "a=" both have the value ""
};

// A request as it reached the server; complete and within all limits when a handler sees it.
struct Request {
  Method method = Method::get;
  std::string target;                 // as sent: "/api/v1/customers?q=%E6%9D%8E"
  std::string path;                   // as sent, before '?'; begins with '/' (or is "*")
  std::vector<std::string> segments;  // of the path, decoded: {"api", "v1", "customers"}; a '/'
                                      // written %2F is inside its segment
  std::vector<QueryPair> query;       // decoded, in order
  Headers headers;
  std::string body;
  std::string remote;        // numeric address of the peer without port; "local" on the UNIX socket
  bool local = false;        // came over the UNIX socket: whoever may open the data folder
  bool takes_later = false;  // whoever asks can take a Response whose rest comes later

  // Called by a handler while it runs, has it watched from then on whether who sent the request is
  // still there. Empty: nobody watches.
  std::function<std::stop_token()> watch_sender;

  // Ends when who sent the request has gone. Only while its handler runs.
  std::stop_token sender_gone() const { return watch_sender ? watch_sender() : std::stop_token(); }
  // The first pair of the name. The view lives as long as the request.
  std::optional<std::string_view> query_value(std::string_view name) const;
};

class Later;  // net/later.h

// Content-Length, Connection and Date are the server's. Names and values must not hold CR, LF
// or NUL (checked, aborts): they are ours, text of users belongs into bodies or is percent-encoded.
struct Response {
  int status = 200;
  Headers headers;
  std::string body;
  // When not empty, sent instead of `body`: bytes that outlive the server, such as embedded files.
  std::string_view fixed_body;
  // When not null, the status and body come through it, and headers besides these here. Only to a
  // request that takes_later.
  std::shared_ptr<Later> later = nullptr;
};

Response make_response(int status, std::string_view content_type, std::string body);

// "Not Found"; "" for a status HTTP does not name.
std::string_view reason_of(int status);

// What the server refuses by itself, before any handler.
enum class Refusal : std::uint8_t {
  bad_request,        // 400: not HTTP/1.x, no Host, a bad target, contradicting lengths
  request_timeout,    // 408: header or body came too slowly
  body_too_large,     // 413
  header_too_large,   // 431
  handler_failed,     // 500: a handler threw
  transfer_encoding,  // 501: another than chunked
  too_busy,           // 503 with Retry-After: queue, connections or memory for bodies are full
};
inline constexpr std::size_t kRefusalCount = 7;
std::string_view code_of(Refusal refusal);  // "net.body_too_large"
int status_of(Refusal refusal);
// An RFC 9457 problem with `code`; too_busy has Retry-After in seconds.
Response response_of(Refusal refusal);

// --- targets

inline constexpr std::size_t kPathSegmentsMax = 64;
inline constexpr std::size_t kQueryPairsMax = 256;

// "%E6%9D%8E" -> "李". Nothing when a '%' is not followed by two hexadecimal digits or the result
// is not UTF-8 or holds U+0000. '+' stays '+'.
std::optional<std::string> percent_decode(std::string_view text);
// Everything but A–Z a–z 0–9 - . _ ~ as %XX; percent_decode gives the text back.
std::string percent_encode(std::string_view text);

// "a=1&b=x+y&c" -> pairs; '+' is a space. Nothing on what percent_decode refuses or more than
// kQueryPairsMax pairs. Empty pieces ("a=1&&b=2") are skipped.
std::optional<std::vector<QueryPair>> parse_query(std::string_view text);
// parse_query gives the pairs back, but for pairs with neither name nor value.
std::string write_query(std::span<const QueryPair> pairs);

// Fills target, path, segments and query of the request from a request line's target:
// "/path?query", "http://host/path?query" or "*". A fragment, "." and ".." segments, control
// characters and spaces are refused. Empty segments ("//") stay, so that they match no route.
// False: bad target.
bool set_target(Request& request, std::string_view target);

// --- cookies

// The value of the first cookie of the name in a Cookie header; quotes around it are dropped.
std::optional<std::string> cookie_of(const Headers& headers, std::string_view name);

struct Cookie {
  std::string name;   // letters, digits, '-', '_' (checked)
  std::string value;  // the same and '.', '~' (checked)
  std::string path = "/";
  std::optional<std::int64_t> max_age_seconds = {};  // missing: until the browser closes; 0: delete
  bool secure = false;
};
// The value of a Set-Cookie header: always HttpOnly and SameSite=Lax.
std::string set_cookie(const Cookie& cookie);

// --- times

// "Thu, 01 Jan 2026 00:00:00 GMT": Date, Last-Modified. Whole seconds, rounded down.
std::string http_date(base::Moment moment);

// --- addresses

// Who sent a request that may have come through reverse proxies: from the right, the first address
// of X-Forwarded-For that is not one of `trusted`; the peer itself when it is not trusted. A client
// cannot choose it, since what it writes stands left of what the first trusted proxy adds.
std::string client_address(const Request& request, std::span<const std::string> trusted);

struct HostPort {
  std::string host;  // "127.0.0.1", "::1", "localhost"; "" is every address
  std::uint16_t port = 0;
};
// "127.0.0.1:8080", "[::1]:8080", ":8080", "localhost:0".
std::optional<HostPort> host_port_from(std::string_view text);

}  // namespace net
