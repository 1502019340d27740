#include "net/http.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>
#include <iterator>

#include "base/check.h"
#include "base/text.h"

namespace net {
namespace {

constexpr std::array<std::string_view, 8> kMethods = {"GET",   "HEAD",   "POST",    "PUT",
                                                      "PATCH", "DELETE", "OPTIONS", "OTHER"};

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_name(std::string_view left, std::string_view right) {
  if (left.size() != right.size()) return false;
  return std::ranges::equal(left, right, [](char a, char b) { return lower(a) == lower(b); });
}

bool is_letter_or_digit(char c) {
  return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z');
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (lower(c) >= 'a' && lower(c) <= 'f') return lower(c) - 'a' + 10;
  return -1;
}

// Calls `each` for the pieces between separators, the last one included.
template <typename Each>
bool split(std::string_view text, char separator, Each each) {
  while (true) {
    const std::size_t end = text.find(separator);
    if (!each(text.substr(0, end))) return false;
    if (end == std::string_view::npos) return true;
    text.remove_prefix(end + 1);
  }
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

std::optional<std::string> decode_form(std::string_view text) {
  std::string spaced(text);
  std::ranges::replace(spaced, '+', ' ');
  return percent_decode(spaced);
}

std::optional<std::vector<std::string>> parse_path(std::string_view path) {
  std::vector<std::string> segments;
  if (path == "/") return segments;
  const bool good = split(path.substr(1), '/', [&](std::string_view raw) {
    auto segment = percent_decode(raw);
    if (!segment || *segment == "." || *segment == "..") return false;
    if (segments.size() == kPathSegmentsMax) return false;
    segments.push_back(std::move(*segment));
    return true;
  });
  if (!good) return std::nullopt;
  return segments;
}

}  // namespace

std::string_view name_of(Method method) { return kMethods[static_cast<std::size_t>(method)]; }

Method method_named(std::string_view name) {
  const auto found = std::ranges::find(kMethods, name);
  return found == kMethods.end() ? Method::other : static_cast<Method>(found - kMethods.begin());
}

void Headers::add(std::string_view name, std::string_view value) {
  fields_.push_back({std::string(name), std::string(value)});
}

void Headers::set(std::string_view name, std::string_view value) {
  std::erase_if(fields_, [&](const Field& field) { return same_name(field.name, name); });
  add(name, value);
}

void Headers::set_all(Headers others) {
  const auto is_replaced = [&](const Field& field) { return others.find(field.name).has_value(); };
  std::erase_if(fields_, is_replaced);
  fields_.reserve(fields_.size() + others.fields_.size());
  std::ranges::move(others.fields_, std::back_inserter(fields_));
}

std::optional<std::string_view> Headers::find(std::string_view name) const {
  for (const Field& field : fields_) {
    if (same_name(field.name, name)) return field.value;
  }
  return std::nullopt;
}

std::optional<std::string_view> Request::query_value(std::string_view name) const {
  for (const QueryPair& pair : query) {
    if (pair.name == name) return pair.value;
  }
  return std::nullopt;
}

Response make_response(int status, std::string_view content_type, std::string body) {
  Response response;
  response.status = status;
  response.headers.add("Content-Type", content_type);
  response.body = std::move(body);
  return response;
}

std::string_view reason_of(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 301:
      return "Moved Permanently";
    case 302:
      return "Found";
    case 303:
      return "See Other";
    case 304:
      return "Not Modified";
    case 307:
      return "Temporary Redirect";
    case 308:
      return "Permanent Redirect";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 406:
      return "Not Acceptable";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 410:
      return "Gone";
    case 412:
      return "Precondition Failed";
    case 413:
      return "Content Too Large";
    case 415:
      return "Unsupported Media Type";
    case 422:
      return "Unprocessable Content";
    case 428:
      return "Precondition Required";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 499:
      return "Client Closed Request";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    default:
      return "";
  }
}

std::string_view code_of(Refusal refusal) {
  switch (refusal) {
    case Refusal::bad_request:
      return "net.bad_request";
    case Refusal::request_timeout:
      return "net.request_timeout";
    case Refusal::body_too_large:
      return "net.body_too_large";
    case Refusal::header_too_large:
      return "net.header_too_large";
    case Refusal::handler_failed:
      return "net.handler_failed";
    case Refusal::transfer_encoding:
      return "net.transfer_encoding";
    case Refusal::too_busy:
      return "net.too_busy";
  }
  base::unreachable();
}

int status_of(Refusal refusal) {
  switch (refusal) {
    case Refusal::bad_request:
      return 400;
    case Refusal::request_timeout:
      return 408;
    case Refusal::body_too_large:
      return 413;
    case Refusal::header_too_large:
      return 431;
    case Refusal::handler_failed:
      return 500;
    case Refusal::transfer_encoding:
      return 501;
    case Refusal::too_busy:
      return 503;
  }
  base::unreachable();
}

namespace {

// What is wrong and what to do.
std::string_view detail_of(Refusal refusal) {
  switch (refusal) {
    case Refusal::bad_request:
      return "This is no request as HTTP has them; see its line and headers.";
    case Refusal::request_timeout:
      return "The request came too slowly; send it again at once.";
    case Refusal::body_too_large:
      return "The body is larger than this address takes.";
    case Refusal::header_too_large:
      return "The header is too large; shorten the URL or cookies.";
    case Refusal::handler_failed:
      return "The program failed; its log says why.";
    case Refusal::transfer_encoding:
      return "Only the transfer encoding chunked is known.";
    case Refusal::too_busy:
      return "The program is busy; try again in a moment.";
  }
  base::unreachable();
}

}  // namespace

Response response_of(Refusal refusal) {
  const int status = status_of(refusal);
  std::string body = R"({"type":"about:blank","title":")";
  body += reason_of(status);
  body += R"(","status":)" + std::to_string(status) + R"(,"code":")";
  body += code_of(refusal);
  body += R"(","detail":")";
  body += detail_of(refusal);
  body += R"("})";
  Response response = make_response(status, "application/problem+json", std::move(body));
  if (refusal == Refusal::too_busy) response.headers.add("Retry-After", "1");
  return response;
}

std::optional<std::string> percent_decode(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    char byte = text[at];
    if (byte == '%') {
      if (text.size() - at < 3) return std::nullopt;
      const int high = hex_digit(text[at + 1]);
      const int low = hex_digit(text[at + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      byte = static_cast<char>(high * 16 + low);
      at += 2;
    }
    if (byte == '\0') return std::nullopt;
    decoded.push_back(byte);
  }
  if (!base::is_utf8(decoded)) return std::nullopt;
  return decoded;
}

std::string percent_encode(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    if (is_letter_or_digit(c) || c == '-' || c == '.' || c == '_' || c == '~') {
      encoded.push_back(c);
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    encoded.push_back('%');
    encoded.push_back(kDigits[byte >> 4]);
    encoded.push_back(kDigits[byte & 15]);
  }
  return encoded;
}

std::optional<std::vector<QueryPair>> parse_query(std::string_view text) {
  std::vector<QueryPair> pairs;
  const bool good = split(text, '&', [&](std::string_view piece) {
    if (piece.empty()) return true;
    if (pairs.size() == kQueryPairsMax) return false;
    const std::size_t equals = piece.find('=');
    auto name = decode_form(piece.substr(0, equals));
    auto value = decode_form(equals == std::string_view::npos ? std::string_view()
                                                              : piece.substr(equals + 1));
    if (!name || !value) return false;
    pairs.push_back({std::move(*name), std::move(*value)});
    return true;
  });
  if (!good) return std::nullopt;
  return pairs;
}

std::string write_query(std::span<const QueryPair> pairs) {
  std::string text;
  for (const QueryPair& pair : pairs) {
    if (!text.empty()) text += '&';
    text += percent_encode(pair.name) + '=' + percent_encode(pair.value);
  }
  return text;
}

bool set_target(Request& request, std::string_view target) {
  const auto is_unfit = [](char c) {
    return static_cast<unsigned char>(c) <= ' ' || c == '#' || c == '\x7f';
  };
  if (std::ranges::any_of(target, is_unfit)) return false;
  request.target = target;
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!target.starts_with(scheme)) continue;
    const std::size_t begin = target.find_first_of("/?", scheme.size());
    if (begin == scheme.size() || target.size() == scheme.size()) return false;  // no host
    target = begin == std::string_view::npos ? std::string_view("/") : target.substr(begin);
    if (target.front() == '?') return false;
  }
  const std::size_t mark = target.find('?');
  const std::string_view path = target.substr(0, mark);
  request.path = path;
  request.segments.clear();
  request.query.clear();
  if (path == "*") return mark == std::string_view::npos;
  if (!path.starts_with('/')) return false;

  auto segments = parse_path(path);
  if (!segments) return false;
  request.segments = std::move(*segments);
  if (mark == std::string_view::npos) return true;
  auto query = parse_query(target.substr(mark + 1));
  if (!query) return false;
  request.query = std::move(*query);
  return true;
}

std::optional<std::string> cookie_of(const Headers& headers, std::string_view name) {
  std::optional<std::string> found;
  for (const Headers::Field& field : headers.fields()) {
    if (!same_name(field.name, "cookie")) continue;
    split(field.value, ';', [&](std::string_view piece) {
      const std::size_t equals = piece.find('=');
      if (equals == std::string_view::npos) return true;
      if (trimmed(piece.substr(0, equals)) != name) return true;
      std::string_view value = trimmed(piece.substr(equals + 1));
      if (value.size() >= 2 && value.front() == '"' && value.back() == '"') {
        value = value.substr(1, value.size() - 2);
      }
      found = std::string(value);
      return false;
    });
    if (found) return found;
  }
  return std::nullopt;
}

std::string set_cookie(const Cookie& cookie) {
  const auto fits = [](char c) { return is_letter_or_digit(c) || c == '-' || c == '_'; };
  CHECK(!cookie.name.empty() && std::ranges::all_of(cookie.name, fits));
  CHECK(std::ranges::all_of(cookie.value, [&](char c) { return fits(c) || c == '.' || c == '~'; }));
  std::string text = cookie.name + "=" + cookie.value + "; Path=" + cookie.path;
  if (cookie.max_age_seconds) text += "; Max-Age=" + std::to_string(*cookie.max_age_seconds);
  text += "; HttpOnly; SameSite=Lax";
  if (cookie.secure) text += "; Secure";
  return text;
}

std::string http_date(base::Moment moment) {
  constexpr std::array<std::string_view, 7> kDays = {"Sun", "Mon", "Tue", "Wed",
                                                     "Thu", "Fri", "Sat"};
  constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::int64_t rest = moment.ms % 1000;
  const std::time_t seconds = moment.ms / 1000 - (rest < 0 ? 1 : 0);
  std::tm utc{};
  CHECK(::gmtime_r(&seconds, &utc) != nullptr);
  return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} GMT",
                     kDays[static_cast<std::size_t>(utc.tm_wday)], utc.tm_mday,
                     kMonths[static_cast<std::size_t>(utc.tm_mon)], utc.tm_year + 1900, utc.tm_hour,
                     utc.tm_min, utc.tm_sec);
}

std::string client_address(const Request& request, std::span<const std::string> trusted) {
  const auto is_trusted = [&](std::string_view address) {
    return std::ranges::find(trusted, address) != trusted.end();
  };
  if (!is_trusted(request.remote)) return request.remote;
  // Several fields of the name are one list.
  std::vector<std::string_view> chain;
  for (const Headers::Field& field : request.headers.fields()) {
    if (!same_name(field.name, "x-forwarded-for")) continue;
    split(field.value, ',', [&](std::string_view piece) {
      chain.push_back(trimmed(piece));
      return true;
    });
  }
  while (!chain.empty() && is_trusted(chain.back())) chain.pop_back();
  return chain.empty() || chain.back().empty() ? request.remote : std::string(chain.back());
}

std::optional<HostPort> host_port_from(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  std::string_view host = text.substr(0, colon);
  const std::string_view digits = text.substr(colon + 1);
  HostPort parsed;
  const auto [end, failure] =
      std::from_chars(digits.data(), digits.data() + digits.size(), parsed.port);
  if (failure != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  if (host.starts_with('[')) {
    if (host.size() < 3 || host.back() != ']') return std::nullopt;
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string_view::npos) {
    return std::nullopt;  // an IPv6 address needs its brackets
  }
  parsed.host = host;
  return parsed;
}

}  // namespace net
