#include "timeline/fitted_runs.h"

#include <algorithm>
#include <map>
#include <string>

#include "base/check.h"
#include "timeline/fitted_values_sql.h"

namespace timeline {
namespace {

// Whoever writes chunks and whoever erases persons, one after the other.
constexpr store::LockKey kFittedLock{750, 0};
constexpr std::int64_t kChunksAtOnce = 64;

[[noreturn]] void throw_damaged() {
  throw store::Failure(store::FailureKind::corrupt,
                       "computed values in the database cannot be read; restore a backup");
}

struct Chunk {
  std::int64_t first = 0;
  std::int64_t last = 0;
  std::string bytes;
};

Chunk chunk_at(const store::Row& row) {
  return {row.integer(0), row.integer(1), std::string(row.blob(2))};
}

FittedTable rows_of(const Chunk& chunk, std::size_t columns) {
  auto rows = read_chunk(chunk.bytes, columns);
  if (!rows) throw_damaged();
  return *std::move(rows);
}

// The chunks behind `last`; empty: there are none.
std::vector<Chunk> chunks_behind(store::Session& session, std::int64_t run, std::int64_t last) {
  std::vector<Chunk> chunks;
  session.query(sql::kChunksOf, {run, last, kChunksAtOnce},
                [&](const store::Row& row) { chunks.push_back(chunk_at(row)); });
  return chunks;
}

void insert(store::Unit& unit, std::int64_t run, const FittedTable& rows) {
  if (rows.customers.empty()) return;
  const std::string bytes = chunk_of(rows);
  unit.execute(sql::kInsertChunk, {run, rows.customers.back().value, rows.customers.front().value,
                                   store::Blob{bytes}});
}

void give_up(store::Unit& unit, std::int64_t run) {
  unit.execute(sql::kDeleteChunks, {run});
  unit.execute(sql::kDeleteRun, {run});
}

std::size_t columns_in(std::string_view bytes) {
  // Behind the form and the number of persons (fitted_image.h).
  if (bytes.size() < 12) throw_damaged();
  return static_cast<unsigned char>(bytes[8]);
}

std::vector<std::int64_t> all_runs(store::Session& session) {
  std::vector<std::int64_t> runs;
  session.query(sql::kAllRuns, {}, [&](const store::Row& row) { runs.push_back(row.integer(0)); });
  return runs;
}

// How many went.
std::int64_t take_out(store::Unit& unit, std::int64_t run, const Chunk& chunk,
                      std::span<const base::CustomerId> gone) {
  FittedTable rows = rows_of(chunk, columns_in(chunk.bytes));
  const std::size_t went = rows.remove(gone);
  if (went == 0) return 0;
  unit.execute(sql::kDeleteChunk, {run, chunk.last});
  insert(unit, run, rows);
  return static_cast<std::int64_t>(went);
}

// Those of the rows who are no customers, ascending.
std::vector<base::CustomerId> nobodies(store::Session& session, const FittedTable& rows) {
  std::vector<base::CustomerId> there;
  session.query(sql::kCustomersBetween, {rows.customers.front().value, rows.customers.back().value},
                [&](const store::Row& row) { there.push_back({row.integer(0)}); });
  std::vector<base::CustomerId> gone;
  std::ranges::set_difference(rows.customers, there, std::back_inserter(gone));
  return gone;
}

}  // namespace

std::vector<StoredRun> stored_runs(store::Session& session) {
  std::vector<StoredRun> runs;
  session.query(sql::kWholeRuns, {}, [&](const store::Row& row) {
    auto form = form_from(row.text(4));
    if (!form) throw_damaged();
    runs.push_back({{row.integer(0),
                     static_cast<FittedFamily>(row.integer(1)),
                     {row.integer(2)},
                     row.integer(3)},
                    *std::move(form)});
  });
  return runs;
}

FittedTable read_run(store::Session& session, const StoredRun& run) {
  FittedTable all;
  all.columns.resize(run.form.columns.size());
  std::int64_t last = 0;
  while (true) {
    const std::vector<Chunk> chunks = chunks_behind(session, run.info.id, last);
    if (chunks.empty()) return all;
    for (const Chunk& chunk : chunks) {
      const FittedTable rows = rows_of(chunk, all.columns.size());
      all.customers.insert(all.customers.end(), rows.customers.begin(), rows.customers.end());
      for (std::size_t i = 0; i < all.columns.size(); ++i) {
        all.columns[i].insert(all.columns[i].end(), rows.columns[i].begin(), rows.columns[i].end());
      }
    }
    last = chunks.back().last;
  }
}

std::optional<std::vector<std::int64_t>> read_person(store::Session& session, const StoredRun& run,
                                                     base::CustomerId person) {
  const auto chunk = session.one(sql::kChunkWith, {run.info.id, person.value}, chunk_at);
  if (!chunk || chunk->first > person.value) return std::nullopt;
  const FittedTable rows = rows_of(*chunk, run.form.columns.size());
  const auto found = std::ranges::lower_bound(rows.customers, person);
  if (found == rows.customers.end() || *found != person) return std::nullopt;
  const auto row = static_cast<std::size_t>(found - rows.customers.begin());
  std::vector<std::int64_t> numbers;
  for (const auto& column : rows.columns) numbers.push_back(column[row]);
  return numbers;
}

void begin_run(store::Unit& unit, const StoredRun& run) {
  const std::string form = text_of(run.form);
  unit.execute(sql::kInsertRun, {run.info.id, static_cast<std::int64_t>(run.info.family),
                                 run.info.moment.ms, run.info.customers, std::string_view(form)});
}

void write_chunk(store::Unit& unit, std::int64_t run, FittedTable rows) {
  unit.lock({kFittedLock});
  rows.remove(nobodies(unit, rows));
  insert(unit, run, rows);
}

void finish_run(store::Unit& unit, const StoredRun& run, std::span<const std::int64_t> given_up) {
  std::vector<std::int64_t> replaced(given_up.begin(), given_up.end());
  unit.query(sql::kRunsUnlike,
             {static_cast<std::int64_t>(run.info.family), run.info.id, run.info.moment.ms},
             [&](const store::Row& row) { replaced.push_back(row.integer(0)); });
  for (const std::int64_t each : replaced) give_up(unit, each);
  unit.execute(sql::kFinishRun, {run.info.id});
}

std::vector<std::int64_t> runs_to_give_up(std::span<const FittedRunInfo> runs, base::Moment now) {
  constexpr std::int64_t kDaysOfWeek = 7;
  constexpr std::int64_t kThursday = 3;  // 1970-01-01 was one: Mondays are 3 days before multiples
  std::map<std::int64_t, std::int64_t> last_of_week;  // run by week
  std::vector<std::int64_t> given_up;
  const auto days_old = [&](const FittedRunInfo& run) {
    return (now.ms - run.moment.ms) / base::kDay.ms;
  };
  for (const FittedRunInfo& run : runs) {
    const bool newest = run.id == runs.back().id;
    if (newest || days_old(run) <= kFittedDaysDaily) continue;
    if (days_old(run) > kFittedDaysKept) {
      given_up.push_back(run.id);
      continue;
    }
    const std::int64_t week = (run.moment.ms / base::kDay.ms + kThursday) / kDaysOfWeek;
    const auto [last, fresh] = last_of_week.try_emplace(week, run.id);
    if (!fresh) given_up.push_back(std::exchange(last->second, run.id));
  }
  return given_up;
}

std::int64_t erase_from_runs(store::Unit& unit, std::span<const base::CustomerId> ids) {
  unit.lock({kFittedLock});
  std::int64_t went = 0;
  for (const std::int64_t run : all_runs(unit)) {
    for (const base::CustomerId id : ids) {
      const auto chunk = unit.one(sql::kChunkWith, {run, id.value}, chunk_at);
      if (chunk && chunk->first <= id.value) went += take_out(unit, run, *chunk, ids);
    }
  }
  return went;
}

std::int64_t erase_fitted_of_nobody(store::Unit& unit) {
  unit.lock({kFittedLock});
  std::int64_t went = 0;
  for (const std::int64_t run : all_runs(unit)) {
    std::vector<Chunk> chunks;
    for (std::int64_t last = 0; !(chunks = chunks_behind(unit, run, last)).empty();
         last = chunks.back().last) {
      for (const Chunk& chunk : chunks) {
        const FittedTable rows = rows_of(chunk, columns_in(chunk.bytes));
        went += take_out(unit, run, chunk, nobodies(unit, rows));
      }
    }
  }
  return went;
}

}  // namespace timeline
