#include "intake/given_value.h"

#include <boost/json/serialize.hpp>

#include "log/event.h"

namespace intake {

customer::NewValue given_value(store::Session& session, std::string_view name,
                               const boost::json::value& given) {
  customer::NewValue out;
  out.attribute = std::string(name);
  if (given.is_null()) return out;
  const auto attribute = customer::attribute_named(session, name);
  const auto type = attribute ? std::optional(attribute->type) : event_log::first_type(given);
  if (type) out.value = event_log::read_value(*type, given);
  if (!out.value) {
    out.raw = given.is_string() ? std::string(given.as_string()) : boost::json::serialize(given);
  }
  return out;
}

}  // namespace intake
