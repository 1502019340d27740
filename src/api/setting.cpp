#include "setting/setting.h"

#include <boost/describe.hpp>
#include <boost/json/array.hpp>

#include "api/call.h"
#include "api/route.h"

namespace api {
namespace {

namespace json = boost::json;
using rights::Permission;

struct SettingChange {
  std::string value;
};
BOOST_DESCRIBE_STRUCT(SettingChange, (), (value))

json::object to_json(store::Session& session, const setting::Setting& setting) {
  json::array choices;
  for (const std::string_view choice : setting.choices) choices.push_back(json::value(choice));
  return {{"name", setting.name},
          {"description", setting.sentence},
          {"type", setting::name_of(setting.type)},
          {"value", setting::value_of(session, setting.name)},
          {"default", setting.initial},
          {"unit", setting.unit},
          {"least", setting.least},
          {"most", setting.most},
          {"choices", std::move(choices)},
          {"example", setting.example},
          {"restart", setting.restart}};
}

net::Response list_settings(Call& call) {
  json::array settings;
  call.services().database.read([&](store::Session& session) {
    for (const setting::Setting& setting : setting::all()) {
      settings.push_back(to_json(session, setting));
    }
  });
  return ok(json::object{{"settings", std::move(settings)}});
}

net::Response change_setting(Call& call) {
  const auto body = call.body<SettingChange>();
  const setting::Setting* setting = setting::find(call.captured(0));
  if (setting == nullptr) throw Refusal("api.not_there");
  const auto changed = call.services().database.write("setting.change", [&](store::Unit& unit) {
    return setting::set(unit, {.name = setting->name,
                               .text = body.value,
                               .actor = call.caller().viewer.actor(),
                               .now = call.now()});
  });
  if (!changed) throw Refusal(setting::code_of(changed.error()));
  return ok(call.services().database.read(
      [&](store::Session& session) { return json::value(to_json(session, *setting)); }));
}

constexpr Route kRoutes[] = {
    {net::Method::get, "/settings", Guard::of(Permission::settings_read), list_settings},
    {net::Method::put, "/settings/{name}", Guard::of(Permission::settings_write), change_setting},
};

}  // namespace

std::span<const Route> setting_routes() { return kRoutes; }

}  // namespace api
