#include "customer/writing.h"

#include <utility>

#include "base/check.h"
#include "customer/known.h"
#include "customer/person.h"
#include "customer/person_sql.h"
#include "log/log.h"

namespace customer {
namespace {

// A person that merges every time somebody looks does not exist.
inline constexpr int kResolveTriesMax = 100;

}  // namespace

Writing::Writing(store::Unit& unit, event_log::Log& log, WritingOptions options)
    : unit_(unit),
      log_(log),
      options_(std::move(options)),
      by_(rights::to_text(options_.actor)),
      known_(std::make_unique<Known>()) {
  CHECK(!options_.source.empty());
  CHECK(options_.source.size() <= kSourceBytesMax);
}

Writing::~Writing() = default;

base::Result<base::CustomerId, Error> Writing::lock(base::CustomerId customer) {
  const auto held = known_->persons.find(customer);
  if (held != known_->persons.end()) return held->second;
  for (int tries = 0; tries < kResolveTriesMax; ++tries) {
    const auto before = customer_with(unit_, customer);
    if (!before) return base::unexpected(Error{Fault::unknown_customer, {}});
    unit_.lock({store::lock_key(before->person)});
    // Units of SQLite run one at a time: what was true before the lock is true behind it.
    const auto after =
        unit_.dialect() == store::Dialect::sqlite ? before : customer_with(unit_, customer);
    if (!after) return base::unexpected(Error{Fault::unknown_customer, {}});
    if (after->person == before->person) {
      known_->persons.emplace(customer, after->person);
      return after->person;
    }
  }
  throw store::Failure(store::FailureKind::serialization, "a customer kept being merged");
}

void Writing::hold_customers() {
  if (unit_.dialect() == store::Dialect::sqlite) return;  // units run one at a time
  unit_.query(sql::kHoldCustomers, {}, [](const store::Row&) {});
}

}  // namespace customer
