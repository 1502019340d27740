// What the outbox asks of a channel: implemented above (channel/…), joined by server.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/moment.h"

namespace outbox {

// What is to be done outside, once. The id is the same at every try: a channel that can hand it to
// the receiver does.
struct Effect {
  std::string effect_id;
  std::int64_t account = 0;
  std::string kind;
  std::string payload;
  std::int64_t tries = 0;  // this one included
};

// What came of a try.
enum class Sent : std::uint8_t {
  done,         // it has happened
  too_often,    // it has not: the receiver asks for a slower pace
  unavailable,  // it has not: nobody was there, or answered that it cannot now
  refused,      // it has not and never will: wrong in itself
  unknown,      // it may have happened: no answer came, or one that says nothing
  not_begun,    // it has not, and nothing was asked: there was no time; costs no try
};
struct Outcome {
  Sent sent = Sent::unknown;
  std::string receipt = {};  // of done: what the receiver calls it
  std::string problem = {};  // else: a stable code, never data of customers
  base::Duration after =
      {};  // of too_often and unavailable: no earlier than that from now; 0: free
};

// What a look at the receiver says of an effect whose outcome is unknown.
enum class Found : std::uint8_t {
  done,
  not_done,
  may_repeat,  // it cannot tell, but does the same effect id once however often it comes
  cannot_tell,
  later,  // it could not be asked now
};
struct Look {
  Found found = Found::cannot_tell;
  std::string receipt = {};
};

// Called by one thread a lane, outside of units. Slow calls end by their own time-out; those that
// were not begun after a second or so are left for the next time, so that what is more urgent does
// not wait behind a batch. After an exception the outcome of all is unknown.
class Sender {
 public:
  virtual ~Sender() = default;
  // One outcome for each effect, in their order; at once as far as the channel can.
  virtual std::vector<Outcome> send(std::span<const Effect> effects) = 0;
  // One look for each effect, in their order.
  virtual std::vector<Look> look_up(std::span<const Effect> effects) = 0;
};

}  // namespace outbox
