#include "intake/customer_file.h"

#include <algorithm>
#include <future>
#include <map>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/check.h"
#include "customer/attribute.h"
#include "intake/customer_row.h"
#include "intake/customer_unit.h"
#include "intake/fresh_ids.h"
#include "intake/import_batch.h"
#include "intake/two_readings.h"

namespace intake {
namespace {

// Some rows of the file, ready for one unit.
struct CustomerChunk {
  std::vector<CustomerRow> rows;  // by customer
  std::vector<LeftOut> left_out;
  std::uint64_t bytes_read = 0;  // of the file, behind the last of these rows

  bool is_empty() const { return rows.empty() && left_out.empty(); }
};

// Before it is written: one order for everybody, so that two imports at once wait for each other
// only once.
CustomerChunk read_chunk(Table& table, const CustomerColumns& columns, const RowTime& time) {
  CustomerChunk chunk;
  TableRow row;
  while (chunk.rows.size() + chunk.left_out.size() < kCustomerRowsAtOnce && table.next(row)) {
    if (auto read = columns.read(table, row, time)) {
      chunk.rows.push_back(std::move(*read));
    } else {
      chunk.left_out.push_back(std::move(read.error()));
    }
  }
  chunk.bytes_read = table.bytes_read();
  std::ranges::stable_sort(chunk.rows, {}, &CustomerRow::customer);
  return chunk;
}

using Written = base::Result<std::vector<RowOutcome>, Refusals>;

class CustomerImport {
 public:
  CustomerImport(const ImportMeans& means, ByteSource& file, const ImportRequest& request)
      : means_(means),
        request_(request),
        readings_(file, request, customer_header_rules),
        batch_(means, request, "customers"),
        fresh_ids_(means.random),
        telling_(telling_attributes(request.apart)) {}

  base::Result<ImportReport, ImportError> run() {
    const auto first = readings_.open();
    if (!first) return base::unexpected(first.error());
    const RowTime time{batch_.now(), means_.zone};
    CustomerColumns columns((*first)->columns(), attribute_types(), telling_);
    const auto looked =
        readings_.look(**first, [&](const TableRow& row) { columns.look_at(row, time); });
    if (!looked) return base::unexpected(looked.error());
    report_.columns = columns.notes();
    const auto second = readings_.open();
    if (!second) return base::unexpected(second.error());
    batch_.begin();
    if (auto read = read_all(**second, columns); !read) {
      return base::unexpected(std::move(read.error()));
    }
    if (auto finished = batch_.finish(report_.stopped); !finished) {
      return base::unexpected(std::move(finished.error()));
    }
    report_.batch = batch_.id();
    return std::move(report_);
  }

 private:
  // A chunk is read while the one before it is written.
  base::Result<void, ImportError> read_all(Table& table, const CustomerColumns& columns) {
    const RowTime time{batch_.now(), means_.zone};
    CustomerChunk chunk = read_chunk(table, columns, time);
    while (!chunk.is_empty()) {
      auto next = std::async(std::launch::async, read_chunk, std::ref(table), std::cref(columns),
                             std::cref(time));
      if (auto written = write_chunk(chunk); !written) return written;
      readings_.tell(chunk.bytes_read, report_.counts.rows);
      chunk = next.get();
      report_.stopped = request_.stop.stop_requested() && !chunk.is_empty();
      if (report_.stopped) return {};
    }
    readings_.tell_end(report_.counts.rows);
    return {};
  }

  std::map<std::string, base::ValueType> attribute_types() {
    std::map<std::string, base::ValueType> types;
    means_.database.read([&](store::Session& session) {
      for (auto& attribute : customer::attributes(session)) {
        types.emplace(std::move(attribute.name), attribute.type);
      }
    });
    return types;
  }

  base::Result<void, ImportError> write_chunk(CustomerChunk& chunk) {
    pending_ = {};
    for (LeftOut& row : chunk.left_out) refuse(std::move(row));
    for (const CustomerRow& row : chunk.rows) report_.wrong_types += row.wrong_types;
    while (true) {
      const Written written = try_chunk(chunk.rows);
      if (written) {
        for (std::size_t i = 0; i < chunk.rows.size(); ++i) note(chunk.rows[i], (*written)[i]);
        return {};
      }
      CHECK(!written.error().empty());
      if (written.error().begin()->second == customer::Fault::import_closed) {
        return base::unexpected(ImportError{ImportFault::taken_back, {}});
      }
      take_out(chunk.rows, written.error());
    }
  }

  // A row that is refused half way takes its unit back; the others are written by the next one. Of
  // the rows behind it in the unit those that then find no free name for an attribute are refused
  // with it.
  Written try_chunk(const std::vector<CustomerRow>& rows) {
    std::vector<base::CustomerId> fresh(rows.size());
    for (auto& id : fresh) id = fresh_ids_.next();
    return batch_.write("intake.customers", [&](store::Unit& unit, customer::Writing& writing) {
      Written written = write_customers(writing, {rows, fresh, telling_});
      if (!written) return written;
      event_log::BatchCounts counts = pending_;
      for (const RowOutcome& outcome : *written) {
        ++counts.rows;
        ++(outcome.created || outcome.changed ? counts.written : counts.repeated);
      }
      batch_.count(unit, counts);
      return written;
    });
  }

  void take_out(std::vector<CustomerRow>& rows, const Refusals& refusals) {
    std::vector<CustomerRow> left;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const auto refusal = refusals.find(i);
      if (refusal == refusals.end()) {
        left.push_back(std::move(rows[i]));
      } else {
        refuse({rows[i].line, 0, {}, customer::code_of(refusal->second)});
      }
    }
    rows = std::move(left);
  }

  void refuse(LeftOut row) {
    leave_out(report_, std::move(row));
    ++pending_.rows;
    ++pending_.refused;
  }

  void note(const CustomerRow& row, const RowOutcome& outcome) {
    ++report_.counts.rows;
    ++(outcome.created || outcome.changed ? report_.counts.written : report_.counts.repeated);
    // Of a dry run every unit makes the customer again.
    const bool made = outcome.created && (!request_.dry_run || created_.insert(row.person).second);
    if (made) ++report_.customers_created;
    report_.reviews_opened += outcome.reviews;
  }

  const ImportMeans& means_;
  const ImportRequest& request_;
  TwoReadings readings_;
  ImportBatch batch_;
  ImportReport report_;
  FreshIds fresh_ids_;
  std::vector<std::string> telling_;         // attributes that tell persons with one phone apart
  event_log::BatchCounts pending_;           // counted in the report, not yet in the batch
  std::unordered_set<std::string> created_;  // of a dry run
};

}  // namespace

base::Result<ImportReport, ImportError> import_customers(const ImportMeans& means, ByteSource& file,
                                                         const ImportRequest& request) {
  return CustomerImport(means, file, request).run();
}

}  // namespace intake
