// The newest run of the value models: made once a day at the hour of the settings (value_hour), and
// when somebody asks; kept, and read by who answers for customers.
//
//   ValueRuns runs({database, log, memory, pool, clock, random, fitted});
//   runs.run_if_due(stop);       a chore, now and then
//   runs.begin();                one now, in the background once start() was called
//   runs.people();               what the newest ready run says of each
//
// A run looks at everybody but test accounts, up to now, in the workspace's zone. What it says of
// each is stored as the fitted attributes p_alive, expected_orders_30d, _90d, _365d and clv
// (timeline/fitted_values.h), of which the newest run counts; a run that says nothing stores
// nobody, so that no number outlives its reasons. One runs at a time, under the lease `value` among
// processes that share a database.
//
// Threads: any. The destructor stops what runs and waits for it. Borrows everything.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "lifecycle/value_run.h"
#include "log/log.h"
#include "store/database.h"
#include "timeline/column_histories.h"
#include "timeline/fitted_values.h"

namespace lifecycle {

inline constexpr base::Duration kValueLease{10 * base::kMinute.ms};

// What the newest ready run knows of those who had bought by then, ascending by person; 80 bytes
// each.
struct ValuePeople {
  KeptRun run;
  ValueFits fits;
  struct Person {
    base::CustomerId person;
    stats::PurchaseHistory history;
    stats::SpendHistory spend;
    std::optional<double> usual_gap;  // days, the median; from three purchase days on
    std::int32_t last_day = 0;        // of the last purchase
  };
  std::vector<Person> people;
  base::LocalDay last;  // the last day the run looked at

  // Null: not among them.
  const Person* find(base::CustomerId person) const;
  // As the run has stored it.
  Assessment assess(const Person& person) const;
};

class ValueRuns {
 public:
  struct Means {
    store::Database& database;
    event_log::Log& log;
    timeline::ColumnHistories& memory;
    base::WorkPool& pool;
    const base::Clock& clock;
    base::Random& random;
    timeline::FittedValues& fitted;
  };
  explicit ValueRuns(const Means& means);
  ~ValueRuns();
  ValueRuns(const ValueRuns&) = delete;
  ValueRuns& operator=(const ValueRuns&) = delete;

  // Of a question that is asked for itself and not kept (`siyu value`): its own event, amount and
  // end. Everything else as a run. Errors: the source's.
  struct Asked {
    std::string event = "order_paid";
    std::string amount = "amount";
    base::Moment until;
    std::stop_token stop = {};
  };
  // Nothing: stopped.
  [[nodiscard]] base::Result<std::optional<ValueRun>, SourceFault> ask(const Asked& asked) const;

  // In the caller's thread, and kept. False: one runs already, here or elsewhere, or it was
  // stopped. Throws store::Failure.
  bool run(const std::stop_token& stop = {});
  // When none has begun since the hour of the settings last came.
  bool run_if_due(const std::stop_token& stop);
  // Once: from then on begin() works in the background.
  void start();
  // One now; without start() in the caller's thread, and ended when it returns. False: one runs
  // already, or the program ends.
  bool begin();
  bool is_running() const;
  // Stops what runs and waits for it; nothing starts any more.
  void end();

  std::optional<KeptRun> newest() const;
  // Of the newest run, if it is ready; null: it says nothing of anybody. What was kept of a run
  // before the program started is made again from the histories, once.
  std::shared_ptr<const ValuePeople> people() const;

 private:
  bool take();
  void give_back();
  bool run_taken(const std::stop_token& stop);
  bool has_lease();
  void release_lease();
  void keep(const ValueRun& run);
  void store_fitted(const ValueRun& run);
  bool is_due() const;

  Means means_;
  const std::int64_t owner_;
  mutable std::mutex mutex_;
  bool started_ = false;                               // under mutex_
  bool taken_ = false;                                 // under mutex_
  bool ended_ = false;                                 // under mutex_
  mutable std::shared_ptr<const ValuePeople> people_;  // under mutex_
  mutable std::mutex making_;                          // of people_, by one thread
  std::jthread thread_;                                // under mutex_
};

}  // namespace lifecycle
