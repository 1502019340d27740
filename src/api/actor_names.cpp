#include "api/actor_names.h"

#include "api/call.h"

namespace api {

const std::string& ActorNames::shown(std::string_view actor) {
  if (const auto known = shown_.find(actor); known != shown_.end()) return known->second;
  constexpr std::string_view kUser = "user:";
  std::string text(actor);
  if (actor.starts_with(kUser)) {
    const auto id = read_integer(actor.substr(kUser.size()));
    const auto user = id ? users_.find(base::UserId{*id}) : std::nullopt;
    if (user) text += " " + user->name;
  }
  return shown_.emplace(actor, std::move(text)).first->second;
}

void ActorNames::show(boost::json::object& object, std::string_view member) {
  boost::json::value& actor = object.at(member);
  actor = shown(actor.as_string());
}

}  // namespace api
