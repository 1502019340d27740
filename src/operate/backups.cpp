#include "operate/backups.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <utility>
#include <vector>

#include "access/audit.h"
#include "base/check.h"
#include "base/diagnostics.h"
#include "operate/backup_plan.h"
#include "operate/backup_trial.h"
#include "setting/own_folders.h"
#include "store/failure.h"

namespace operate {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPart = ".part";
constexpr std::string_view kTrialFolder = "siyu-trial";

// So that what stands at the path (a file, or the names in a folder) outlives a power cut.
bool is_durable(const fs::path& path) {
  const int opened = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (opened < 0) return false;
  const bool done = ::fsync(opened) == 0;
  ::close(opened);
  return done;
}

// Not the file of another: two may begin within a second.
fs::path free_path(const fs::path& folder, const BackupRun& run) {
  fs::path path = folder / backup_name(run.started_at);
  std::error_code ignored;
  if (!fs::exists(path, ignored)) return path;
  return folder / (path.stem().string() + "-" + std::to_string(run.id) + ".db");
}

// The data folder itself, or where the program empties or makes a folder below it, however it is
// written.
bool is_taken(const fs::path& folder, const fs::path& data_folder) {
  std::error_code ignored;
  const fs::path whole = fs::weakly_canonical(fs::absolute(folder, ignored), ignored);
  const fs::path data = fs::weakly_canonical(fs::absolute(data_folder, ignored), ignored);
  const fs::path below = whole.lexically_relative(data);
  if (below.empty()) return false;  // it cannot be told: making the folder says why
  const std::string first = below.begin()->string();
  return first == "." ||
         std::ranges::find(setting::kOwnFolders, first) != setting::kOwnFolders.end();
}

bool is_there(const BackupRun& run) {
  std::error_code failure;
  return fs::is_regular_file(run.path, failure);
}

bool make_folder(const fs::path& folder) {
  std::error_code failure;
  if (fs::is_directory(folder, failure)) return ::access(folder.c_str(), W_OK | X_OK) == 0;
  if (!fs::create_directories(folder, failure) || failure) return false;
  fs::permissions(folder, fs::perms::owner_all, failure);
  return !failure;
}

// Only what this module writes; nothing else of the folder is touched.
void remove_leftovers(const fs::path& folder) {
  std::error_code ignored;
  fs::remove_all(folder / kTrialFolder, ignored);
  // A disk that fails while it is read ends the loop.
  for (fs::directory_iterator entry(folder, ignored), end; entry != end && !ignored;
       entry.increment(ignored)) {
    const std::string name = entry->path().filename().string();
    std::error_code kept;
    if (name.starts_with("siyu-") && name.ends_with(".db" + std::string(kPart))) {
      fs::remove(entry->path(), kept);
    }
  }
}

std::int64_t size_of(const fs::path& path) {
  std::error_code failure;
  const auto bytes = fs::file_size(path, failure);
  return failure ? 0 : static_cast<std::int64_t>(bytes);
}

BackupPlan plan_of(const setting::Settings& settings) {
  return {.zone = settings.zone,
          .hour = settings.backup_hour,
          .keep_days = settings.backup_keep_days,
          .keep_weeks = settings.backup_keep_weeks};
}

}  // namespace

std::string_view code_of(BackupRefusal refusal) {
  switch (refusal) {
    case BackupRefusal::pg_dump:
      return "backup.pg_dump";
    case BackupRefusal::off:
      return "backup.off";
    case BackupRefusal::running:
      return "backup.running";
  }
  base::unreachable();
}

Backups::Backups(Means means) : means_(std::move(means)) {}

Backups::~Backups() = default;

void Backups::start() {
  if (means_.database.dialect() != store::Dialect::sqlite) return;
  {
    const std::scoped_lock lock(mutex_);
    started_ = true;
  }
  thread_ = std::jthread([this](const std::stop_token& stop) { follow(stop); });
}

setting::Settings Backups::settings() const {
  return means_.database.read([](store::Session& session) { return setting::read(session); });
}

std::string Backups::folder_of(const setting::Settings& settings) const {
  if (settings.backup_folder.empty()) return "";
  return (fs::path(means_.data_folder) / settings.backup_folder).lexically_normal().string();
}

bool Backups::take() {
  const std::scoped_lock lock(mutex_);
  return !std::exchange(taken_, true);
}

void Backups::release() {
  const std::scoped_lock lock(mutex_);
  taken_ = false;
}

BackupRun Backups::begin(const std::string& folder, const rights::Actor* asked) {
  BackupRun run;
  run.id = means_.random.id();
  run.started_at = means_.clock.now();
  run.asked = asked != nullptr;
  run.path = free_path(folder, run).string();
  means_.database.write("backup.begin", [&](store::Unit& unit) {
    end_running(unit, run.started_at);
    forget_old(unit);
    add(unit, run);
    if (asked == nullptr) return;
    rights::record(unit, {.actor = *asked,
                          .at = run.started_at,
                          .noun = "backup",
                          .verb = "begun",
                          .subject = std::to_string(run.id)});
  });
  return run;
}

base::Result<BackupRun, BackupRefusal> Backups::make(const rights::Actor& actor) {
  if (means_.database.dialect() != store::Dialect::sqlite) {
    return base::unexpected(BackupRefusal::pg_dump);
  }
  const std::string folder = folder_of(settings());
  if (folder.empty()) return base::unexpected(BackupRefusal::off);
  if (!take()) return base::unexpected(BackupRefusal::running);
  BackupRun begun;
  try {
    begun = begin(folder, &actor);
  } catch (const store::Failure&) {
    release();
    throw;
  }
  {
    const std::scoped_lock lock(mutex_);
    if (started_) {
      waiting_ = begun;
      woken_.notify_all();
      return begun;
    }
  }
  run(begun);
  const auto ended =
      means_.database.read([&](store::Session& session) { return backup_run(session, begun.id); });
  return ended.value_or(begun);
}

bool Backups::make_if_due() {
  if (means_.database.dialect() != store::Dialect::sqlite) return false;
  const setting::Settings now_set = settings();
  const std::string folder = folder_of(now_set);
  if (folder.empty()) return false;
  const base::Moment now = means_.clock.now();
  const base::Moment due = due_at(plan_of(now_set), now);
  const BackupStanding stands = standing();
  if (stands.last_good && stands.last_good->started_at >= due) return false;
  const bool just_tried = stands.last && stands.last->state == BackupState::failed &&
                          stands.last->started_at > now - kBackupRetry;
  if (just_tried || !take()) return false;
  BackupRun begun;
  try {
    begun = begin(folder, nullptr);
  } catch (const store::Failure&) {
    release();
    throw;
  }
  run(begun);
  return true;
}

// Gives the place back, whatever happens.
void Backups::run(BackupRun begun) {
  const struct Release {
    Backups& backups;
    ~Release() { backups.release(); }
  } release{*this};
  const BackupRun ended = carried_out(std::move(begun));
  means_.database.write("backup.end", [&](store::Unit& unit) { change(unit, ended); });
  if (ended.state == BackupState::good) {
    base::log_info("a backup of {} bytes was written and tried", ended.bytes.value_or(0));
    retire(settings());
  } else {
    base::log_error("the backup has failed: {}", code_of(ended.problem.value()));
  }
}

BackupRun Backups::carried_out(BackupRun run) const {
  const auto rows = written_and_tried(run);
  run.ended_at = means_.clock.now();
  if (rows) {
    run.state = BackupState::good;
    run.events = *rows;
    run.bytes = size_of(run.path);
    return run;
  }
  std::error_code ignored;
  fs::remove(run.path + std::string(kPart), ignored);
  run.state = BackupState::failed;
  run.problem = rows.error();
  return run;
}

base::Result<std::int64_t, BackupProblem> Backups::written_and_tried(const BackupRun& run) const {
  const fs::path path(run.path);
  const fs::path folder = path.parent_path();
  const fs::path part = run.path + std::string(kPart);
  if (is_taken(folder, means_.data_folder) || !make_folder(folder)) {
    return base::unexpected(BackupProblem::folder);
  }
  remove_leftovers(folder);
  std::error_code failure;
  const fs::space_info space = fs::space(folder, failure);
  const std::int64_t wanted = 2 * size_of(fs::path(means_.data_folder) / "siyu.db");
  if (!failure && space.available < static_cast<std::uintmax_t>(wanted)) {
    return base::unexpected(BackupProblem::no_room);
  }
  Trial trial{.file = part.string(), .folder = (folder / kTrialFolder).string()};
  try {
    trial.least = last_row(means_.database);
    means_.database.backup(part.string());
    trial.most = last_row(means_.database);
  } catch (const store::Failure& lost) {
    base::log_error("writing a backup: {}", lost.what());
    const bool full = lost.kind() == store::FailureKind::full;
    return base::unexpected(full ? BackupProblem::no_room : BackupProblem::not_written);
  }
  auto rows = try_backup(trial);
  if (!rows) return rows;
  if (!is_durable(part)) return base::unexpected(BackupProblem::not_written);
  fs::rename(part, path, failure);
  if (failure || !is_durable(folder)) return base::unexpected(BackupProblem::not_written);
  return rows;
}

void Backups::retire(const setting::Settings& settings) {
  const auto runs = means_.database.read(
      [](store::Session& session) { return backup_runs_in(session, BackupState::good); });
  std::vector<base::Moment> made;
  for (const BackupRun& run : runs) made.push_back(run.started_at);
  const auto gone = retired(plan_of(settings), made, means_.clock.now());
  for (BackupRun run : runs) {
    if (std::ranges::find(gone, run.started_at) == gone.end()) continue;
    std::error_code failure;
    fs::remove(run.path, failure);
    if (failure) {
      base::log_warning("an old backup cannot be removed: {}", failure.message());
      continue;
    }
    run.state = BackupState::retired;
    means_.database.write("backup.retire", [&](store::Unit& unit) { change(unit, run); });
  }
}

BackupStanding Backups::standing() const {
  return means_.database.read([](store::Session& session) {
    BackupStanding standing;
    standing.on = session.dialect() == store::Dialect::sqlite &&
                  !setting::read(session).backup_folder.empty();
    for (BackupRun& run : backup_runs(session, 1)) standing.last = std::move(run);
    // One whose file somebody has taken away, or whose disk is not there, is no backup.
    for (BackupRun& run : backup_runs_in(session, BackupState::good)) {
      if (!is_there(run)) continue;
      standing.last_good = std::move(run);
      break;
    }
    return standing;
  });
}

void Backups::follow(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    std::optional<BackupRun> asked;
    {
      std::unique_lock lock(mutex_);
      woken_.wait_for(lock, stop, std::chrono::milliseconds(kBackupLookEvery.ms),
                      [&] { return waiting_.has_value(); });
      asked = std::exchange(waiting_, std::nullopt);
    }
    if (stop.stop_requested()) return;
    try {
      if (asked) {
        run(std::move(*asked));
      } else {
        make_if_due();
      }
    } catch (const std::exception& failure) {
      base::log_warning("backups could not be looked after: {}", failure.what());
    }
  }
}

}  // namespace operate
