// The report of an import as it is kept with its batch (log/batch_report.h): what was left out by
// line and code, and how often what happened. No value of a row is in it.
#pragma once

#include <boost/json/object.hpp>

#include "api/call.h"
#include "base/id.h"

namespace api {

// Keeps what an import has answered; nothing of a dry run. An import that is done is not undone by
// a database that is lost now: then there is no report.
void keep_report(Call& call, const boost::json::object& report);

// Adds what is kept to an import that is shown, sentences in the caller's language.
void add_kept_report(Call& call, base::BatchId batch, boost::json::object& shown);

// GET /imports/{id}/left-out: the rows and values that were left out, as a file.
net::Response left_out_file(Call& call);

}  // namespace api
