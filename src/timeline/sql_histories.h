// Histories read from the log with plain SQL: the same text on both databases, nothing kept between
// calls but what index() reads. The naive twin of the memory columns, which it does not trust: it
// does not ask them where rows stand.
//
// A person is every customer id merged into them today (customer/person.h). Void and erased rows
// and those of a batch that is being undone are not seen. Each call reads one consistent moment,
// within the database's limit for a read. Cost: of() scans the log, behind index() what has come
// since; each() reads everything once and each person's rows again, some hundred persons at a time,
// so that memory is bounded by their events and 40 bytes a row of the log.
// Threads: any. Borrows the database and the log, which must outlive it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "log/log.h"
#include "log/scanned_rows.h"
#include "store/database.h"
#include "timeline/history.h"
#include "timeline/memory_history.h"

namespace timeline {

class SqlHistories final : public Histories {
 public:
  SqlHistories(store::Database& database, event_log::Log& log) : database_(database), log_(log) {}

  bool await(const event_log::Position& position, base::Duration patience) const override;
  std::unique_ptr<History> of(base::CustomerId customer) const override;
  void each(const std::function<bool(const History&)>& visit) const override;
  std::int64_t persons() const override;

  // Reads where the rows of the log stand, in several short reads, so that of() need not scan them:
  // 40 bytes each. Again when much has come since. Not while others ask.
  void index();

  // The same within a session of the caller's.
  std::unique_ptr<MemoryHistory> of(store::Session& session, base::CustomerId customer) const;
  void each(store::Session& session, const std::function<bool(const History&)>& visit) const;
  // Only what changes attributes and memberships, found by `index`: for proofs over everybody.
  std::unique_ptr<MemoryHistory> changes_of(store::Session& session, base::CustomerId customer,
                                            const event_log::CustomerRows& index) const;

 private:
  store::Database& database_;
  event_log::Log& log_;
  std::unique_ptr<event_log::ScannedRows> index_;
};

// A page of a person's events, the latest (time, position) first, for people to read.
struct EventsPage {
  std::int64_t limit = 100;                // at most kPageEventsMax
  base::Moment before = base::kMomentMax;  // only events before (before, position)
  event_log::Position before_position = {};
  base::Moment from = base::kMomentMin;                  // none earlier
  std::optional<base::EventTypeId> type = std::nullopt;  // of this name only
  std::optional<std::int64_t> source = std::nullopt;     // from this one only
};
inline constexpr std::int64_t kPageEventsMax = 1000;

// Nothing for an unknown or erased customer. Found by the log's index (log/customer_rows.h).
std::vector<event_log::Event> page_of(store::Session& session, const event_log::Log& log,
                                      base::CustomerId customer, const EventsPage& page);

}  // namespace timeline
