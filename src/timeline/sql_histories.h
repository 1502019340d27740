// Histories read from the log with plain SQL: the same text on both databases, nothing kept between
// calls. The naive twin of the memory columns.
//
// A person is every customer id merged into them today (customer/person.h). Void and erased rows
// and those of a batch that is being undone are not seen. Each call reads one consistent moment,
// within the database's limit for a read. Cost: of() reads the person's events; each() reads
// everything once, some hundred persons at a time, so that memory is bounded by their events.
// Threads: any. Borrows the database and the log, which must outlive it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "log/log.h"
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

  // The same within a session of the caller's.
  std::unique_ptr<MemoryHistory> of(store::Session& session, base::CustomerId customer) const;
  void each(store::Session& session, const std::function<bool(const History&)>& visit) const;

 private:
  store::Database& database_;
  event_log::Log& log_;
};

// A page of a person's events, the latest (time, position) first, for people to read.
struct EventsPage {
  std::int64_t limit = 100;                // at most kPageEventsMax
  base::Moment before = base::kMomentMax;  // only events before (before, position)
  event_log::Position before_position = {};
};
inline constexpr std::int64_t kPageEventsMax = 1000;

struct PageEvent {
  base::EventTypeId type;
  base::Moment time;
  base::Moment arrived;
  event_log::Position position;
  std::int64_t source = 0;  // event_log::Log::source_name
  bool live = false;
  std::string properties;  // JSON object, as given
};
// Nothing for an unknown or erased customer.
std::vector<PageEvent> page_of(store::Session& session, base::CustomerId customer,
                               const EventsPage& page);

}  // namespace timeline
