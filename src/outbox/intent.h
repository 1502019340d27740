// Intents: what is to be done outside, stored in the unit of its cause, so that it happens if and
// only if its cause has.
//
//   unit of a cause:  enqueue(unit, {"journey/7/3/4711", lane, …})     once, however often it comes
//
// The effect id is made of the cause (which step, for whom), never drawn: the unit that runs again
// and the caller that asks again say the same one, and every try carries it.
//
// Within a priority causes take turns: an intent gets the turn after its cause's last one, or the
// one the lane is at, so that a broadcast to a million does not stand before one to ten.
//
// Threads: functions of the caller's unit or read.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.h"
#include "base/moment.h"
#include "base/result.h"
#include "outbox/bucket.h"
#include "outbox/rules.h"
#include "store/database.h"

namespace outbox {

using LaneId = base::Id<struct LaneTag>;
using IntentId = base::Id<struct IntentTag>;

inline constexpr std::size_t kEffectIdBytesMax = 200;    // printable ASCII
inline constexpr std::size_t kCauseBytesMax = 200;       // printable ASCII, "broadcast:17"
inline constexpr std::size_t kLaneKindBytesMax = 60;     // a-z, 0-9, _ and .
inline constexpr std::size_t kPayloadBytesMax = 64'000;  // UTF-8, what the channel makes of it
inline constexpr std::size_t kIntentsAtOnce = 1000;

enum class Fault : std::uint8_t {
  bad_effect_id,
  bad_cause,
  bad_lane,  // a kind or a pace
  bad_payload,
  effect_reused,   // another intent has this effect id
  unknown_intent,  // there is none, or it is not dead
  unknown_lane,
  bad_pause,  // not a thing that can be paused
};
inline constexpr std::size_t kFaultCount = 8;
std::string_view code_of(Fault fault);  // "outbox.bad_effect_id"

struct Lane {
  LaneId id;
  std::int64_t account = 0;  // of the brand; 0: of none
  std::string kind;          // "customer_message", "webhook": what the channel calls its limit
  Pace pace = {};
};
bool is_lane_kind(std::string_view kind);
// The lane with this account and kind, made with this pace if there is none; an existing one keeps
// its own. Error: bad_lane.
[[nodiscard]] base::Result<Lane, Fault> open_lane(store::Unit& unit, const Lane& wanted);
// Errors: bad_lane, unknown_lane.
[[nodiscard]] base::Result<Lane, Fault> set_pace(store::Unit& unit, LaneId lane, const Pace& pace);
std::optional<Lane> lane_with(store::Session& session, LaneId id);
std::vector<Lane> lanes(store::Session& session);
// Those in which something is queued, due at `now`, or was being sent when its sender died; also
// where that is paused or has its pace.
std::vector<LaneId> busy_lanes(store::Session& session, base::Moment now);

struct NewIntent {
  IntentId id;  // drawn before the unit
  std::string effect_id;
  LaneId lane;
  Priority priority = Priority::transactional;
  std::string cause;
  std::string payload;
  base::Moment due{0};                      // not before
  base::Moment give_up = base::kMomentMax;  // not from then on
};
// Each once: one that is there already (of the same lane, cause and payload) changes nothing. At
// most kIntentsAtOnce (CHECK). The first fault of any refuses all: the caller rolls back. Answers
// how many are new.
[[nodiscard]] base::Result<std::int64_t, Fault> enqueue(store::Unit& unit,
                                                        std::span<const NewIntent> intents,
                                                        base::Moment now);

struct Intent {
  IntentId id;
  std::string effect_id;
  LaneId lane;
  Priority priority = Priority::transactional;
  std::string cause;
  std::string payload;
  State state = State::queued;
  std::int64_t tries = 0;
  base::Moment due{0};
  std::string problem;
  std::string receipt;
  base::Moment created_at{0};
  std::optional<base::Moment> ended_at;
};
// How many intents of the lane have not ended, dead letters aside; at most `rows_max`.
std::int64_t standing_in(store::Session& session, LaneId lane, std::int64_t rows_max);
// Drops what stands in a lane whose purpose is gone, dead letters too; what is being sent ends by
// itself. Answers how many.
std::int64_t drop_all(store::Unit& unit, LaneId lane, base::Moment now);

std::optional<Intent> intent_with(store::Session& session, std::string_view effect_id);
// Newest first; those after the one made then, with this id, in that order.
struct Page {
  base::Moment created_at = base::kMomentMax;
  IntentId id = {};
  std::int64_t rows_max = 100;
};
std::vector<Intent> dead_letters(store::Session& session, const Page& page);
std::vector<Intent> of_cause(store::Session& session, std::string_view cause, const Page& page);

// What a person decides of a dead letter: again with the same effect id, or never. Error:
// unknown_intent.
[[nodiscard]] base::Result<Intent, Fault> replay(store::Unit& unit, IntentId id, base::Moment now);
[[nodiscard]] base::Result<Intent, Fault> drop(store::Unit& unit, IntentId id, base::Moment now);

// Nothing of a paused account or lane goes out, and while marketing is stopped nothing of that
// priority; what is being sent right now is not called back.
struct Pause {
  std::string what;  // "marketing", "account/17" or "lane/4711"
  base::Moment since;
  std::string by_whom;
};
inline constexpr std::string_view kMarketing = "marketing";
std::string paused_account(std::int64_t account);
std::string paused_lane(LaneId lane);
// Whether it is new; one that stands stays as it is. Error: bad_pause.
[[nodiscard]] base::Result<bool, Fault> pause(store::Unit& unit, const Pause& pause);
// Whether it stood.
bool resume(store::Unit& unit, std::string_view what);
std::vector<Pause> pauses(store::Session& session);

}  // namespace outbox
