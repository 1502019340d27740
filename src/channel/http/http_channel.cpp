#include "channel/http/http_channel.h"

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <utility>

#include "base/check.h"
#include "base/json.h"
#include "channel/http_channel_sql.h"

namespace channel {
namespace {

namespace json = boost::json;

// One unit at a time changes channels: names are looked at before they are written.
constexpr store::LockKey kAllChannels{730, 0};

HttpChannel channel_in(const store::Row& row) {
  auto definition = base::read_json<HttpDefinition>(row.text(1), kDefinitionBytesMax);
  CHECK(definition);
  HttpChannel channel{.id = {row.integer(0)},
                      .definition = std::move(*definition),
                      .sealed = {},
                      .version = row.integer(3),
                      .created_at = {row.integer(4)}};
  const auto secrets = base::parse_stored_json(row.text(2));
  CHECK(secrets && secrets->is_object());
  for (const auto& [name, sealed] : secrets->get_object()) {
    channel.sealed[std::string(std::string_view(name))] = std::string(sealed.as_string());
  }
  return channel;
}

bool is_name_taken(store::Unit& unit, const std::string& name, HttpChannelId id) {
  return *unit.one(sql::kIsNameTaken, {name, id.value},
                   [](const store::Row& row) { return row.integer(0) != 0; });
}

bool is_secret_name(std::string_view name) {
  return !name.empty() && name.size() <= kSecretNameBytesMax &&
         std::ranges::all_of(name, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
         });
}

std::string whose(HttpChannelId id, const std::string& name) {
  return "http_channel " + std::to_string(id.value) + " " + name;
}

}  // namespace

base::Result<HttpChannel, Fault> add_channel(store::Unit& unit, const NewChannel& channel) {
  if (const auto means = means_of(channel.definition); !means) {
    return base::unexpected(means.error());
  }
  unit.lock({kAllChannels});
  const HttpDefinition& definition = channel.definition;
  const auto added =
      unit.execute(sql::kInsertChannel, {channel.id.value, definition.name, definition.account,
                                         definition.kind, text_of(definition), channel.now.ms});
  if (added == 0) return base::unexpected(Fault::lane_taken);
  return HttpChannel{.id = channel.id,
                     .definition = definition,
                     .sealed = {},
                     .version = 1,
                     .created_at = channel.now};
}

base::Result<HttpChannel, Fault> change_channel(store::Unit& unit, const ChannelChange& change) {
  unit.lock({kAllChannels});
  const auto stands = channel_with(unit, change.id);
  if (!stands) return base::unexpected(Fault::unknown_channel);
  if (const auto means = means_of(change.definition); !means) {
    return base::unexpected(means.error());
  }
  const bool same_lane = change.definition.account == stands->definition.account &&
                         change.definition.kind == stands->definition.kind;
  if (!same_lane) return base::unexpected(Fault::bad_kind);
  if (is_name_taken(unit, change.definition.name, change.id)) {
    return base::unexpected(Fault::lane_taken);
  }
  const auto changed = unit.execute(
      sql::kChangeChannel,
      {change.id.value, change.definition.name, text_of(change.definition), change.version});
  if (changed == 0) return base::unexpected(Fault::changed_meanwhile);
  return *channel_with(unit, change.id);
}

bool remove_channel(store::Unit& unit, HttpChannelId id) {
  return unit.execute(sql::kRemoveChannel, {id.value}) > 0;
}

base::Result<Secret, Fault> sealed_secret(rights::SecretSeal& seal, HttpChannelId id,
                                          const Secret& secret) {
  if (!is_secret_name(secret.name) || secret.text.size() > rights::kSecretBytesMax) {
    return base::unexpected(Fault::bad_secret);
  }
  if (secret.text.empty()) return secret;
  auto sealed = seal.close({secret.text, whose(id, secret.name)});
  if (!sealed) return base::unexpected(Fault::no_secret_key);
  return Secret{secret.name, std::move(*sealed)};
}

base::Result<HttpChannel, Fault> put_secret(store::Unit& unit, HttpChannelId id,
                                            const Secret& sealed) {
  unit.lock({kAllChannels});
  auto channel = channel_with(unit, id);
  if (!channel) return base::unexpected(Fault::unknown_channel);
  if (sealed.text.empty()) {
    channel->sealed.erase(sealed.name);
  } else {
    channel->sealed[sealed.name] = sealed.text;
  }
  if (channel->sealed.size() > kSecretsMax) return base::unexpected(Fault::bad_secret);
  json::object secrets;
  for (const auto& [name, text] : channel->sealed) secrets[name] = text;
  const auto changed =
      unit.execute(sql::kSetChannelSecrets, {id.value, json::serialize(secrets), channel->version});
  if (changed == 0) return base::unexpected(Fault::changed_meanwhile);
  ++channel->version;
  return std::move(*channel);
}

std::optional<Values> opened_secrets(const rights::SecretSeal& seal, const HttpChannel& channel) {
  Values opened;
  for (const auto& [name, text] : channel.sealed) {
    auto secret = seal.open({text, whose(channel.id, name)});
    if (!secret) return std::nullopt;
    opened[name] = std::move(*secret);
  }
  return opened;
}

std::optional<HttpChannel> channel_with(store::Session& session, HttpChannelId id) {
  return session.one(sql::kChannelWith, {id.value}, channel_in);
}

std::optional<HttpChannel> held_channel(store::Unit& unit, HttpChannelId id) {
  unit.lock({kAllChannels});
  return channel_with(unit, id);
}

std::optional<HttpChannel> channel_of(store::Session& session, std::int64_t account,
                                      std::string_view kind) {
  return session.one(sql::kChannelOfLane, {account, kind}, channel_in);
}

std::vector<HttpChannel> channels(store::Session& session) {
  std::vector<HttpChannel> found;
  session.query(sql::kAllChannels, {},
                [&](const store::Row& row) { found.push_back(channel_in(row)); });
  return found;
}

}  // namespace channel
