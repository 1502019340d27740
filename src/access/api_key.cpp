#include "access/api_key.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <utility>

#include "access/api_key_sql.h"
#include "access/audit.h"
#include "access/lock.h"
#include "access/origin.h"
#include "access/secret.h"
#include "access/session.h"
#include "access/user_row.h"
#include "base/text.h"

namespace rights {
namespace {

constexpr std::string_view kMark = "siyu_";
constexpr std::size_t kPrefixBytes = 13;  // the mark and 8 hexadecimal digits
constexpr std::size_t kSecretBytes = 57;  // the prefix, "_", 43 characters
constexpr int kPrefixTriesMax = 5;        // two keys with one prefix: 1 in 4 billion

ApiKey key_of(const store::Row& row) {
  ApiKey key;
  key.id = base::KeyId{row.integer(0)};
  key.name = row.text(1);
  key.prefix = row.text(2);
  // A scope this program does not know gives nothing: the whole key is without rights.
  key.scopes = permissions_from(row.text(3)).value_or(PermissionSet{});
  key.created_at = base::Moment{row.integer(4)};
  key.expires_at = moment_at(row, 5);
  key.last_used_at = moment_at(row, 6);
  key.revoked_at = moment_at(row, 7);
  key.write_only = row.integer(8) != 0;
  key.origins = origins_from(row.text(9));
  return key;
}

std::string json_of(const ApiKey& key) {
  boost::json::object object;
  object["name"] = key.name;
  object["prefix"] = key.prefix;
  boost::json::array scopes;
  for (const std::string_view scope : names_of(key.scopes)) scopes.emplace_back(scope);
  object["scopes"] = std::move(scopes);
  if (key.write_only) object["origins"] = joined(key.origins);
  if (key.expires_at) object["expires_at_ms"] = key.expires_at->ms;
  if (key.revoked_at) object["revoked_at_ms"] = key.revoked_at->ms;
  return boost::json::serialize(object);
}

std::string new_prefix(base::Random& random) {
  std::array<std::byte, 4> bytes;
  random.fill(bytes);
  return std::string(kMark) + base::to_hex(bytes);
}

// False: the prefix is taken.
base::Result<bool, Error> insert(store::Unit& unit, const Actor& actor, const CreatedKey& created) {
  const ApiKey& key = created.key;
  const auto keys =
      unit.one(sql::kCountKeys, {}, [](const store::Row& row) { return row.integer(0); });
  if (keys.value_or(0) >= kKeysMax) return base::unexpected(Error{Fault::too_many});
  std::optional<std::int64_t> expires_at;
  if (key.expires_at) expires_at = key.expires_at->ms;
  const std::int64_t inserted = unit.execute(
      sql::kInsertKey, {key.id.value, key.name, key.prefix, hash_of(created.secret),
                        to_text(key.scopes), key.created_at.ms, to_text(actor),
                        store::param(expires_at), key.write_only ? 1 : 0, joined(key.origins)});
  if (inserted == 0) return false;
  record(unit, {.actor = actor,
                .at = key.created_at,
                .noun = "key",
                .verb = "created",
                .subject = std::to_string(key.id.value),
                .after = json_of(key)});
  return true;
}

// Raised by everything in this process that changes a key which may be known: what was read before
// is read again.
std::atomic<std::uint64_t> key_changes = 0;

std::vector<ApiKey> keys_made_by(store::Unit& unit, const Actor& maker) {
  std::vector<ApiKey> keys;
  unit.query(sql::kSelectKeysMadeBy, {to_text(maker)},
             [&](const store::Row& row) { keys.push_back(key_of(row)); });
  return keys;
}

// And those made with it. False: it has been before.
bool end_key(store::Unit& unit, const Actor& by, const ApiKey& key, base::Moment now) {
  for (const ApiKey& child : keys_made_by(unit, {ActorKind::key, key.id.value})) {
    end_key(unit, by, child, now);
  }
  if (unit.execute(sql::kRevokeKey, {key.id.value, now.ms}) == 0) return false;
  unit.after_commit([] { ++key_changes; });
  ApiKey after = key;
  after.revoked_at = now;
  record(unit, {.actor = by,
                .at = now,
                .noun = "key",
                .verb = "revoked",
                .subject = std::to_string(key.id.value),
                .before = json_of(key),
                .after = json_of(after)});
  return true;
}

// The origins as they are compared, or what is wrong with the key.
base::Result<std::vector<std::string>, Error> origins_of(const NewKey& key) {
  if (key.write_only && !(key.scopes == PermissionSet{Permission::events_track})) {
    return base::unexpected(Error{Fault::public_scopes});
  }
  if (key.write_only == key.origins.empty() || key.origins.size() > kOriginsMax) {
    return base::unexpected(Error{Fault::bad_origin});
  }
  std::vector<std::string> origins;
  for (const std::string& given : key.origins) {
    auto origin = origin_from(given);
    if (!origin) return base::unexpected(Error{Fault::bad_origin});
    origins.push_back(std::move(*origin));
  }
  return origins;
}

// Whoever ends while they make a key leaves none behind.
bool is_there(store::Unit& unit, const Actor& maker) {
  const auto any = [&](std::string_view statement) {
    return unit.one(statement, {maker.id}, [](const store::Row&) { return true; }).has_value();
  };
  if (maker.kind == ActorKind::user) return any(sql::kSelectActiveMaker);
  return maker.kind != ActorKind::key || any(sql::kSelectLivingKey);
}

bool is_touch_due(const ApiKey& key, base::Moment now) {
  return !key.last_used_at || *key.last_used_at + kTouchEvery <= now;
}

bool is_key_like(std::string_view text) {
  return text.size() == kSecretBytes && text.starts_with(kMark) && text[kPrefixBytes] == '_';
}

}  // namespace

Viewer viewer_of(const ApiKey& key, std::string from) {
  Viewer::Who who;
  who.actor = {ActorKind::key, key.id.value, key.name, std::move(from)};
  who.permissions = key.scopes;
  return Viewer::all(std::move(who));
}

void revoke_keys_of(store::Unit& unit, const Actor& by, const KeyMaker& maker) {
  for (const ApiKey& key : keys_made_by(unit, {ActorKind::user, maker.user.value})) {
    end_key(unit, by, key, maker.now);
  }
}

base::Result<CreatedKey, Error> ApiKeys::create(const Viewer& by, const NewKey& key) {
  const base::Moment now = means_.clock.now();
  if (!is_good_name(key.name)) return base::unexpected(Error{Fault::bad_name});
  if (key.scopes.empty()) return base::unexpected(Error{Fault::no_scopes});
  auto origins = origins_of(key);
  if (!origins) return base::unexpected(origins.error());
  if (!by.permissions().has_all(key.scopes)) return base::unexpected(Error{Fault::not_allowed});
  if (key.expires_at && *key.expires_at <= now) {
    return base::unexpected(Error{Fault::expires_in_past});
  }
  CreatedKey created;
  created.key.name = base::to_nfc(key.name);
  created.key.scopes = key.scopes;
  created.key.write_only = key.write_only;
  created.key.origins = std::move(*origins);
  created.key.created_at = now;
  created.key.expires_at = key.expires_at;
  for (int i = 0; i < kPrefixTriesMax; ++i) {
    created.key.id = base::KeyId{means_.random.id()};
    created.key.prefix = new_prefix(means_.random);
    created.secret = created.key.prefix + "_" + new_token(means_.random);
    const auto done = means_.database.write("key.create", [&](store::Unit& unit) {
      unit.lock({kAllUsers, {kUserLocks, 2}});  // the table of keys: its number is limited
      if (!is_there(unit, by.actor())) {
        return base::Result<bool, Error>(base::unexpected(Error{Fault::not_signed_in}));
      }
      return insert(unit, by.actor(), created);
    });
    if (!done) return base::unexpected(done.error());
    if (*done) return created;
  }
  return base::unexpected(Error{Fault::too_many});
}

base::Result<bool, Error> ApiKeys::revoke(const Viewer& by, base::KeyId id) {
  const base::Moment now = means_.clock.now();
  return means_.database.write("key.revoke", [&](store::Unit& unit) -> base::Result<bool, Error> {
    unit.lock({{kUserLocks, 2}});  // nobody makes one with it meanwhile
    const auto before = unit.one(sql::kSelectKey, {id.value}, key_of);
    if (!before) return base::unexpected(Error{Fault::unknown_key});
    if (!by.permissions().has_all(before->scopes)) {
      return base::unexpected(Error{Fault::not_allowed});
    }
    return end_key(unit, by.actor(), *before, now);
  });
}

std::vector<ApiKey> ApiKeys::list() {
  std::vector<ApiKey> keys;
  means_.database.read([&](store::Session& session) {
    keys.clear();
    session.query(sql::kSelectKeys, {},
                  [&](const store::Row& row) { keys.push_back(key_of(row)); });
  });
  return keys;
}

ApiKeys::SeenPtr ApiKeys::seen(std::string_view prefix, base::Moment now) {
  const std::scoped_lock lock(mutex_);
  const auto at = seen_.find(prefix);
  if (at == seen_.end()) return nullptr;
  const Seen& seen = *at->second;
  const bool still_known =
      seen.changes == key_changes && now >= seen.read_at && now < seen.read_at + kKeyKnownFor;
  return still_known ? at->second : nullptr;
}

ApiKeys::SeenPtr ApiKeys::look_up(std::string_view prefix, base::Moment now) {
  const std::uint64_t changes = key_changes;
  const auto found = means_.database.read([&](store::Session& session) {
    return session.one(sql::kSelectKeyByPrefix, {prefix}, [&](const store::Row& row) {
      return std::make_shared<const Seen>(
          Seen{key_of(row), std::string(row.text(10)), now, changes});
    });
  });
  if (!found) return nullptr;
  const std::scoped_lock lock(mutex_);
  if (seen_.size() >= static_cast<std::size_t>(kKeysMax)) seen_.clear();
  seen_.insert_or_assign(std::string(prefix), *found);
  return *found;
}

bool ApiKeys::is_good(const Seen& seen, std::string_view secret, base::Moment now) {
  if (!base::equal_secrets(seen.hash, hash_of(secret))) return false;
  return !seen.key.revoked_at && (!seen.key.expires_at || *seen.key.expires_at > now);
}

base::Result<RecognisedKey, Error> ApiKeys::recognise(std::string_view secret) {
  const Error unknown{Fault::not_signed_in};
  if (!is_key_like(secret)) return base::unexpected(unknown);
  const base::Moment now = means_.clock.now();
  const std::string_view prefix = secret.substr(0, kPrefixBytes);
  SeenPtr found = seen(prefix, now);
  if (found == nullptr) found = look_up(prefix, now);
  if (found == nullptr || !is_good(*found, secret, now)) return base::unexpected(unknown);
  const ApiKey& key = found->key;
  return RecognisedKey{key, is_touch_due(key, now) && begin_touch(key.id, now)};
}

std::shared_ptr<const ApiKey> ApiKeys::known(std::string_view secret) {
  if (!is_key_like(secret)) return nullptr;
  const base::Moment now = means_.clock.now();
  const SeenPtr found = seen(secret.substr(0, kPrefixBytes), now);
  if (found == nullptr || is_touch_due(found->key, now) || !is_good(*found, secret, now)) {
    return nullptr;
  }
  return {found, &found->key};
}

// Many requests find a key due at once, each with what it has read: only the first of them writes.
bool ApiKeys::begin_touch(base::KeyId id, base::Moment now) {
  const std::scoped_lock lock(mutex_);
  if (touches_.size() >= static_cast<std::size_t>(kKeysMax)) touches_.clear();
  const auto [touch, is_first] = touches_.try_emplace(id, now);
  if (!is_first && now >= touch->second && now < touch->second + kKeyKnownFor) return false;
  touch->second = now;
  return true;
}

bool ApiKeys::is_public_origin(std::string_view origin) {
  const auto asked = origin_from(origin);
  if (!asked || *asked != origin) return false;
  const base::Moment now = means_.clock.now();
  return means_.database.read([&](store::Session& session) {
    bool found = false;
    session.query(sql::kSelectPublicOrigins, {now.ms}, [&](const store::Row& row) {
      const auto origins = origins_from(row.text(0));
      found = found || std::ranges::find(origins, *asked) != origins.end();
    });
    return found;
  });
}

void ApiKeys::touch(base::KeyId id) {
  const base::Moment now = means_.clock.now();
  means_.database.write(
      "key.touch", [&](store::Unit& unit) { unit.execute(sql::kTouchKey, {id.value, now.ms}); });
  ++key_changes;
}

}  // namespace rights
