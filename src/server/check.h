// `siyu check`: proves that what is stored agrees with itself. Repairs nothing.
//
//   references   every event's customer, type and source exist; every identity, attribute, tag,
//   list
//                and consent row belongs to a customer that exists; aliases end at a survivor
//   positions    no reader stands before what the log has given out; positions are unique
//   tables       what tables say is current is what the log's history says (attributes, tags,
//   lists,
//                consents), person by person
//   scrubbing    no erase waits for SQLite's file to be rewritten
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "log/log.h"
#include "store/database.h"
#include "timeline/sql_histories.h"

namespace server {

inline constexpr std::size_t kCheckProblemsMax = 1000;  // named; further ones are not looked for

struct Proof {
  std::string what;  // "events have customers"
  std::int64_t rows = 0;
};
struct CheckProblem {
  std::string what;
  std::string where;  // ids, never values
};
struct CheckReport {
  std::vector<Proof> proved;
  std::vector<CheckProblem> problems;
};
struct CheckMeans {
  store::Database& database;
  event_log::Log& log;
  timeline::SqlHistories& histories;  // the log itself, not what is made of it
  base::Moment now;
};
CheckReport check(const CheckMeans& means);

}  // namespace server
