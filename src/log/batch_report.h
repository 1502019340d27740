// What an import said of itself beyond its counts, kept with its batch for whoever looks later.
//
//   keep_report(unit, batch, {.names = R"(["phone"])", .report = "{…}", .now = now});
//   const auto kept = report_of(session, batch);
//
// Kept of the kBatchReportsMax that came last. `report` is the importer's own JSON and must hold no
// customer's data. `names`, JSON too, are those of the file's columns: in a file without a header
// they are the row of a customer, so that erasing a person looks through them.
//
// Functions over a Session or Unit; any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/id.h"
#include "base/moment.h"
#include "store/database.h"

namespace event_log {

inline constexpr std::int64_t kBatchReportsMax = 200;

struct BatchReport {
  std::string names = "[]";
  std::string report = "{}";
  base::Moment now;  // when it is kept
};

// In the place of an earlier one of the batch; the oldest go.
void keep_report(store::Unit& unit, base::BatchId batch, const BatchReport& report);
std::optional<BatchReport> report_of(store::Session& session, base::BatchId batch);

// Forgets the names (they are "[]" then) for which `tells` is true. Answers of how many reports.
std::int64_t forget_report_names(store::Unit& unit,
                                 const std::function<bool(std::string_view)>& tells);

}  // namespace event_log
