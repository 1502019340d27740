// Who a request comes from, once that is known.
#pragma once

#include <optional>
#include <string>

#include "access/api_key.h"
#include "access/session.h"
#include "access/viewer.h"

namespace api {

struct Caller {
  rights::Viewer viewer;
  bool known = false;                     // signed in, a key, or local
  std::optional<rights::User> user = {};  // of a session
  std::string token = {};                 // of a session
  std::optional<rights::ApiKey> public_key = {};
};

}  // namespace api
