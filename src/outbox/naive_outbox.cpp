#include "outbox/naive_outbox.h"

#include <algorithm>
#include <tuple>

#include "outbox/carrier.h"

namespace outbox {

void NaiveOutbox::enqueue(const NewIntent& intent, base::Moment now) {
  const auto is_it = [&](const Entry& entry) { return entry.intent.effect_id == intent.effect_id; };
  if (std::ranges::any_of(entries_, is_it)) return;
  std::int64_t& turn = turns_[{intent.priority, intent.cause}];
  turn = std::max(turn, served_[intent.priority]) + 1;
  entries_.push_back({.intent = intent,
                      .turn = turn,
                      .state = intent.due <= now ? State::queued : State::waiting,
                      .due = intent.due,
                      .tried_at = {},
                      .problem = {}});
}

void NaiveOutbox::replay(const std::string& effect_id, base::Moment now) {
  for (Entry& entry : entries_) {
    if (entry.intent.effect_id != effect_id || entry.state != State::dead) continue;
    entry.state = State::queued;
    entry.due = now;
    entry.tries = 0;
    entry.looks = 0;
    entry.problem = {};
    entry.intent.give_up = base::kMomentMax;
  }
}

std::int64_t NaiveOutbox::tokens(base::Moment now) {
  const std::int64_t passed = std::clamp<std::int64_t>((now - filled_).ms, 0, 366 * base::kDay.ms);
  filled_ = now;
  parts_ = std::min(parts_ + passed * pace_.count, pace_.burst * pace_.in.ms);
  return parts_ / pace_.in.ms;
}

// Whose turn it is, first to last.
std::vector<NaiveOutbox::Entry*> NaiveOutbox::waiting_for(base::Moment now) {
  std::vector<Entry*> found;
  for (Entry& entry : entries_) {
    if (entry.state == State::waiting && entry.due <= now) entry.state = State::queued;
    const bool is_stopped =
        entry.intent.priority == Priority::marketing && paused_.contains("marketing");
    if (entry.state == State::queued && !is_stopped) found.push_back(&entry);
  }
  std::ranges::sort(found, {}, [](const Entry* entry) {
    return std::tuple(entry->intent.priority, entry->turn, entry->intent.id);
  });
  const bool is_still = now < quiet_until_ || paused_.contains("account");
  const std::int64_t room = is_still ? 0 : std::min(tokens(now), kSentAtOnce);
  found.resize(std::min(found.size(), static_cast<std::size_t>(room)));
  return found;
}

void NaiveOutbox::settle(Entry& entry, const Outcome& outcome, base::Moment now) {
  const Next next = after_send({.effect_id = entry.intent.effect_id,
                                .tries = entry.tries,
                                .give_up = entry.intent.give_up,
                                .now = now},
                               outcome);
  entry.state = next.state;
  entry.due = next.due;
  entry.problem = next.problem;
  entry.tried_at = now;
  if (outcome.sent == Sent::too_often) {
    const base::Duration wait = wait_of(Sent::too_often, entry.intent.effect_id, entry.tries);
    quiet_until_ = std::max(quiet_until_, now + std::max(wait, outcome.after));
  }
}

void NaiveOutbox::look_up(base::Moment now, const std::function<Look(const Entry&)>& look) {
  if (now < quiet_until_ || paused_.contains("account")) return;
  std::vector<Entry*> open;
  for (Entry& entry : entries_) {
    if (entry.state == State::unknown && entry.due <= now) open.push_back(&entry);
  }
  std::ranges::sort(open, {},
                    [](const Entry* entry) { return std::pair(entry->due, entry->intent.id); });
  open.resize(std::min(open.size(), static_cast<std::size_t>(kLookedUpAtOnce)));
  for (Entry* entry : open) {
    const Next next = after_look({.effect_id = entry->intent.effect_id,
                                  .tries = entry->looks + 1,
                                  .give_up = entry->intent.give_up,
                                  .now = now,
                                  .tried_at = entry->tried_at},
                                 look(*entry));
    if (next.counts) ++entry->looks;
    entry->state = next.state;
    entry->due = next.due;
    if (next.state != State::unknown) entry->problem = next.problem;
  }
}

std::vector<std::string> NaiveOutbox::step(base::Moment now,
                                           const std::function<Outcome(const Entry&)>& send,
                                           const std::function<Look(const Entry&)>& look) {
  std::vector<std::string> sent;
  bool answered = false;
  for (Entry* entry : waiting_for(now)) {
    std::int64_t& served = served_[entry->intent.priority];
    served = std::max(served, entry->turn);
    if (entry->intent.give_up <= now) {
      entry->state = State::dead;
      entry->problem = "outbox.too_late";
      continue;
    }
    ++entry->tries;
    parts_ -= pace_.in.ms;
    sent.push_back(entry->intent.effect_id);
    const Outcome outcome = send(*entry);
    answered = answered || (outcome.sent != Sent::unavailable && outcome.sent != Sent::unknown);
    settle(*entry, outcome, now);
  }
  if (!sent.empty()) unanswered_ = answered ? 0 : unanswered_ + 1;
  if (!sent.empty() && !answered) {
    quiet_until_ = std::max(quiet_until_, now + rest_after(unanswered_));
  }
  look_up(now, look);
  return sent;
}

}  // namespace outbox
