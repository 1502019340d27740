// How a workspace scores its customers: kept in one row, every change audited.
//
// Functions over a Session or in a unit; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/actor.h"
#include "base/moment.h"
#include "base/result.h"
#include "lifecycle/rfm.h"
#include "log/event_type.h"
#include "store/database.h"

namespace lifecycle {

inline constexpr std::int64_t kRfmWindowDaysMax = 3650;

struct RfmPolicy {
  std::optional<RfmCutsOf> cuts = std::nullopt;  // own; nothing: quintiles
  std::string event = "order_paid";
  std::string amount = "amount";  // a property of it, a number; money counts in cents
  std::optional<std::int64_t> window_days = std::nullopt;  // looked at; nothing: all
  std::vector<RfmSegment> segments = shipped_segments();
  friend bool operator==(const RfmPolicy&, const RfmPolicy&) = default;
};

enum class RfmFault : std::uint8_t {
  not_a_policy,    // no such shape: a word for `by`, four cuts, money as text
  bad_cuts,        // not ascending, or negative where it cannot be
  bad_segment,     // a key that is none, ranges outside 1 … 5, a cell without a segment
  bad_window,      // days outside 1 … kRfmWindowDaysMax
  unknown_event,   // no event of this name
  unknown_amount,  // the event has no such number
};
std::string_view code_of(RfmFault fault);  // "rfm.bad_cuts", …
struct RfmError {
  RfmFault fault;
  std::string subject;
};

// {"by":"quantile"|"cuts","recency":[4],"frequency":[4],"money":["12.50", …],"event","amount",
//  "window_days","segments":[{"key","label":{"zh","en"},"recency":[1,5],"frequency","money"}]}
// All but `by` may be missing; of quintiles no cuts are looked at.
[[nodiscard]] base::Result<RfmPolicy, RfmError> policy_from(std::string_view json);
std::string to_json_text(const RfmPolicy& policy);
// What the names mean, and whether they are there.
[[nodiscard]] base::Result<void, RfmError> check_names(const RfmPolicy& policy,
                                                       const event_log::EventTypes& types);

// The one that holds; as shipped while nobody has said another.
RfmPolicy policy_of(store::Session& session);
struct RfmChange {
  const rights::Actor& actor;
  base::Moment now;
};
void set_policy(store::Unit& unit, const RfmPolicy& policy, const RfmChange& change);

// Text that is kept beside it: what the last run came to (rfm_run.h).
std::string kept_summary(store::Session& session);
void keep_summary(store::Unit& unit, std::string_view summary);

}  // namespace lifecycle
