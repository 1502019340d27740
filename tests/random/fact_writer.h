// Writes facts of random lives in one unit, as the product does: events through the log, changes
// through the customers' functions. Fails the test (by exception) when something is refused.
#pragma once

#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

#include "audience/memory_names.h"
#include "base/id.h"
#include "base/result.h"
#include "customer/writing.h"
#include "random_life.h"

namespace random_life {

template <typename Value, typename Error>
Value must(base::Result<Value, Error> done) {
  if (!done) throw std::runtime_error(std::string(code_of(done.error().fault)));
  if constexpr (!std::is_void_v<Value>) return *std::move(done);
}

// Lives inside one unit; borrows both.
class FactWriter {
 public:
  FactWriter(const audience::MemoryNames& names, customer::Writing& writing);
  // On this customer, with the fact's own time.
  void write(const Fact& fact, base::CustomerId customer);

 private:
  void append(const EventFact& fact, base::CustomerId customer);
  void set(const AttributeFact& fact, base::CustomerId customer);
  void change(const MembershipFact& fact, base::CustomerId customer);
  void consent(const MembershipFact& fact, base::CustomerId customer);
  void identity(const MembershipFact& fact, base::CustomerId customer);

  const audience::MemoryNames& names_;
  customer::Writing& writing_;
};

}  // namespace random_life
