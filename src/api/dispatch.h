// The way of every API request: route, who asks, may they, handle, and every failure to its
// problem.
#pragma once

#include <functional>
#include <optional>

#include "api/problem.h"
#include "api/route.h"
#include "api/services.h"
#include "net/http_server.h"

namespace api {

// Requires a path below /api/v1. Never throws.
net::Response dispatch(const net::Request& request, Services& services);

// The answer where none of it blocks: routes with a Route::handle_at_once, asked with an API key
// that is known. Nothing: dispatch() is to be asked. As dispatch() otherwise, also in what it
// answers and counts.
std::optional<net::Response> dispatch_at_once(const net::Request& request, Services& services);

// How much of a body a request may send, of which everything but the body is known: who asks is
// looked up and whether they may, as dispatch() does, so that strangers send at most
// kStrangersBodyBytesMax. Requires a path below /api/v1. Never throws.
net::Admission admit_body(const net::Request& request, Services& services);

// The same way for a handler that is no route of the contract (server's own, over the socket):
// failures become problems.
net::Response guarded(const net::Request& request, const std::function<net::Response()>& handle);
net::Response guarded(Language language, const std::function<net::Response()>& handle);

// Below no route of the contract, for whoever may: as a route with this guard is answered.
net::Response answer_guarded(const net::Request& request, const Guard& guard, Services& services,
                             const std::function<net::Response()>& handle);

}  // namespace api
