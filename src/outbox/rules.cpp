#include "outbox/rules.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "base/check.h"
#include "base/text.h"

namespace outbox {
namespace {

constexpr std::array<std::string_view, kPriorities> kPriorityNames{
    "welcome", "reply", "transactional", "sync", "marketing", "report"};
constexpr std::array<std::string_view, kStates> kStateNames{
    "queued", "waiting", "sending", "unknown", "done", "dead", "dropped"};
constexpr Backoff kUnavailable{base::kSecond, {15 * base::kMinute.ms}, 260};
constexpr Backoff kNobodyThere{base::kSecond, base::kMinute, 0};  // of a lane
constexpr Backoff kTooOften{{30 * base::kSecond.ms}, base::kHour, 100};

// From [0, 1000): the same for the same effect and try.
std::int64_t part_of(std::string_view effect_id, std::int64_t tries) {
  const std::string digest = base::sha256(std::string(effect_id) + "/" + std::to_string(tries));
  std::uint32_t number = 0;
  std::memcpy(&number, digest.data(), sizeof number);
  return number % 1000;
}

// Doubled from try to try, in milliseconds.
std::int64_t whole_wait(const Backoff& backoff, std::int64_t tries) {
  std::int64_t whole = backoff.first.ms;
  for (std::int64_t i = 1; i < tries && whole < backoff.most.ms; ++i) whole *= 2;
  return std::min(whole, backoff.most.ms);
}

Next dead(std::string problem) { return {.state = State::dead, .problem = std::move(problem)}; }

// Again at `due`, unless that is too late or was tried often enough.
Next again(const Tried& tried, const Outcome& outcome) {
  if (tried.tries >= backoff_of(outcome.sent).tries_max) return dead("outbox.tried_often");
  const base::Duration wait =
      std::max(wait_of(outcome.sent, tried.effect_id, tried.tries), outcome.after);
  const base::Moment due = tried.now + wait;
  if (due >= tried.give_up) return dead("outbox.too_late");
  return {.state = State::waiting, .due = due, .problem = outcome.problem};
}

// At once the first time; a receiver that hangs again and again is asked less and less often.
Next after_not_done(const Tried& tried) {
  if (tried.now >= tried.give_up) return dead("outbox.too_late");
  if (tried.tries >= kUnavailable.tries_max) return dead("outbox.tried_often");
  if (tried.tries <= 1) return {.state = State::queued, .due = tried.now};
  const base::Duration wait = wait_of(Sent::unavailable, tried.effect_id, tried.tries - 1);
  return {.state = State::waiting, .due = tried.now + wait};
}

}  // namespace

std::string_view name_of(Priority priority) {
  return kPriorityNames.at(static_cast<std::size_t>(priority));
}

std::string_view name_of(State state) { return kStateNames.at(static_cast<std::size_t>(state)); }

Backoff backoff_of(Sent trouble) {
  CHECK(trouble == Sent::too_often || trouble == Sent::unavailable);
  return trouble == Sent::too_often ? kTooOften : kUnavailable;
}

base::Duration wait_of(Sent trouble, std::string_view effect_id, std::int64_t tries) {
  const std::int64_t whole = whole_wait(backoff_of(trouble), tries);
  return {whole / 2 + whole / 2 * part_of(effect_id, tries) / 1000};
}

base::Duration rest_after(std::int64_t batches) { return {whole_wait(kNobodyThere, batches)}; }

Next after_send(const Tried& tried, const Outcome& outcome) {
  switch (outcome.sent) {
    case Sent::done:
      return {.state = State::done, .receipt = outcome.receipt};
    case Sent::too_often:
    case Sent::unavailable:
      return again(tried, outcome);
    case Sent::refused:
      return dead(outcome.problem.empty() ? "outbox.refused" : outcome.problem);
    case Sent::unknown:
      return {.state = State::unknown, .due = tried.now, .problem = outcome.problem};
    case Sent::not_begun:
      break;
  }
  base::unreachable();
}

Next after_look(const Tried& tried, const Look& look) {
  switch (look.found) {
    case Found::done:
      return {.state = State::done, .receipt = look.receipt};
    case Found::not_done:
      if (const base::Moment sure = tried.tried_at + kLateWorkMax;
          tried.tried_at <= tried.now && tried.now < sure) {
        return {.state = State::unknown, .due = sure, .counts = false};
      }
      return after_not_done(tried);
    case Found::may_repeat:
      return after_not_done(tried);
    case Found::cannot_tell:
      return dead("outbox.unknown_outcome");
    case Found::later:
      if (tried.tries >= kLooksMax) return dead("outbox.unknown_outcome");
      return {.state = State::unknown,
              .due = tried.now + wait_of(Sent::unavailable, tried.effect_id, tried.tries)};
  }
  base::unreachable();
}

}  // namespace outbox
