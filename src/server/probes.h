// What load balancers and Prometheus ask, outside /api/v1: /healthz, /readyz, /metrics.
//
//   GET /healthz   200 {"alive": true}: the process answers; nothing else is looked at
//   GET /readyz    200 {"ready": true, "not": []}, or 503 and what is not: "database" (cannot be
//                  read), "writes" (cannot be written), "schema" (of another program), "memory"
//                  (has read nothing for kReadyLagMax of what has come in)
//   GET /metrics   api/metrics.h; for `local` callers and whoever has settings.read
//
// The first two need no sign-in and hold no more than this. Threads: any. Never throws.
#pragma once

#include <optional>

#include "api/services.h"
#include "base/moment.h"
#include "net/http.h"

namespace server {

inline constexpr base::Duration kReadyLagMax = base::kMinute;

// Nothing: it is none of these.
std::optional<net::Response> answer_probe(const net::Request& request, api::Services& services);

}  // namespace server
