// Whether the memory holds what the log holds: every visible event of every person, with its
// position, name, time, origin and typed properties, and nobody else.
//
// Both sides are read once and come to one sum a person; persons whose sums differ are named.
// Events that come meanwhile are left out by their position; when people are merged or erased, or
// an import is taken back meanwhile, it is tried again, kColumnsTriesMax times.
// Cost: reads the whole log, some microseconds an event; 24 bytes a customer.
#pragma once

#include <cstdint>
#include <vector>

#include "base/id.h"
#include "log/log.h"
#include "server/sweep.h"
#include "store/database.h"
#include "timeline/column_histories.h"

namespace server {

inline constexpr int kColumnsTriesMax = 5;

struct ColumnsCheck {
  std::int64_t events = 0;  // in the memory
  std::vector<base::CustomerId> differing;
};
// Each side costs the sweep one an event. Once it is stopped the answer means nothing.
ColumnsCheck check_columns(store::Database& database, event_log::Log& log,
                           const timeline::ColumnHistories& memory, Sweep& sweep);

}  // namespace server
