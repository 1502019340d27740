// Customers and events to a table, in the form that importing reads: the same people with the same
// attributes and events come out of importing what was exported here.
//
//   customers   customer, then every attribute as name:type; one row a person, with what is known
//               today; unknown values, values of the wrong type and empty texts are empty cells
//   events      customer, event, time (ISO 8601, UTC), then every property that occurs as
//   name:type;
//               one row an event, in the order of the log; a name with several types has a column
//               for each; values of the wrong type are left out and counted
//
// The customer column holds the person's key (the survivor's after a merge). What the product
// writes about changes of attributes, tags and the like (is_own_record in event_row.h) is no event
// to be imported and is not exported. Reads page by page; what is appended meanwhile is not in the
// file. The sink is opened here and finished by who made it. Throws store::Failure. A stop ends it
// after the page it is at; what is written until then is no whole file.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

#include "base/id.h"
#include "intake/row_sink.h"
#include "log/log.h"
#include "store/database.h"

namespace intake {

struct ExportMeans {
  store::Database& database;
  event_log::Log& log;
  std::function<void(std::int64_t rows)> progress = {};  // after every page
  std::stop_token stop = {};
};

struct ExportReport {
  std::int64_t rows = 0;
  std::int64_t wrong_types = 0;  // values left out
  bool stopped = false;          // before the end
};

ExportReport export_customers(const ExportMeans& means, RowSink& sink);
// Only these persons (an audience), piece by piece in the order given; one merged away or erased
// meanwhile is left out. `next` answers the persons of the next piece, perhaps none, and nothing at
// the end; only one piece is held. It is not called inside of a read.
using NextPersons = std::function<std::optional<std::vector<base::CustomerId>>()>;
ExportReport export_customers(const ExportMeans& means, RowSink& sink, const NextPersons& next);
ExportReport export_events(const ExportMeans& means, RowSink& sink);
// Of this person alone (all ids as written), found as log/rows.h finds them: of a log in memory
// without reading through it. All of it is held.
ExportReport export_events(const ExportMeans& means, RowSink& sink,
                           std::span<const base::CustomerId> ids);

}  // namespace intake
