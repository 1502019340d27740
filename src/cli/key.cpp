// key list, create, revoke.

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value_from.hpp>

#include "base/calendar.h"
#include "base/clock.h"
#include "cli/command.h"
#include "cli/message.h"
#include "cli/output.h"

namespace cli {
namespace {

namespace json = boost::json;

constexpr std::string_view kPath = "/api/v1/keys";

std::string joined(const json::value& texts) {
  std::string line;
  for (const json::value& text : texts.as_array()) {
    if (!line.empty()) line += ' ';
    line += text.as_string();
  }
  return line;
}

}  // namespace

int list_keys(const Target& target) {
  Program program(target, Missing::is_made);
  const json::value answer = program.ask(net::Method::get, std::string(kPath));
  if (target.json) {
    print_json(answer);
    return 0;
  }
  const std::string now = base::to_iso8601_utc(base::SystemClock().now());
  for (const json::value& key : answer.at("keys").as_array()) {
    const json::value& expires = key.at("expires_at");
    std::string_view state = "key.state_active";
    if (expires.is_string() && expires.as_string() <= now) state = "key.state_expired";
    if (key.at("revoked_at").is_string()) state = "key.state_revoked";
    print_line(std::to_string(key.at("id").as_int64()) + "\t" + text_of(key, "name") + "\t" +
               text_of(key, "prefix") + "\t" + message(state) + "\t" + joined(key.at("scopes")) +
               (key.at("write_only").as_bool()
                    ? "\t" + message("key.public") + " " + joined(key.at("origins"))
                    : ""));
  }
  return 0;
}

int create_key(const Target& target, const KeyArguments& arguments) {
  Program program(target, Missing::is_made);
  json::object body{{"name", arguments.name}, {"scopes", json::value_from(arguments.scopes)}};
  if (!arguments.expires_at.empty()) body["expires_at"] = arguments.expires_at;
  if (!arguments.origins.empty()) {
    body["write_only"] = true;
    body["scopes"] = json::array{"events.track"};
    body["origins"] = json::value_from(arguments.origins);
  }
  const json::value made = program.ask(net::Method::post, std::string(kPath), body);
  if (target.json) {
    print_json(made);
    return 0;
  }
  print_line(message("key.created", arguments.name, made.at("key").at("id").as_int64(),
                     text_of(made, "secret")));
  return 0;
}

int revoke_key(const Target& target, const KeyArguments& arguments) {
  Program program(target, Missing::is_made);
  program.ask(net::Method::del, std::string(kPath) + "/" + std::to_string(arguments.id));
  if (target.json) {
    print_json(json::object{{"revoked", arguments.id}});
  } else {
    print_line(message("key.revoked", arguments.id));
  }
  return 0;
}

}  // namespace cli
