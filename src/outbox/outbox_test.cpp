#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <set>
#include <thread>

#include "outbox/outbox_fixture.h"

namespace outbox {
namespace {

class OutboxTest : public OutboxFixture {};
INSTANTIATE_TEST_SUITE_P(Both, OutboxTest, store::kBothDatabases, store::dialect_name);

TEST(OutboxCodes, Differ) {
  std::set<std::string_view> codes;
  for (std::size_t i = 0; i < kFaultCount; ++i) codes.insert(code_of(static_cast<Fault>(i)));
  EXPECT_EQ(codes.size(), kFaultCount);
}

TEST_P(OutboxTest, WhatIsMeantIsDoneOnce) {
  EXPECT_EQ(enqueue("e1"), "1");
  EXPECT_EQ(enqueue("e1"), "0");
  EXPECT_EQ(enqueue("e1", "c:2"), "outbox.effect_reused");
  const auto carrier = hold();
  run(*carrier);
  EXPECT_EQ(state("e1"), "done");
  EXPECT_EQ(receiver_.works["e1"], 1);
  EXPECT_EQ(enqueue("e1"), "0");
  run(*carrier);
  EXPECT_EQ(receiver_.works["e1"], 1);
  const auto found =
      database().read([](store::Session& session) { return intent_with(session, "e1"); });
  EXPECT_EQ(found->receipt, "r/e1");
  EXPECT_EQ(found->ended_at, now_);
}

TEST_P(OutboxTest, RefusesWhatHasNoForm) {
  const auto bent = [&](auto bend) {
    NewIntent made = intent("bent");
    bend(made);
    return enqueue(std::move(made));
  };
  EXPECT_EQ(bent([](NewIntent& i) { i.effect_id.clear(); }), "outbox.bad_effect_id");
  EXPECT_EQ(bent([](NewIntent& i) { i.effect_id = std::string(201, 'e'); }),
            "outbox.bad_effect_id");
  EXPECT_EQ(bent([](NewIntent& i) { i.cause = "two words"; }), "outbox.bad_cause");
  EXPECT_EQ(bent([](NewIntent& i) { i.lane = {999}; }), "outbox.bad_lane");
  EXPECT_EQ(bent([](NewIntent& i) { i.payload = std::string("\0", 1); }), "outbox.bad_payload");
  EXPECT_EQ(bent([](NewIntent& i) { i.payload = std::string(kPayloadBytesMax + 1, 'p'); }),
            "outbox.bad_payload");
  EXPECT_EQ(bent([](NewIntent&) {}), "1");
}

// P25: welcome before reply before transactional before sync before marketing before report.
TEST_P(OutboxTest, PrioritiesGoFirst) {
  for (std::int64_t i = kPriorities - 1; i >= 0; --i) {
    const auto priority = static_cast<Priority>(i);
    enqueue(std::string(name_of(priority)), "c:1", priority);
  }
  run(*hold());
  EXPECT_EQ(order(), "welcome reply transactional sync marketing report");
}

TEST_P(OutboxTest, CausesTakeTurns) {
  for (int i = 1; i <= 5; ++i) enqueue("a" + std::to_string(i), "broadcast:1");
  for (int i = 1; i <= 2; ++i) enqueue("b" + std::to_string(i), "broadcast:2");
  run(*hold());
  EXPECT_EQ(order(), "a1 b1 a2 b2 a3 a4 a5");
}

// Who comes late takes turns from where the lane is, and does not go before all that waits.
TEST_P(OutboxTest, ALateCauseTakesTurnsFromThen) {
  const Pace slow{2, base::kSecond, 2};
  set_pace(slow);
  for (int i = 1; i <= 6; ++i) enqueue("a" + std::to_string(i), "broadcast:1");
  const auto carrier = hold();
  carrier->step();
  EXPECT_EQ(order(), "a1 a2");
  for (int i = 1; i <= 2; ++i) enqueue("b" + std::to_string(i), "broadcast:2");
  for (int i = 1; i <= 3; ++i) step_at(*carrier, second(i));
  EXPECT_EQ(order(), "a1 a2 a3 b1 a4 b2 a5 a6");
}

TEST_P(OutboxTest, KeepsItsPace) {
  set_pace({10, base::kSecond, 5});
  for (int i = 0; i < 30; ++i) enqueue("e" + std::to_string(i));
  const auto carrier = hold();
  EXPECT_EQ(carrier->step().sent, 5);  // a new lane's bucket is full
  const Step step = carrier->step();
  EXPECT_EQ(step.sent, 0);
  EXPECT_EQ(step.next, now_ + base::Duration{100});
  now_ = now_ + base::Duration{299};
  EXPECT_EQ(carrier->step().sent, 2);
  now_ = now_ + base::kMinute;
  EXPECT_EQ(carrier->step().sent, 5);
  EXPECT_EQ(carrier->step().sent, 0);
}

TEST_P(OutboxTest, TroubleIsTriedAgainLater) {
  receiver_.before = [](const Effect& effect) -> std::optional<Outcome> {
    if (effect.tries < 3) return Outcome{.sent = Sent::unavailable, .problem = "http.500"};
    return std::nullopt;
  };
  enqueue("e1");
  const auto carrier = hold();
  const Step step = carrier->step();
  EXPECT_EQ(state("e1"), "waiting http.500");
  EXPECT_GT(step.next, now_);
  run(*carrier);
  EXPECT_EQ(order(), "e1");  // not before it is due
  finish(*carrier);
  EXPECT_EQ(state("e1"), "done");
  EXPECT_EQ(order(), "e1 e1 e1");
}

TEST_P(OutboxTest, TooOftenQuietensTheLane) {
  receiver_.before = [](const Effect& effect) -> std::optional<Outcome> {
    if (effect.effect_id == "e1" && effect.tries == 1) {
      return Outcome{.sent = Sent::too_often, .after = {120'000}};
    }
    return std::nullopt;
  };
  enqueue("e1");
  const auto carrier = hold();
  run(*carrier);
  enqueue("e2");
  EXPECT_EQ(step_at(*carrier, second(119)).sent, 0);
  EXPECT_EQ(order(), "e1");
  EXPECT_EQ(step_at(*carrier, second(120)).sent, 2);
}

TEST_P(OutboxTest, WhatIsTooLateIsDead) {
  NewIntent late = intent("e1");
  late.give_up = second(20);
  enqueue(std::move(late));
  now_ = second(20);
  run(*hold());
  EXPECT_EQ(state("e1"), "dead outbox.too_late");
  EXPECT_EQ(order(), "");
}

TEST_P(OutboxTest, DeadLettersAreReplayedOrDropped) {
  receiver_.before = [](const Effect&) { return Outcome{.sent = Sent::refused, .problem = "x.y"}; };
  enqueue("e1");
  enqueue("e2");
  const auto carrier = hold();
  run(*carrier);
  const auto dead =
      database().read([](store::Session& session) { return dead_letters(session, {}); });
  ASSERT_EQ(dead.size(), 2u);
  EXPECT_EQ(dead[0].effect_id + " " + dead[1].effect_id, "e2 e1");
  EXPECT_EQ(dead[0].problem, "x.y");
  receiver_.before = nullptr;
  const auto decide = [&](auto what, IntentId id) {
    return database().write("test.decide", [&](store::Unit& unit) {
      const auto intent = what(unit, id, now_);
      return intent ? std::string(name_of(intent->state)) : std::string(code_of(intent.error()));
    });
  };
  EXPECT_EQ(decide(replay, dead[0].id), "queued");
  EXPECT_EQ(decide(replay, dead[0].id), "outbox.unknown_intent");
  EXPECT_EQ(decide(drop, dead[1].id), "dropped");
  EXPECT_EQ(decide(replay, dead[1].id), "outbox.unknown_intent");
  run(*carrier);
  EXPECT_EQ(state("e2") + ", " + state("e1"), "done, dropped x.y");
  EXPECT_EQ(receiver_.works["e2"], 1);
  EXPECT_EQ(receiver_.works["e1"], 0);
}

TEST_P(OutboxTest, PausesStopWhatTheyName) {
  enqueue("m", "c:1", Priority::marketing);
  enqueue("t");
  const auto set = [&](std::string_view what, bool paused) {
    database().write("test.pause", [&](store::Unit& unit) {
      const bool changed =
          paused ? *pause(unit, {std::string(what), now_, "anna"}) : resume(unit, what);
      EXPECT_TRUE(changed);
    });
  };
  const auto carrier = hold();
  set("account/17", true);
  set("marketing", true);
  run(*carrier);
  EXPECT_EQ(order(), "");
  set("account/17", false);
  run(*carrier);
  EXPECT_EQ(order(), "t");
  set("marketing", false);
  run(*carrier);
  EXPECT_EQ(order(), "t m");
  for (const std::string_view what :
       {"", "everything", "account/", "account/0", "account/017", "account/1x", "account/-1"}) {
    const auto answer = database().write("test.pause", [&](store::Unit& unit) {
      return pause(unit, {std::string(what), now_, "anna"});
    });
    ASSERT_FALSE(answer) << what;
    EXPECT_EQ(code_of(answer.error()), "outbox.bad_pause");
  }
}

// P24: what may have happened is looked up, not repeated.
TEST_P(OutboxTest, AnUnknownOutcomeIsLookedUp) {
  receiver_.after = [](const Effect&) { return Outcome{.sent = Sent::unknown}; };
  enqueue("done");
  finish(*hold());
  EXPECT_EQ(state("done"), "done");
  EXPECT_EQ(receiver_.works["done"], 1);
  receiver_.before = [](const Effect& effect) -> std::optional<Outcome> {
    if (effect.tries == 1) return Outcome{.sent = Sent::unknown};
    return std::nullopt;
  };
  receiver_.after = nullptr;
  enqueue("lost");
  finish(*hold());
  EXPECT_EQ(state("lost"), "done");
  EXPECT_EQ(receiver_.works["lost"], 1);
  receiver_.look = [](const Effect&) { return Look{.found = Found::cannot_tell}; };
  enqueue("dark");
  finish(*hold());
  EXPECT_EQ(state("dark"), "dead outbox.unknown_outcome");
  EXPECT_EQ(receiver_.works["dark"], 0);
}

TEST_P(OutboxTest, WhoLostTheLeaseSendsNothing) {
  const auto old = hold();
  const auto current = hold();
  enqueue("e1");
  EXPECT_TRUE(old->step().lost);
  EXPECT_EQ(order(), "");
  run(*current);
  EXPECT_EQ(state("e1"), "done");
}

// P29: whoever was asleep while sending changes nothing afterwards.
TEST_P(OutboxTest, WhatASleeperReportsLaterIsNotBelieved) {
  enqueue("e1");
  const auto old = hold();
  std::unique_ptr<Carrier> current;
  receiver_.before = [&](const Effect& effect) -> std::optional<Outcome> {
    if (effect.tries > 1 || current) return std::nullopt;
    current = hold();  // the lease is over while it sends
    finish(*current);
    return Outcome{.sent = Sent::refused, .problem = "late.report"};
  };
  old->step();
  EXPECT_EQ(state("e1"), "done");
  EXPECT_EQ(receiver_.works["e1"], 1);
}

// P8: the effect is there if and only if its cause is.
TEST_P(OutboxTest, ARolledBackCauseMeansNothing) {
  struct Cancelled {};
  const NewIntent made = [&] {
    NewIntent one = intent("e1");
    one.id = {99};
    return one;
  }();
  const auto cause = [&](bool happens) {
    return database().write("test.cause",
                            [&](store::Unit& unit) -> base::Result<std::int64_t, Cancelled> {
                              const auto count = outbox::enqueue(unit, {&made, 1}, now_);
                              if (!happens) return base::unexpected(Cancelled{});
                              return *count;
                            });
  };
  EXPECT_FALSE(cause(false));
  EXPECT_EQ(state("e1"), "nothing");
  EXPECT_TRUE(cause(true));
  EXPECT_EQ(state("e1"), "queued");
}

// Sixteen callers at once with one effect id: one intent.
TEST_P(OutboxTest, OneEffectIdIsOneIntent) {
  std::atomic<std::int64_t> made = 0;
  std::vector<std::thread> threads;
  for (std::int64_t thread = 0; thread < 16; ++thread) {
    threads.emplace_back([&, thread] {
      NewIntent one = intent("e1");
      one.id = {100 + thread};
      made += database().write("test.enqueue", [&](store::Unit& unit) {
        return *outbox::enqueue(unit, {&one, 1}, now_);
      });
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(made, 1);
  run(*hold());
  EXPECT_EQ(receiver_.works["e1"], 1);
}

}  // namespace
}  // namespace outbox
