// The table of backups: what was begun and what came of it. Pure functions over a Session or Unit;
// any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/moment.h"
#include "store/database.h"

namespace operate {

inline constexpr std::int64_t kBackupRunsMax = 1000;  // kept in the table; the oldest go

enum class BackupState : std::uint8_t {
  running,
  good,     // written, and its restore was tried
  failed,   // `problem` says why; its file is gone
  retired,  // was good; its file was taken away as the plan says
};
std::string_view name_of(BackupState state);  // "good"

enum class BackupProblem : std::uint8_t {
  folder,       // it cannot be made or written
  no_room,      // for the copy and its trial
  not_written,  // the copy failed
  damaged,      // the copy's pages do not agree with each other
  not_opened,   // the trial restore could not open it
  incomplete,   // events are missing in it
  interrupted,  // the program ended meanwhile
};
std::string_view code_of(BackupProblem problem);  // "backup.no_room"

struct BackupRun {
  std::int64_t id = 0;
  base::Moment started_at;
  std::optional<base::Moment> ended_at = std::nullopt;
  bool asked = false;  // by somebody; else it was due
  BackupState state = BackupState::running;
  std::string path;  // of the file
  std::optional<std::int64_t> bytes = std::nullopt;
  std::optional<std::int64_t> events = std::nullopt;  // rows of its log, counted in the trial
  std::optional<BackupProblem> problem = std::nullopt;
};

// The newest first, at most `limit`.
std::vector<BackupRun> backup_runs(store::Session& session, std::int64_t limit);
// All of them: good ones are as many as are kept, by backup_plan.h, and one runs at most.
std::vector<BackupRun> backup_runs_in(store::Session& session, BackupState state);
std::optional<BackupRun> backup_run(store::Session& session, std::int64_t id);

void add(store::Unit& unit, const BackupRun& run);
void change(store::Unit& unit, const BackupRun& run);
// Those that stand as running have been interrupted.
void end_running(store::Unit& unit, base::Moment now);
// The oldest beyond kBackupRunsMax, but for good ones, whose files are there.
void forget_old(store::Unit& unit);

}  // namespace operate
