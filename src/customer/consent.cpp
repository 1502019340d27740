#include "customer/consent.h"

#include <algorithm>
#include <span>

#include "base/text.h"
#include "customer/change.h"
#include "customer/consent_sql.h"

namespace customer {
namespace {

// Purposes and channels are alike: an id and a name in a table each.
struct NameTable {
  std::string_view named_sql;
  std::string_view insert_sql;
  std::string_view all_sql;
  std::size_t most;
  std::string_view noun;  // in the audit
  std::string_view many;  // in too_many_names
};
constexpr NameTable kPurposes = {sql::kPurposeNamed, sql::kInsertPurpose, sql::kPurposes,
                                 kPurposesMax,       "purpose",           "purposes"};
constexpr NameTable kChannels = {sql::kChannelNamed, sql::kInsertChannel, sql::kChannels,
                                 kChannelsMax,       "channel",           "channels"};

struct Named {
  std::int64_t id = 0;
  std::string name;
};
Named named_at(const store::Row& row) { return {row.integer(0), std::string(row.text(1))}; }

std::vector<Named> all_of(store::Session& session, const NameTable& table) {
  std::vector<Named> all;
  session.query(table.all_sql, {}, [&](const store::Row& row) { all.push_back(named_at(row)); });
  return all;
}

base::Result<Named, Error> declare(Writing& writing, const NameTable& table,
                                   std::string_view name) {
  const auto proper = name_from(name);
  if (!proper) return base::unexpected(proper.error());
  const auto find = [&] { return writing.unit().one(table.named_sql, {*proper}, named_at); };
  if (auto known = find()) return *known;
  lock_names(writing);
  if (auto known = find()) return *known;
  if (all_of(writing.unit(), table).size() >= table.most) {
    return base::unexpected(Error{Fault::too_many_names, std::string(table.many)});
  }
  writing.unit().execute(table.insert_sql, {*proper});
  const Named made = *find();
  audit(writing, {table.noun, "declared", made.id, {}, made.name});
  return made;
}

// Consents on any channel of a purpose lie beside each other.
constexpr std::int64_t first_key_of(PurposeId purpose) { return consent_key(purpose, {0}); }
constexpr std::int64_t last_key_of(PurposeId purpose) { return consent_key(purpose, {65'535}); }

struct Given {
  std::string_view member;
  std::string_view text;
};

base::Result<std::string, Error> proof_text(const Given& given) {
  const auto& [member, text] = given;
  if (text.size() > kProofBytesMax)
    return base::unexpected(Error{Fault::text_too_long, std::string(member)});
  if (!base::is_utf8(text) || text.find('\0') != std::string_view::npos) {
    return base::unexpected(Error{Fault::name_invalid, {}});
  }
  return base::to_nfc(text);
}

// One consent about to change: the key it is about and what is said.
struct Word {
  std::int64_t key = 0;
  std::string name;  // "marketing", "marketing/sms"
  bool given = true;
  std::string how;
  std::string wording;
  std::string proof;
  base::Moment time;
  bool dated = false;  // the caller gave the time
};

std::string given_text(bool given) { return given ? "given" : "withdrawn"; }

Change change_of(const Word& word, base::CustomerId customer, std::optional<bool> before) {
  Change change{customer, word.given ? "consent_given" : "consent_withdrawn", word.time, word.name};
  if (before) change.from = given_text(*before);
  change.to = given_text(word.given);
  change.ref = word.key;
  if (!word.how.empty()) change.more.emplace_back("how", word.how);
  if (!word.wording.empty()) change.more.emplace_back("wording", word.wording);
  if (!word.proof.empty()) change.more.emplace_back("proof", word.proof);
  return change;
}

base::Result<bool, Error> say(Writing& writing, base::CustomerId customer, base::CustomerId person,
                              const Word& word) {
  std::optional<Standing> own;
  std::optional<Standing> last;
  std::optional<bool> before;
  writing.unit().query(sql::kConsentStanding, {person.value, word.key}, [&](const store::Row& row) {
    const bool same = (row.integer(1) != 0) == word.given && row.text(2) == word.how &&
                      row.text(3) == word.wording && row.text(4) == word.proof;
    const Standing stood{stamp_at(row, 5), same};
    if (row.integer(0) == customer.value) own = stood;
    if (last && stood.stamp < last->stamp) return;
    last = stood;
    before = row.integer(1) != 0;
  });
  const Judgement judgement = judge(own, last, {word.time, word.dated, false});
  if (!judgement.change) return false;
  const auto position = append(writing, change_of(word, customer, before));
  if (!position) return base::unexpected(position.error());
  writing.unit().execute(
      sql::kSetConsent, {customer.value, word.key, std::int64_t{word.given}, word.how, word.wording,
                         word.proof, word.time.ms, position->epoch, position->transaction,
                         position->sequence, std::string_view(writing.source()),
                         std::string_view(writing.by()), store::param(batch_of(writing))});
  return judgement.today;
}

// Everything of a change but its channel.
base::Result<Word, Error> word_from(const Writing& writing, const ConsentChange& change) {
  Word word;
  word.given = change.given;
  const auto how = proof_text({"how", change.how});
  const auto wording = proof_text({"wording", change.wording});
  const auto proof = proof_text({"proof", change.proof});
  for (const auto* text : {&how, &wording, &proof}) {
    if (!*text) return base::unexpected(text->error());
  }
  word.how = *how;
  word.wording = *wording;
  word.proof = *proof;
  const auto time = time_of(writing, change.since);
  if (!time) return base::unexpected(time.error());
  word.time = *time;
  word.dated = change.since.has_value();
  return word;
}

// The channels on which the person has given a consent to the purpose.
std::vector<ChannelId> given_channels(Writing& writing, base::CustomerId person,
                                      PurposeId purpose) {
  std::vector<ChannelId> given;
  writing.unit().query(sql::kGivenKeys, {person.value, first_key_of(purpose), last_key_of(purpose)},
                       [&](const store::Row& row) { given.push_back(channel_of(row.integer(0))); });
  return given;
}

std::string name_of(std::span<const Channel> known, ChannelId channel) {
  const auto at = std::ranges::find(known, channel, &Channel::id);
  return at == known.end() ? std::string() : at->name;
}

}  // namespace

std::vector<Purpose> purposes(store::Session& session) {
  std::vector<Purpose> all;
  for (Named& named : all_of(session, kPurposes)) all.push_back({{named.id}, named.name});
  return all;
}

std::vector<Channel> channels(store::Session& session) {
  std::vector<Channel> all;
  for (Named& named : all_of(session, kChannels)) all.push_back({{named.id}, named.name});
  return all;
}

std::vector<std::int64_t> consent_keys(store::Session& session, std::string_view purpose,
                                       std::optional<std::string_view> channel) {
  const auto known = session.one(sql::kPurposeNamed, {purpose}, named_at);
  if (!known) return {};
  const PurposeId id{known->id};
  if (channel) {
    const auto on = session.one(sql::kChannelNamed, {*channel}, named_at);
    if (!on) return {};
    return {consent_key(id, {on->id})};
  }
  std::vector<std::int64_t> keys = {consent_key(id, {})};
  for (const Channel& on : channels(session)) keys.push_back(consent_key(id, on.id));
  return keys;
}

base::Result<Purpose, Error> declare_purpose(Writing& writing, std::string_view name) {
  const auto known = declare(writing, kPurposes, name);
  if (!known) return base::unexpected(known.error());
  return Purpose{{known->id}, known->name};
}

base::Result<Channel, Error> declare_channel(Writing& writing, std::string_view name) {
  const auto known = declare(writing, kChannels, name);
  if (!known) return base::unexpected(known.error());
  return Channel{{known->id}, known->name};
}

base::Result<bool, Error> change_consent(Writing& writing, base::CustomerId customer,
                                         const ConsentChange& change) {
  const auto person = writing.lock(customer);
  if (!person) return base::unexpected(person.error());
  auto word = word_from(writing, change);
  if (!word) return base::unexpected(word.error());
  const auto purpose = declare_purpose(writing, change.purpose);
  if (!purpose) return base::unexpected(purpose.error());

  std::vector<ChannelId> on = {{0}};
  if (!change.channel.empty()) {
    const auto channel = declare_channel(writing, change.channel);
    if (!channel) return base::unexpected(channel.error());
    on = {channel->id};
  } else if (!change.given) {
    // A withdrawal that names no channel is meant for all of them.
    for (const ChannelId channel : given_channels(writing, *person, purpose->id)) {
      if (channel) on.push_back(channel);
    }
  }
  const std::vector<Channel> known = channels(writing.unit());
  bool today = false;
  for (const ChannelId channel : on) {
    word->key = consent_key(purpose->id, channel);
    word->name = purpose->name;
    if (channel) word->name += "/" + name_of(known, channel);
    const auto changed = say(writing, customer, *person, *word);
    if (!changed) return base::unexpected(changed.error());
    today = today || *changed;
  }
  return today;
}

std::vector<Consent> consents_of(store::Session& session, base::CustomerId person) {
  std::vector<Consent> consents;
  session.query(sql::kConsentsOf, {person.value}, [&](const store::Row& row) {
    Consent consent;
    consent.key = row.integer(0);
    consent.purpose = std::string(row.text(1));
    consent.channel = std::string(row.text(2));
    consent.given = row.integer(3) != 0;
    consent.how = std::string(row.text(4));
    consent.wording = std::string(row.text(5));
    consent.proof = std::string(row.text(6));
    consent.since = {row.integer(7)};
    consent.source = std::string(row.text(8));
    consent.by = std::string(row.text(9));
    // Ordered by stamp within a key: the last one stands.
    if (!consents.empty() && consents.back().key == consent.key) consents.pop_back();
    consents.push_back(std::move(consent));
  });
  return consents;
}

}  // namespace customer
