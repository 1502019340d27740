// Public keys on the routes of trackers (Guard::tracker): where they stand in a request, from where
// they are good, and what browsers of other origins may read (CORS, Fetch standard section 3.2).
//
// On these routes alone a key may also stand as the user name of Basic authentication, as Segment's
// clients send it, and a public one as `write_key` in the query, since sendBeacon sets no header
// and a simple request needs no preflight. Cookies count for nothing across origins: no answer
// allows credentials. Preflights and headers are given for origins of public keys in force and for
// no other.
#pragma once

#include <optional>
#include <string>

#include "api/caller.h"
#include "api/route.h"
#include "api/services.h"
#include "net/http.h"

namespace api {

inline constexpr std::int64_t kPreflightSeconds = 3600;  // how long browsers keep its answer

struct GivenKey {
  std::string secret;
  bool in_address = false;
};
// Nothing: neither Basic nor write_key.
std::optional<GivenKey> tracker_key_of(const net::Request& request);

// Below /api/v1/t, whatever the method.
bool is_tracker_path(const net::Request& request);

// Refuses a public key on other routes (access.not_allowed) and from other origins than its own
// (access.origin_not_allowed).
void check_public_key(const net::Request& request, const Guard& guard, const rights::ApiKey& key);
// Counts the call; refuses it (access.too_often) beyond what pace.h allows. Requires a public key.
void keep_pace(const Caller& caller, Services& services);

// The answer to OPTIONS.
net::Response preflight(const net::Request& request, Services& services);
// Lets the page that asked read the answer.
void share(const net::Request& request, Services& services, net::Response& response);

}  // namespace api
