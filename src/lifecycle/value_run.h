// One run of the value models over everybody: what was fitted, whether it may be used, how well it
// came true, and what it says of each.
//
//   not_enough_data   a gate fails: nothing is fitted, nothing is said
//   bad_fit           both purchase models were refused (stats/fit.h): nothing is said of anybody
//   ready             the likelier purchase model is used. Where the fit of money is refused, what
//                     customers are worth is unknown, the rest is said.
//
// A run that is kept is a row of value_run, for kRunDaysKept days.
#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/calendar.h"
#include "base/clock.h"
#include "lifecycle/value_calibration.h"
#include "lifecycle/value_model.h"
#include "store/database.h"

namespace lifecycle {

inline constexpr std::int64_t kRunDaysKept = 400;

enum class ValueState : std::uint8_t { never_run, not_enough_data, bad_fit, ready };
std::string_view name_of(ValueState state);  // "never_run", …

struct ValueOrder {
  std::string event = "order_paid";
  std::string amount = "amount";
  PurchaseQuestion question;
};

struct ValueRun {
  ValueState state = ValueState::never_run;
  std::string event;
  std::string amount;
  base::Moment until;   // events before it were looked at
  base::LocalDay last;  // the last day with such moments
  base::Moment started_at;
  base::Moment ended_at;
  std::vector<Gate> gates;
  Purchases purchases;
  Summaries summaries;
  std::optional<ValueFits> fits;           // not without enough data
  std::optional<Calibration> calibration;  // the same; nor of too short a history
  std::vector<Assessment> assessments;     // of summaries; ready only
};

// Nothing: stopped. Of a million customers some ten seconds of two cores; bounds of memory are
// about 250 bytes a customer and 12 a purchase.
struct ValueMeans {
  base::WorkPool& pool;
  const base::Clock& clock;
};
std::optional<ValueRun> run_value(const timeline::Pin& pin, const ValueOrder& order,
                                  const ValueMeans& means);

// A kept run.
struct KeptRun {
  std::int64_t id = 0;
  ValueState state = ValueState::never_run;
  base::Moment until;
  base::Moment started_at;
  base::Moment ended_at;
  std::string event;
  std::string amount;
  std::int64_t customers = 0;
  std::string result;  // JSON: to_json of the run (value_json.h)
};
// Part of the unit. Drops those that are too old.
void keep_run(store::Unit& unit, const KeptRun& run);
std::optional<KeptRun> newest_run(store::Session& session);
std::optional<KeptRun> newest_ready_run(store::Session& session);

}  // namespace lifecycle
