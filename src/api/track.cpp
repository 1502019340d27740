// What trackers and servers tell, as Segment's clients do.
#include <boost/json/array.hpp>

#include "api/call.h"
#include "api/route.h"
#include "intake/tracked.h"
#include "setting/setting.h"

namespace api {
namespace {

namespace json = boost::json;
using intake::TrackedKind;

// JSON whatever it is called: beacons call it text/plain, which asks for no preflight.
json::object object_of(Call& call) {
  auto body = base::parse_json(call.request().body, kTrackedBodyBytesMax);
  if (!body) refuse(body.error());
  if (!body->is_object()) refuse(base::JsonError{base::JsonFault::wrong_type, "", 0});
  return std::move(body->get_object());
}

intake::TrackedSender sender_of(Call& call) {
  intake::TrackedSender sender;
  sender.writing = call.writing();
  sender.is_public = call.caller().public_key.has_value();
  if (sender.is_public) sender.writing.source = "tracker";
  sender.key_window = call.services().database.read(
      [](store::Session& session) { return setting::read(session).idempotency_window; });
  return sender;
}

struct Read {
  std::vector<intake::TrackedPlace> messages;
  intake::TrackedReport report;
};

void read(Read& out, const json::object& given, std::optional<TrackedKind> kind,
          const intake::TrackedArrival& arrival) {
  const std::size_t index = out.messages.size() + out.report.left_out.size();
  auto message = intake::read_tracked(given, kind, arrival);
  if (message) {
    out.messages.push_back({index, std::move(*message)});
  } else {
    out.report.left_out.push_back({index, message.error()});
  }
}

net::Response take(Call& call, Read& given) {
  auto& services = call.services();
  const auto sender = sender_of(call);
  if (!given.messages.empty()) {
    intake::take_tracked({services.database, services.log, services.random}, sender, given.messages,
                         given.report);
  }
  json::array left_out;
  for (const auto& each : given.report.left_out) {
    left_out.push_back(json::object{{"index", each.index}, {"code", each.code}});
  }
  return ok(json::object{{"accepted", given.report.accepted},
                         {"repeated", given.report.repeated},
                         {"left_out", std::move(left_out)},
                         {"position", call.position()}});
}

net::Response take_one(Call& call, TrackedKind kind) {
  const json::object body = object_of(call);
  Read given;
  read(given, body, kind, {call.now(), intake::tracked_moment(body, "sentAt")});
  return take(call, given);
}

net::Response identify(Call& call) { return take_one(call, TrackedKind::identify); }
net::Response track(Call& call) { return take_one(call, TrackedKind::track); }
net::Response page(Call& call) { return take_one(call, TrackedKind::page); }

net::Response batch(Call& call) {
  const json::object body = object_of(call);
  const json::value* messages = body.if_contains("batch");
  if (messages == nullptr || !messages->is_array()) {
    refuse(base::JsonError{base::JsonFault::missing_member, "/batch", 0});
  }
  const json::array& array = messages->get_array();
  if (array.size() > intake::kTrackedMax) {
    throw Refusal("log.too_many_events", {{"path", "/batch"}});
  }
  const auto sent_at = intake::tracked_moment(body, "sentAt");
  Read given;
  for (const json::value& each : array) {
    const json::object none;
    const json::object& message = each.is_object() ? each.get_object() : none;
    auto own = intake::tracked_moment(message, "sentAt");
    read(given, message, std::nullopt, {call.now(), own ? own : sent_at});
  }
  return take(call, given);
}

constexpr Route kRoutes[] = {
    {net::Method::post, "/t/identify", Guard::tracker(), identify, kTrackedBodyBytesMax},
    {net::Method::post, "/t/track", Guard::tracker(), track, kTrackedBodyBytesMax},
    {net::Method::post, "/t/page", Guard::tracker(), page, kTrackedBodyBytesMax},
    {net::Method::post, "/t/batch", Guard::tracker(), batch, kTrackedBodyBytesMax},
};

}  // namespace

std::span<const Route> track_routes() { return kRoutes; }

}  // namespace api
