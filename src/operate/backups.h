// Backups of SQLite by themselves: every day at the hour of the settings, written, tried, kept and
// taken away, never two at once.
//
//   Backups backups({database, clock, random, folder});
//   backups.start();             a thread looks now and then whether one is due
//   backups.make(actor);         one now
//
// One is due when none has been good since the hour of the settings last came, and none was tried
// in the last kBackupRetry: so the first one is made as soon as the folder is set. A failure is
// a line of the log and a row of the table (backup_run.h).
//
// Threads: any. The destructor waits for a backup that runs. Borrows everything.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>

#include "access/actor.h"
#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "operate/backup_run.h"
#include "setting/setting.h"
#include "store/database.h"

namespace operate {

inline constexpr base::Duration kBackupLookEvery{30 * base::kSecond.ms};
inline constexpr base::Duration kBackupRetry{base::kHour.ms};

enum class BackupRefusal : std::uint8_t {
  pg_dump,  // PostgreSQL is backed up by its own tools
  off,      // no folder is set
  running,  // one runs already
};
std::string_view code_of(BackupRefusal refusal);  // "backup.pg_dump"

// How backups stand.
struct BackupStanding {
  bool on = false;
  std::optional<BackupRun> last;       // begun
  std::optional<BackupRun> last_good;  // whose file is there
};

class Backups {
 public:
  struct Means {
    store::Database& database;
    const base::Clock& clock;
    base::Random& random;
    std::string data_folder;  // a folder of the settings that does not begin with / lies in it
  };
  explicit Backups(Means means);
  ~Backups();
  Backups(const Backups&) = delete;
  Backups& operator=(const Backups&) = delete;

  // Once. From then on backups are made when they are due.
  void start();

  // Begins one now, and answers it as it was begun; without start() as it ended, made in the
  // caller's thread. In the audit. Throws store::Failure.
  [[nodiscard]] base::Result<BackupRun, BackupRefusal> make(const rights::Actor& actor);

  // Makes one if it is due; false: none was, or one runs. Throws store::Failure.
  bool make_if_due();

  BackupStanding standing() const;

 private:
  void follow(const std::stop_token& stop);
  // The place of the one that runs; false: it is taken.
  bool take();
  void release();
  setting::Settings settings() const;
  std::string folder_of(const setting::Settings& settings) const;
  BackupRun begin(const std::string& folder, const rights::Actor* asked);
  void run(BackupRun run);
  BackupRun carried_out(BackupRun run) const;
  [[nodiscard]] base::Result<std::int64_t, BackupProblem> written_and_tried(
      const BackupRun& run) const;
  void retire(const setting::Settings& settings);

  Means means_;
  mutable std::mutex mutex_;
  std::condition_variable_any woken_;
  bool taken_ = false;                // under mutex_
  bool started_ = false;              // under mutex_
  std::optional<BackupRun> waiting_;  // under mutex_: begun, for the thread to carry out
  std::jthread thread_;               // last: it uses the others
};

}  // namespace operate
