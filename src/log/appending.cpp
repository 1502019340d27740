#include "log/appending.h"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <unordered_map>

#include "base/check.h"
#include "log/batch_sql.h"
#include "log/event_sql.h"
#include "log/event_type_sql.h"
#include "log/rows.h"

namespace event_log {
namespace {

constexpr std::size_t kRowsAtOnce = 1'000;

std::optional<AppendError> fault_at(EventFault fault, std::size_t index, std::string_view name) {
  return AppendError{fault, index, std::string(name)};
}

// A row as its customer's history holds it; two of them are equal or not.
struct RowKey {
  RowAt at;
  std::string properties;
  bool operator==(const RowKey&) const = default;
};
struct RowKeyHash {
  std::size_t operator()(const RowKey& key) const noexcept {
    return std::hash<std::string>{}(key.properties) ^
           std::hash<base::CustomerId>{}({key.at.customer.value ^ key.at.time.ms});
  }
};
// How often it stands there: written by others, and by the import that asks.
struct RowCount {
  std::int64_t by_others = 0;
  std::int64_t own = 0;
};

}  // namespace

Appending::Appending(store::Unit& unit, const Origin& origin, std::span<const NewEvent> events,
                     Means means)
    : unit_(unit), origin_(origin), events_(events), means_(means), types_(means.catalog.known()) {}

base::Result<Appended, AppendError> Appending::run(
    const std::function<std::int64_t(std::string_view)>& source_id) {
  if (const auto error = check()) return base::unexpected(*error);
  if (events_.empty()) return Appended{};
  draft();
  // For every event, before it is known which are repeats: numbers left out are never used.
  positions_ = next_positions(unit_, events_.size());
  if (whole_is_known()) {
    for (Draft& draft : drafts_) draft.repeated = true;
    expect_foreseen();
    return answer();
  }
  find_known_keys();
  expect_foreseen();
  find_known_rows();
  if (const auto error = register_names()) return base::unexpected(*error);
  written_ = std::ranges::count(drafts_, false, &Draft::repeated);
  if (written_ > 0) {
    if (const auto error = cover_batch()) return base::unexpected(*error);
    write_rows(source_id(origin_.source));
    count_wrong_values();
  }
  if (origin_.key && last_ != positions_.back()) {
    move_claim(unit_, means_.keys, {hash_of(*origin_.key), last_});
  }
  return answer();
}

std::optional<AppendError> Appending::check() const {
  for (std::size_t i = 0; i < events_.size(); ++i) {
    if (const auto error = error_of(events_[i], origin_.now)) {
      return fault_at(error->fault, i, error->name);
    }
  }
  if (events_.size() > kAppendEventsMax) return fault_at(EventFault::too_many_events, 0, "");
  if (!is_name(origin_.source)) return fault_at(EventFault::bad_source, 0, origin_.source);
  if (origin_.key && (origin_.key->empty() || origin_.key->size() > kKeyBytesMax)) {
    return fault_at(EventFault::bad_key, 0, "");
  }
  return std::nullopt;
}

void Appending::draft() {
  drafts_.resize(events_.size());
  repeats_of_.resize(events_.size());
  for (std::size_t i = 0; i < events_.size(); ++i) {
    const NewEvent& event = events_[i];
    Draft& draft = drafts_[i];
    draft.time = event.time;
    draft.properties = to_stored(event.properties);
    // A file's events keep their own time, also when the import is live.
    const bool arrives_live = origin_.liveness == Liveness::live && !origin_.batch;
    if (arrives_live && event.time > origin_.now && event.time <= origin_.now + kLiveAheadMax) {
      draft.sent = event.time;
      draft.time = origin_.now;
    }
  }
}

bool Appending::whole_is_known() {
  if (!origin_.key) return false;
  const KeyClaim claim{hash_of(*origin_.key), positions_.back()};
  const KeyWindow window{origin_.now, origin_.now - origin_.key_window};
  whole_known_ = claim_callers_keys(unit_, means_.keys, std::span(&claim, 1), window).front();
  return whole_known_.has_value();
}

void Appending::find_known_keys() {
  std::vector<KeyClaim> claims;
  std::vector<std::size_t> claimants;  // index of the event of each claim
  std::unordered_map<KeyHash, std::size_t> first_with;
  for (std::size_t i = 0; i < events_.size(); ++i) {
    if (!events_[i].key) continue;
    const KeyHash key = hash_of(*events_[i].key);
    const auto [first, is_first] = first_with.try_emplace(key, claims.size());
    if (is_first) {
      claims.push_back({key, positions_[i]});
      claimants.push_back(i);
    } else {
      drafts_[i].repeated = true;
      repeats_of_[i] = claims[first->second].position;
    }
  }
  if (claims.empty()) return;
  const KeyWindow window{origin_.now, origin_.now - origin_.key_window};
  const KnownPositions known = origin_.batch
                                   ? claim_import_keys(unit_, *origin_.batch, claims)
                                   : claim_callers_keys(unit_, means_.keys, claims, window);
  for (std::size_t i = 0; i < known.size(); ++i) {
    if (!known[i]) continue;
    drafts_[claimants[i]].repeated = true;
    repeats_of_[claimants[i]] = *known[i];
  }
}

// Customers were made for what was no repeat when they were: if a key has come or gone since, the
// unit runs again and sees it.
void Appending::expect_foreseen() const {
  for (std::size_t i = 0; i < events_.size(); ++i) {
    if (means_.foreseen != nullptr && (*means_.foreseen)[i] != drafts_[i].repeated) {
      throw store::Failure(store::FailureKind::serialization, "a key of the log came meanwhile");
    }
    CHECK(drafts_[i].repeated || events_[i].customer.value > 0);
  }
}

void Appending::find_known_rows() {
  std::vector<std::size_t> indexes;
  std::vector<store::LockKey> locks;
  for (std::size_t i = 0; i < events_.size(); ++i) {
    if (!events_[i].ordinal || events_[i].key) continue;
    indexes.push_back(i);
    locks.push_back(store::lock_key(events_[i].customer));
  }
  if (indexes.empty()) return;
  std::ranges::sort(locks);
  const auto [first, last] = std::ranges::unique(locks);
  locks.erase(first, last);
  unit_.lock(std::move(locks));
  mark_known_rows(indexes);
}

// A row with ordinal n is the (n+1)th equal one of its file: known when history has more than n. Of
// a first one its own import can have written none: only for others are its rows read too.
void Appending::mark_known_rows(std::span<const std::size_t> indexes) {
  types_ = means_.catalog.of(unit_);
  std::vector<RowAt> wanted;
  bool all_first = true;
  for (const std::size_t i : indexes) {
    const EventType* type = types_->find(events_[i].name);
    if (type == nullptr) continue;
    wanted.push_back({events_[i].customer, type->id, drafts_[i].time});
    all_first = all_first && *events_[i].ordinal == 0;
  }
  std::unordered_map<RowKey, RowCount, RowKeyHash> counts;
  const std::optional<base::BatchId> left_out = all_first ? origin_.batch : std::nullopt;
  each_row_at(unit_, means_.customer_rows, wanted, left_out, [&](const Event& event) {
    RowCount& count = counts[{{event.customer, event.type, event.time}, event.properties}];
    ++(origin_.batch && event.batch == origin_.batch ? count.own : count.by_others);
  });
  if (counts.empty()) return;
  for (std::size_t i = 0; i < events_.size(); ++i) {
    const EventType* type = types_->find(events_[i].name);
    if (type == nullptr || !events_[i].ordinal) continue;
    Draft& draft = drafts_[i];
    const auto found = counts.find({{events_[i].customer, type->id, draft.time}, draft.properties});
    if (found == counts.end()) continue;
    RowCount& count = found->second;
    const std::int64_t before = *events_[i].ordinal;
    const std::int64_t known = count.by_others + (before == 0 ? 0 : count.own);
    if (!events_[i].key) draft.repeated = known > before;
    if (!draft.repeated) ++count.own;
  }
}

std::optional<AppendError> Appending::register_names() {
  // By name, so that two units that see the same names first never wait for each other.
  std::map<std::string, std::map<std::string, base::ValueType>> missing;
  std::map<std::string, std::size_t> first_seen;
  for (std::size_t i = 0; i < events_.size(); ++i) {
    if (drafts_[i].repeated) continue;
    const EventType* type = types_->find(events_[i].name);
    if (type == nullptr) missing[events_[i].name];
    for (const auto& member : events_[i].properties) {
      const auto value_type = first_type(member.value());
      if (!value_type || (type != nullptr && type->find(member.key()) != nullptr)) continue;
      missing[events_[i].name].try_emplace(std::string(member.key()), *value_type);
    }
    first_seen.try_emplace(events_[i].name, i);
  }
  for (const auto& [name, properties] : missing) {
    std::vector<TypedName> typed;
    for (const auto& [property, type] : properties) typed.push_back({property, type});
    const auto id = means_.catalog.register_seen(unit_, name, typed);
    if (!id) return fault_at(EventFault::too_many_types, first_seen[name], id.error().name);
  }
  if (!missing.empty()) types_ = means_.catalog.of(unit_);
  for (std::size_t i = 0; i < events_.size(); ++i) {
    if (drafts_[i].repeated) continue;
    drafts_[i].type = types_->find(events_[i].name);
    CHECK(drafts_[i].type != nullptr);
  }
  return std::nullopt;
}

std::optional<AppendError> Appending::cover_batch() {
  if (!origin_.batch) return std::nullopt;
  const Position& first = positions_.front();
  const std::int64_t covered =
      unit_.execute(sql::kCoverRows, {origin_.batch->value, first.sequence, first.epoch,
                                      first.transaction, positions_.back().sequence});
  if (covered == 0) return fault_at(EventFault::batch_closed, 0, "");
  return std::nullopt;
}

void Appending::write_rows(std::int64_t source) {
  const bool sqlite = unit_.dialect() == store::Dialect::sqlite;
  const std::string_view text = sqlite ? sql::kAddEventSqlite : sql::kAddEventPostgresql;
  const store::Param batch =
      origin_.batch ? store::Param(origin_.batch->value) : store::Param(std::monostate{});
  std::vector<std::vector<store::Param>> rows;
  for (std::size_t i = 0; i < events_.size(); ++i) {
    const Draft& draft = drafts_[i];
    if (!draft.repeated) {
      const Position& at = positions_[i];
      const store::Param sent = draft.sent ? store::Param(draft.sent->ms) : store::Param();
      rows.push_back({at.sequence, events_[i].customer.value, draft.type->id.value, draft.time.ms,
                      origin_.now.ms, sent, source,
                      std::int64_t{origin_.liveness == Liveness::live}, batch,
                      std::string_view(draft.properties)});
      if (!sqlite) rows.back().insert(rows.back().end(), {at.epoch, at.transaction});
      last_ = at;
    }
    const bool full = rows.size() == kRowsAtOnce || i + 1 == events_.size();
    if (!full || rows.empty()) continue;
    unit_.execute_batch(text, rows);
    rows.clear();
  }
}

void Appending::count_wrong_values() {
  std::map<std::int64_t, std::int64_t> wrong;  // in order of the id: units wait in one order
  for (std::size_t i = 0; i < events_.size(); ++i) {
    if (drafts_[i].repeated) continue;
    for (const auto& member : events_[i].properties) {
      const Property* property = drafts_[i].type->find(member.key());
      if (member.value().is_null() || property == nullptr) continue;
      if (!read_value(property->type, member.value())) ++wrong[property->id.value];
    }
  }
  for (const auto& [property, count] : wrong) {
    unit_.execute(sql::kCountWrongValues, {property, count});
  }
}

Appended Appending::answer() {
  Appended appended;
  appended.outcomes.reserve(events_.size());
  for (std::size_t i = 0; i < events_.size(); ++i) {
    const bool repeated = drafts_[i].repeated;
    const Position position = repeated ? repeats_of_[i] : positions_[i];
    appended.outcomes.push_back({position, drafts_[i].time, repeated});
  }
  appended.last = whole_known_.value_or(last_);
  appended.written = written_;
  appended.repeated = static_cast<std::int64_t>(events_.size()) - written_;
  return appended;
}

}  // namespace event_log
