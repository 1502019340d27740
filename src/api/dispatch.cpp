#include "api/dispatch.h"

#include <chrono>
#include <functional>
#include <memory>

#include "api/call.h"
#include "api/route.h"
#include "api/sight.h"
#include "api/tracker_caller.h"
#include "base/diagnostics.h"
#include "net/later.h"

namespace api {
namespace {

bool is_safe(net::Method method) {
  return method == net::Method::get || method == net::Method::head;
}

constexpr std::string_view kBearer = "Bearer ";

Caller nobody(const net::Request& request, const Services& services) {
  rights::Actor actor;
  actor.name = "nobody";
  actor.from = net::client_address(request, services.trusted_proxies);
  return {.viewer = rights::Viewer::only({.actor = std::move(actor), .permissions = {}},
                                         rights::CustomerSet({}))};
}

// When something was last used is worth no refusal: it is noted the next time.
template <typename Note>
void note_use(const Note& note) {
  try {
    note();
  } catch (const store::Failure& failure) {
    base::log_error("last use not noted: {}", failure.what());
  }
}

Caller caller_of_key(const net::Request& request, const rights::ApiKey& key,
                     const Services& services) {
  return {.viewer = rights::viewer_of(key, net::client_address(request, services.trusted_proxies)),
          .known = true,
          .public_key = key.write_only ? std::optional(key) : std::nullopt};
}

Caller caller_with_key(const net::Request& request, const GivenKey& given, Services& services) {
  auto key = services.keys.recognise(given.secret);
  if (!key) refuse(key.error());
  // A secret in an address would be in logs and histories: only public keys may be there.
  if (given.in_address && !key->key.write_only) refuse(rights::Error{rights::Fault::not_signed_in});
  if (key->touch_due) note_use([&] { services.keys.touch(key->key.id); });
  return caller_of_key(request, key->key, services);
}

std::optional<std::string_view> bearer_of(const net::Request& request) {
  const std::string_view authorization = request.headers.find("Authorization").value_or("");
  if (!authorization.starts_with(kBearer)) return std::nullopt;
  return authorization.substr(kBearer.size());
}

// Of who does not see all: nobody yet.
Caller caller_with_session(const net::Request& request, const std::string& token,
                           Services& services) {
  auto session = services.sessions.recognise(token);
  if (!session) return nobody(request, services);
  if (!is_safe(request.method) &&
      !rights::is_csrf_token(token, request.headers.find("X-CSRF-Token").value_or(""))) {
    refuse(rights::Error{rights::Fault::csrf_mismatch});
  }
  if (session->touch_due) note_use([&] { services.sessions.touch(token); });
  return {.viewer = rights::viewer_of(session->user,
                                      net::client_address(request, services.trusted_proxies)),
          .known = true,
          .user = session->user,
          .token = token};
}

Caller caller_of(const net::Request& request, const Guard& guard, Services& services) {
  if (request.local) return {.viewer = rights::Viewer::command_line(), .known = true};
  if (const auto secret = bearer_of(request)) {
    return caller_with_key(request, {.secret = std::string(*secret)}, services);
  }
  if (guard.is_tracker()) {
    if (const auto given = tracker_key_of(request)) {
      return caller_with_key(request, *given, services);
    }
  }
  const auto token = net::cookie_of(request.headers, services.session_cookie());
  if (token) return caller_with_session(request, *token, services);
  return nobody(request, services);
}

void check(const net::Request& request, const Guard& guard, const Caller& caller) {
  if (guard.kind == Guard::Kind::everybody) return;
  if (caller.public_key) check_public_key(request, guard, *caller.public_key);
  if (!caller.known) refuse(rights::Error{rights::Fault::not_signed_in});
  if (guard.kind != Guard::Kind::permission) return;
  if (!caller.viewer.may(guard.permission) && !caller.viewer.may(guard.other)) {
    refuse(rights::Error{rights::Fault::not_allowed});
  }
}

net::Response uncached(net::Response response) {
  response.headers.set("Cache-Control", "no-store");
  return response;
}

// Who asks for the route, if they may.
Caller admitted(const net::Request& request, const Route& route, Services& services) {
  // Whoever is signing in has no session yet, or a stale one that must not stand in the way.
  const bool open = route.guard.kind == Guard::Kind::everybody;
  const Caller caller = open && !request.local ? nobody(request, services)
                                               : caller_of(request, route.guard, services);
  check(request, route.guard, caller);
  return caller;
}

// Whom who may ask sees: found for routes that need a permission, the others ask about nobody.
void find_seen(const net::Request& request, const Guard& guard, Caller& caller,
               Services& services) {
  if (!caller.user || caller.user->scope == rights::Scope::all) return;
  if (guard.kind != Guard::Kind::permission) return;
  caller.viewer =
      rights::viewer_of(*caller.user, net::client_address(request, services.trusted_proxies),
                        services.sights.of(services, *caller.user, request));
}

net::Response handle(const net::Request& request, Match found, Services& services) {
  if (request.method == net::Method::options && is_tracker_path(request)) {
    return preflight(request, services);
  }
  if (found.route == nullptr) {
    throw Refusal(found.other_method ? "api.other_method" : "api.no_such_route");
  }
  const Route& route = *found.route;
  Caller caller = admitted(request, route, services);
  find_seen(request, route.guard, caller, services);
  if (caller.public_key) keep_pace(caller, services);
  Call call({request, services, caller, std::move(found.captured), route.body_bytes_max});
  return route.handle(call);
}

using Steady = std::chrono::steady_clock;

// Counts an answer, also one that comes later.
void count(const Route* route, Steady::time_point began, Services& services,
           net::Response& response) {
  operate::RequestCounts& counts = services.counts;
  const std::size_t number =
      route == nullptr ? counts.no_route() : static_cast<std::size_t>(route - routes().data());
  if (response.later == nullptr) {
    counts.answered(number, response.status, Steady::now() - began);
    return;
  }
  response.later->look_on([&counts, number, began](const net::Response& answer) {
    counts.answered(number, answer.status, Steady::now() - began);
  });
}

}  // namespace

net::Response guarded(const net::Request& request, const std::function<net::Response()>& handler) {
  return guarded(language_of(request), handler);
}

net::Response guarded(Language language, const std::function<net::Response()>& handler) {
  try {
    return handler();
  } catch (const Refusal& refusal) {
    return response_of(refusal, language);
  } catch (const store::Failure& failure) {
    base::log_error("store: {} ({})", failure.what(), store::code_of(failure.kind()));
    return response_of(Refusal(store::code_of(failure.kind())), language);
  } catch (const std::exception& error) {
    base::log_error("request failed: {}", error.what());
    return response_of(Refusal("api.internal_error"), language);
  }
}

net::Response dispatch(const net::Request& request, Services& services) {
  const Steady::time_point began = Steady::now();
  Match found = match(request);
  const Route* route = found.route;
  net::Response response =
      guarded(request, [&] { return handle(request, std::move(found), services); });
  count(route, began, services, response);
  if (is_tracker_path(request)) share(request, services, response);
  return uncached(std::move(response));
}

std::optional<net::Response> dispatch_at_once(const net::Request& request, Services& services) {
  const Steady::time_point began = Steady::now();
  Match found = match(request);
  if (found.route == nullptr || found.route->handle_at_once == nullptr) return std::nullopt;
  const Route& route = *found.route;
  const auto secret = bearer_of(request);
  if (!secret || request.local) return std::nullopt;
  const auto key = services.keys.known(*secret);
  if (key == nullptr) return std::nullopt;
  std::optional<net::Response> answer;
  try {
    bool is_left = false;
    net::Response response = guarded(request, [&]() -> net::Response {
      const Caller caller = caller_of_key(request, *key, services);
      check(request, route.guard, caller);
      Call call(
          {request, services, caller, std::move(found.captured), route.body_bytes_max, false});
      auto made = route.handle_at_once(call);
      is_left = !made;
      return made ? std::move(*made) : net::Response{};
    });
    if (is_left) return std::nullopt;
    answer = std::move(response);
  } catch (const MustWait&) {
    return std::nullopt;
  }
  count(&route, began, services, *answer);
  return uncached(std::move(*answer));
}

net::Response answer_guarded(const net::Request& request, const Guard& guard, Services& services,
                             const std::function<net::Response()>& handler) {
  return uncached(guarded(request, [&] {
    check(request, guard, caller_of(request, guard, services));
    return handler();
  }));
}

net::Admission admit_body(const net::Request& request, Services& services) {
  const Route* route = match(request).route;
  net::Admission admission;
  if (route == nullptr) return {.body_bytes_max = kStrangersBodyBytesMax};
  net::Response answer = guarded(request, [&]() -> net::Response {
    const bool known = admitted(request, *route, services).known;
    admission.body_bytes_max = known ? route->body_bytes_max : kStrangersBodyBytesMax;
    return {};
  });
  if (admission.body_bytes_max == 0) {
    if (is_tracker_path(request)) share(request, services, answer);
    admission.refusal = uncached(std::move(answer));
  }
  return admission;
}

}  // namespace api
