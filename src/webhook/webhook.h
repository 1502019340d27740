// Webhooks: events of the log, told to somebody else's program as they happen.
//
//   log ──read_after──▶ follow() ──▶ outbox (lane "webhook.<id>") ──▶ WebhookSender ──▶ receiver
//
// Each has its position in the log, moved in the unit that stores the intents, so that every event
// becomes one intent. Only events that happen live are told, from the moment the webhook was made
// on; one that is off keeps its position and goes on from there. Its lane is paused with it, in the
// same unit, so that what is queued waits too. While kStandingMax of its intents have not ended, it
// waits.
//
// An intent holds positions, no customer's data: the event is read when it is sent, and one that
// was erased or taken back meanwhile is not sent any more.
// Threads: functions of the caller's unit or read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/secret_seal.h"
#include "base/id.h"
#include "base/moment.h"
#include "base/random.h"
#include "base/result.h"
#include "log/position.h"
#include "outbox/intent.h"
#include "store/database.h"

namespace webhook {

using WebhookId = base::Id<struct WebhookTag>;

inline constexpr std::size_t kWebhooksMax = 50;
inline constexpr std::size_t kNameBytesMax = 100;
inline constexpr std::size_t kUrlBytesMax = 2000;
inline constexpr std::size_t kEventsMax = 100;  // names chosen
inline constexpr std::int64_t kStandingMax = 10'000;
// A key that was renewed signs beside the new one for as long, so that the receiver has time to
// change it; of several the newest.
inline constexpr base::Duration kOldKeyFor{base::kDay.ms};
inline constexpr std::size_t kOldKeysMax = 3;
inline constexpr std::string_view kLanePrefix = "webhook.";
inline constexpr outbox::Pace kFirstPace{100, base::kSecond, 200};

enum class Fault : std::uint8_t {
  bad_name,
  bad_url,     // not http:// or https:// with a host, or with a user
  bad_events,  // too many, or a name that no event can have
  unknown_state,
  no_secret_key,  // its signing key cannot be kept: there is no key to seal it with
  name_taken,
  too_many,
  unknown_webhook,
  changed_meanwhile,
  is_off,  // nothing of it goes out before it is on again
};
inline constexpr std::size_t kFaultCount = 10;
std::string_view code_of(Fault fault);  // "webhook.bad_name"

struct OldKey {
  std::string sealed = {};
  base::Moment until{0};
};
struct Webhook {
  WebhookId id = {};
  std::string name = {};
  std::string url = {};
  std::vector<std::string> events = {};  // names; none: all
  bool is_on = true;
  std::string sealed_key = {};
  std::vector<OldKey> old_keys = {};  // newest first; some may have ended
  outbox::LaneId lane = {};
  std::int64_t version = 1;
  base::Moment created_at{0};
};

// A new signing key and how it is kept: drawn before the unit. Error: no_secret_key.
struct SigningKey {
  std::string text;  // 64 hexadecimal digits, shown once
  std::string sealed;
};
[[nodiscard]] base::Result<SigningKey, Fault> new_key(rights::SecretSeal& seal,
                                                      base::Random& random, WebhookId id);
// Of the new key; the one until now signs for kOldKeyFor from `now` on.
void renew_key(Webhook& webhook, const std::string& sealed, base::Moment now);
// Those that sign at `now`, the newest first. Nothing: the newest cannot be opened.
std::optional<std::vector<std::string>> opened_keys(const rights::SecretSeal& seal,
                                                    const Webhook& webhook, base::Moment now);

// `webhook` as it is to stand, its id, lane id and key drawn before; it begins at `from`, the head
// of the log. Errors: what is bad of it, name_taken, too_many.
[[nodiscard]] base::Result<Webhook, Fault> add(store::Unit& unit, const Webhook& webhook,
                                               const event_log::Position& from);
struct Changer {
  base::Moment now;
  std::string by_whom;  // who pauses its lane
};
// Name, URL, events, whether it is on, key; `webhook.version` is the one that was changed. Turned
// off its lane is paused, turned on it is resumed.
[[nodiscard]] base::Result<Webhook, Fault> change(store::Unit& unit, const Webhook& webhook,
                                                  const Changer& changer);
// With its position; what stands in its lane is dropped. Whether it was there.
bool remove(store::Unit& unit, WebhookId id, base::Moment now);

std::optional<Webhook> webhook_with(store::Session& session, WebhookId id);
// The same, and nobody changes or removes any before the unit ends.
std::optional<Webhook> held_webhook(store::Unit& unit, WebhookId id);
std::vector<Webhook> webhooks(store::Session& session);  // by name
// Whether `paused` (of the outbox) is the lane of a webhook that is off.
bool is_lane_of_one_off(store::Session& session, std::string_view paused);

// Whose lane it is; nothing: no webhook's.
std::optional<WebhookId> webhook_of(const outbox::Lane& lane);

std::string reader_of(WebhookId id);  // "webhook/7": of the log, and the cause of its intents
// A request without an event, to see whether the receiver is there. Its effect id. Error: is_off.
[[nodiscard]] base::Result<std::string, Fault> enqueue_test(store::Unit& unit,
                                                            const Webhook& webhook,
                                                            outbox::IntentId drawn,
                                                            base::Moment now);

}  // namespace webhook
