// Fills an empty database with the demo brand, and tells a demo from somebody's own data.
//
// Everything goes the way of all data: customers and what is known of them through `customer`, the
// brand's accounts, stores and staff and whom they look after through `account`, events through the
// log, audiences through `audience`; as history, of one import, so that nothing
// is started by it and it can be taken back. Marks tell that a demo was begun here, written first,
// and that it was made, written last (mark.h).
//
// Steady memory: kLivesAtOnce customers at a time. Throws store::Failure. In the calling thread.
#pragma once

#include <cstdint>
#include <functional>

#include "base/moment.h"
#include "demo/life.h"
#include "demo/mark.h"
#include "log/log.h"
#include "store/database.h"

namespace demo {

inline constexpr std::int64_t kLivesAtOnce = 200;

// Nobody and nothing of anybody's is in it: it may be filled.
bool is_empty(store::Session& session);

struct FillOptions {
  std::uint64_t seed = kSeed;
  base::Moment now;
  std::int64_t customers = kCustomers;  // 1 … kCustomersMax
  std::int64_t days = kDays;
  // Told after each unit how many customers are there.
  std::function<void(std::int64_t done)> progress = {};
};
struct Filled {
  std::int64_t customers = 0;
  std::int64_t events = 0;  // without changes of attributes, tags …
  std::int64_t audiences = 0;
};
// Requires is_empty(), and a log that was prepared. The same seed, now, number of customers and
// days give the same customers, events and audiences, with the same ids.
Filled fill(store::Database& database, event_log::Log& log, const FillOptions& options);

}  // namespace demo
