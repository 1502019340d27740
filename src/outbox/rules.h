// What becomes of an intent: pure.
//
//   queued ─▶ sending ─▶ done
//     ▲          │─────▶ waiting (until due) ─▶ queued      too_often, unavailable
//     │          │─────▶ dead                               refused, or too late, or too often
//     tried │          └─────▶ unknown ─▶ done | queued | dead    looked up, never repeated blindly
//     └── replay ── dead ── drop ─▶ dropped
//
// Whoever turns out not to have done it is asked again at once, and later and later from then on.
// That it is not done is believed kLateWorkMax after the try at the earliest: a receiver that was
// slower than its time-out may still be at work.
//
// The wait before try n is between half of and the whole of first · 2^(n−1), at most `most`, by the
// kind of trouble; which part is told by the effect id and n, so that a unit that runs twice says
// the same and a thousand that failed together do not come back together.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/moment.h"
#include "outbox/sender.h"

namespace outbox {

// Stored by number; who goes first has the lower one.
enum class Priority : std::uint8_t { welcome, reply, transactional, sync, marketing, report };
inline constexpr std::int64_t kPriorities = 6;
std::string_view name_of(Priority priority);

enum class State : std::uint8_t { queued, waiting, sending, unknown, done, dead, dropped };
inline constexpr std::int64_t kStates = 7;
std::string_view name_of(State state);

// Of kinds of trouble. Tries of an effect that is never too late end with `tries_max`; a receiver
// that answers 500 for a day is outlived.
struct Backoff {
  base::Duration first;
  base::Duration most;
  std::int64_t tries_max = 0;
};
Backoff backoff_of(Sent trouble);  // too_often or unavailable (CHECK)
base::Duration wait_of(Sent trouble, std::string_view effect_id, std::int64_t tries);

// How often an effect is looked up before a person is asked: a receiver that cannot be asked for a
// day is outlived.
inline constexpr std::int64_t kLooksMax = 200;
inline constexpr base::Duration kLateWorkMax = base::kMinute;

// How long a lane rests after so many batches, one after the other, of which nothing was answered.
base::Duration rest_after(std::int64_t batches);

struct Next {
  State state = State::queued;
  base::Moment due{0};
  std::string problem = {};  // why not done
  std::string receipt = {};
  bool counts = true;  // as a look
};
struct Tried {
  std::string_view effect_id;
  std::int64_t tries = 0;  // with this one
  base::Moment give_up = base::kMomentMax;
  base::Moment now;
  base::Moment tried_at = {};  // when the last try ended; for looks
};
// Of what was begun (CHECK).
Next after_send(const Tried& tried, const Outcome& outcome);
// `tried.tries`: the looks so far, with this one.
Next after_look(const Tried& tried, const Look& look);

}  // namespace outbox
