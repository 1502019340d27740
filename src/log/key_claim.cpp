#include "log/key_claim.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <numeric>

#include "base/check.h"
#include "log/key_sql.h"

namespace event_log {
namespace {

// Rows of one statement. Few sizes, so that few statements are prepared.
constexpr std::array<std::size_t, 3> kChunkSizes = {64, 8, 1};

constexpr std::int64_t kLoadedAtOnce = 200'000;

// Calls `each` with parts of `items` whose sizes are of kChunkSizes.
template <typename Item, typename Each>
void in_chunks(std::span<const Item> items, Each each) {
  for (const std::size_t size : kChunkSizes) {
    while (items.size() >= size) {
      each(items.first(size));
      items = items.subspan(size);
    }
  }
}

// "($1, $2, $3), ($4, $5, $6)"
std::string value_rows(std::size_t rows, std::size_t columns) {
  std::string out;
  for (std::size_t row = 0; row < rows; ++row) {
    out += row == 0 ? "(" : ", (";
    for (std::size_t column = 0; column < columns; ++column) {
      out += fmt::format("{}${}", column == 0 ? "" : ", ", row * columns + column + 1);
    }
    out += ')';
  }
  return out;
}

std::string callers_claim_sql(std::size_t rows) {
  return fmt::format(
      "insert into event_key (hash, arrived, epoch, transaction_id, sequence) values {} "
      "on conflict (hash) do update set arrived = excluded.arrived, epoch = excluded.epoch, "
      "transaction_id = excluded.transaction_id, sequence = excluded.sequence "
      "where event_key.arrived <= ${} returning hash",
      value_rows(rows, 5), rows * 5 + 1);
}

// Keys of a batch that is being undone, or is, are free again.
std::string import_claim_sql(std::size_t rows) {
  return fmt::format(
      "insert into import_key (hash, batch, epoch, transaction_id, sequence) values {} "
      "on conflict (hash) do update set batch = excluded.batch, epoch = excluded.epoch, "
      "transaction_id = excluded.transaction_id, sequence = excluded.sequence "
      "where import_key.batch in (select id from import_batch where state in (2, 3)) "
      "returning hash",
      value_rows(rows, 5));
}

// The tables have the same names of columns.
std::string positions_sql(std::string_view table, std::size_t rows) {
  std::string list;
  for (std::size_t row = 1; row <= rows; ++row) {
    list += fmt::format("{}${}", row == 1 ? "" : ", ", row);
  }
  return fmt::format("select hash, epoch, transaction_id, sequence from {} where hash in ({})",
                     table, list);
}

std::string known_callers_sql(std::size_t rows) {
  return positions_sql("event_key", rows) + fmt::format(" and arrived > ${}", rows + 1);
}

std::string known_imports_sql(std::size_t rows) {
  return positions_sql("import_key", rows) +
         " and batch not in (select id from import_batch where state in (2, 3))";
}

struct KnownTable {
  std::string (*sql)(std::size_t rows);
  std::optional<std::int64_t> last_param;
};

KnownKeys find_in_table(store::Unit& unit, const KnownTable& table, std::span<const KeyHash> keys) {
  KnownKeys found;
  in_chunks(keys, [&](std::span<const KeyHash> chunk) {
    std::vector<std::string> hashes;
    for (const KeyHash& key : chunk) hashes.push_back(to_text(key));
    std::vector<store::Param> params;
    for (const std::string& hash : hashes) params.emplace_back(std::string_view(hash));
    if (table.last_param) params.emplace_back(*table.last_param);
    unit.query(table.sql(chunk.size()), params,
               [&](const store::Row& row) { found.insert(key_hash_from(row.text(0))); });
  });
  return found;
}

struct ClaimRow {
  std::string hash;
  std::size_t index;  // of the claim
};

// In order of the hash, so that two units never wait for each other.
std::vector<ClaimRow> rows_of(std::span<const KeyClaim> claims) {
  std::vector<ClaimRow> rows;
  rows.reserve(claims.size());
  for (std::size_t i = 0; i < claims.size(); ++i) rows.push_back({to_text(claims[i].key), i});
  std::ranges::sort(rows, {}, &ClaimRow::hash);
  return rows;
}

using PositionsByHash = std::map<std::string, Position, std::less<>>;

PositionsByHash positions_of(store::Unit& unit, std::string_view table,
                             std::span<const ClaimRow> rows) {
  PositionsByHash found;
  in_chunks(rows, [&](std::span<const ClaimRow> chunk) {
    std::vector<store::Param> params;
    for (const ClaimRow& row : chunk) params.emplace_back(std::string_view(row.hash));
    unit.query(positions_sql(table, chunk.size()), params, [&](const store::Row& row) {
      found.emplace(row.text(0), Position{row.integer(1), row.integer(2), row.integer(3)});
    });
  });
  return found;
}

struct ClaimTable {
  std::string_view name;
  std::string (*claim_sql)(std::size_t rows);
  std::int64_t second_column;  // the arrival, or the batch
  std::optional<std::int64_t> last_param;
};

KnownPositions claim_in_table(store::Unit& unit, const ClaimTable& table,
                              std::span<const KeyClaim> claims) {
  const std::vector<ClaimRow> rows = rows_of(claims);
  std::vector<std::string> taken;
  in_chunks(std::span(rows), [&](std::span<const ClaimRow> chunk) {
    std::vector<store::Param> params;
    for (const ClaimRow& row : chunk) {
      const Position& position = claims[row.index].position;
      params.insert(params.end(), {std::string_view(row.hash), table.second_column, position.epoch,
                                   position.transaction, position.sequence});
    }
    if (table.last_param) params.emplace_back(*table.last_param);
    unit.query(table.claim_sql(chunk.size()), params,
               [&](const store::Row& row) { taken.emplace_back(row.text(0)); });
  });
  std::ranges::sort(taken);
  std::vector<ClaimRow> refused;
  for (const ClaimRow& row : rows) {
    if (!std::ranges::binary_search(taken, row.hash)) refused.push_back(row);
  }
  KnownPositions known(claims.size());
  const PositionsByHash positions = positions_of(unit, table.name, refused);
  for (const ClaimRow& row : refused) {
    const auto at = positions.find(row.hash);
    known[row.index] = at == positions.end() ? Position{} : at->second;
  }
  return known;
}

std::optional<Position> known_in_memory(store::Unit& unit, const KeyMemory& memory,
                                        const KeyHash& key, const KeyWindow& window) {
  const auto row_number = memory.row_of(key);
  if (!row_number) return std::nullopt;
  std::optional<Position> known;
  unit.query(sql::kKeyRow, {*row_number}, [&](const store::Row& row) {
    const bool same = key_hash_from(row.text(0)) == key;
    if (same && base::Moment{row.integer(1)} > window.arrived_after) {
      known = Position{0, 0, row.integer(2)};
    }
  });
  return known;
}

KnownPositions claim_in_memory(store::Unit& unit, KeyMemory& memory,
                               std::span<const KeyClaim> claims, const KeyWindow& window) {
  KnownPositions known;
  known.reserve(claims.size());
  std::int64_t next =
      *unit.one(sql::kNextKeyRow, {}, [](const auto& row) { return row.integer(0); });
  for (const KeyClaim& claim : claims) {
    known.push_back(known_in_memory(unit, memory, claim.key, window));
    if (known.back()) continue;
    const std::string hash = to_text(claim.key);
    unit.execute(sql::kAddKeySqlite, {next, hash, window.now.ms, claim.position.sequence});
    memory.set(claim.key, next++);
  }
  return known;
}

}  // namespace

KnownPositions claim_callers_keys(store::Unit& unit, KeyMemory& memory,
                                  std::span<const KeyClaim> claims, const KeyWindow& window) {
  if (unit.dialect() == store::Dialect::sqlite) {
    return claim_in_memory(unit, memory, claims, window);
  }
  const ClaimTable table{"event_key", callers_claim_sql, window.now.ms, window.arrived_after.ms};
  return claim_in_table(unit, table, claims);
}

KnownPositions claim_import_keys(store::Unit& unit, base::BatchId batch,
                                 std::span<const KeyClaim> claims) {
  const ClaimTable table{"import_key", import_claim_sql, batch.value, std::nullopt};
  return claim_in_table(unit, table, claims);
}

KnownKeys find_callers_keys(store::Unit& unit, const KeyMemory& memory,
                            std::span<const KeyHash> keys, const KeyWindow& window) {
  if (unit.dialect() == store::Dialect::postgresql) {
    return find_in_table(unit, {known_callers_sql, window.arrived_after.ms}, keys);
  }
  KnownKeys found;
  for (const KeyHash& key : keys) {
    if (known_in_memory(unit, memory, key, window)) found.insert(key);
  }
  return found;
}

KnownKeys find_import_keys(store::Unit& unit, std::span<const KeyHash> keys) {
  return find_in_table(unit, {known_imports_sql, std::nullopt}, keys);
}

void move_claim(store::Unit& unit, const KeyMemory& memory, const KeyClaim& claim) {
  const Position& position = claim.position;
  if (unit.dialect() == store::Dialect::postgresql) {
    const std::string hash = to_text(claim.key);
    unit.execute(sql::kMoveKeyPostgresql,
                 {hash, position.epoch, position.transaction, position.sequence});
    return;
  }
  const auto row = memory.row_of(claim.key);
  CHECK(row.has_value());
  unit.execute(sql::kMoveKeySqlite, {*row, position.sequence});
}

std::optional<std::int64_t> load_keys(store::Session& session, KeyMemory& memory,
                                      std::int64_t after_row) {
  CHECK(session.dialect() == store::Dialect::sqlite);
  std::optional<std::int64_t> last;
  session.query(sql::kListKeysSqlite, {after_row, kLoadedAtOnce}, [&](const store::Row& row) {
    last = row.integer(0);
    memory.set(key_hash_from(row.text(1)), *last);
  });
  return last;
}

std::int64_t drop_keys(store::Unit& unit, KeyMemory& memory, base::Moment arrived_before,
                       std::int64_t limit) {
  if (unit.dialect() == store::Dialect::postgresql) {
    return unit.execute(sql::kDropKeysPostgresql, {arrived_before.ms, limit});
  }
  std::vector<std::pair<KeyHash, std::int64_t>> old;
  bool reached = false;
  unit.query(sql::kOldestKeysSqlite, {limit}, [&](const store::Row& row) {
    reached = reached || base::Moment{row.integer(2)} >= arrived_before;
    if (!reached) old.emplace_back(key_hash_from(row.text(1)), row.integer(0));
  });
  if (old.empty()) return 0;
  unit.execute(sql::kDropKeysSqlite, {old.back().second});
  unit.after_commit([&memory, old] {
    for (const auto& [key, row] : old) memory.forget(key, row);
  });
  return static_cast<std::int64_t>(old.size());
}

}  // namespace event_log
