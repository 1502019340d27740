// What turns events of the log into intents of webhooks.
//
// Threads: one call at a time in a process; of several processes one wins each step, by the
// position. Borrows the database, the log and the randomness.
#pragma once

#include <cstdint>
#include <stop_token>

#include "base/clock.h"
#include "base/random.h"
#include "log/log.h"
#include "store/database.h"
#include "webhook/webhook.h"

namespace webhook {

inline constexpr std::int64_t kEventsAtOnce = 1000;  // of a step, which is a read and a unit
inline constexpr std::int64_t kStepsAtOnce = 100;    // of all webhooks
static_assert(kEventsAtOnce <= static_cast<std::int64_t>(outbox::kIntentsAtOnce));

class Follower {
 public:
  struct Means {
    store::Database& database;
    event_log::Log& log;
    const base::Clock& clock;
    base::Random& random;
    std::int64_t events_at_once = kEventsAtOnce;
    std::int64_t steps_at_once = kStepsAtOnce;
    std::int64_t standing_max = kStandingMax;
  };
  explicit Follower(const Means& means) : means_(means) {}

  // The webhooks that are on, one step of each in turn, until nothing more can be read, their lanes
  // are full, steps_at_once were taken, or a stop is asked for; the next call begins with whose
  // turn it was. So one that has far to read holds up neither the others nor who calls. Answers how
  // many intents were made. Throws store::Failure.
  std::int64_t follow(const std::stop_token& stop = {});

 private:
  struct Step {
    std::int64_t made = 0;
    bool more = false;
  };
  Step take_step(const Webhook& webhook);

  Means means_;
  WebhookId next_ = {};  // whose turn it is
};

}  // namespace webhook
