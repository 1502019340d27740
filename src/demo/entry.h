// Inside the module: enters what is known of somebody, one thing at a time, in the caller's unit.
//
// What somebody who works in the demo has taken away (a list, a member of staff) is left out; of
// other refusals the unit must end with the error. Borrows all; not thread safe.
#pragma once

#include <map>
#include <span>
#include <string>

#include "base/id.h"
#include "base/result.h"
#include "customer/writing.h"
#include "demo/life.h"

namespace demo {

using StaffByName = std::map<std::string, base::StaffId, std::less<>>;

class Entry {
 public:
  using Done = base::Result<void, customer::Error>;

  Entry(customer::Writing& writing, const StaffByName& staff) : writing_(writing), staff_(staff) {}

  // The record itself, with the phone. Answers false where somebody else has its key.
  [[nodiscard]] base::Result<bool, customer::Error> person(const Life& life);
  [[nodiscard]] Done attributes(base::CustomerId id, std::span<const customer::NewValue> values);
  [[nodiscard]] Done tag(base::CustomerId id, const TagPut& put);
  [[nodiscard]] Done consent(base::CustomerId id, const Consent& consent);
  [[nodiscard]] Done list(base::CustomerId id, const ListJoined& joined);
  void looked_after(base::CustomerId id, const LookedAfter& change);

 private:
  customer::Writing& writing_;
  const StaffByName& staff_;
};

}  // namespace demo
