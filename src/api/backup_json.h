// A backup as the API shows it: the name of its file, not where it lies.
#pragma once

#include <boost/json/object.hpp>

#include "api/problem.h"
#include "operate/backup_run.h"

namespace api {

boost::json::object to_json(const operate::BackupRun& run, Language language);

}  // namespace api
