// HTTP channels as they are kept: a definition, its secrets, the lane whose effects go out by it.
//
// Secrets are sealed one by one (access/secret_seal.h), bound to the channel and their name, and
// never shown again. The one called kSigningKey signs every request (signature.h). A channel keeps
// its account and kind for good: what is queued in its lane is its own.
// Threads: functions of the caller's unit or read.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/secret_seal.h"
#include "base/id.h"
#include "base/moment.h"
#include "base/result.h"
#include "channel/http/definition.h"
#include "store/database.h"

namespace channel {

using HttpChannelId = base::Id<struct HttpChannelTag>;

inline constexpr std::size_t kSecretsMax = 10;  // of one channel
inline constexpr std::size_t kSecretNameBytesMax = 40;
inline constexpr std::string_view kSigningKey = "signing_key";

struct HttpChannel {
  HttpChannelId id;
  HttpDefinition definition;
  std::map<std::string, std::string> sealed;  // secrets by name
  std::int64_t version = 1;                   // rises with every change
  base::Moment created_at{0};
};

struct NewChannel {
  HttpChannelId id;  // drawn before the unit
  HttpDefinition definition;
  base::Moment now;
};
// Errors: what means_of refuses, lane_taken.
[[nodiscard]] base::Result<HttpChannel, Fault> add_channel(store::Unit& unit,
                                                           const NewChannel& channel);

struct ChannelChange {
  HttpChannelId id;
  std::int64_t version = 0;  // the one that was changed
  HttpDefinition definition;
};
// Errors: what means_of refuses, bad_kind for another account or kind, lane_taken, unknown_channel,
// changed_meanwhile.
[[nodiscard]] base::Result<HttpChannel, Fault> change_channel(store::Unit& unit,
                                                              const ChannelChange& change);

// What was queued in its lane is refused from then on, and so a dead letter. Whether it was there.
bool remove_channel(store::Unit& unit, HttpChannelId id);

// Before the unit. Errors: bad_secret, no_secret_key.
struct Secret {
  std::string name;
  std::string text;
};
[[nodiscard]] base::Result<Secret, Fault> sealed_secret(rights::SecretSeal& seal, HttpChannelId id,
                                                        const Secret& secret);
// Puts a sealed one, or takes it away where the text is empty. Errors: bad_secret (too many),
// unknown_channel, changed_meanwhile.
[[nodiscard]] base::Result<HttpChannel, Fault> put_secret(store::Unit& unit, HttpChannelId id,
                                                          const Secret& sealed);
// Nothing: one of them cannot be opened, the key is another one.
std::optional<Values> opened_secrets(const rights::SecretSeal& seal, const HttpChannel& channel);

std::optional<HttpChannel> channel_with(store::Session& session, HttpChannelId id);
// The same, and nobody changes any before the unit ends.
std::optional<HttpChannel> held_channel(store::Unit& unit, HttpChannelId id);
std::optional<HttpChannel> channel_of(store::Session& session, std::int64_t account,
                                      std::string_view kind);
std::vector<HttpChannel> channels(store::Session& session);  // by name

}  // namespace channel
