// A row of the audit for what a route itself changes (what modules change, they record).
#pragma once

#include <boost/json/value.hpp>
#include <optional>
#include <string>

#include "api/call.h"

namespace api {

struct Change {
  std::string noun;
  std::string verb;  // in the past
  std::string subject;
  boost::json::value before;  // null: it did not exist
  boost::json::value after;   // null: it is gone
};

// Part of the unit of the change.
void record_change(Call& call, store::Unit& unit, const Change& change);

}  // namespace api
