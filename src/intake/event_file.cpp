#include "intake/event_file.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/check.h"
#include "customer/identity.h"
#include "intake/event_row.h"
#include "intake/import_batch.h"
#include "intake/two_readings.h"
#include "log/key_hash.h"
#include "log/log.h"

namespace intake {
namespace {

constexpr std::string_view kCustomerKind = "customer";

// Which rows of a chunk cannot be written after all: those with a customer, an event name, or one
// row. `code` outlives the import.
struct Refusal {
  std::string_view code;
  std::string_view column;  // of the file
  std::function<bool(const EventRow&)> concerns;
  bool taken_back = false;  // the import as a whole is, and no row can be written
};

// By key, in order, for the locks.
using Customers = std::map<std::string, base::CustomerId>;

struct Written {
  event_log::Appended appended;
  std::set<std::string> created;  // customer keys
};

class EventImport {
 public:
  EventImport(const ImportMeans& means, ByteSource& file, const ImportRequest& request)
      : means_(means),
        request_(request),
        readings_(file, request, event_header_rules),
        batch_(means, request, "events") {}

  base::Result<ImportReport, ImportError> run() {
    const auto first = readings_.open();
    if (!first) return base::unexpected(first.error());
    EventColumns columns((*first)->columns(), types());
    const auto looked = readings_.look(**first, [&](const TableRow& row) { columns.look_at(row); });
    if (!looked) return base::unexpected(looked.error());
    report_.columns = columns.notes();
    const auto second = readings_.open();
    if (!second) return base::unexpected(second.error());
    batch_.begin();
    if (auto read = read_all(**second, columns); !read) {
      return base::unexpected(std::move(read.error()));
    }
    if (auto finished = batch_.finish(); !finished) {
      return base::unexpected(std::move(finished.error()));
    }
    report_.batch = batch_.id();
    report_.times_look_like_seconds = rows_taken_ > 0 && rows_taken_ == rows_of_seconds_;
    return std::move(report_);
  }

 private:
  std::shared_ptr<const event_log::EventTypes> types() {
    return means_.database.read(
        [&](store::Session& session) { return means_.log.catalog().of(session); });
  }

  base::Result<void, ImportError> read_all(Table& table, EventColumns& columns) {
    for (TableRow row; table.next(row);) {
      auto read = columns.read({table, row, means_.zone}, batch_.now());
      if (read) {
        take(std::move(*read));
      } else {
        refuse(std::move(read.error()));
      }
      if (chunk_.size() >= kImportRowsAtOnce || pending_.rows >= kPendingRowsMax) {
        if (auto written = write_chunk(table); !written) return written;
        readings_.tell(table, report_.counts.rows);
      }
    }
    if (!chunk_.empty() || pending_.rows > 0) {
      if (auto written = write_chunk(table); !written) return written;
    }
    readings_.tell_end(report_.counts.rows);
    return {};
  }

  void take(EventRow row) {
    ++rows_taken_;
    if (row.number_of_seconds) ++rows_of_seconds_;
    report_.wrong_types += row.wrong_types;
    const bool key_again =
        row.event.key && !keys_seen_.insert(event_log::hash_of(*row.event.key)).second;
    // A dry run writes nothing that could make a later row with the same key known.
    if (request_.dry_run && key_again) {
      repeat(1);
      return;
    }
    if (!key_again) {
      // Equal rows of one file, with a key or without, are told apart before it is known who their
      // customers are. One whose key stood above is the same row once more.
      row.event.customer = {static_cast<std::int64_t>(std::hash<std::string>{}(row.customer))};
      row.event.ordinal = ordinals_.next(row.event);
    }
    chunk_.push_back(std::move(row));
  }

  void refuse(LeftOut row) {
    leave_out(report_, std::move(row));
    ++pending_.rows;
    ++pending_.refused;
  }

  void repeat(std::int64_t rows) {
    report_.counts.rows += rows;
    report_.counts.repeated += rows;
    pending_.rows += rows;
    pending_.repeated += rows;
  }

  // Rows that turn out to be impossible are taken out one kind at a time; the others are written.
  base::Result<void, ImportError> write_chunk(const Table& table) {
    while (true) {
      const auto written = try_chunk();
      if (written) {
        note(*written);
        return {};
      }
      const Refusal& refusal = written.error();
      if (refusal.taken_back) return base::unexpected(ImportError{ImportFault::taken_back, {}});
      const auto concerned =
          std::stable_partition(chunk_.begin(), chunk_.end(),
                                [&](const EventRow& row) { return !refusal.concerns(row); });
      CHECK(concerned != chunk_.end());
      const auto column = index_of(table.columns(), refusal.column);
      for (auto row = concerned; row != chunk_.end(); ++row) {
        refuse({row->line, column ? *column + 1 : 0, std::string(refusal.column), refusal.code});
      }
      chunk_.erase(concerned, chunk_.end());
    }
  }

  void note(const Written& written) {
    const event_log::Appended& appended = written.appended;
    report_.counts.rows += static_cast<std::int64_t>(chunk_.size());
    report_.counts.written += appended.written;
    report_.counts.repeated += appended.repeated;
    if (appended.written > 0) report_.last = appended.last;
    for (const std::string& key : written.created) {
      // Of a dry run every unit makes the customer again.
      if (!request_.dry_run || created_.insert(key).second) ++report_.customers_created;
    }
    pending_ = {};
    chunk_.clear();
  }

  base::Result<Written, Refusal> try_chunk() {
    Customers customers;
    for (const EventRow& row : chunk_) customers.try_emplace(row.customer);
    for (auto& [key, fresh] : customers) fresh = {means_.random.id()};
    return batch_.write("intake.events", [&](store::Unit& unit, customer::Writing& writing) {
      return write_rows(unit, writing, customers);
    });
  }

  base::Result<Written, Refusal> write_rows(store::Unit& unit, customer::Writing& writing,
                                            const Customers& fresh) {
    Written written;
    std::vector<event_log::NewEvent> events;
    events.reserve(chunk_.size());
    for (const EventRow& row : chunk_) events.push_back(row.event);
    const event_log::Origin origin{
        batch_.source(), request_.live ? event_log::Liveness::live : event_log::Liveness::history,
        batch_.now(), writing.batch()};
    // A repeat leaves nothing behind, neither a customer nor a name.
    const auto repeats = means_.log.find_repeats(unit, origin, events);
    Customers customers;
    for (std::size_t i = 0; i < chunk_.size(); ++i) {
      if (!repeats[i]) customers.insert(*fresh.find(chunk_[i].customer));
    }
    if (auto refusal = resolve_all(writing, customers, written.created)) {
      return base::unexpected(std::move(*refusal));
    }
    if (auto refusal = register_unseen(unit, repeats)) {
      return base::unexpected(std::move(*refusal));
    }
    for (std::size_t i = 0; i < events.size(); ++i) {
      events[i].customer = repeats[i] ? base::CustomerId{} : customers.at(chunk_[i].customer);
    }
    auto appended = means_.log.append(unit, origin, events, repeats);
    if (!appended) return base::unexpected(refusal_of(appended.error()));
    written.appended = std::move(*appended);
    event_log::BatchCounts counts = pending_;
    counts.rows += static_cast<std::int64_t>(chunk_.size());
    counts.written += written.appended.written;
    counts.repeated += written.appended.repeated;
    batch_.count(unit, counts);
    return written;
  }

  Refusal refusal_of(const event_log::AppendError& error) const {
    const std::string_view code = event_log::code_of(error.fault);
    if (error.fault == event_log::EventFault::batch_closed) {
      return Refusal{code, "", [](const EventRow&) { return true; }, true};
    }
    const std::int64_t line = chunk_[error.index].line;
    return Refusal{code, "event", [line](const EventRow& row) { return row.line == line; }};
  }

  // Puts the customers that are there in the place of the fresh ids, and makes the others.
  static std::optional<Refusal> resolve_all(customer::Writing& writing, Customers& customers,
                                            std::set<std::string>& created) {
    for (auto& [key, id] : customers) {
      const auto resolved = resolve(writing, key, id);
      if (!resolved) {
        return Refusal{customer::code_of(resolved.error().fault), kCustomerKind,
                       [name = key](const EventRow& row) { return row.customer == name; },
                       resolved.error().fault == customer::Fault::import_closed};
      }
      if (resolved->created) created.insert(key);
      id = resolved->found.customer;
    }
    return std::nullopt;
  }

  static base::Result<customer::Resolved, customer::Error> resolve(customer::Writing& writing,
                                                                   const std::string& key,
                                                                   base::CustomerId fresh) {
    if (const auto found = customer::find_by_key(writing.unit(), key))
      return customer::Resolved{*found};
    return customer::find_or_create(writing, {kCustomerKind, key}, fresh, std::nullopt);
  }

  // The catalog would take the type of a property from its JSON, where a time is a text.
  std::optional<Refusal> register_unseen(store::Unit& unit, const event_log::Repeats& repeats) {
    std::map<std::string, std::map<std::string, base::ValueType>> unseen;
    const auto types = means_.log.catalog().of(unit);
    for (std::size_t i = 0; i < chunk_.size(); ++i) {
      const EventRow& row = chunk_[i];
      if (row.unseen.empty() || repeats[i]) continue;
      const event_log::EventType* type = types->find(row.event.name);
      for (const event_log::TypedName& property : row.unseen) {
        if (type != nullptr && type->find(property.name) != nullptr) continue;
        unseen[row.event.name].try_emplace(property.name, property.type);
      }
    }
    for (const auto& [event, properties] : unseen) {
      std::vector<event_log::TypedName> names;
      for (const auto& [name, type] : properties) names.push_back({name, type});
      const auto registered = means_.log.catalog().register_seen(unit, event, names);
      if (registered) continue;
      return Refusal{event_log::code_of(registered.error().fault), "event",
                     [name = event](const EventRow& row) {
                       return row.event.name == name && !row.unseen.empty();
                     }};
    }
    return std::nullopt;
  }

  static constexpr std::int64_t kPendingRowsMax = 10'000;  // left out in a row

  const ImportMeans& means_;
  const ImportRequest& request_;
  TwoReadings readings_;
  ImportBatch batch_;
  ImportReport report_;
  event_log::RowOrdinals ordinals_;
  std::vector<EventRow> chunk_;
  event_log::BatchCounts pending_;  // counted in the report, not yet in the batch
  std::int64_t rows_taken_ = 0;
  std::int64_t rows_of_seconds_ = 0;
  std::unordered_set<event_log::KeyHash> keys_seen_;
  std::unordered_set<std::string> created_;  // of a dry run
};

}  // namespace

base::Result<ImportReport, ImportError> import_events(const ImportMeans& means, ByteSource& file,
                                                      const ImportRequest& request) {
  return EventImport(means, file, request).run();
}

}  // namespace intake
