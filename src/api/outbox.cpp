#include <boost/describe.hpp>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "access/audit.h"
#include "api/actor_names.h"
#include "api/call.h"
#include "api/intent_json.h"
#include "api/record.h"
#include "api/route.h"
#include "outbox/intent.h"
#include "webhook/webhook.h"

namespace api {
namespace {

namespace json = boost::json;
using rights::Permission;

struct PaceBody {
  std::int64_t count = 0;
  std::int64_t in_seconds = 0;
  std::int64_t burst = 0;
};
BOOST_DESCRIBE_STRUCT(PaceBody, (), (count, in_seconds, burst))

struct PauseBody {
  std::string what;
};
BOOST_DESCRIBE_STRUCT(PauseBody, (), (what))

json::object to_json(const outbox::Lane& lane) {
  return {{"id", lane.id.value},
          {"account", lane.account == 0 ? json::value(nullptr) : json::value(lane.account)},
          {"kind", lane.kind},
          {"count", lane.pace.count},
          {"in_seconds", lane.pace.in.ms / 1000},
          {"burst", lane.pace.burst}};
}

json::object to_json(const outbox::Pause& pause) {
  return {{"what", pause.what}, {"since", iso(pause.since)}, {"by_whom", pause.by_whom}};
}

// "<created_at>/<id>".
outbox::Page page_of(Call& call) {
  outbox::Page page{.rows_max = call.limit() + 1};
  const std::string mark = call.query("after");
  if (mark.empty()) return page;
  const std::size_t slash = mark.find('/');
  const auto at = read_integer(mark.substr(0, slash));
  const auto id = slash == std::string::npos ? std::nullopt : read_integer(mark.substr(slash + 1));
  if (!at || !id) throw Refusal("api.bad_query", {{"subject", "after"}});
  page.created_at = {*at};
  page.id = {*id};
  return page;
}

json::object shown_of(Call& call, const std::vector<outbox::Intent>& found) {
  json::array intents;
  json::value next = nullptr;
  for (const outbox::Intent& intent : found) {
    if (std::ssize(intents) == call.limit()) {
      const outbox::Intent& last = found[intents.size() - 1];
      next = std::to_string(last.created_at.ms) + "/" + std::to_string(last.id.value);
      break;
    }
    intents.push_back(intent_json(intent));
  }
  return {{"intents", std::move(intents)}, {"next", std::move(next)}};
}

net::Response list_lanes(Call& call) {
  json::array lanes;
  call.services().database.read([&](store::Session& session) {
    for (const outbox::Lane& lane : outbox::lanes(session)) lanes.push_back(to_json(lane));
  });
  return ok(json::object{{"lanes", std::move(lanes)}});
}

net::Response change_lane(Call& call) {
  const auto body = call.body<PaceBody>();
  const outbox::LaneId id{call.id(0)};
  std::int64_t ms = 0;
  const bool is_long = __builtin_mul_overflow(body.in_seconds, 1000, &ms);
  const outbox::Pace pace{body.count, {is_long ? -1 : ms}, body.burst};
  return ok(
      to_json(value_or_refuse(call.services().database.write("outbox.pace", [&](store::Unit& unit) {
        const auto before = outbox::lane_with(unit, id);
        auto lane = outbox::set_pace(unit, id, pace);
        if (lane) {
          record_change(call, unit,
                        {.noun = "lane",
                         .verb = "changed",
                         .subject = std::to_string(id.value),
                         .before = to_json(*before),
                         .after = to_json(*lane)});
        }
        return lane;
      }))));
}

net::Response list_intents(Call& call) {
  const std::string cause = call.query("cause");
  if (cause.empty()) throw Refusal("api.bad_query", {{"subject", "cause"}});
  const outbox::Page page = page_of(call);
  return ok(shown_of(call, call.services().database.read([&](store::Session& session) {
    return outbox::of_cause(session, cause, page);
  })));
}

net::Response list_dead_letters(Call& call) {
  const outbox::Page page = page_of(call);
  return ok(shown_of(call, call.services().database.read([&](store::Session& session) {
    return outbox::dead_letters(session, page);
  })));
}

using Decision = base::Result<outbox::Intent, outbox::Fault> (*)(store::Unit&, outbox::IntentId,
                                                                 base::Moment);
net::Response decide(Call& call, Decision decision, std::string_view verb) {
  const outbox::IntentId id{call.id(0)};
  return ok(intent_json(
      value_or_refuse(call.services().database.write("outbox.decide", [&](store::Unit& unit) {
        auto intent = decision(unit, id, call.now());
        if (intent) {
          rights::record(unit, {.actor = call.caller().viewer.actor(),
                                .at = call.now(),
                                .noun = "dead_letter",
                                .verb = std::string(verb),
                                .subject = std::to_string(id.value)});
        }
        return intent;
      }))));
}

net::Response replay_dead_letter(Call& call) { return decide(call, outbox::replay, "replayed"); }
net::Response drop_dead_letter(Call& call) { return decide(call, outbox::drop, "dropped"); }

json::value pauses_of(Call& call) {
  json::array pauses;
  call.services().database.read([&](store::Session& session) {
    for (const outbox::Pause& pause : outbox::pauses(session)) pauses.push_back(to_json(pause));
  });
  ActorNames names(call.services().users);
  for (json::value& pause : pauses) names.show(pause.as_object(), "by_whom");
  return json::object{{"pauses", std::move(pauses)}};
}

net::Response list_pauses(Call& call) { return ok(pauses_of(call)); }

net::Response pause(Call& call) {
  const auto body = call.body<PauseBody>();
  const rights::Actor actor = call.caller().viewer.actor();
  value_or_refuse(call.services().database.write("outbox.pause", [&](store::Unit& unit) {
    const auto is_new = outbox::pause(unit, {body.what, call.now(), rights::to_text(actor)});
    if (is_new && *is_new) {
      rights::record(unit, {.actor = actor,
                            .at = call.now(),
                            .noun = "pause",
                            .verb = "created",
                            .subject = body.what});
    }
    return is_new;
  }));
  return ok(pauses_of(call));
}

// The lane of a webhook goes on when that is turned on again, not before.
net::Response resume(Call& call) {
  const auto body = call.body<PauseBody>();
  const bool is_off = call.services().database.write("outbox.resume", [&](store::Unit& unit) {
    if (webhook::is_lane_of_one_off(unit, body.what)) return true;
    if (!outbox::resume(unit, body.what)) return false;
    rights::record(unit, {.actor = call.caller().viewer.actor(),
                          .at = call.now(),
                          .noun = "pause",
                          .verb = "deleted",
                          .subject = body.what});
    return false;
  });
  if (is_off) refuse(webhook::Fault::is_off);
  return ok(pauses_of(call));
}

constexpr Route kRoutes[] = {
    {net::Method::get, "/outbox/lanes", Guard::of(Permission::outbox_read), list_lanes},
    {net::Method::patch, "/outbox/lanes/{id}", Guard::of(Permission::settings_write), change_lane},
    {net::Method::get, "/outbox/intents", Guard::of(Permission::outbox_read), list_intents},
    {net::Method::get, "/outbox/dead-letters", Guard::of(Permission::outbox_read),
     list_dead_letters},
    {net::Method::post, "/outbox/dead-letters/{id}/replay", Guard::of(Permission::outbox_write),
     replay_dead_letter},
    {net::Method::post, "/outbox/dead-letters/{id}/drop", Guard::of(Permission::outbox_write),
     drop_dead_letter},
    {net::Method::get, "/outbox/pauses", Guard::of(Permission::outbox_read), list_pauses},
    {net::Method::post, "/outbox/pauses", Guard::of(Permission::outbox_write), pause},
    {net::Method::post, "/outbox/resumptions", Guard::of(Permission::outbox_write), resume},
};

}  // namespace

json::object intent_json(const outbox::Intent& intent) {
  const bool is_waiting = intent.state == outbox::State::waiting;
  return {{"id", intent.id.value},
          {"effect_id", intent.effect_id},
          {"lane", intent.lane.value},
          {"priority", outbox::name_of(intent.priority)},
          {"cause", intent.cause},
          {"state", outbox::name_of(intent.state)},
          {"tries", intent.tries},
          {"due", is_waiting ? json::value(iso(intent.due)) : json::value(nullptr)},
          {"problem", intent.problem.empty() ? json::value(nullptr) : json::value(intent.problem)},
          {"receipt", intent.receipt.empty() ? json::value(nullptr) : json::value(intent.receipt)},
          {"created_at", iso(intent.created_at)},
          {"ended_at", iso_or_null(intent.ended_at)}};
}

std::span<const Route> outbox_routes() { return kRoutes; }

}  // namespace api
