#include "audience/memory_names.h"

#include "audience/parse.h"
#include "base/check.h"
#include "base/text.h"

namespace audience {

std::optional<std::int64_t> MemoryNames::find(const Entry& entry) const {
  for (const auto& [id, known] : entries_) {
    if (known.kind == entry.kind && known.parent == entry.parent && known.name == entry.name) {
      return id;
    }
  }
  return std::nullopt;
}

std::int64_t MemoryNames::declare(Entry entry) {
  entry.name = base::to_nfc(entry.name);
  CHECK(!find(entry));
  entries_.emplace(++last_id_, std::move(entry));
  return last_id_;
}

std::int64_t MemoryNames::declare_once(Entry entry) {
  entry.name = base::to_nfc(entry.name);
  const auto known = find(entry);
  return known ? *known : declare(std::move(entry));
}

base::AttributeId MemoryNames::declare_attribute(std::string_view name, base::ValueType type) {
  return {declare({Kind::attribute, 0, std::string(name), type})};
}

base::EventTypeId MemoryNames::declare_event(std::string_view name) {
  return {declare({Kind::event, 0, std::string(name), {}})};
}

base::PropertyId MemoryNames::declare_property(base::EventTypeId event, std::string_view name,
                                               base::ValueType type) {
  return {declare({Kind::property, event.value, std::string(name), type})};
}

base::TagId MemoryNames::declare_tag(std::string_view group, std::string_view name) {
  const std::int64_t parent = declare_once({Kind::tag_group, 0, std::string(group), {}});
  return {declare({Kind::tag, parent, std::string(name), {}})};
}

base::ListId MemoryNames::declare_list(std::string_view name) {
  return {declare({Kind::list, 0, std::string(name), {}})};
}

base::AudienceId MemoryNames::declare_audience(std::string_view name, std::string_view rule) {
  auto parsed = parse(rule);
  CHECK(parsed);
  const base::AudienceId id{declare({Kind::audience, 0, std::string(name), {}})};
  define(id, std::move(*parsed));
  return id;
}

ModelId MemoryNames::declare_model(std::string_view key, const std::vector<StageRule>& stages) {
  const auto label = [](std::string_view before, std::string_view name) {
    return std::string(before) + std::string(name);
  };
  ModelNames model{{++last_id_}, std::string(key), label("标签", key), label("label of ", key), {}};
  for (const auto& [stage, rule] : stages) {
    auto parsed = parse(rule);
    CHECK(parsed);
    const StageId id{++last_id_};
    definitions_.insert_or_assign(id.value, std::move(*parsed));
    model.stages.push_back(
        {id, std::string(stage), label("标签", stage), label("label of ", stage), {}});
  }
  stages_.add(model);
  return model.id;
}

std::int64_t MemoryNames::declare_consent(std::string_view purpose, std::string_view channel) {
  const std::int64_t purpose_id = declare_once({Kind::purpose, 0, std::string(purpose), {}});
  const std::int64_t channel_id = declare_once({Kind::channel, 0, std::string(channel), {}});
  const auto [key, is_new] = consents_.try_emplace({purpose_id, channel_id}, last_id_ + 1);
  if (is_new) ++last_id_;
  return key->second;
}

std::int64_t MemoryNames::declare_identity_kind(std::string_view name) {
  return declare({Kind::identity_kind, 0, std::string(name), {}});
}

void MemoryNames::define(base::AudienceId audience, Rule rule) {
  definitions_.insert_or_assign(audience.value, std::move(rule));
}

void MemoryNames::rename(Kind kind, std::int64_t id, std::string_view name) {
  const auto entry = entries_.find(id);
  CHECK(entry != entries_.end());
  CHECK(entry->second.kind == kind);
  entry->second.name = base::to_nfc(name);
}

void MemoryNames::remove(Kind kind, std::int64_t id) {
  const auto entry = entries_.find(id);
  CHECK(entry != entries_.end());
  CHECK(entry->second.kind == kind);
  entries_.erase(entry);
  definitions_.erase(id);
}

std::optional<Names::Typed> MemoryNames::attribute(std::string_view name) const {
  const auto id = find({Kind::attribute, 0, std::string(name), {}});
  if (!id) return std::nullopt;
  return Typed{*id, entries_.at(*id).type};
}

std::optional<base::EventTypeId> MemoryNames::event(std::string_view name) const {
  const auto id = find({Kind::event, 0, std::string(name), {}});
  return id ? std::optional(base::EventTypeId{*id}) : std::nullopt;
}

std::optional<Names::Typed> MemoryNames::property(base::EventTypeId event,
                                                  std::string_view name) const {
  const auto id = find({Kind::property, event.value, std::string(name), {}});
  if (!id) return std::nullopt;
  return Typed{*id, entries_.at(*id).type};
}

std::vector<base::TagId> MemoryNames::tags(std::string_view name) const {
  std::vector<base::TagId> found;
  for (const auto& [id, entry] : entries_) {
    if (entry.kind != Kind::tag) continue;
    if (name == entry.name || name == name_of(Kind::tag, id)) found.push_back({id});
  }
  return found;
}

std::optional<base::TagGroupId> MemoryNames::tag_group(std::string_view name) const {
  const auto id = find({Kind::tag_group, 0, std::string(name), {}});
  return id ? std::optional(base::TagGroupId{*id}) : std::nullopt;
}

std::vector<base::TagId> MemoryNames::tags_of(base::TagGroupId group) const {
  std::vector<base::TagId> found;
  for (const auto& [id, entry] : entries_) {
    if (entry.kind == Kind::tag && entry.parent == group.value) found.push_back({id});
  }
  return found;
}

std::optional<base::AudienceId> MemoryNames::audience(std::string_view name) const {
  const auto id = find({Kind::audience, 0, std::string(name), {}});
  return id ? std::optional(base::AudienceId{*id}) : std::nullopt;
}

std::optional<base::ListId> MemoryNames::list(std::string_view name) const {
  const auto id = find({Kind::list, 0, std::string(name), {}});
  return id ? std::optional(base::ListId{*id}) : std::nullopt;
}

const Rule* MemoryNames::definition(base::AudienceId audience) const {
  const auto found = definitions_.find(audience.value);
  return found == definitions_.end() ? nullptr : &found->second;
}

std::vector<std::int64_t> MemoryNames::consent_keys(std::string_view purpose,
                                                    std::optional<std::string_view> channel) const {
  std::vector<std::int64_t> keys;
  for (const auto& [pair, key] : consents_) {
    const bool same_purpose = entries_.at(pair.first).name == purpose;
    const bool same_channel = !channel || entries_.at(pair.second).name == *channel;
    if (same_purpose && same_channel) keys.push_back(key);
  }
  return keys;
}

std::optional<std::int64_t> MemoryNames::identity_kind(std::string_view name) const {
  return find({Kind::identity_kind, 0, std::string(name), {}});
}

std::vector<std::string> MemoryNames::all(Kind kind, base::EventTypeId event) const {
  if (kind == Kind::model) return stages_.model_names();
  std::vector<std::string> names;
  for (const auto& [id, entry] : entries_) {
    if (entry.kind != kind) continue;
    if (kind == Kind::property && entry.parent != event.value) continue;
    names.push_back(name_of(kind, id));
  }
  return names;
}

std::string MemoryNames::name_of(Kind kind, std::int64_t id) const {
  if (kind == Kind::model) return stages_.key_of(ModelId{id});
  if (kind == Kind::stage) return stages_.key_of(StageId{id});
  const auto entry = entries_.find(id);
  if (entry == entries_.end() || entry->second.kind != kind) return {};
  if (kind != Kind::tag) return entry->second.name;
  return entries_.at(entry->second.parent).name + "/" + entry->second.name;
}

void declare_something_of_everything(MemoryNames& names) {
  const std::pair<const char*, base::ValueType> typed[] = {
      {"an_int", base::ValueType::integer},        {"a_decimal", base::ValueType::decimal},
      {"a_money", base::ValueType::money},         {"a_text", base::ValueType::text},
      {"a_bool", base::ValueType::boolean},        {"a_time", base::ValueType::time},
      {"a_date", base::ValueType::date},           {"a_text_list", base::ValueType::text_list},
      {"\"quoted\" 名 \\", base::ValueType::text}, {"in", base::ValueType::integer},
  };
  for (const auto& [name, type] : typed) names.declare_attribute(name, type);
  for (const char* event : {"order_paid", "app_opened", "下单 成功"}) {
    const base::EventTypeId id = names.declare_event(event);
    for (const auto& [name, type] : typed) names.declare_property(id, name, type);
  }
  names.declare_event("then");  // reserved, and without properties
  names.declare_tag("等级", "VIP");
  names.declare_tag("等级", "普通");
  names.declare_tag("渠道", "VIP");
  names.declare_list("名单");
  for (const char* channel : {"sms", "wecom"}) {
    names.declare_consent("marketing", channel);
    names.declare_consent("profiling", channel);
  }
  names.declare_identity_kind("phone");
  names.declare_identity_kind("openid");
  names.declare_audience("young", "an_int < 3 or did app_opened in last 7d");
  names.declare_audience("nested", "not audience \"young\" and tag \"等级/VIP\"");
  names.declare_model("lifecycle",
                      {{"fresh", "an_int < 2 and did order_paid in last 3d"},
                       {"growing", "held(an_int is known, 1d) and did order_paid >= 2 times"},
                       {"declining", "audience \"young\" or did app_opened in last 5d"},
                       {"lost", "not tag \"等级/VIP\" or an_int > 2"}});
  names.declare_model("m", {{"x", "stage \"lifecycle\" in (\"declining\", \"fresh\")"},
                            {"y", "not stage \"lifecycle\" = \"growing\""}});
}

}  // namespace audience
