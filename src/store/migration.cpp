#include "store/migration.h"

#include <fmt/format.h>

#include <algorithm>

#include "store/migration_sql.h"
#include "store/migrations_embedded.h"

namespace store {
namespace {

// Locks of the store itself lie apart from those of customers and other things.
constexpr LockKey kMigrationLock{0, 1};

struct Applied {
  std::int64_t number;
  std::string name;
  std::string checksum;
};

const MigrationText& text_for(const Migration& migration, Dialect dialect) {
  return dialect == Dialect::sqlite ? migration.sqlite : migration.postgresql;
}

std::vector<Applied> applied(Session& session) {
  const std::string_view exists = session.dialect() == Dialect::sqlite
                                      ? sql::kMigrationTableInSqlite
                                      : sql::kMigrationTableInPostgresql;
  std::vector<Applied> rows;
  if (!session.one(exists, {}, [](const Row& row) { return row.integer(0); })) return rows;
  session.query(sql::kListApplied, {}, [&](const Row& row) {
    rows.push_back({row.integer(0), std::string(row.text(1)), std::string(row.text(2))});
  });
  return rows;
}

// The first known migration that the database lacks, as an index. Throws when what was applied is
// not the beginning of what is known.
std::size_t count_applied(Session& session, std::span<const Migration> known) {
  const std::vector<Applied> rows = applied(session);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (i >= known.size()) {
      throw Failure(FailureKind::misuse,
                    fmt::format("the database has migration {}, which this siyu does not know: "
                                "use a newer siyu",
                                rows[i].name));
    }
    if (rows[i].number != known[i].number) {
      throw Failure(FailureKind::misuse,
                    fmt::format("the database lacks migration {} but has {}: restore a backup",
                                known[i].name, rows[i].name));
    }
    if (rows[i].checksum != text_for(known[i], session.dialect()).checksum) {
      throw Failure(FailureKind::misuse,
                    fmt::format("migration {} was applied with another text: use the siyu that "
                                "made this database, or a released one",
                                rows[i].name));
    }
  }
  return rows.size();
}

void check(Session& session, const Migration& migration, std::string_view script) {
  for (const std::string& statement : statements_of(script)) {
    std::int64_t offences = 0;
    session.query(statement, {}, [&](const Row&) { ++offences; });
    if (offences == 0) continue;
    throw Failure(FailureKind::misuse,
                  fmt::format("migration {} does not fit this database, {} rows of the check: {}",
                              migration.name, offences, statement));
  }
}

void apply(Unit& unit, const Migration& migration, base::Moment now) {
  const MigrationText& text = text_for(migration, unit.dialect());
  check(unit, migration, migration.before);
  for (const std::string& statement : statements_of(text.up)) unit.execute(statement, {});
  check(unit, migration, migration.after);
  unit.execute(sql::kInsertApplied, {migration.number, migration.name, text.checksum, now.ms});
}

// Where the statement that begins at `begin` ends: at its ";" or at the end of the script.
std::size_t end_of_statement(std::string_view script, std::size_t begin) {
  for (std::size_t i = begin; i < script.size(); ++i) {
    const char at = script[i];
    if (at == ';') return i;
    if (at == '\'' || at == '"') {
      i = std::min(script.find(at, i + 1), script.size() - 1);  // a doubled quote opens again
    } else if (script.substr(i, 2) == "--") {
      i = std::min(script.find('\n', i), script.size() - 1);
    }
  }
  return script.size();
}

// Spaces and comments at the beginning say nothing.
std::string_view without_head(std::string_view statement) {
  while (true) {
    statement.remove_prefix(std::min(statement.find_first_not_of(" \t\r\n"), statement.size()));
    if (!statement.starts_with("--")) return statement;
    statement.remove_prefix(std::min(statement.find('\n'), statement.size()));
  }
}

}  // namespace

std::span<const Migration> migrations() { return kMigrations; }

std::vector<std::string> statements_of(std::string_view script) {
  std::vector<std::string> statements;
  for (std::size_t begin = 0; begin < script.size();) {
    const std::size_t end = end_of_statement(script, begin);
    const std::string_view statement = without_head(script.substr(begin, end - begin));
    if (!statement.empty()) statements.emplace_back(statement);
    begin = end + 1;
  }
  return statements;
}

std::vector<std::string> pending(Database& database, std::span<const Migration> known) {
  return database.read([&](Session& session) { return pending(session, known); });
}

std::vector<std::string> pending(Session& session, std::span<const Migration> known) {
  const std::size_t count = count_applied(session, known);
  std::vector<std::string> names;
  for (const Migration& migration : known.subspan(count)) names.emplace_back(migration.name);
  return names;
}

std::vector<std::string> migrate(Database& database, base::Moment now,
                                 std::span<const Migration> known) {
  std::vector<std::string> names;
  while (!pending(database, known).empty()) {
    // Looked at again inside: another program may have been quicker.
    const auto name = database.write("store.migrate", [&](Unit& unit) {
      unit.lock({kMigrationLock});
      unit.execute(sql::kCreateMigrationTable, {});
      const std::size_t count = count_applied(unit, known);
      if (count == known.size()) return std::string();
      apply(unit, known[count], now);
      return std::string(known[count].name);
    });
    if (!name.empty()) names.push_back(name);
  }
  return names;
}

}  // namespace store
