// From the modules' errors to refusals: one overload an error type, so that a handler writes
//   const Tag tag = value_or_refuse(declare_tag(...));
#pragma once

#include <utility>

#include "access/fault.h"
#include "account/fault.h"
#include "api/problem.h"
#include "audience/fault.h"
#include "base/json.h"
#include "base/result.h"
#include "channel/http/definition.h"
#include "customer/fault.h"
#include "ledger/fault.h"
#include "lifecycle/model.h"
#include "log/event_type.h"
#include "log/log.h"
#include "outbox/intent.h"
#include "webhook/webhook.h"

namespace api {

[[noreturn]] void refuse(const base::JsonError& error);
[[noreturn]] void refuse(const audience::RuleError& error);
[[noreturn]] void refuse(const rights::Error& error);
[[noreturn]] void refuse(account::Fault fault);
[[noreturn]] void refuse(channel::Fault fault);
[[noreturn]] void refuse(ledger::Fault fault);
[[noreturn]] void refuse(const lifecycle::Error& error);
[[noreturn]] void refuse(outbox::Fault fault);
[[noreturn]] void refuse(webhook::Fault fault);
[[noreturn]] void refuse(const customer::Error& error);
[[noreturn]] void refuse(const event_log::CatalogError& error);
[[noreturn]] void refuse(const event_log::AppendError& error);

template <typename Value, typename Error>
Value value_or_refuse(base::Result<Value, Error> result) {
  if (!result) refuse(result.error());
  if constexpr (!std::is_void_v<Value>) return std::move(*result);
}

}  // namespace api
