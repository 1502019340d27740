#include "cases.h"

#include <boost/json/parse.hpp>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace golden {
namespace {

namespace json = boost::json;

std::string text_at(const json::object& object, std::string_view name) {
  return std::string(object.at(name).as_string());
}

std::optional<std::string> text_if(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  if (value == nullptr || value->is_null()) return std::nullopt;
  return std::string(value->as_string());
}

const json::array& array_of(const json::object& object, std::string_view name) {
  static const json::array none;
  const json::value* value = object.if_contains(name);
  return value == nullptr ? none : value->as_array();
}

Types types_of(const json::object& object) {
  Types types;
  for (const auto& [name, type] : object) {
    std::string text(type.as_string());
    if (text == "text list") text = "text_list";
    const auto known = base::value_type_named(text);
    if (!known) throw std::runtime_error("cases.json: no such type: " + text);
    types.emplace_back(name, *known);
  }
  return types;
}

std::pair<std::string, std::string> group_and_name(const std::string& tag) {
  const std::size_t slash = tag.find('/');
  return {tag.substr(0, slash), tag.substr(slash + 1)};
}

Declares declares_of(const json::object& object) {
  Declares declares;
  declares.attributes = types_of(object.at("attributes").as_object());
  for (const auto& [name, properties] : object.at("events").as_object()) {
    declares.events.emplace_back(name, types_of(properties.as_object()));
  }
  for (const auto& tag : array_of(object, "tags")) {
    declares.tags.push_back(group_and_name(std::string(tag.as_string())));
  }
  return declares;
}

Past past_of(const json::object& object) {
  Past past;
  past.known_since = text_if(object, "known_since");
  for (const auto& entry : array_of(object, "events")) {
    const json::object& event = entry.as_object();
    PastEvent read{text_at(event, "name"), text_at(event, "time"), {}};
    if (const json::value* properties = event.if_contains("props")) {
      for (const auto& [name, value] : properties->as_object()) {
        read.properties.emplace_back(name, value);
      }
    }
    past.events.push_back(std::move(read));
  }
  for (const auto& entry : array_of(object, "attributes")) {
    const json::object& change = entry.as_object();
    past.attributes.push_back(
        {text_at(change, "name"), change.at("value"), text_at(change, "since")});
  }
  for (const auto& entry : array_of(object, "tags")) {
    const json::object& tag = entry.as_object();
    auto [group, name] = group_and_name(text_at(tag, "tag"));
    past.tags.push_back({group, name, text_at(tag, "since"), text_if(tag, "until")});
  }
  return past;
}

RuleCase rule_case_of(const json::object& object) {
  RuleCase read;
  read.id = text_at(object, "id");
  read.zone = text_at(object, "zone");
  read.declares = declares_of(object.at("declares").as_object());
  read.past = past_of(object.at("history").as_object());
  read.rule = text_at(object, "rule");
  read.at = text_at(object, "at");
  read.answer = object.at("answer").as_bool();
  read.next_change = text_if(object, "next_change");
  read.why = text_if(object, "why").value_or("");
  return read;
}

RefusedCase refused_case_of(const json::object& object) {
  RefusedCase read;
  if (const auto rule = text_if(object, "rule")) {
    read.rule = *rule;
  } else {
    for (const auto& part : object.at("parts").as_array()) {
      const auto times = part.at(1).as_int64();
      for (std::int64_t time = 0; time < times; ++time) read.rule += part.at(0).as_string();
    }
  }
  const json::value* offset = object.if_contains("offset");
  if (offset != nullptr && !offset->is_null()) {
    read.offset = static_cast<std::size_t>(offset->as_int64());
  }
  read.hint = text_if(object, "code_hint").value_or("");
  if (const json::value* declares = object.if_contains("declares")) {
    read.declares = declares_of(declares->as_object());
  }
  return read;
}

}  // namespace

std::string oracles_folder() {
  const char* named = std::getenv("SIYU_ORACLES");
  if (named != nullptr && *named != '\0') return named;
  return std::string(SIYU_SOURCE_DIR) + "/../shared/data/oracles";
}

std::optional<Cases> read_cases(const std::string& folder) {
  std::ifstream file(folder + "/rules/cases.json", std::ios::binary);
  if (!file) return std::nullopt;
  const std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  const json::value whole = json::parse(bytes);
  const json::object& object = whole.as_object();
  Cases cases;
  for (const auto& entry : array_of(object, "cases")) {
    cases.rules.push_back(rule_case_of(entry.as_object()));
  }
  for (const auto& entry : array_of(object, "syntax_errors")) {
    cases.refused.push_back(refused_case_of(entry.as_object()));
  }
  for (const auto& entry : array_of(object, "canonical")) {
    cases.canonical.push_back(
        {text_at(entry.as_object(), "input"), text_at(entry.as_object(), "canonical")});
  }
  return cases;
}

}  // namespace golden
