// Whether the memory holds what the log holds: every visible event of every person, with its
// position, name, time, origin and typed properties, and nobody else; and whether its columns of
// attributes and memberships, which masks read, are what those events come to.
//
// Both sides are read once and come to one sum a person; persons whose sums differ are named.
// Events that come meanwhile are left out by their position; when people are merged or erased, or
// an import is taken back meanwhile, it is tried again, kColumnsTriesMax times in all; then it is
// not settled, which says nothing about anybody.
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
  std::int64_t events = 0;                  // in the memory
  std::vector<base::CustomerId> differing;  // once it is settled: whose columns are wrong
  bool settled = true;
};
// Each side costs the sweep one an event. Once it is stopped the answer means nothing.
ColumnsCheck check_columns(store::Database& database, event_log::Log& log,
                           const timeline::ColumnHistories& memory, Sweep& sweep);

}  // namespace server
