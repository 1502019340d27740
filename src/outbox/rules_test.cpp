#include "outbox/rules.h"

#include <gtest/gtest.h>

#include <set>

namespace outbox {
namespace {

using base::Moment;

constexpr Moment kNow{1'000'000};

std::string spelled(const Next& next) {
  std::string text(name_of(next.state));
  if (next.due != Moment{0}) text += " +" + std::to_string((next.due - kNow).ms / 1000);
  if (!next.problem.empty()) text += " " + next.problem;
  return text;
}

TEST(OutboxRules, WhatComesOfATry) {
  const Tried tried{.effect_id = "e", .tries = 1, .now = kNow};
  EXPECT_EQ(spelled(after_send(tried, {.sent = Sent::done, .receipt = "r"})), "done");
  EXPECT_EQ(after_send(tried, {.sent = Sent::done, .receipt = "r"}).receipt, "r");
  EXPECT_EQ(spelled(after_send(tried, {.sent = Sent::refused, .problem = "x.y"})), "dead x.y");
  EXPECT_EQ(spelled(after_send(tried, {.sent = Sent::refused})), "dead outbox.refused");
  EXPECT_EQ(spelled(after_send(tried, {.sent = Sent::unknown, .problem = "x.y"})),
            "unknown +0 x.y");
  EXPECT_EQ(spelled(after_send(tried, {.sent = Sent::too_often, .after = {90'000}})),
            "waiting +90");
}

TEST(OutboxRules, WhatALookTells) {
  Tried tried{.effect_id = "e", .tries = 1, .now = kNow};
  EXPECT_EQ(spelled(after_look(tried, {.found = Found::done})), "done");
  EXPECT_EQ(spelled(after_look(tried, {.found = Found::not_done})), "queued +0");
  EXPECT_EQ(spelled(after_look(tried, {.found = Found::may_repeat})), "queued +0");
  EXPECT_EQ(spelled(after_look(tried, {.found = Found::cannot_tell})),
            "dead outbox.unknown_outcome");
  // Whoever was slower than the time-out may still be at work.
  tried.tried_at = kNow - kLateWorkMax + base::kSecond;
  EXPECT_EQ(spelled(after_look(tried, {.found = Found::not_done})), "unknown +1");
  EXPECT_FALSE(after_look(tried, {.found = Found::not_done}).counts);
  EXPECT_EQ(spelled(after_look(tried, {.found = Found::may_repeat})), "queued +0");
  tried.tried_at = kNow - kLateWorkMax;
  EXPECT_EQ(after_look(tried, {.found = Found::later}).state, State::unknown);
  tried.tries = kLooksMax;
  EXPECT_EQ(spelled(after_look(tried, {.found = Found::later})), "dead outbox.unknown_outcome");
  tried.give_up = kNow;
  EXPECT_EQ(spelled(after_look(tried, {.found = Found::not_done})), "dead outbox.too_late");
  EXPECT_EQ(spelled(after_look(tried, {.found = Found::done})), "done");
}

TEST(OutboxRules, WaitsGrowAndDiffer) {
  for (const Sent trouble : {Sent::unavailable, Sent::too_often}) {
    const Backoff backoff = backoff_of(trouble);
    std::set<std::int64_t> waits;
    for (std::int64_t tries = 1; tries <= 200; ++tries) {
      const std::int64_t whole =
          tries > 20 ? backoff.most.ms : std::min(backoff.first.ms << (tries - 1), backoff.most.ms);
      const std::int64_t wait = wait_of(trouble, "e", tries).ms;
      EXPECT_GE(wait, whole / 2) << tries;
      EXPECT_LE(wait, whole) << tries;
      EXPECT_EQ(wait, wait_of(trouble, "e", tries).ms);
    }
    for (int effect = 0; effect < 100; ++effect) {
      waits.insert(wait_of(trouble, std::to_string(effect), 5).ms);
    }
    EXPECT_GT(waits.size(), 50u);
  }
}

// A receiver that answers 500 for a day is outlived; one that always does is not asked for ever.
TEST(OutboxRules, OutlivesADayAndEnds) {
  Tried tried{.effect_id = "e", .tries = 0, .now = kNow};
  Next next{.state = State::waiting};
  while (next.state == State::waiting) {
    ++tried.tries;
    next = after_send(tried, {.sent = Sent::unavailable});
    if (next.state == State::waiting) tried.now = next.due;
  }
  EXPECT_EQ(next.problem, "outbox.tried_often");
  EXPECT_GT((tried.now - kNow).ms, base::kDay.ms);
  tried = {.effect_id = "e", .tries = 1, .give_up = kNow + base::kMillisecond, .now = kNow};
  EXPECT_EQ(spelled(after_send(tried, {.sent = Sent::unavailable})), "dead outbox.too_late");
}

}  // namespace
}  // namespace outbox
