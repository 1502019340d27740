// Operations on a whole data folder or database, while no server has it open (but for backup).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "customer/erase.h"
#include "server/app.h"
#include "store/database.h"

namespace server {

enum class OperateFault : std::uint8_t {
  no_such_file,
  not_a_backup,
  damaged_backup,
  unknown_backup,  // of a newer siyu
  cannot_copy,
  folder_in_use,  // has a database already, or the log of one
  file_beside_postgresql,
  cannot_erase_again,
  older_database,
  no_folder,   // it cannot be made
  not_a_demo,  // somebody's own data
};
std::string_view code_of(OperateFault fault);  // "operate.not_a_backup", …

// What the operator can act on. what() is the sentence for the log; the command line has its own
// for each code.
class OperateFailure : public store::Failure {
 public:
  OperateFailure(OperateFault fault, std::string subject = "");
  OperateFault fault() const { return fault_; }
  const std::string& subject() const { return subject_; }  // a path, or the system's words

 private:
  OperateFault fault_;
  std::string subject_;
};

// SQLite in the folder (made when missing) or PostgreSQL. Throws store::Failure.
std::unique_ptr<store::Database> open_database(const AppOptions& options);

// Where the hashes of erased people are kept: a file in the folder, tables in PostgreSQL.
std::unique_ptr<customer::ErasedHashes> open_hashes(const AppOptions& options,
                                                    base::Random& random);

// An empty database always gets the schema; an older one only when `allowed`, else
// OperateFailure{older_database} says to run `siyu migrate`.
void bring_forward(store::Database& database, bool allowed, base::Moment now);

// Names of the migrations applied.
std::vector<std::string> migrate(const AppOptions& options, const base::Clock& clock);

// A consistent copy of the folder's database as it stands: also of an older one, which is what an
// upgrade begins with. Answers its bytes.
std::int64_t backup(const AppOptions& options, const std::string& file);

struct RestoreMeans {
  const base::Clock& clock;
  base::Random& random;
};
struct Restored {
  std::int64_t erased_again = 0;
  // False: no erased.hashes lay in the folder, so that whoever was erased behind the backup is
  // back. Nothing of PostgreSQL, where they are a table that is put back with its own tools.
  std::optional<bool> knew_erased = std::nullopt;
};
// Puts a backup in the place of an empty folder's database, brings it forward, and erases again
// whoever had been erased after the backup (erased.hashes stays in the folder). On PostgreSQL,
// whose own tools put the backup back before, `file` is empty and the rest is done. Nobody is
// signed in behind it, and no one-time link is good. The file is read whole before it becomes the
// database; after any OperateFailure or store::Failure the folder is as it was.
Restored restore(const AppOptions& options, const std::string& file, const RestoreMeans& means);

}  // namespace server
