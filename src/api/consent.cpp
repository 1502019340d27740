#include "customer/consent.h"

#include <boost/describe.hpp>
#include <boost/json/array.hpp>

#include "api/change.h"
#include "api/route.h"

namespace api {
namespace {

namespace json = boost::json;
using rights::Permission;

struct NewConsent {
  std::string purpose;
  std::optional<std::string> channel;
  std::string state;
  std::optional<std::string> at;
  std::optional<std::string> how;
  std::optional<std::string> wording;
  std::optional<std::string> proof;
};
BOOST_DESCRIBE_STRUCT(NewConsent, (), (purpose, channel, state, at, how, wording, proof))

struct NewPurpose {
  std::string name;
};
BOOST_DESCRIBE_STRUCT(NewPurpose, (), (name))

std::string_view view(const std::optional<std::string>& text) {
  return text ? std::string_view(*text) : std::string_view();
}

net::Response record_consent(Call& call) {
  const auto body = call.body<NewConsent>();
  if (body.state != "given" && body.state != "withdrawn") {
    throw Refusal("api.bad_consent_state", {{"path", "/state"}});
  }
  const customer::ConsentChange given{.purpose = body.purpose,
                                      .channel = view(body.channel),
                                      .given = body.state == "given",
                                      .how = view(body.how),
                                      .wording = view(body.wording),
                                      .proof = view(body.proof),
                                      .since = call.moment(body.at, "/at")};
  change(call, "customer.consent", [&](customer::Writing& writing) {
    return customer::change_consent(writing, call.person(writing.unit(), call.captured(0)), given);
  });
  return created(json::object{{"position", call.position()}});
}

net::Response list_purposes(Call& call) {
  json::array purposes;
  json::array channels;
  call.services().database.read([&](store::Session& session) {
    for (const auto& purpose : customer::purposes(session)) {
      purposes.push_back(json::object{{"name", purpose.name}});
    }
    for (const auto& channel : customer::channels(session)) {
      channels.push_back(json::value(channel.name));
    }
  });
  return ok(json::object{{"purposes", std::move(purposes)}, {"channels", std::move(channels)}});
}

net::Response declare_purpose(Call& call) {
  const auto body = call.body<NewPurpose>();
  const auto purpose = change(call, "consent_purpose.declare", [&](customer::Writing& writing) {
    return customer::declare_purpose(writing, body.name);
  });
  return created(json::object{{"name", purpose.name}});
}

constexpr Route kRoutes[] = {
    {net::Method::post, "/customers/{customer}/consents", Guard::of(Permission::customers_write),
     record_consent},
    {net::Method::get, "/consent-purposes", Guard::of(Permission::customers_read), list_purposes},
    {net::Method::post, "/consent-purposes", Guard::of(Permission::customers_declare),
     declare_purpose},
};

}  // namespace

std::span<const Route> consent_routes() { return kRoutes; }

}  // namespace api
