// Imports as the API and the command line show them.
#pragma once

#include <boost/json/object.hpp>
#include <stop_token>

#include "api/call.h"
#include "api/problem.h"
#include "intake/csv.h"
#include "intake/import.h"
#include "intake/table_file.h"
#include "log/batch.h"

namespace api {

// How one import is to be run.
struct ImportOrder {
  std::string kind;  // "events", "customers"
  std::string file_name;
  bool dry_run = false;
  bool live = false;
  std::vector<std::string> apart = {};  // as in intake::ImportRequest
  Progress* progress = nullptr;         // where it is shown; null: the program's
  std::stop_token stop = {};
};

// Runs it and answers the report.
boost::json::object run_import(Call& call, const ImportOrder& order, intake::ByteSource& file);

boost::json::object to_json(const event_log::Batch& batch);
// Begins to take the batch back whole, and waits kAwaitMax for the end: the status of the answer,
// 200 at the end and 202 while it goes on, and one line for each that others have built upon and so
// was kept. Refuses one that is unknown or has been taken back.
struct TakenBack {
  int status = 200;
  boost::json::array kept;
};
TakenBack take_back(Call& call, base::BatchId batch);
// Adds how far taking it back is, if this program does so or has just done so: undo {customers,
// done, failed, kept}.
void add_undo(Call& call, base::BatchId batch, boost::json::object& shown);
// A row or value that was left out: line, column, code and the sentence for people.
boost::json::object left_out_to_json(const intake::LeftOut& row, Language language);

// Every count of it.
boost::json::object notes_to_json(const intake::SheetNotes& notes);
// What a person should know of the sheet that was read: its name, whether it is hidden, how many
// others there are, and its notes. Requires a workbook, read to its end.
boost::json::object sheet_to_json(const intake::TableFile& file);

}  // namespace api
