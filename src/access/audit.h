// The audit: who changed what, when, from where, with before and after. Recorded in the unit of the
// change itself, so that there is no change without its entry and no entry without its change.
//
//   rights::record(unit, {.actor = viewer.actor(), .at = now, .noun = "tag", .verb = "renamed",
//                         .subject = std::to_string(id), .before = R"({"name":"a"})", …});
//
// Ids of entries are texts that order by (time, order of recording in one process).
// Pure functions over a Unit or Session; any thread.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/actor.h"
#include "base/id.h"
#include "base/moment.h"
#include "store/database.h"

namespace rights {

// Larger values are replaced by {"left_out_bytes":n}.
inline constexpr std::size_t kAuditJsonBytesMax = 64 * 1024;
inline constexpr std::size_t kAuditPageMax = 1000;

struct AuditEntry {
  std::string id = {};  // given by record()
  Actor actor;
  base::Moment at;
  std::string noun;          // "customer", "tag", "user", "key", "audience", …
  std::string verb;          // "created", "changed", "deleted", "merged", …: in the past
  std::string subject = {};  // the id of the thing, as text
  // Whose data before and after hold; erased with them.
  std::optional<base::CustomerId> customer = std::nullopt;
  std::optional<std::string> before = std::nullopt;  // JSON; nothing: it did not exist
  std::optional<std::string> after = std::nullopt;   // JSON; nothing: it is gone
};

// Passwords, secrets and tokens are never part of an entry.
void record(store::Unit& unit, const AuditEntry& entry);

// Erasing a person: every before and after of this customer id becomes "erased"; that something
// happened stays. Returns the number of entries changed. Call for every id of the person.
std::int64_t erase_audit(store::Unit& unit, base::CustomerId customer);

// Whether this actor has done what noun, verb and subject of the entry say.
bool is_recorded(store::Session& session, const AuditEntry& entry);

struct AuditFilter {
  std::optional<std::string> noun = std::nullopt;
  std::optional<std::string> verb = std::nullopt;
  std::optional<std::string> subject = std::nullopt;
  std::optional<ActorKind> actor_kind = std::nullopt;
  std::optional<std::int64_t> actor_id = std::nullopt;
  std::vector<base::CustomerId> customers = {};     // of any of these; empty: of anything
  std::optional<base::Moment> from = std::nullopt;  // from ≤ at
  std::optional<base::Moment> to = std::nullopt;    // at < to
};

struct AuditPage {
  std::vector<AuditEntry> entries;  // newest first
  std::optional<std::string> next;  // `after` of the next page; nothing: this was the last
};
struct AuditCut {
  std::size_t limit = 100;                          // 1 … kAuditPageMax, else brought into it
  std::optional<std::string> after = std::nullopt;  // `next` of the page before; any text is safe
};
// Whether it can be the `next` of a page.
bool is_mark(std::string_view after);
AuditPage read_audit(store::Session& session, const AuditFilter& filter, const AuditCut& cut);

}  // namespace rights
