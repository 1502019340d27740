#include "outbox/carrier.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "base/check.h"
#include "lease/lease.h"
#include "outbox/carrier_sql.h"

namespace outbox {
namespace {

using Rows = std::vector<std::vector<store::Param>>;

// Of what is neither done nor dropped it has not ended.
store::Param ended_param(State state, base::Moment now) {
  const bool has_ended = state == State::done || state == State::dropped;
  return has_ended ? store::Param(now.ms) : store::Param(std::monostate{});
}

bool was_answered(const Outcome& outcome) {
  return outcome.sent != Sent::unknown && outcome.sent != Sent::unavailable &&
         outcome.sent != Sent::not_begun;
}

}  // namespace

std::string lease_of(LaneId lane) { return "outbox/" + std::to_string(lane.value); }

Step Carrier::step() {
  Claim claimed = claim(clock_.now());
  if (!claimed.lost) claimed = still_wanted(std::move(claimed.intents));
  if (claimed.lost) return {.lost = true};
  Step step;
  if (!claimed.intents.empty()) {
    send(claimed.intents);
    step.sent = std::ranges::count_if(unsettled_.intents, &Settlement::begun);
    database_.write("outbox.settle", [&](store::Unit& unit) { write(unit, unsettled_); });
    unsettled_ = {};
  }
  open_ = false;
  step.looked_up = look_up();
  step.next = next(clock_.now());
  return step;
}

Carrier::Claim Carrier::claim(base::Moment now) {
  const bool looks_back = open_ || !has_claimed_;
  open_ = true;
  // A unit may run twice: what it learns is kept only once it has happened.
  Claim claimed = database_.write("outbox.claim", [&](store::Unit& unit) {
    Claim found;
    found.lost = !lease::is_newest(unit, lease_of(lane_.id), fence_);
    if (found.lost) return found;
    if (looks_back) look_back(unit, now);
    unit.execute(sql::kWakeWaiting, {lane_.id.value, now.ms, kWokenAtOnce});
    found.intents = claim_queued(unit, now);
    return found;
  });
  if (claimed.lost) return claimed;
  unsettled_ = {};
  has_claimed_ = true;
  return claimed;
}

// What stands in `sending`. Of one's own that is not in `unsettled_` nothing was asked.
void Carrier::look_back(store::Unit& unit, base::Moment now) const {
  write(unit, unsettled_);
  if (has_claimed_) unit.execute(sql::kUnclaimRest, {lane_.id.value, fence_});
  unit.execute(sql::kRecoverSending, {lane_.id.value, now.ms});
}

std::vector<Carrier::Claimed> Carrier::claim_queued(store::Unit& unit, base::Moment now) const {
  const LaneState lane = state_of_lane(unit);
  Bucket bucket(lane.pace, lane.filling);
  const std::int64_t room = std::min(bucket.tokens(now), kSentAtOnce);
  const Paused stands = paused(unit);
  if (room <= 0 || lane.is_quiet(now) || stands.lane) return {};
  auto taken = take(unit, queued(unit, room, stands), now);
  if (taken.empty()) return taken;
  bucket.take(std::ssize(taken), now);
  unit.execute(sql::kFillLane, {lane_.id.value, bucket.filling().parts, bucket.filling().at.ms});
  return taken;
}

Carrier::LaneState Carrier::state_of_lane(store::Session& session) const {
  const auto state = session.one(sql::kStateOfLane, {lane_.id.value}, [](const store::Row& row) {
    return LaneState{.pace = {row.integer(0), {row.integer(1)}, row.integer(2)},
                     .filling = {row.integer(3), {row.integer(4)}},
                     .quiet_since = {row.integer(5)},
                     .quiet_until = {row.integer(6)}};
  });
  CHECK(state);
  return *state;
}

Carrier::Paused Carrier::paused(store::Session& session) const {
  Paused found;
  session.query(sql::kPausesOf, {paused_account(lane_.account), paused_lane(lane_.id)},
                [&](const store::Row& row) {
                  (row.text(0) == kMarketing ? found.marketing : found.lane) = true;
                });
  return found;
}

std::vector<Carrier::Claimed> Carrier::queued(store::Unit& unit, std::int64_t rows_max,
                                              const Paused& paused) const {
  std::vector<Claimed> found;
  const std::string_view sql =
      paused.marketing ? sql::kQueuedWithoutMarketing : sql::kQueuedIntents;
  unit.query(sql, {lane_.id.value, rows_max}, [&](const store::Row& row) {
    found.push_back({.id = {row.integer(0)},
                     .priority = static_cast<Priority>(row.integer(2)),
                     .give_up = {row.integer(5)},
                     .turn = row.integer(6),
                     .effect = {.effect_id = std::string(row.text(1)),
                                .account = lane_.account,
                                .kind = lane_.kind,
                                .payload = std::string(row.text(3)),
                                .tries = row.integer(4) + 1}});
  });
  return found;
}

// Those that are now this holder's. What is too late is a dead letter.
std::vector<Carrier::Claimed> Carrier::take(store::Unit& unit, std::vector<Claimed> found,
                                            base::Moment now) const {
  std::map<Priority, std::int64_t> served;
  Rows late;
  Rows taken;
  for (const Claimed& each : found) {
    served[each.priority] = std::max(served[each.priority], each.turn);
    if (each.give_up <= now) {
      late.push_back({each.id.value});
    } else {
      taken.push_back({each.id.value, fence_, now.ms});
    }
  }
  for (const auto& [priority, turn] : served) {
    unit.execute(sql::kServeTurn, {lane_.id.value, static_cast<std::int64_t>(priority), turn});
  }
  unit.execute_batch(sql::kGiveUpIntent, late);
  const std::int64_t changed = unit.execute_batch(sql::kClaimIntent, taken);
  std::erase_if(found, [now](const Claimed& each) { return each.give_up <= now; });
  if (changed == std::ssize(taken)) return found;
  // Somebody has dropped some of them meanwhile.
  std::set<IntentId> own;
  unit.query(sql::kClaimedIntents, {lane_.id.value, fence_},
             [&](const store::Row& row) { own.insert({row.integer(0)}); });
  std::erase_if(found, [&own](const Claimed& each) { return !own.contains(each.id); });
  return found;
}

Carrier::Claim Carrier::still_wanted(std::vector<Claimed> claimed) {
  Claim wanted;
  if (claimed.empty()) return wanted;
  Paused stands;
  database_.read([&](store::Session& session) {
    const auto lease = lease::find(session, lease_of(lane_.id));
    wanted.lost = !lease || lease->fence != fence_;
    stands = paused(session);
  });
  if (wanted.lost) return wanted;
  Settling given_back;
  for (Claimed& each : claimed) {
    if (stands.stops(each.priority)) {
      given_back.intents.push_back({.id = each.id, .begun = false, .next = {}});
    } else {
      wanted.intents.push_back(std::move(each));
    }
  }
  if (!given_back.intents.empty()) {
    database_.write("outbox.unclaim", [&](store::Unit& unit) { write(unit, given_back); });
  }
  return wanted;
}

// Leaves what came of it in `unsettled_`.
void Carrier::send(const std::vector<Claimed>& wanted) {
  std::vector<Effect> effects;
  effects.reserve(wanted.size());
  for (const Claimed& each : wanted) effects.push_back(each.effect);
  // Until it has come back, and if it never does.
  const std::vector<Outcome> unknown(wanted.size(), {.problem = "outbox.no_outcome"});
  unsettled_ = settling_of(wanted, unknown, clock_.now());
  const auto outcomes = sender_.send(effects);
  CHECK(outcomes.size() == effects.size());
  const base::Moment now = clock_.now();
  unsettled_ = settling_of(wanted, outcomes, now);
  const auto begun = std::ranges::count_if(unsettled_.intents, &Settlement::begun);
  if (begun == 0) return;
  unanswered_ = std::ranges::any_of(outcomes, was_answered) ? 0 : unanswered_ + 1;
  if (unanswered_ == 0) return;
  unsettled_.quiet_until = std::max(unsettled_.quiet_until, now + rest_after(unanswered_));
}

Carrier::Settling Carrier::settling_of(std::span<const Claimed> sent,
                                       std::span<const Outcome> outcomes, base::Moment now) {
  Settling settling{.intents = {}, .at = now, .quiet_until = now};
  for (std::size_t i = 0; i < sent.size(); ++i) {
    if (outcomes[i].sent == Sent::not_begun) {
      settling.intents.push_back({.id = sent[i].id, .begun = false, .next = {}});
      continue;
    }
    const Next next = after_send({.effect_id = sent[i].effect.effect_id,
                                  .tries = sent[i].effect.tries,
                                  .give_up = sent[i].give_up,
                                  .now = now},
                                 outcomes[i]);
    if (outcomes[i].sent == Sent::too_often) {
      // Also where this one is given up.
      const base::Duration wait =
          std::max(wait_of(Sent::too_often, sent[i].effect.effect_id, sent[i].effect.tries),
                   outcomes[i].after);
      settling.quiet_until = std::max(settling.quiet_until, now + wait);
    }
    settling.intents.push_back({.id = sent[i].id, .begun = true, .next = next});
  }
  return settling;
}

void Carrier::write(store::Unit& unit, const Settling& settling) const {
  Rows settled;
  Rows given_back;
  for (const Settlement& each : settling.intents) {
    if (!each.begun) {
      given_back.push_back({each.id.value, fence_});
      continue;
    }
    settled.push_back({each.id.value, fence_, static_cast<std::int64_t>(each.next.state),
                       each.next.due.ms, each.next.problem, each.next.receipt,
                       ended_param(each.next.state, settling.at), settling.at.ms});
  }
  unit.execute_batch(sql::kSettleIntent, settled);
  const std::int64_t back = unit.execute_batch(sql::kUnclaimIntent, given_back);
  if (back > 0) unit.execute(sql::kGiveTokensBack, {lane_.id.value, back});
  if (settling.quiet_until > settling.at) {
    unit.execute(sql::kQuietenLane, {lane_.id.value, settling.at.ms, settling.quiet_until.ms});
  }
}

// What may be looked up now.
std::vector<Carrier::Open> Carrier::unknown(base::Moment now) {
  std::vector<Open> open;
  database_.read([&](store::Session& session) {
    open.clear();
    if (paused(session).lane || state_of_lane(session).is_quiet(now)) return;
    session.query(sql::kUnknownIntents, {lane_.id.value, now.ms, kLookedUpAtOnce},
                  [&](const store::Row& row) {
                    open.push_back({.id = {row.integer(0)},
                                    .give_up = {row.integer(5)},
                                    .looks = row.integer(6),
                                    .tried_at = {row.integer(7)},
                                    .effect = {.effect_id = std::string(row.text(1)),
                                               .account = lane_.account,
                                               .kind = lane_.kind,
                                               .payload = std::string(row.text(3)),
                                               .tries = row.integer(4)}});
                  });
  });
  return open;
}

std::int64_t Carrier::look_up() {
  const std::vector<Open> open = unknown(clock_.now());
  if (open.empty()) return 0;
  std::vector<Effect> effects;
  for (const Open& each : open) effects.push_back(each.effect);
  const std::vector<Look> looks = sender_.look_up(effects);
  CHECK(looks.size() == open.size());
  const base::Moment now = clock_.now();
  std::vector<Next> after;
  for (std::size_t i = 0; i < open.size(); ++i) {
    after.push_back(after_look({.effect_id = open[i].effect.effect_id,
                                .tries = open[i].looks + 1,
                                .give_up = open[i].give_up,
                                .now = now,
                                .tried_at = open[i].tried_at},
                               looks[i]));
  }
  Rows rows;
  for (std::size_t i = 0; i < open.size(); ++i) {
    const Next& next = after[i];
    rows.push_back({open[i].id.value, static_cast<std::int64_t>(next.state), next.due.ms,
                    next.problem, next.receipt, ended_param(next.state, now), open[i].looks,
                    std::int64_t{next.counts ? 1 : 0}});
  }
  database_.write("outbox.look",
                  [&](store::Unit& unit) { unit.execute_batch(sql::kSettleLook, rows); });
  return std::ssize(open);
}

void Carrier::write_what_is_known() {
  if (unsettled_.intents.empty()) return;
  database_.write("outbox.settle", [&](store::Unit& unit) { write(unit, unsettled_); });
  unsettled_ = {};
}

base::Moment Carrier::next(base::Moment now) {
  if (open_) return now;
  return database_.read([&](store::Session& session) {
    const Paused stands = paused(session);
    if (stands.lane) return base::kMomentMax;
    const LaneState lane = state_of_lane(session);
    const base::Moment quiet = lane.is_quiet(now) ? lane.quiet_until : now;
    base::Moment next = base::kMomentMax;
    const auto due = [](const store::Row& row) { return row.optional_integer(0); };
    for (const std::string_view sql : {sql::kNextWaiting, sql::kNextUnknown}) {
      const auto found = session.one(sql, {lane_.id.value}, due);
      if (found && *found) next = std::min(next, std::max(base::Moment{**found}, quiet));
    }
    const auto queued =
        session.one(sql::kHasQueued, {lane_.id.value, std::int64_t{stands.marketing ? 1 : 0}},
                    [](const store::Row& row) { return row.integer(0) != 0; });
    if (!*queued) return next;
    return std::min(next, std::max(Bucket(lane.pace, lane.filling).next(now), quiet));
  });
}

}  // namespace outbox
