// The schema: numbered steps that bring any older database to the one this program works with.
//
// A migration is a folder src/store/migrations/NNNN-name, listed in src/store/CMakeLists.txt and
// compiled into the program:
//
//   note.md      what changes and why
//   up.sql       the change; or up.sqlite.sql and up.postgresql.sql where the texts must differ
//   before.sql   (optional) checks before it   each statement selects what is wrong: a check passes
//   after.sql    (optional) checks after it    when it returns no row
//
// Statements end with ";". Between quotes and in comments it is text like any other; dollar quotes
// are not known. A migration that was released is never edited: its checksum (of the up text of the
// dialect) stands in the database, in store_migration (number, name, checksum, applied_at).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/moment.h"
#include "store/database.h"

namespace store {

// How one dialect is brought forward, and what was then.
struct MigrationText {
  std::string_view up;
  std::string_view checksum;  // SHA-256 of `up`, hexadecimal
};

struct Migration {
  std::int64_t number;    // 1, 2, … without gaps
  std::string_view name;  // "0001-store"
  MigrationText sqlite;
  MigrationText postgresql;
  std::string_view before;
  std::string_view after;
};

// Those compiled into the program, by number.
std::span<const Migration> migrations();

// Names of those the database still lacks, by number. Throws Failure{misuse} when the database is
// newer than the program, was made with another text of a migration, or lacks one before the last.
std::vector<std::string> pending(Database& database, std::span<const Migration> known);
std::vector<std::string> pending(Session& session, std::span<const Migration> known);
inline std::vector<std::string> pending(Database& database) {
  return pending(database, migrations());
}

// Applies what is pending, each in one unit with its checks, and answers their names. `now` is
// recorded. Throws as pending() does, and Failure{misuse} when a check finds something; those
// before it stay applied. Several programs may migrate one database at once.
std::vector<std::string> migrate(Database& database, base::Moment now,
                                 std::span<const Migration> known);
inline std::vector<std::string> migrate(Database& database, base::Moment now) {
  return migrate(database, now, migrations());
}

// The statements of a script, without their ";", blank ones left out.
std::vector<std::string> statements_of(std::string_view script);

}  // namespace store
