#include "api/record.h"

#include <boost/json/serialize.hpp>

#include "access/audit.h"

namespace api {
namespace {

std::optional<std::string> text_of(const boost::json::value& value) {
  if (value.is_null()) return std::nullopt;
  return boost::json::serialize(value);
}

}  // namespace

void record_change(Call& call, store::Unit& unit, const Change& change) {
  rights::AuditEntry entry;
  entry.actor = call.caller().viewer.actor();
  entry.at = call.now();
  entry.noun = change.noun;
  entry.verb = change.verb;
  entry.subject = change.subject;
  entry.before = text_of(change.before);
  entry.after = text_of(change.after);
  rights::record(unit, entry);
}

}  // namespace api
