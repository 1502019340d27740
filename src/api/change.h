// A change of customers as one unit, by the caller of a request.
#pragma once

#include <string_view>
#include <utility>

#include "api/call.h"
#include "customer/writing.h"
#include "log/log.h"
#include "store/database.h"

namespace api {

// Runs `work(customer::Writing&)`, which answers a base::Result, and unwraps or refuses.
template <typename Work>
auto change(Call& call, std::string_view name, Work&& work) {
  const customer::WritingOptions options = call.writing();
  return value_or_refuse(call.services().database.write(name, [&](store::Unit& unit) {
    customer::Writing writing(unit, call.services().log, options);
    return work(writing);
  }));
}

}  // namespace api
