#include "lifecycle/value_run.h"

#include <utility>

#include "base/check.h"
#include "lifecycle/value_sql.h"

namespace lifecycle {
namespace {

constexpr std::array kStates = {ValueState::never_run, ValueState::not_enough_data,
                                ValueState::bad_fit, ValueState::ready};

ValueState state_named(std::string_view name) {
  for (const ValueState state : kStates) {
    if (name_of(state) == name) return state;
  }
  base::unreachable();
}

KeptRun run_in(const store::Row& row) {
  return {.id = row.integer(0),
          .state = state_named(row.text(4)),
          .until = {row.integer(1)},
          .started_at = {row.integer(2)},
          .ended_at = {row.integer(3)},
          .event = std::string(row.text(5)),
          .amount = std::string(row.text(6)),
          .customers = row.integer(7),
          .result = std::string(row.text(8))};
}

}  // namespace

std::string_view name_of(ValueState state) {
  switch (state) {
    case ValueState::never_run:
      return "never_run";
    case ValueState::not_enough_data:
      return "not_enough_data";
    case ValueState::bad_fit:
      return "bad_fit";
    case ValueState::ready:
      return "ready";
  }
  base::unreachable();
}

std::optional<ValueRun> run_value(const timeline::Pin& pin, const ValueOrder& order,
                                  const ValueMeans& means) {
  ValueRun run;
  run.event = order.event;
  run.amount = order.amount;
  run.until = order.question.until;
  run.last = order.question.zone.day_of(run.until - base::kMillisecond);
  run.started_at = means.clock.now();
  const auto stopped = [&] { return order.question.stop.stop_requested(); };
  run.purchases = purchases_of(pin, order.question, means.pool);
  if (stopped()) return std::nullopt;
  run.gates = gates_of(run.purchases, run.last);
  run.state = ValueState::not_enough_data;
  if (is_enough(run.gates)) {
    run.summaries = summaries_of(run.purchases, run.last);
    run.fits = fit_all(run.summaries, means.pool);
    if (stopped()) return std::nullopt;
    run.calibration = calibrate(run.purchases, run.last, means.pool);
    if (stopped()) return std::nullopt;
    run.state = run.fits->best() == nullptr ? ValueState::bad_fit : ValueState::ready;
  }
  if (run.state == ValueState::ready) {
    run.assessments = assess(run.summaries, *run.fits, runner_on(means.pool));
  }
  run.ended_at = means.clock.now();
  return run;
}

void keep_run(store::Unit& unit, const KeptRun& run) {
  unit.execute(sql::kInsertRun,
               {run.id, run.until.ms, run.started_at.ms, run.ended_at.ms, name_of(run.state),
                run.event, run.amount, run.customers, run.result});
  unit.execute(sql::kDeleteRunsBefore,
               {(run.started_at - base::Duration{kRunDaysKept * base::kDay.ms}).ms});
}

std::optional<KeptRun> newest_run(store::Session& session) {
  return session.one(sql::kNewestRun, {}, run_in);
}

std::optional<KeptRun> newest_ready_run(store::Session& session) {
  return session.one(sql::kNewestReadyRun, {}, run_in);
}

}  // namespace lifecycle
