#include "operate/backup_run.h"

#include <array>

#include "base/check.h"
#include "operate/backup_run_sql.h"

namespace operate {
namespace {

constexpr std::array kProblems = {BackupProblem::folder,      BackupProblem::no_room,
                                  BackupProblem::not_written, BackupProblem::damaged,
                                  BackupProblem::not_opened,  BackupProblem::incomplete,
                                  BackupProblem::interrupted};

std::optional<BackupProblem> problem_of(std::string_view code) {
  for (const BackupProblem problem : kProblems) {
    if (code_of(problem) == code) return problem;
  }
  return std::nullopt;
}

std::optional<base::Moment> moment_in(const store::Row& row, int column) {
  const auto ms = row.optional_integer(column);
  return ms ? std::optional(base::Moment{*ms}) : std::nullopt;
}

BackupRun run_in(const store::Row& row) {
  return {.id = row.integer(0),
          .started_at = {row.integer(1)},
          .ended_at = moment_in(row, 2),
          .asked = row.integer(3) != 0,
          .state = static_cast<BackupState>(row.integer(4)),
          .path = std::string(row.text(5)),
          .bytes = row.optional_integer(6),
          .events = row.optional_integer(7),
          .problem = problem_of(row.text(8))};
}

store::Param ms_of(std::optional<base::Moment> moment) {
  return moment ? store::Param(moment->ms) : store::Param(std::monostate{});
}

store::Param code_in(std::optional<BackupProblem> problem) {
  return problem ? store::Param(code_of(*problem)) : store::Param(std::monostate{});
}

constexpr std::int64_t number_of(BackupState state) { return static_cast<std::int64_t>(state); }

}  // namespace

std::string_view name_of(BackupState state) {
  switch (state) {
    case BackupState::running:
      return "running";
    case BackupState::good:
      return "good";
    case BackupState::failed:
      return "failed";
    case BackupState::retired:
      return "retired";
  }
  base::unreachable();
}

std::string_view code_of(BackupProblem problem) {
  switch (problem) {
    case BackupProblem::folder:
      return "backup.folder";
    case BackupProblem::no_room:
      return "backup.no_room";
    case BackupProblem::not_written:
      return "backup.not_written";
    case BackupProblem::damaged:
      return "backup.damaged";
    case BackupProblem::not_opened:
      return "backup.not_opened";
    case BackupProblem::incomplete:
      return "backup.incomplete";
    case BackupProblem::interrupted:
      return "backup.interrupted";
  }
  base::unreachable();
}

std::vector<BackupRun> backup_runs(store::Session& session, std::int64_t limit) {
  std::vector<BackupRun> runs;
  session.query(sql::kNewestRuns, {limit},
                [&](const store::Row& row) { runs.push_back(run_in(row)); });
  return runs;
}

std::vector<BackupRun> backup_runs_in(store::Session& session, BackupState state) {
  std::vector<BackupRun> runs;
  session.query(sql::kRunsInState, {number_of(state)},
                [&](const store::Row& row) { runs.push_back(run_in(row)); });
  return runs;
}

std::optional<BackupRun> backup_run(store::Session& session, std::int64_t id) {
  return session.one(sql::kRunOfId, {id}, run_in);
}

void add(store::Unit& unit, const BackupRun& run) {
  unit.execute(sql::kAddRun,
               {run.id, run.started_at.ms, ms_of(run.ended_at), std::int64_t{run.asked ? 1 : 0},
                number_of(run.state), run.path, store::param(run.bytes), store::param(run.events),
                code_in(run.problem)});
}

void change(store::Unit& unit, const BackupRun& run) {
  unit.execute(sql::kChangeRun,
               {run.id, ms_of(run.ended_at), number_of(run.state), store::param(run.bytes),
                store::param(run.events), code_in(run.problem)});
}

void end_running(store::Unit& unit, base::Moment now) {
  unit.execute(sql::kEndRunning,
               {now.ms, number_of(BackupState::failed), code_of(BackupProblem::interrupted),
                number_of(BackupState::running)});
}

void forget_old(store::Unit& unit) {
  unit.execute(sql::kForgetOldRuns, {number_of(BackupState::good), kBackupRunsMax});
}

}  // namespace operate
