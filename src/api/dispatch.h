// The way of every API request: route, who asks, may they, handle, and every failure to its
// problem.
#pragma once

#include "api/services.h"
#include "net/http.h"

namespace api {

// Requires a path below /api/v1. Never throws.
net::Response dispatch(const net::Request& request, Services& services);

// Largest body of this request's route.
std::size_t body_bytes_max(const net::Request& request);

// The same way for a handler that is no route of the contract (server's own, over the socket):
// failures become problems.
net::Response guarded(const net::Request& request, const std::function<net::Response()>& handle);

}  // namespace api
