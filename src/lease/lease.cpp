#include "lease/lease.h"

#include "base/check.h"
#include "lease/lease_sql.h"

namespace lease {
namespace {

Lease lease_in(const store::Row& row) {
  return {std::string(row.text(0)), row.integer(1), row.integer(2), base::Moment{row.integer(3)}};
}

void check_claim(const Claim& claim) {
  CHECK(!claim.name.empty());
  CHECK(claim.name.size() <= kNameBytesMax);
  CHECK(claim.owner > 0);
  CHECK(claim.term > base::Duration{0});
}

}  // namespace

std::string_view code_of(LeaseFault fault) {
  switch (fault) {
    case LeaseFault::held:
      return "lease.held";
    case LeaseFault::lost:
      return "lease.lost";
  }
  base::unreachable();
}

base::Result<Lease, LeaseFault> acquire(store::Unit& unit, const Claim& claim) {
  check_claim(claim);
  const base::Moment expires = claim.now + claim.term;
  // No process's clock is off by a whole term: whoever took it had a wrong one.
  const base::Moment believed_until = expires + claim.term;
  auto lease =
      unit.one(sql::kAcquireLease,
               {claim.name, claim.owner, claim.now.ms, expires.ms, believed_until.ms}, lease_in);
  if (!lease) return base::unexpected(LeaseFault::held);
  return std::move(*lease);
}

base::Result<Lease, LeaseFault> renew(store::Unit& unit, const Lease& held, const Claim& claim) {
  check_claim(claim);
  CHECK(held.name == claim.name);
  const base::Moment expires = claim.now + claim.term;
  auto lease = unit.one(sql::kRenewLease,
                        {held.name, held.owner, held.fence, claim.now.ms, expires.ms}, lease_in);
  if (!lease) return base::unexpected(LeaseFault::lost);
  return std::move(*lease);
}

void release(store::Unit& unit, const Lease& held) {
  unit.execute(sql::kReleaseLease, {held.name, held.owner, held.fence});
}

void release_all(store::Unit& unit) { unit.execute(sql::kReleaseLeases, {}); }

std::optional<Lease> find(store::Session& session, std::string_view name) {
  return session.one(sql::kFindLease, {name}, lease_in);
}

bool is_newest(store::Unit& unit, std::string_view name, std::int64_t fence) {
  return unit.execute(sql::kHoldFence, {name, fence}) > 0;
}

}  // namespace lease
