#include "timer/timer.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <unordered_set>
#include <utility>

#include "base/check.h"
#include "store/failure.h"
#include "store/list_text.h"
#include "timer/timer_sql.h"

namespace timer {
namespace {

// What comes again by itself once the database is back, or was in somebody's way.
bool is_lost(store::FailureKind kind) {
  return kind != store::FailureKind::constraint && kind != store::FailureKind::misuse;
}

// Of one kind: those that nobody was quicker with, in their order.
std::vector<Timer> take(store::Unit& unit, std::span<const Timer> due) {
  std::vector<Timer> taken;
  if (unit.dialect() == store::Dialect::sqlite) {
    std::ranges::copy_if(due, std::back_inserter(taken), [&unit](const Timer& timer) {
      return unit.execute(sql::kTakeTimerSqlite, {timer.kind, timer.key, timer.due.ms}) == 1;
    });
    return taken;
  }
  const std::string keys = store::list_text(unit.dialect(), due, &Timer::key);
  const std::string moments =
      store::list_text(unit.dialect(), due, [](const Timer& timer) { return timer.due.ms; });
  std::unordered_set<std::int64_t> own;
  unit.query(sql::kTakeTimersPostgresql, {due.front().kind, keys, moments},
             [&own](const store::Row& row) { own.insert(row.integer(0)); });
  std::ranges::copy_if(due, std::back_inserter(taken),
                       [&own](const Timer& timer) { return own.contains(timer.key); });
  return taken;
}

}  // namespace

void schedule(store::Unit& unit, std::span<const Timer> timers) {
  std::vector<std::vector<store::Param>> rows;
  rows.reserve(timers.size());
  for (const Timer& timer : timers) {
    CHECK(!timer.kind.empty() && timer.kind.size() <= kKindBytesMax);
    rows.push_back({timer.kind, timer.key, timer.due.ms});
  }
  if (!rows.empty()) unit.execute_batch(sql::kScheduleTimer, rows);
}

void cancel(store::Unit& unit, std::string_view kind, std::span<const std::int64_t> keys) {
  std::vector<std::vector<store::Param>> rows;
  for (const std::int64_t key : keys) rows.push_back({kind, key});
  if (!rows.empty()) unit.execute_batch(sql::kCancelTimer, rows);
}

void Handler::lock(store::Unit&, std::span<const Timer>) {}

Runner::Runner(store::Database& database, std::vector<Kind> kinds)
    : database_(database), kinds_(std::move(kinds)) {}

// The first ones, as far as they are of one kind: so that a unit locks what it touches at once, and
// kinds keep their order.
std::vector<StoredTimer> Runner::due(store::Session& session, base::Moment now) const {
  std::vector<StoredTimer> due;
  bool same_kind = true;
  const bool is_sqlite = session.dialect() == store::Dialect::sqlite;
  const std::string kinds = store::list_text(session.dialect(), kinds_, &Kind::name);
  if (!is_sqlite) session.query(sql::kKeepToOrderPostgresql, {}, [](const store::Row&) {});
  session.query(is_sqlite ? sql::kDueTimersSqlite : sql::kDueTimersPostgresql,
                {now.ms, static_cast<std::int64_t>(kTimersAtOnce), kinds},
                [&](const store::Row& row) {
                  same_kind = same_kind && (due.empty() || due.front().kind == row.text(0));
                  if (!same_kind) return;
                  due.push_back({std::string(row.text(0)), row.integer(1), {row.integer(2)}});
                });
  return due;
}

std::optional<base::Moment> Runner::next_due(store::Session& session) const {
  const bool is_sqlite = session.dialect() == store::Dialect::sqlite;
  const std::string kinds = store::list_text(session.dialect(), kinds_, &Kind::name);
  if (!is_sqlite) session.query(sql::kKeepToOrderPostgresql, {}, [](const store::Row&) {});
  return session.one(is_sqlite ? sql::kNextDueTimerSqlite : sql::kNextDueTimerPostgresql, {kinds},
                     [](const store::Row& row) { return base::Moment{row.integer(0)}; });
}

std::size_t Runner::fire(std::span<const StoredTimer> timers, base::Moment now) {
  Handler& handler = std::ranges::find(kinds_, timers.front().kind, &Kind::name)->handler;
  std::vector<Timer> due;
  for (const StoredTimer& timer : timers) due.push_back({timer.kind, timer.key, timer.due});
  return database_.write("timer.fire", [&](store::Unit& unit) {
    handler.lock(unit, due);
    const std::vector<Timer> taken = take(unit, due);
    if (!taken.empty()) handler.fire(unit, taken, now);
    return taken.size();
  });
}

Step Runner::step(base::Moment now) {
  const auto timers = database_.read([&](store::Session& session) { return due(session, now); });
  if (timers.empty()) return {};
  try {
    return {.fired = fire(timers, now), .more = true};
  } catch (const store::Failure& failure) {
    if (is_lost(failure.kind())) throw;
  }
  return one_by_one(timers, now);
}

Step Runner::one_by_one(std::span<const StoredTimer> timers, base::Moment now) {
  Step step{.more = true};
  for (const StoredTimer& timer : timers) {
    try {
      step.fired += fire({&timer, 1}, now);
    } catch (const store::Failure& failure) {
      if (is_lost(failure.kind())) throw;
      step.set_aside += fail(timer, store::code_of(failure.kind()));
    }
  }
  return step;
}

// Whether it is set aside now: after so many tries.
bool Runner::fail(const StoredTimer& timer, std::string_view problem) {
  return database_.write("timer.fail", [&](store::Unit& unit) {
    const auto tries =
        unit.one(sql::kFailTimer, {timer.kind, timer.key, timer.due.ms, kTriesMax, problem},
                 [](const store::Row& row) { return row.integer(0); });
    return tries && *tries >= kTriesMax;
  });
}

std::vector<SetAside> set_aside(store::Session& session, std::int64_t rows_max) {
  std::vector<SetAside> found;
  session.query(sql::kTimersSetAside, {rows_max}, [&](const store::Row& row) {
    found.push_back(
        {{std::string(row.text(0)), row.integer(1), {row.integer(2)}}, std::string(row.text(3))});
  });
  return found;
}

std::int64_t try_again(store::Unit& unit) { return unit.execute(sql::kTryTimersAgain, {}); }

}  // namespace timer
