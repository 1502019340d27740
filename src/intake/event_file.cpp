#include "intake/event_file.h"

#include <algorithm>
#include <functional>
#include <future>
#include <map>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/check.h"
#include "customer/identity.h"
#include "intake/event_reader.h"
#include "intake/event_row.h"
#include "intake/import_batch.h"
#include "intake/known_customers.h"
#include "intake/two_readings.h"
#include "log/log.h"

namespace intake {
namespace {

// Which rows of a chunk cannot be written after all: those with a customer, an event name, or one
// row. `code` outlives the import.
struct Refusal {
  std::string_view code;
  std::string_view column;                          // of the file
  std::function<bool(std::size_t index)> concerns;  // of a row of the chunk
  bool taken_back = false;  // the import as a whole is, and no row can be written
};

struct Written {
  event_log::Appended appended;
  KnownCustomers::Found customers;
  event_log::Position newest;  // of the log when the unit ended
};

class EventImport {
 public:
  EventImport(const ImportMeans& means, ByteSource& file, const ImportRequest& request)
      : means_(means),
        request_(request),
        readings_(file, request, event_header_rules),
        batch_(means, request, "events"),
        customers_(means.random) {}

  base::Result<ImportReport, ImportError> run() {
    const auto first = readings_.open();
    if (!first) return base::unexpected(first.error());
    EventColumns columns((*first)->columns(), types());
    if (auto looked = look(**first, columns); !looked) {
      return base::unexpected(std::move(looked.error()));
    }
    report_.columns = columns.notes();
    const auto second = readings_.open();
    if (!second) return base::unexpected(second.error());
    batch_.begin();
    means_.log.await_customer_rows(
        means_.database.read([&](store::Session& session) { return means_.log.newest(session); }));
    if (auto read = read_all(**second, columns); !read) {
      return base::unexpected(std::move(read.error()));
    }
    if (auto finished = batch_.finish(report_.stopped); !finished) {
      return base::unexpected(std::move(finished.error()));
    }
    report_.batch = batch_.id();
    report_.times_look_like_seconds = rows_taken_ > 0 && rows_taken_ == rows_of_seconds_;
    return std::move(report_);
  }

 private:
  base::Result<void, ImportError> look(Table& table, EventColumns& columns) {
    if (!columns.needs_look()) {
      const auto few = readings_.has_few_lines();
      if (!few) return base::unexpected(few.error());
      if (*few) return {};
    }
    return readings_.look(table, [&](const TableRow& row) { columns.look_at(row); });
  }

  std::shared_ptr<const event_log::EventTypes> types() {
    return means_.database.read(
        [&](store::Session& session) { return means_.log.catalog().of(session); });
  }

  // A chunk is read while the one before it is written.
  base::Result<void, ImportError> read_all(Table& table, EventColumns& columns) {
    EventReader reader(table, columns, {batch_.now(), means_.zone, request_.dry_run});
    EventChunk chunk = reader.next();
    while (!chunk.is_empty()) {
      auto next = std::async(std::launch::async, [&reader] { return reader.next(); });
      take(chunk);
      if (auto written = write_chunk(table.columns(), chunk); !written) return written;
      readings_.tell(chunk.bytes_read, report_.counts.rows);
      chunk = next.get();
      report_.stopped = request_.stop.stop_requested() && !chunk.is_empty();
      if (report_.stopped) return {};
    }
    readings_.tell_end(report_.counts.rows);
    return readings_.read_whole();
  }

  void take(EventChunk& chunk) {
    rows_taken_ += static_cast<std::int64_t>(chunk.rows.size()) + chunk.repeated;
    rows_of_seconds_ += chunk.rows_of_seconds;
    report_.wrong_types += chunk.wrong_types;
    pending_ = {};
    for (LeftOut& row : chunk.left_out) refuse(std::move(row));
    report_.counts.rows += chunk.repeated;
    report_.counts.repeated += chunk.repeated;
    pending_.rows += chunk.repeated;
    pending_.repeated += chunk.repeated;
  }

  void refuse(LeftOut row) {
    leave_out(report_, std::move(row));
    ++pending_.rows;
    ++pending_.refused;
  }

  // Rows that turn out to be impossible are taken out one kind at a time; the others are written.
  base::Result<void, ImportError> write_chunk(const std::vector<Column>& columns,
                                              EventChunk& chunk) {
    while (true) {
      const auto written = try_chunk(chunk);
      if (written) {
        note(chunk, *written);
        return {};
      }
      const Refusal& refusal = written.error();
      if (refusal.taken_back) return base::unexpected(ImportError{ImportFault::taken_back, {}});
      const auto column = index_of(columns, refusal.column);
      const auto concerned = chunk.take_out(refusal.concerns);
      CHECK(!concerned.empty());
      for (const EventChunk::Row& row : concerned) {
        refuse({row.line, column ? *column + 1 : 0, std::string(refusal.column), refusal.code});
      }
    }
  }

  void note(const EventChunk& chunk, const Written& written) {
    const event_log::Appended& appended = written.appended;
    report_.counts.rows += static_cast<std::int64_t>(chunk.rows.size());
    report_.counts.written += appended.written;
    report_.counts.repeated += appended.repeated;
    if (appended.written > 0) report_.last = appended.last;
    if (!request_.dry_run) {
      report_.customers_created += static_cast<std::int64_t>(written.customers.created.size());
      customers_.keep(chunk, written.customers, written.newest);
      return;
    }
    // Every unit makes the customer again.
    for (const std::uint32_t i : written.customers.created) {
      if (created_.insert(chunk.customers[written.customers.asked[i]]).second)
        ++report_.customers_created;
    }
  }

  base::Result<Written, Refusal> try_chunk(const EventChunk& chunk) {
    customers_.prepare(chunk);
    return batch_.write("intake.events", [&](store::Unit& unit, customer::Writing& writing) {
      return write_rows(unit, writing, chunk);
    });
  }

  base::Result<Written, Refusal> write_rows(store::Unit& unit, customer::Writing& writing,
                                            const EventChunk& chunk) {
    const event_log::Origin origin{
        batch_.source(), request_.live ? event_log::Liveness::live : event_log::Liveness::history,
        batch_.now(), writing.batch()};
    writing.hold_customers();
    // A repeat leaves nothing behind, neither a customer nor a name.
    const auto repeats = means_.log.find_repeats(unit, origin, chunk.events);
    std::vector<bool> wanted(chunk.customers.size());
    for (std::size_t i = 0; i < chunk.rows.size(); ++i) {
      if (!repeats[i]) wanted[chunk.rows[i].customer] = true;
    }
    auto customers = customers_.find(writing, means_.log, chunk, wanted);
    if (!customers) return base::unexpected(refusal_of(chunk, customers.error()));
    if (auto refusal = register_unseen(unit, chunk, repeats)) {
      return base::unexpected(std::move(*refusal));
    }
    std::vector<base::CustomerId> of_rows(chunk.rows.size());
    for (std::size_t i = 0; i < of_rows.size(); ++i) {
      if (!repeats[i]) of_rows[i] = customers->ids[chunk.rows[i].customer];
    }
    const event_log::FoundOut found{
        of_rows, &repeats, customers->own_after,
        customers->keeps ? means_.log.newest(unit) : customers->own_through};
    auto appended = means_.log.append(unit, origin, chunk.events, found);
    if (!appended) return base::unexpected(refusal_of(chunk, appended.error()));
    event_log::BatchCounts counts = pending_;
    counts.rows += static_cast<std::int64_t>(chunk.rows.size());
    counts.written += appended->written;
    counts.repeated += appended->repeated;
    batch_.count(unit, counts);
    return Written{std::move(*appended), std::move(*customers), means_.log.newest(unit)};
  }

  static Refusal refusal_of(const EventChunk& chunk, const event_log::AppendError& error) {
    const std::string_view code = event_log::code_of(error.fault);
    if (error.fault == event_log::EventFault::batch_closed) {
      return Refusal{code, "", [](std::size_t) { return true; }, true};
    }
    const std::int64_t line = chunk.rows[error.index].line;
    return Refusal{code, "event",
                   [&chunk, line](std::size_t index) { return chunk.rows[index].line == line; }};
  }

  static Refusal refusal_of(const EventChunk& chunk, const KnownCustomers::Fault& fault) {
    return Refusal{
        customer::code_of(fault.error.fault), "customer",
        [&chunk, key = fault.key](std::size_t index) { return chunk.rows[index].customer == key; },
        fault.error.fault == customer::Fault::import_closed};
  }

  // The catalog would take the type of a property from its JSON, where a time is a text.
  std::optional<Refusal> register_unseen(store::Unit& unit, const EventChunk& chunk,
                                         const event_log::Repeats& repeats) {
    std::map<std::string, std::map<std::string, base::ValueType>> unseen;
    std::shared_ptr<const event_log::EventTypes> types;
    std::vector<bool> done(chunk.events.shapes.size());
    for (std::size_t i = 0; i < chunk.rows.size(); ++i) {
      const std::uint32_t shape = chunk.events.events[i].shape;
      if (done[shape] || repeats[i]) continue;
      done[shape] = true;
      if (chunk.unseen[shape].empty()) continue;
      if (types == nullptr) types = means_.log.catalog().of(unit);
      const std::string& name = chunk.events.shapes[shape].event;
      const event_log::EventType* type = types->find(name);
      for (const event_log::TypedName& property : chunk.unseen[shape]) {
        if (type != nullptr && type->find(property.name) != nullptr) continue;
        unseen[name].try_emplace(property.name, property.type);
      }
    }
    for (const auto& [event, properties] : unseen) {
      std::vector<event_log::TypedName> names;
      for (const auto& [name, type] : properties) names.push_back({name, type});
      const auto registered = means_.log.catalog().register_seen(unit, event, names);
      if (registered) continue;
      return Refusal{event_log::code_of(registered.error().fault), "event",
                     [&chunk, name = event](std::size_t index) {
                       const std::uint32_t shape = chunk.events.events[index].shape;
                       return chunk.events.shapes[shape].event == name &&
                              !chunk.unseen[shape].empty();
                     }};
    }
    return std::nullopt;
  }

  const ImportMeans& means_;
  const ImportRequest& request_;
  TwoReadings readings_;
  ImportBatch batch_;
  ImportReport report_;
  KnownCustomers customers_;
  event_log::BatchCounts pending_;  // of the chunk, counted in the report, not yet in the batch
  std::int64_t rows_taken_ = 0;
  std::int64_t rows_of_seconds_ = 0;
  std::unordered_set<std::string> created_;  // of a dry run
};

}  // namespace

base::Result<ImportReport, ImportError> import_events(const ImportMeans& means, ByteSource& file,
                                                      const ImportRequest& request) {
  return EventImport(means, file, request).run();
}

}  // namespace intake
