#include "log/appending.h"

#include <algorithm>
#include <boost/json/object.hpp>
#include <limits>
#include <map>
#include <unordered_map>

#include "base/check.h"
#include "log/batch_sql.h"
#include "log/event_sql.h"
#include "log/event_type_sql.h"
#include "log/rows.h"
#include "store/list_text.h"

namespace event_log {
namespace {

constexpr std::size_t kRowsAtOnce = 1'000;
constexpr std::size_t kNoEvent = std::numeric_limits<std::size_t>::max();

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

Appending::Appending(store::Unit& unit, const Origin& origin, const PreparedEvents& events,
                     Means means)
    : unit_(unit),
      origin_(origin),
      shapes_(events.shapes),
      events_(events.events),
      means_(means),
      types_(means.catalog.known()) {}

base::Result<Appended, AppendError> Appending::run(
    const std::function<std::int64_t(std::string_view)>& source_id) {
  if (const auto error = check()) return base::unexpected(*error);
  if (events_.empty()) return Appended{};
  draft();
  find_types();
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
  // A file's events keep their own time, also when the import is live.
  const bool arrives_live = origin_.liveness == Liveness::live && !origin_.batch;
  for (std::size_t i = 0; i < events_.size(); ++i) {
    const base::Moment time = events_[i].time;
    drafts_[i].time = time;
    if (arrives_live && time > origin_.now && time <= origin_.now + kLiveAheadMax) {
      drafts_[i].sent = time;
      drafts_[i].time = origin_.now;
    }
  }
}

void Appending::find_types() {
  shape_types_.clear();
  for (const EventShape& shape : shapes_) shape_types_.push_back(types_->find(shape.event));
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
  std::vector<std::size_t> claimants;                          // index of the event of each claim
  std::vector<std::pair<std::size_t, std::size_t>> followers;  // index of an event, of its claim
  std::unordered_map<KeyHash, std::size_t> first_with;
  for (std::size_t i = 0; i < events_.size(); ++i) {
    if (!events_[i].key) continue;
    const KeyHash key = *events_[i].key;
    const auto [first, is_first] = first_with.try_emplace(key, claims.size());
    if (is_first) {
      claims.push_back({key, positions_[i]});
      claimants.push_back(i);
    } else {
      drafts_[i].repeated = true;
      followers.emplace_back(i, first->second);
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
  for (const auto& [event, claim] : followers) {
    repeats_of_[event] = known[claim].value_or(claims[claim].position);
  }
}

// Customers were made for what was no repeat when they were: if a key has come or gone since, the
// unit runs again and sees it.
void Appending::expect_foreseen() const {
  for (std::size_t i = 0; i < events_.size(); ++i) {
    if (means_.found.repeats != nullptr && (*means_.found.repeats)[i] != drafts_[i].repeated) {
      throw store::Failure(store::FailureKind::serialization, "a key of the log came meanwhile");
    }
    CHECK(drafts_[i].repeated || customer_of(i).value > 0);
  }
}

void Appending::find_known_rows() {
  std::vector<std::size_t> indexes;
  std::vector<store::LockKey> locks;
  for (std::size_t i = 0; i < events_.size(); ++i) {
    if (!events_[i].ordinal || events_[i].key) continue;
    indexes.push_back(i);
    locks.push_back(store::lock_key(customer_of(i)));
  }
  if (indexes.empty()) return;
  if (unit_.dialect() == store::Dialect::postgresql) {
    std::ranges::sort(locks);
    const auto [first, last] = std::ranges::unique(locks);
    locks.erase(first, last);
    unit_.lock(std::move(locks));
  }
  mark_known_rows(indexes);
}

// A row with ordinal n is the (n+1)th equal one of its file: known when history has more than n. Of
// a first one its own import can have written none: only for others are its rows read too.
void Appending::mark_known_rows(std::span<const std::size_t> indexes) {
  types_ = means_.catalog.of(unit_);
  find_types();
  std::vector<RowAt> wanted;
  wanted.reserve(indexes.size());
  bool all_first = true;
  for (const std::size_t i : indexes) {
    if (type_of(i) == nullptr) continue;
    wanted.push_back({customer_of(i), type_of(i)->id, drafts_[i].time});
    all_first = all_first && *events_[i].ordinal == 0;
  }
  std::unordered_map<RowKey, RowCount, RowKeyHash> counts;
  std::optional<OwnRows> but;
  if (all_first && origin_.batch) {
    but = {*origin_.batch, means_.found.own_after, means_.found.own_through};
  }
  each_row_at(unit_, means_.customer_rows, {wanted, but}, [&](const Event& event) {
    RowCount& count = counts[{{event.customer, event.type, event.time}, event.properties}];
    ++(origin_.batch && event.batch == origin_.batch ? count.own : count.by_others);
  });
  if (counts.empty()) return;
  for (std::size_t i = 0; i < events_.size(); ++i) {
    if (type_of(i) == nullptr || !events_[i].ordinal) continue;
    Draft& draft = drafts_[i];
    const auto found =
        counts.find({{customer_of(i), type_of(i)->id, draft.time}, events_[i].properties});
    if (found == counts.end()) continue;
    RowCount& count = found->second;
    const std::int64_t before = *events_[i].ordinal;
    const std::int64_t known = count.by_others + (before == 0 ? 0 : count.own);
    if (!events_[i].key) draft.repeated = known > before;
    if (!draft.repeated) ++count.own;
  }
}

// For each shape its first event that is no repeat; kNoEvent when all are.
std::vector<std::size_t> Appending::first_of_shapes() const {
  std::vector<std::size_t> first(shapes_.size(), kNoEvent);
  for (std::size_t i = events_.size(); i-- > 0;) {
    if (!drafts_[i].repeated) first[events_[i].shape] = i;
  }
  return first;
}

std::optional<AppendError> Appending::register_names() {
  const std::vector<std::size_t> first = first_of_shapes();
  std::vector<std::size_t> used;  // in the order of the events: the first value gives the type
  for (std::size_t shape = 0; shape < shapes_.size(); ++shape) {
    if (first[shape] != kNoEvent) used.push_back(shape);
  }
  std::ranges::sort(used, {}, [&](std::size_t shape) { return first[shape]; });
  // By name, so that two units that see the same names first never wait for each other.
  std::map<std::string, std::map<std::string, base::ValueType>> missing;
  std::map<std::string, std::size_t> first_seen;
  for (const std::size_t shape : used) {
    const std::string& event = shapes_[shape].event;
    const EventType* type = shape_types_[shape];
    if (type == nullptr) missing[event];
    for (const ShapedProperty& property : shapes_[shape].properties) {
      if (type != nullptr && type->find(property.name) != nullptr) continue;
      missing[event].try_emplace(property.name, property.first);
    }
    first_seen.try_emplace(event, first[shape]);
  }
  for (const auto& [name, properties] : missing) {
    std::vector<TypedName> typed;
    for (const auto& [property, type] : properties) typed.push_back({property, type});
    const auto id = means_.catalog.register_seen(unit_, name, typed);
    if (!id) return fault_at(EventFault::too_many_types, first_seen[name], id.error().name);
  }
  if (!missing.empty()) {
    types_ = means_.catalog.of(unit_);
    find_types();
  }
  for (const std::size_t shape : used) CHECK(shape_types_[shape] != nullptr);
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
  if (unit_.dialect() == store::Dialect::postgresql) return write_lists(source);
  const store::Param batch =
      origin_.batch ? store::Param(origin_.batch->value) : store::Param(std::monostate{});
  std::vector<std::vector<store::Param>> rows(std::min(kRowsAtOnce, events_.size()));
  std::size_t waiting = 0;
  const auto write = [&] {
    if (waiting > 0) unit_.execute_batch(sql::kAddEventSqlite, std::span(rows).first(waiting));
    waiting = 0;
  };
  for (std::size_t i = 0; i < events_.size(); ++i) {
    const Draft& draft = drafts_[i];
    if (draft.repeated) continue;
    rows[waiting++].assign({positions_[i].sequence, customer_of(i).value, type_of(i)->id.value,
                            draft.time.ms, origin_.now.ms,
                            draft.sent ? store::Param(draft.sent->ms) : store::Param(), source,
                            std::int64_t{origin_.liveness == Liveness::live}, batch,
                            std::string_view(events_[i].properties)});
    last_ = positions_[i];
    if (waiting == rows.size()) write();
  }
  write();
}

// All in one statement: a row of it costs the server half of what a statement does.
void Appending::write_lists(std::int64_t source) {
  const store::ListText none(unit_.dialect());
  store::ListText sequences = none, customers = none, types = none, times = none, sents = none,
                  properties = none;
  for (std::size_t i = 0; i < events_.size(); ++i) {
    const Draft& draft = drafts_[i];
    if (draft.repeated) continue;
    sequences.add(positions_[i].sequence);
    customers.add(customer_of(i).value);
    types.add(type_of(i)->id.value);
    times.add(draft.time.ms);
    if (draft.sent) {
      sents.add(draft.sent->ms);
    } else {
      sents.add_null();
    }
    properties.add(events_[i].properties);
    last_ = positions_[i];
  }
  const store::Param batch =
      origin_.batch ? store::Param(origin_.batch->value) : store::Param(std::monostate{});
  unit_.execute(
      sql::kAddEventsPostgresql,
      {sequences.text(), customers.text(), types.text(), times.text(), sents.text(),
       properties.text(), origin_.now.ms, source, std::int64_t{origin_.liveness == Liveness::live},
       batch, last_.epoch, last_.transaction});
}

void Appending::count_wrong_values() {
  // Of each shape what has to be looked at value by value: nearly always nothing.
  std::vector<std::vector<const Property*>> doubtful(shapes_.size());
  for (std::size_t shape = 0; shape < shapes_.size(); ++shape) {
    if (shape_types_[shape] == nullptr) continue;  // all its events are repeats
    for (const ShapedProperty& property : shapes_[shape].properties) {
      const Property* known = shape_types_[shape]->find(property.name);
      if (known != nullptr && property.reads_as != known->type) doubtful[shape].push_back(known);
    }
  }
  std::map<std::int64_t, std::int64_t> wrong;  // in order of the id: units wait in one order
  for (std::size_t i = 0; i < events_.size(); ++i) {
    if (drafts_[i].repeated || doubtful[events_[i].shape].empty()) continue;
    const boost::json::object values = from_stored(events_[i].properties);
    for (const Property* property : doubtful[events_[i].shape]) {
      if (!read_value(property->type, values.at(property->name))) ++wrong[property->id.value];
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
