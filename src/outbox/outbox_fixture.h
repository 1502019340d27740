// What the outbox's tests share: a lane, a receiver that behaves as told, leases that move.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/given_clock.h"
#include "outbox/carrier.h"
#include "outbox/intent.h"
#include "store/test_database.h"

namespace outbox {

inline constexpr base::Moment kStart{1'700'000'000'000};
inline base::Moment second(std::int64_t count) { return kStart + base::Duration{count * 1000}; }

// Does the work of each effect, and says what a test lets it say.
class Receiver final : public Sender {
 public:
  std::vector<Outcome> send(std::span<const Effect> effects) override;
  std::vector<Look> look_up(std::span<const Effect> effects) override;

  // Before anything is done; what it returns is the outcome, nothing: the work is done.
  std::function<std::optional<Outcome>(const Effect&)> before;
  // Of work that is done; empty: done.
  std::function<Outcome(const Effect&)> after;
  // Empty: the truth.
  std::function<Look(const Effect&)> look;

  std::map<std::string, int> works;  // how often the work of an effect was done
  std::vector<std::string> order;    // effect ids, as they came
};

class OutboxFixture : public store::DatabaseTest {
 protected:
  void SetUp() override;

  // "e1" of cause "c:1" in the lane; answers how many are new, or the fault's code.
  std::string enqueue(const std::string& effect_id, const std::string& cause = "c:1",
                      Priority priority = Priority::transactional);
  std::string enqueue(NewIntent intent);
  NewIntent intent(const std::string& effect_id) const;
  // Takes the lane over; through a database of the test's own.
  std::unique_ptr<Carrier> hold() { return hold(database()); }
  std::unique_ptr<Carrier> hold(store::Database& through);
  // Steps until nothing is sent or looked up at this moment.
  void run(Carrier& carrier);
  // Goes on through time until nothing is left to do, a hundred steps at most.
  void finish(Carrier& carrier);
  // One step at a moment that is now from then on.
  Step step_at(Carrier& carrier, base::Moment now);
  void set_pace(const Pace& pace);
  // "done", "waiting outbox.x"
  std::string state(std::string_view effect_id);
  std::string order() const;

  Lane lane_;
  Receiver receiver_;
  base::Moment now_ = kStart;
  base::GivenClock clock_{now_};

 private:
  std::int64_t next_id_ = 1;
  std::int64_t owner_ = 0;
  base::Moment leased_ = kStart;
};

}  // namespace outbox
