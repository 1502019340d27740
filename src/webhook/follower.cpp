#include "webhook/follower.h"

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <deque>
#include <utility>
#include <vector>

#include "base/check.h"
#include "log/event_type.h"
#include "log/reader.h"

namespace webhook {
namespace {

namespace json = boost::json;

// Ids of the names that are wanted and known; a name may be chosen before it first comes.
std::vector<base::EventTypeId> types_of(const event_log::EventTypes& types,
                                        const Webhook& webhook) {
  std::vector<base::EventTypeId> ids;
  for (const event_log::EventType& type : types.all()) {
    const bool is_wanted = webhook.events.empty() ||
                           std::ranges::find(webhook.events, type.name) != webhook.events.end();
    if (is_wanted) ids.push_back(type.id);
  }
  return ids;
}

}  // namespace

std::int64_t Follower::follow(const std::stop_token& stop) {
  auto all = means_.database.read(webhooks);
  std::erase_if(all, [](const Webhook& each) { return !each.is_on; });
  std::ranges::rotate(all, std::ranges::find(all, next_, &Webhook::id));
  std::deque<Webhook> turns(all.begin(), all.end());
  std::int64_t made = 0;
  for (std::int64_t i = 0; i < means_.steps_at_once && !turns.empty(); ++i) {
    if (stop.stop_requested()) break;
    const Step step = take_step(turns.front());
    made += step.made;
    if (step.more) turns.push_back(std::move(turns.front()));
    turns.pop_front();
  }
  next_ = turns.empty() ? WebhookId{} : turns.front().id;
  return made;
}

Follower::Step Follower::take_step(const Webhook& webhook) {
  event_log::Position from;
  event_log::Reading reading;
  bool is_full = false;
  means_.database.read([&](store::Session& session) {
    is_full =
        outbox::standing_in(session, webhook.lane, means_.standing_max) >= means_.standing_max;
    if (is_full) return;
    from = event_log::position_of(session, reader_of(webhook.id)).value_or(event_log::Position{});
    const auto types = types_of(*means_.log.catalog().of(session), webhook);
    reading =
        event_log::read_after(session, from, {.types = types, .events_max = means_.events_at_once});
  });
  if (is_full || reading.through == from) return {};
  const base::Moment now = means_.clock.now();
  std::vector<outbox::NewIntent> intents;
  for (const event_log::Event& event : reading.events) {
    if (event.liveness != event_log::Liveness::live) continue;
    const std::string position = event_log::to_text(event.position);
    intents.push_back({.id = {means_.random.id()},
                       .effect_id = reader_of(webhook.id) + "/" + position,
                       .lane = webhook.lane,
                       .priority = outbox::Priority::sync,
                       .cause = reader_of(webhook.id),
                       .payload = json::serialize(json::object{{"position", position}}),
                       .due = now});
  }
  const bool advanced = means_.database.write("webhook.follow", [&](store::Unit& unit) {
    // Taken away or turned off since it was read: no position may come back.
    const auto stands = held_webhook(unit, webhook.id);
    if (!stands || !stands->is_on) return false;
    if (!event_log::advance(unit, reader_of(webhook.id), from, reading.through)) return false;
    CHECK(outbox::enqueue(unit, intents, now));
    return true;
  });
  if (!advanced) return {};
  return {static_cast<std::int64_t>(intents.size()), reading.more};
}

}  // namespace webhook
