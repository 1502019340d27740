#include "api/named_person.h"

#include "customer/attribute.h"
#include "customer/identity.h"
#include "customer/record.h"

namespace api {

boost::json::object named_person(store::Session& session, const Mask& mask,
                                 base::CustomerId person) {
  return {{"id", person.value},
          {"key", mask.key(customer::key_of(session, person))},
          {"name", mask.name(customer::called(customer::attributes_of(session, person)))}};
}

}  // namespace api
