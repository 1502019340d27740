// `siyu check`: proves that what is stored agrees with itself. Repairs nothing.
//
//   references   every event's customer, type and source exist; every identity, attribute, tag,
//                list and consent row belongs to a customer that exists; aliases end at a survivor
//   positions    no reader stands before what the log has given out; positions are unique
//   tables       what tables say is current is what the log's history says (attributes, tags,
//                lists, consents), person by person
//   orders       their tables say what the log says (order/proof.h)
//   friendships  the same (account/friendship_proof.h)
//   ledger       the books balance (ledger/proof.h)
//   timers       none is set aside (timer/timer.h)
//   search       whatever names are found by are those of the customers today
//   columns      the memory holds the log's visible events and nothing else
//                (server/check_columns.h)
//   scrubbing    no erase waits for SQLite's file to be rewritten
//
// It can be stopped: it ends after the slice it is at, at most kCheckEventsAtOnce events, the log's
// tables of one proof, or one person.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "account/friendship.h"
#include "log/log.h"
#include "order/projection.h"
#include "server/sweep.h"
#include "store/database.h"
#include "timeline/column_histories.h"
#include "timeline/sql_histories.h"

namespace server {

inline constexpr std::size_t kCheckProblemsMax = 1000;  // named; further ones are not looked for
inline constexpr std::int64_t kCheckEventsAtOnce = 200'000;

// What is proved or found wrong.
enum class Statement : std::uint8_t {
  events_have_customers,
  events_have_types,
  events_have_sources,
  identities_have_customers,
  values_have_customers,
  tags_have_customers,
  lists_have_customers,
  consents_have_customers,
  aliases_have_survivors,
  readers_within_log,
  erased_are_gone,
  current_as_history,
  attributes_as_history,
  tags_as_history,
  lists_as_history,
  consents_as_history,
  orders_as_log,
  friendships_as_log,
  ledger_balances,
  timers_fire,
  terms_as_names,
  columns_as_log,
};
// "check.events_have_customers": stable, and the key of its sentence in src/cli/messages.tsv.
std::string_view code_of(Statement statement);

struct Proof {
  Statement what;
  std::int64_t rows = 0;
};
struct CheckProblem {
  Statement what;
  std::string where;  // ids, never values
};
struct CheckReport {
  std::vector<Proof> proved;
  std::vector<CheckProblem> problems;
  std::vector<Statement> unsettled;  // neither: too much has changed meanwhile
  bool stopped = false;              // what comes is what was proved and found until then
};
struct CheckMeans {
  store::Database& database;
  event_log::Log& log;
  timeline::SqlHistories& histories;  // the log itself, not what is made of it
  const timeline::ColumnHistories& memory;
  // Both follow the log before they are looked at, as every question does.
  order::Projection& orders;
  account::Friendships& friendships;
  const order::Persons& persons;
  base::Moment now;
  Sweep::GoOn go_on = {};  // after every slice; progress is estimated from the memory
};
CheckReport check(const CheckMeans& means);

}  // namespace server
