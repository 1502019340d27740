#include "outbox/outbox_fixture.h"

#include <algorithm>

#include "lease/lease.h"

namespace outbox {

std::vector<Outcome> Receiver::send(std::span<const Effect> effects) {
  std::vector<Outcome> outcomes;
  for (const Effect& effect : effects) {
    order.push_back(effect.effect_id);
    if (const auto outcome = before ? before(effect) : std::nullopt) {
      outcomes.push_back(*outcome);
      continue;
    }
    ++works[effect.effect_id];
    outcomes.push_back(after ? after(effect)
                             : Outcome{.sent = Sent::done, .receipt = "r/" + effect.effect_id});
  }
  return outcomes;
}

std::vector<Look> Receiver::look_up(std::span<const Effect> effects) {
  std::vector<Look> looks;
  for (const Effect& effect : effects) {
    const bool is_done = works[effect.effect_id] > 0;
    looks.push_back(look      ? look(effect)
                    : is_done ? Look{.found = Found::done, .receipt = "r/" + effect.effect_id}
                              : Look{.found = Found::not_done});
  }
  return looks;
}

void OutboxFixture::SetUp() {
  DatabaseTest::SetUp();
  if (IsSkipped()) return;
  lane_ = *database().write("test.lane", [](store::Unit& unit) {
    return open_lane(
        unit, {.id = {7}, .account = 17, .kind = "message", .pace = {1000, base::kSecond, 1000}});
  });
}

NewIntent OutboxFixture::intent(const std::string& effect_id) const {
  return {.id = {},
          .effect_id = effect_id,
          .lane = lane_.id,
          .priority = Priority::transactional,
          .cause = "c:1",
          .payload = "{}"};
}

std::string OutboxFixture::enqueue(const std::string& effect_id, const std::string& cause,
                                   Priority priority) {
  NewIntent made = intent(effect_id);
  made.cause = cause;
  made.priority = priority;
  return enqueue(std::move(made));
}

std::string OutboxFixture::enqueue(NewIntent made) {
  made.id = {next_id_++};
  return database().write("test.enqueue", [&](store::Unit& unit) {
    const auto count = outbox::enqueue(unit, {&made, 1}, now_);
    return count ? std::to_string(*count) : std::string(code_of(count.error()));
  });
}

std::unique_ptr<Carrier> OutboxFixture::hold(store::Database& through) {
  const auto lease = database().write("test.lease", [&](store::Unit& unit) {
    // Each holder comes when the lease of the one before is over.
    leased_ = leased_ + base::kHour;
    return lease::acquire(unit, {lease_of(lane_.id), ++owner_, leased_, base::kMinute});
  });
  EXPECT_TRUE(lease);
  return std::make_unique<Carrier>(through, receiver_, clock_, Holding{lane_, lease->fence});
}

void OutboxFixture::run(Carrier& carrier) {
  for (Step step = carrier.step(); step.sent + step.looked_up > 0;) step = carrier.step();
}

void OutboxFixture::finish(Carrier& carrier) {
  base::Moment next = now_;
  for (int i = 0; i < 100 && next != base::kMomentMax; ++i) {
    now_ = std::max(now_, next);
    next = carrier.step().next;
  }
}

Step OutboxFixture::step_at(Carrier& carrier, base::Moment now) {
  now_ = now;
  return carrier.step();
}

void OutboxFixture::set_pace(const Pace& pace) {
  database().write("test.pace",
                   [&](store::Unit& unit) { lane_ = *outbox::set_pace(unit, lane_.id, pace); });
}

std::string OutboxFixture::state(std::string_view effect_id) {
  const auto found =
      database().read([&](store::Session& session) { return intent_with(session, effect_id); });
  if (!found) return "nothing";
  const std::string name(name_of(found->state));
  return found->problem.empty() ? name : name + " " + found->problem;
}

std::string OutboxFixture::order() const {
  std::string text;
  for (const std::string& each : receiver_.order) text += (text.empty() ? "" : " ") + each;
  return text;
}

}  // namespace outbox
