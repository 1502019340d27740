// Tags and lists of many customers changed at once, in the background, as one batch of the log that
// can be taken back whole like an import; or many customers given to a member of staff or taken
// from them, which no log tells and nothing takes back but the opposite.
//
//   running ──▶ done, stopped, cut_off ──undo──▶ undone
//
// It is stopped by hand or by the end of the program, and cut off when the database is lost or the
// program killed; what was written stays. It stops by itself when there is no going on: its list is
// deleted, the member of staff has left. The reason, a code of problems.tsv, is kept with its batch
// (log/batch_report.h): {"reason": "api.bulk_list_deleted"}.
//
// Everybody is changed as POST /customers/{customer}/tags would do it, live, kPersonsAtOnce in one
// unit; who has the tag already is no change and is not part of what can be undone. Who is erased
// meanwhile, or whom a member of staff who is full cannot take, is counted as left out; who is
// merged is changed as the person they are then. One bulk change runs at a time, on a thread of its
// own.
//
// Threads: any.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string_view>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "customer/writing.h"
#include "log/batch.h"
#include "log/log.h"
#include "store/database.h"

namespace api {

// Of its batch.
inline constexpr std::string_view kBulkKind = "bulk";
inline constexpr std::string_view kBulkAssignKind = "bulk_assign";  // not taken back
inline constexpr std::size_t kPersonsAtOnce = 100;                  // in one unit
inline constexpr std::size_t kThingsMax = 20;  // tags added and removed by one change

struct BulkOrder {
  base::BatchId batch;  // begun
  std::vector<base::CustomerId> persons;
  std::vector<base::TagId> add_tags;
  std::vector<base::TagId> remove_tags;
  std::optional<base::ListId> add_to_list;
  std::optional<base::ListId> remove_from_list;
  // One of them, and then nothing of the above.
  std::optional<base::StaffId> assign_to;
  std::optional<base::StaffId> take_from;
  rights::Actor actor;  // who assigns
};

// Why one ends before its end.
enum class BulkEnd : std::uint8_t { batch_closed, list_deleted, staff_left };

class BulkChanges {
 public:
  BulkChanges(store::Database& database, event_log::Log& log, const base::Clock& clock);
  ~BulkChanges();
  BulkChanges(const BulkChanges&) = delete;
  BulkChanges& operator=(const BulkChanges&) = delete;

  // Whether one may be started now.
  bool is_idle() const;
  // False: another one runs, or the program ends.
  bool start(BulkOrder order);
  struct Running {
    base::BatchId batch;
    std::int64_t customers = 0;
    std::int64_t done = 0;
  };
  std::optional<Running> running() const;
  // Of the one that runs. False: it does not.
  bool stop(base::BatchId batch);
  // Stops what runs and waits for it; nothing starts any more.
  void end();

 private:
  void run(const BulkOrder& order, const std::stop_token& stop);
  // `reason`: of one that stops by itself; "": none.
  void finish(base::BatchId batch, event_log::BatchState state, std::string_view reason = {});
  void cut_off(base::BatchId batch);
  // Why there is no going on: then nothing of these persons is written. Nothing: it goes on.
  [[nodiscard]] std::optional<BulkEnd> write(const BulkOrder& order,
                                             std::span<const base::CustomerId> persons);

  store::Database& database_;
  event_log::Log& log_;
  const base::Clock& clock_;
  mutable std::mutex mutex_;
  std::optional<Running> running_;  // under mutex_, but for done_
  std::atomic<std::int64_t> done_ = 0;
  bool ended_ = false;  // under mutex_
  std::jthread worker_;
};

}  // namespace api
