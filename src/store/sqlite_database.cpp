// SQLite in one folder: the lock against a second server, the readers and the writer.
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "base/check.h"
#include "store/database.h"
#include "store/nesting.h"
#include "store/sqlite_connection.h"
#include "store/sqlite_readers.h"
#include "store/sqlite_vfs.h"
#include "store/sqlite_writer.h"

namespace store {
namespace {

void make_folder(const std::string& folder) {
  std::error_code error;
  if (std::filesystem::is_directory(folder, error)) return;
  std::filesystem::create_directories(folder, error);
  if (error) {
    throw Failure(FailureKind::unavailable, "the data folder cannot be made: " + error.message());
  }
  std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
}

// Held as long as the database is open; the system lets go of it when the process ends in any way.
class FolderLock {
 public:
  explicit FolderLock(const std::string& folder) {
    file_ = open((folder + "/siyu.lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file_ < 0) {
      throw Failure(FailureKind::unavailable, "the data folder cannot be written to");
    }
    if (flock(file_, LOCK_EX | LOCK_NB) == 0) return;
    const int reason = errno;
    close(file_);
    if (reason == EWOULDBLOCK) {
      throw FolderInUse();
    }
    throw Failure(FailureKind::unavailable, "the data folder cannot be locked");
  }
  ~FolderLock() { close(file_); }
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  int file_ = -1;
};

class SqliteSession final : public Session {
 public:
  explicit SqliteSession(SqliteConnection& connection) : connection_(connection) {}
  Dialect dialect() const override { return Dialect::sqlite; }
  void query(std::string_view sql, std::span<const Param> params,
             const std::function<void(const Row&)>& each) override {
    connection_.query(sql, params, each);
  }

 private:
  SqliteConnection& connection_;
};

class SqliteDatabase final : public Database {
 public:
  explicit SqliteDatabase(const SqliteOptions& options)
      : lock_((make_folder(options.folder), options.folder)),
        vfs_(options.disk == nullptr ? nullptr : std::make_unique<SqliteVfs>(*options.disk)),
        place_{options.folder + "/siyu.db", vfs_ == nullptr ? "" : vfs_->name()},
        read_milliseconds_max_(options.read_milliseconds_max),
        readers_(place_, options.readers, std::chrono::milliseconds(read_milliseconds_max_)),
        writer_(place_, readers_, std::chrono::milliseconds(options.doubt_milliseconds_max)) {}

  Dialect dialect() const override { return Dialect::sqlite; }

  void backup(const std::string& path) override {
    CHECK(!Nesting::inside());
    readers_.with_connection([&](SqliteConnection& connection) { connection.backup_to(path); });
  }

  void checkpoint() override { writer_.clean(SqliteWriter::Cleaning::empty_log); }
  void scrub() override { writer_.clean(SqliteWriter::Cleaning::rewrite); }

  Health health() const override { return writer_.health(); }

 protected:
  void run_unit(std::string_view name, const std::function<bool(Unit&)>& work) override {
    writer_.run(name, work);
  }

  void run_read(ReadLength length, const std::function<void(Session&)>& work) override {
    const Nesting nesting;
    readers_.with_connection([&](SqliteConnection& connection) {
      const std::int64_t most =
          length == ReadLength::brief ? read_milliseconds_max_ : kWholeReadMillisecondsMax;
      connection.set_deadline(std::chrono::steady_clock::now() + std::chrono::milliseconds(most));
      struct End {
        SqliteConnection& connection;
        ~End() {
          connection.set_deadline(std::nullopt);
          try {
            if (connection.in_transaction()) connection.transact("ROLLBACK");
          } catch (const Failure&) {
            // The connection still says in_transaction and is not used again.
          }
        }
      } const end{connection};
      connection.transact("BEGIN");
      SqliteSession session(connection);
      work(session);
    });
  }

 private:
  FolderLock lock_;
  std::unique_ptr<SqliteVfs> vfs_;
  const SqlitePlace place_;
  const std::int64_t read_milliseconds_max_;
  SqliteReaders readers_;
  SqliteWriter writer_;
};

}  // namespace

std::unique_ptr<Database> open_sqlite(const SqliteOptions& options) {
  return std::make_unique<SqliteDatabase>(options);
}

}  // namespace store
