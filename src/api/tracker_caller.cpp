#include "api/tracker_caller.h"

#include <algorithm>

#include "api/fault.h"
#include "base/diagnostics.h"

namespace api {
namespace {

constexpr std::string_view kBasic = "Basic ";
constexpr std::size_t kBasicBytesMax = 512;

// RFC 4648 base64; nothing for what is none. Padding may be missing.
std::optional<std::string> from_base64(std::string_view text) {
  constexpr std::string_view kLetters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  while (text.ends_with('=')) text.remove_suffix(1);
  std::string out;
  unsigned pending = 0;
  unsigned bits = 0;
  for (const char c : text) {
    const std::size_t value = kLetters.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    pending = (pending << 6U | static_cast<unsigned>(value)) & 0xFFFFU;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    out += static_cast<char>(pending >> bits & 0xFFU);
  }
  return out;
}

std::string_view origin_of(const net::Request& request) {
  return request.headers.find("Origin").value_or("");
}

}  // namespace

std::optional<GivenKey> tracker_key_of(const net::Request& request) {
  const std::string_view authorization = request.headers.find("Authorization").value_or("");
  if (authorization.starts_with(kBasic) && authorization.size() <= kBasicBytesMax) {
    const auto pair = from_base64(authorization.substr(kBasic.size()));
    if (pair) return GivenKey{.secret = pair->substr(0, pair->find(':'))};
  }
  const auto key = request.query_value("write_key");
  if (!key) return std::nullopt;
  return GivenKey{.secret = std::string(*key), .in_address = true};
}

bool is_tracker_path(const net::Request& request) {
  return request.segments.size() > 2 && request.segments[2] == "t";
}

void check_public_key(const net::Request& request, const Guard& guard, const rights::ApiKey& key) {
  if (!guard.is_tracker()) refuse(rights::Error{rights::Fault::not_allowed});
  if (std::ranges::find(key.origins, origin_of(request)) == key.origins.end()) {
    refuse(rights::Error{rights::Fault::origin_not_allowed});
  }
}

void keep_pace(const Caller& caller, Services& services) {
  const auto wait = services.pace.take(
      {caller.public_key->id, {caller.viewer.actor().from}, services.clock.now()});
  if (wait) refuse(rights::Error{rights::Fault::too_often, *wait});
}

net::Response preflight(const net::Request& request, Services& services) {
  if (!services.keys.is_public_origin(origin_of(request))) {
    refuse(rights::Error{rights::Fault::origin_not_allowed});
  }
  net::Response response;
  response.status = 204;
  response.headers.set("Access-Control-Allow-Methods", "POST");
  response.headers.set("Access-Control-Allow-Headers", "Authorization, Content-Type");
  response.headers.set("Access-Control-Max-Age", std::to_string(kPreflightSeconds));
  return response;
}

void share(const net::Request& request, Services& services, net::Response& response) {
  response.headers.set("Vary", "Origin");
  const std::string origin(origin_of(request));
  if (origin.empty()) return;
  try {
    if (!services.keys.is_public_origin(origin)) return;
  } catch (const store::Failure& failure) {
    base::log_error("origins not read: {}", failure.what());
    return;
  }
  response.headers.set("Access-Control-Allow-Origin", origin);
  response.headers.set("Access-Control-Expose-Headers", "Retry-After");
  response.headers.set("Cross-Origin-Resource-Policy", "cross-origin");
}

}  // namespace api
