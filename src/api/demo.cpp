#include <boost/json/object.hpp>

#include "api/call.h"
#include "api/demo_host.h"
#include "api/route.h"
#include "base/check.h"
#include "customer/person.h"

namespace api {
namespace {

namespace json = boost::json;
using rights::Permission;

// Through a proxy the demo's own port is not reached.
DemoHost* host_of(Call& call) {
  if (call.request().headers.find("X-Forwarded-For")) return nullptr;
  return call.services().demo.host;
}

// Only to a newcomer: whoever has customers has seen what the program is. One that is there stays
// theirs to open and to end.
bool is_offered(Call& call) {
  const DemoHost* const host = host_of(call);
  if (host == nullptr) return false;
  const DemoProcessState state = host->standing().state;
  if (state != DemoProcessState::stopped && state != DemoProcessState::failed) return true;
  return call.services().database.read(
      [](store::Session& session) { return customer::customers_after(session, {}, 1).empty(); });
}

// Where the demo is for this browser, by the name it knows this machine by, with a ticket for one
// entrance.
json::value address_of(Call& call, const DemoStanding& standing) {
  if (standing.state != DemoProcessState::running) return nullptr;
  return json::value("http://" + std::string(call.host_name()) + ":" +
                     std::to_string(standing.port) + "/demo?ticket=" + host_of(call)->new_ticket());
}

json::object to_json(Call& call, const DemoStanding& standing) {
  return {{"offered", is_offered(call)},
          {"state", name_of(standing.state)},
          {"customers_made", standing.customers_made},
          {"customers", standing.customers},
          {"address", address_of(call, standing)}};
}

net::Response get_demo(Call& call) {
  DemoHost* const host = host_of(call);
  return ok(to_json(call, host == nullptr ? DemoStanding{} : host->standing()));
}

net::Response start_demo(Call& call) {
  if (!is_offered(call)) throw Refusal("api.demo_not_offered");
  return json_response(202, to_json(call, host_of(call)->start()));
}

net::Response end_demo(Call& call) {
  DemoHost* const host = host_of(call);
  if (host == nullptr) throw Refusal("api.demo_not_offered");
  return json_response(202, to_json(call, host->stop()));
}

constexpr Route kRoutes[] = {
    {net::Method::get, "/demo", Guard::of(Permission::owners_write), get_demo},
    {net::Method::post, "/demo", Guard::of(Permission::owners_write), start_demo},
    {net::Method::del, "/demo", Guard::of(Permission::owners_write), end_demo},
};

}  // namespace

std::string_view name_of(DemoProcessState state) {
  switch (state) {
    case DemoProcessState::stopped:
      return "stopped";
    case DemoProcessState::starting:
      return "starting";
    case DemoProcessState::running:
      return "running";
    case DemoProcessState::ending:
      return "ending";
    case DemoProcessState::failed:
      return "failed";
  }
  base::unreachable();
}

std::span<const Route> demo_routes() { return kRoutes; }

}  // namespace api
