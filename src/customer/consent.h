// Consents: for which purpose, on which channel, given or withdrawn, when, how, to which wording,
// with which proof. All of it is kept in the log (consent_given, consent_withdrawn), also what a
// later consent has replaced.
//
// Purpose and channel are names of the brand's own ("marketing", "sms"). A consent may be given
// without a channel: it then stands for itself and is no consent on any channel in particular
// (`consents to "marketing"` is true, `consents to "marketing" on "sms"` is not). A withdrawal
// without a channel withdraws the purpose on every channel it was given on.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "customer/writing.h"

namespace customer {

inline constexpr std::size_t kPurposesMax = 1000;
inline constexpr std::size_t kChannelsMax = 1000;
inline constexpr std::size_t kProofBytesMax = 4096;  // of how, wording and proof each

using PurposeId = base::Id<struct PurposeTag>;
using ChannelId = base::Id<struct ChannelTag>;  // 0: given without a channel

// What a consent's membership spans and the `ref` of its events are known by.
constexpr std::int64_t consent_key(PurposeId purpose, ChannelId channel) {
  return purpose.value * 65'536 + channel.value;
}
constexpr PurposeId purpose_of(std::int64_t consent_key) { return {consent_key / 65'536}; }
constexpr ChannelId channel_of(std::int64_t consent_key) { return {consent_key % 65'536}; }

struct Purpose {
  PurposeId id;
  std::string name;
};
struct Channel {
  ChannelId id;
  std::string name;
};
std::vector<Purpose> purposes(store::Session& session);  // by name
std::vector<Channel> channels(store::Session& session);
// Keys that count as this consent: without a channel those of the purpose on any channel and on
// none; empty: an unknown name.
std::vector<std::int64_t> consent_keys(store::Session& session, std::string_view purpose,
                                       std::optional<std::string_view> channel);

[[nodiscard]] base::Result<Purpose, Error> declare_purpose(Writing& writing, std::string_view name);
[[nodiscard]] base::Result<Channel, Error> declare_channel(Writing& writing, std::string_view name);

// Purpose and channel are registered at first sight. Views must outlive the call.
struct ConsentChange {
  std::string_view purpose;
  std::string_view channel = {};  // empty: none named
  bool given = true;
  std::string_view how = {};      // "form", "staff", "import" …
  std::string_view wording = {};  // what the person read
  std::string_view proof = {};    // a document's name, a message's id …
  std::optional<base::Moment> since = {};
};
// False: nothing changed today. A consent given again with another how, wording or proof is a
// change; withdrawing what was never given is recorded too.
[[nodiscard]] base::Result<bool, Error> change_consent(Writing& writing, base::CustomerId customer,
                                                       const ConsentChange& change);

struct Consent {
  std::int64_t key = 0;
  std::string purpose;
  std::string channel;  // empty: none named
  bool given = false;
  std::string how;
  std::string wording;
  std::string proof;
  base::Moment since;
  std::string source;
  std::string by;
};
// What stands today, withdrawn ones too, by (purpose, channel).
std::vector<Consent> consents_of(store::Session& session, base::CustomerId person);

}  // namespace customer
