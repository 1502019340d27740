// What the program tells Prometheus of itself: figures of the running process, the log and the
// memory; nothing of customers. Labels are routes, parts and readers' names.
//
// Threads: any. Throws store::Failure.
#pragma once

#include <string>

#include "api/services.h"

namespace api {

std::string metrics_text(Services& services);

}  // namespace api
