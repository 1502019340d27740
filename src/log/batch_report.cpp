#include "log/batch_report.h"

#include <vector>

#include "log/batch_report_sql.h"

namespace event_log {

void keep_report(store::Unit& unit, base::BatchId batch, const BatchReport& report) {
  unit.execute(sql::kKeepReport, {batch.value, report.now.ms, std::string_view(report.names),
                                  std::string_view(report.report)});
  unit.execute(sql::kDropOldReports, {kBatchReportsMax});
}

std::optional<BatchReport> report_of(store::Session& session, base::BatchId batch) {
  return session.one(sql::kReportOf, {batch.value}, [](const store::Row& row) {
    return BatchReport{std::string(row.text(0)), std::string(row.text(1)),
                       base::Moment{row.integer(2)}};
  });
}

std::int64_t forget_report_names(store::Unit& unit,
                                 const std::function<bool(std::string_view)>& tells) {
  std::vector<std::int64_t> telling;
  unit.query(sql::kReportNames, {}, [&](const store::Row& row) {
    if (tells(row.text(1))) telling.push_back(row.integer(0));
  });
  for (const std::int64_t batch : telling) unit.execute(sql::kForgetReportNames, {batch});
  return static_cast<std::int64_t>(telling.size());
}

}  // namespace event_log
