#include <fmt/format.h>
#include <sqlite3.h>

#include <fstream>
#include <memory>

#include "store/backup.h"
#include "store/migration.h"
#include "store/sqlite_statement.h"

namespace store {
namespace {

constexpr std::string_view kMagic = "SQLite format 3";

struct Close {
  void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
};

// immutable: no log and no lock is made beside the file, whatever its header says.
std::string uri_of(const std::string& path) {
  std::string uri = "file:";
  for (const char each : path) uri += fmt::format("%{:02x}", static_cast<unsigned char>(each));
  return uri + "?immutable=1";
}

class FileSession final : public Session {
 public:
  explicit FileSession(const std::string& path) {
    const int flags =
        SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    sqlite3* opened = nullptr;
    const int code = sqlite3_open_v2(uri_of(path).c_str(), &opened, flags, nullptr);
    handle_.reset(opened);
    if (code != SQLITE_OK) throw_sqlite_failure(opened, code);
    // Functions in a schema that somebody handed us do not run.
    query("PRAGMA trusted_schema=OFF", {}, [](const Row&) {});
  }
  Dialect dialect() const override { return Dialect::sqlite; }
  using Session::query;
  void query(std::string_view sql, std::span<const Param> params,
             const std::function<void(const Row&)>& each) override {
    SqliteStatement(handle_.get(), sql).run(params, &each);
  }

 private:
  std::unique_ptr<sqlite3, Close> handle_;
};

bool is_sqlite(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw Failure(FailureKind::unavailable, "the file cannot be read");
  std::string head(kMagic.size(), '\0');
  return in.read(head.data(), static_cast<std::streamsize>(head.size())) && head == kMagic;
}

bool is_sound(Session& session) {
  bool sound = true;
  session.query("PRAGMA quick_check(1)", {},
                [&](const Row& row) { sound = sound && row.text(0) == "ok"; });
  return sound;
}

}  // namespace

base::Result<void, BackupFault> check_backup(const std::string& path) {
  if (!is_sqlite(path)) return base::unexpected(BackupFault::not_ours);
  try {
    FileSession session(path);
    if (!is_sound(session)) return base::unexpected(BackupFault::damaged);
    const auto table =
        session.one("select 1 from sqlite_master where type = 'table' and name = 'store_migration'",
                    {}, [](const Row& row) { return row.integer(0); });
    if (!table) return base::unexpected(BackupFault::not_ours);
    if (pending(session, migrations()).size() == migrations().size()) {
      return base::unexpected(BackupFault::not_ours);
    }
  } catch (const Failure& failure) {
    if (failure.kind() == FailureKind::corrupt) return base::unexpected(BackupFault::damaged);
    if (failure.kind() == FailureKind::misuse) return base::unexpected(BackupFault::unknown);
    throw;
  }
  return {};
}

}  // namespace store
