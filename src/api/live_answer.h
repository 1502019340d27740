// Live audiences where the API meets them: who is in one without asking the columns, and what is
// known of a subject.
//
// Of one request and its thread.
#pragma once

#include <boost/json/object.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "api/asked.h"
#include "api/call.h"
#include "audience/live_engine.h"
#include "timeline/column_store.h"

namespace api {

// How long a question waits for the engine before it asks the columns.
inline constexpr base::Duration kLivePatience{20};

// Who is in what is asked, as the engine has it; the same as the columns answer.
struct LiveMembers {
  std::vector<base::CustomerId> persons;  // ascending; without those left out
  base::Moment at;                        // as of which: the moment asked, or a little later
  event_log::Position position;           // at or behind the pin's
};
// Nothing where the columns are to be asked: it is no live audience by itself (Asked::alone), not
// asked at the call's now by who sees everybody, kept by another process, or not that far.
std::optional<LiveMembers> live_members(Call& call, const Asked& asked, const timeline::Pin& pin,
                                        base::Moment at);

// Test accounts, as persons or customers of them: those whose state does not count.
std::vector<base::CustomerId> uncounted(Call& call);

// What changes cost since the figures began: when it was switched, or the program started.
struct LiveCost {
  double microseconds = 0;  // for one change, of one core
  double share = 0;         // of one core
};
LiveCost cost_of(Call& call, const audience::LiveFigures& figures);

// In the state that counts: whoever is in the audience, or in a stage of the model.
std::int64_t members_of(const std::vector<std::int64_t>& in_state);

}  // namespace api
