#include "api/fault.h"

#include <boost/json/array.hpp>

namespace api {
namespace {

boost::json::object about(std::string_view subject) {
  return subject.empty() ? boost::json::object{} : boost::json::object{{"subject", subject}};
}

boost::json::object members_of(const audience::RuleError& error) {
  boost::json::object members{{"offset", error.offset},
                              {"line", error.line},
                              {"column", error.column},
                              {"expected", error.expected}};
  if (error.nearest) members["nearest"] = *error.nearest;
  return members;
}

}  // namespace

void refuse(const base::JsonError& error) {
  boost::json::object members{{"path", error.path}};
  if (error.offset != 0) members["offset"] = error.offset;
  throw Refusal(base::code_of(error.fault), std::move(members));
}

void refuse(const audience::RuleError& error) {
  throw Refusal(audience::code_of(error.fault), members_of(error));
}

void refuse(const lifecycle::Error& error) {
  boost::json::object members = error.rule ? members_of(*error.rule) : boost::json::object{};
  if (!error.stage.empty()) members["stage"] = error.stage;
  if (!error.users.empty()) {
    boost::json::array users;
    for (const std::string& user : error.users) users.push_back(boost::json::value(user));
    members["users"] = std::move(users);
  }
  const std::string_view code =
      error.rule ? audience::code_of(error.rule->fault) : lifecycle::code_of(error.fault);
  throw Refusal(code, std::move(members));
}

void refuse(const rights::Error& error) {
  boost::json::object members;
  if (error.retry_after.ms > 0) {
    members["retry_after_seconds"] = (error.retry_after.ms + 999) / 1000;
  }
  throw Refusal(rights::code_of(error.fault), std::move(members));
}

void refuse(account::Fault fault) { throw Refusal(account::code_of(fault)); }

void refuse(ledger::Fault fault) { throw Refusal(ledger::code_of(fault)); }

void refuse(outbox::Fault fault) { throw Refusal(outbox::code_of(fault)); }

void refuse(channel::Fault fault) { throw Refusal(channel::code_of(fault)); }

void refuse(webhook::Fault fault) { throw Refusal(webhook::code_of(fault)); }

void refuse(const customer::Error& error) {
  throw Refusal(customer::code_of(error.fault), about(error.subject));
}

void refuse(const event_log::CatalogError& error) {
  throw Refusal(event_log::code_of(error.fault), about(error.name));
}

void refuse(const event_log::AppendError& error) {
  boost::json::object members = about(error.name);
  members["path"] = "/events/" + std::to_string(error.index);
  throw Refusal(event_log::code_of(error.fault), std::move(members));
}

}  // namespace api
