#include "log/log.h"

#include <chrono>
#include <thread>

#include "base/check.h"
#include "base/text.h"
#include "log/appending.h"
#include "log/event_sql.h"
#include "log/event_type_sql.h"
#include "log/key_claim.h"
#include "log/key_memory.h"
#include "log/rows.h"

namespace event_log {
namespace {

constexpr std::size_t kLogIdBytes = 16;
constexpr int kAddTriesMax = 100;
// What other processes commit is not signalled here.
constexpr base::Duration kAwaitPoll{10};

Position position_in(const store::Row& row) {
  return {row.integer(0), row.integer(1), row.integer(2)};
}

bool is_readable(store::Session& session, const Position& position) {
  const auto answer = [](const store::Row& row) { return row.integer(0) != 0; };
  if (session.dialect() == store::Dialect::sqlite) {
    return *session.one(sql::kIsReadableSqlite, {position.sequence}, answer);
  }
  return *session.one(sql::kIsReadablePostgresql, {position.epoch, position.transaction}, answer);
}

// Where a PostgreSQL database is, and how far its transactions and those of its log are.
struct Place {
  std::string system_identifier;
  std::int64_t database_oid = 0;
  std::int64_t next_transaction = 0;
  std::int64_t last_stored = 0;
};

Place current_place(store::Session& session) {
  return *session.one(sql::kCurrentDatabasePostgresql, {}, [](const store::Row& row) {
    return Place{std::string(row.text(0)), row.integer(1), row.integer(2), row.integer(3)};
  });
}

struct Epoch {
  std::int64_t number = 0;
  std::string system_identifier;
  std::int64_t database_oid = 0;
};

std::optional<Epoch> current_epoch(store::Session& session) {
  return session.one(sql::kCurrentEpoch, {}, [](const store::Row& row) {
    return Epoch{row.integer(0), std::string(row.text(1)), row.integer(2)};
  });
}

bool is_another(const Place& place, const std::optional<Epoch>& epoch) {
  return !epoch || epoch->system_identifier != place.system_identifier ||
         epoch->database_oid != place.database_oid || place.last_stored >= place.next_transaction;
}

}  // namespace

Log::Log(store::Database& database) : database_(database), keys_(std::make_unique<KeyMemory>()) {}

Log::~Log() = default;

void Log::prepare(base::Moment now, base::Random& random) {
  std::array<std::byte, kLogIdBytes> bytes{};
  random.fill(bytes);
  const std::string fresh = base::to_hex(bytes);
  id_ = database_.write("log.prepare", [&](store::Unit& unit) {
    unit.execute(sql::kSetLogId, {fresh});
    if (unit.dialect() == store::Dialect::postgresql) raise_epoch(unit, now);
    return *unit.one(sql::kFindLogId, {},
                     [](const store::Row& row) { return std::string(row.text(0)); });
  });
  if (database_.dialect() == store::Dialect::sqlite) {
    for (std::optional<std::int64_t> row = 0; row;) {
      row =
          database_.read([&](store::Session& session) { return load_keys(session, *keys_, *row); });
    }
  }
  database_.read([&](store::Session& session) { catalog_.of(session); });
}

void Log::raise_epoch(store::Unit& unit, base::Moment now) {
  if (!is_another(current_place(unit), current_epoch(unit))) return;
  unit.execute(sql::kLockEpochPostgresql, {});
  const Place place = current_place(unit);
  const auto epoch = current_epoch(unit);
  if (!is_another(place, epoch)) return;
  const std::int64_t next = epoch ? epoch->number + 1 : 1;
  unit.execute(sql::kAddEpoch, {next, place.system_identifier, place.database_oid, now.ms});
}

base::Result<Appended, AppendError> Log::append(store::Unit& unit, const Origin& origin,
                                                std::span<const NewEvent> events) {
  const auto prepared = event_log::prepare(events, *catalog_.known(), origin.now);
  if (!prepared) return base::unexpected(prepared.error());
  std::vector<base::CustomerId> customers;
  customers.reserve(events.size());
  for (const NewEvent& event : events) customers.push_back(event.customer);
  return append(unit, origin, *prepared, {customers});
}

base::Result<Appended, AppendError> Log::append(store::Unit& unit, const Origin& origin,
                                                const PreparedEvents& events,
                                                const FoundOut& found) {
  CHECK(found.customers.size() == events.events.size());
  CHECK(found.repeats == nullptr || found.repeats->size() == events.events.size());
  Appending appending(unit, origin, events, {catalog_, *keys_, customer_rows_, found});
  auto appended = appending.run([&](std::string_view source) { return source_id(unit, source); });
  if (appended && appended->written > 0) {
    unit.after_commit([this, written = appended->written] {
      events_appended_ += static_cast<std::uint64_t>(written);
      appended_.raise();
    });
  }
  return appended;
}

Repeats Log::find_repeats(store::Unit& unit, const Origin& origin,
                          const PreparedEvents& prepared) const {
  const std::vector<PreparedEvent>& events = prepared.events;
  const KeyWindow window{origin.now, origin.now - origin.key_window};
  if (origin.key) {
    const KeyHash whole = hash_of(*origin.key);
    if (find_callers_keys(unit, *keys_, std::span(&whole, 1), window).contains(whole)) {
      return Repeats(events.size(), true);
    }
  }
  std::vector<KeyHash> keys;
  for (const PreparedEvent& event : events) {
    if (event.key) keys.push_back(*event.key);
  }
  KnownKeys seen =
      origin.batch ? find_import_keys(unit, keys) : find_callers_keys(unit, *keys_, keys, window);
  Repeats repeats(events.size());
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (events[i].key) repeats[i] = !seen.insert(*events[i].key).second;
  }
  return repeats;
}

Position Log::notify(store::Unit& unit, std::span<const NoticeSubject> subjects, base::Moment now) {
  const Position last = write_notices(unit, subjects, now);
  unit.after_commit([this] {
    ++notices_told_;
    appended_.raise();
  });
  return last;
}

Position Log::head(store::Session& session) const {
  const bool sqlite = session.dialect() == store::Dialect::sqlite;
  return session.one(sqlite ? sql::kHeadSqlite : sql::kHeadPostgresql, {}, position_in)
      .value_or(Position{});
}

Position Log::newest(store::Session& session) const {
  const bool sqlite = session.dialect() == store::Dialect::sqlite;
  return session.one(sqlite ? sql::kHeadSqlite : sql::kNewestPostgresql, {}, position_in)
      .value_or(Position{});
}

bool Log::await(const Position& position, base::Duration patience) const {
  const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(patience.ms);
  while (true) {
    const std::uint64_t seen = appended_.count();
    const bool readable =
        database_.read([&](store::Session& session) { return is_readable(session, position); });
    if (readable) return true;
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        until - std::chrono::steady_clock::now());
    if (left.count() <= 0) return false;
    appended_.wait(seen, std::min(kAwaitPoll, base::Duration{left.count()}));
  }
}

void Log::await_customer_rows(const Position& position, base::Duration standstill) const {
  using Steady = std::chrono::steady_clock;
  const CustomerRows* rows = customer_rows_;
  if (rows == nullptr) return;
  Position through = rows->view()->through();
  auto since = Steady::now();
  while (through < position && Steady::now() - since < std::chrono::milliseconds(standstill.ms)) {
    std::this_thread::sleep_for(std::chrono::milliseconds(kAwaitPoll.ms));
    const Position next = rows->view()->through();
    if (next > through) since = Steady::now();
    through = next;
  }
}

std::int64_t Log::source_id(store::Unit& unit, std::string_view name) {
  {
    const std::lock_guard lock(sources_mutex_);
    const auto known = source_ids_.find(std::string(name));
    if (known != source_ids_.end()) return known->second;
  }
  const auto id_in = [](const store::Row& row) { return row.integer(0); };
  for (int tries = 0; tries < kAddTriesMax; ++tries) {
    if (const auto id = unit.one(sql::kFindSource, {name}, id_in)) {
      unit.after_commit([this, id, key = std::string(name)] {
        const std::lock_guard lock(sources_mutex_);
        source_ids_.emplace(key, *id);
        source_names_.emplace(*id, key);
      });
      return *id;
    }
    unit.execute(sql::kAddSource, {name});
  }
  throw store::Failure(store::FailureKind::serialization, "a source could not be added");
}

std::optional<std::int64_t> Log::source_named(store::Session& session,
                                              std::string_view name) const {
  return session.one(sql::kFindSource, {name},
                     [](const store::Row& row) { return row.integer(0); });
}

std::string Log::source_name(store::Session& session, std::int64_t source) const {
  {
    const std::lock_guard lock(sources_mutex_);
    const auto known = source_names_.find(source);
    if (known != source_names_.end()) return known->second;
  }
  return session
      .one(sql::kSourceName, {source},
           [](const store::Row& row) { return std::string(row.text(0)); })
      .value_or(std::string());
}

std::int64_t Log::expire_keys(store::Unit& unit, base::Moment arrived_before, std::int64_t limit) {
  return drop_keys(unit, *keys_, arrived_before, limit);
}

std::size_t Log::memory_bytes() const { return keys_->size() * kKeyBytesInMemory; }

std::int64_t Log::erase(store::Unit& unit, std::span<const Erasure> erasures) {
  std::vector<base::CustomerId> customers;
  std::unordered_map<base::CustomerId, base::CustomerId> stand_ins;
  for (const Erasure& erasure : erasures) {
    CHECK(erasure.customer != erasure.stand_in);
    customers.push_back(erasure.customer);
    stand_ins.emplace(erasure.customer, erasure.stand_in);
  }
  std::vector<std::vector<store::Param>> rows;
  for (const RowOfCustomer& row : places_of(unit, customer_rows_, customers)) {
    const Position& at = row.position;
    rows.push_back({at.epoch, at.transaction, at.sequence, stand_ins.at(row.customer).value});
  }
  if (rows.empty()) return 0;
  return unit.execute_batch(sql::kEraseEvent, rows);
}

}  // namespace event_log
