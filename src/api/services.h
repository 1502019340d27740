// Everything the routes work with; owned by server::App, borrowed by every call.
#pragma once

#include <string>
#include <vector>

#include "access/api_key.h"
#include "access/pace.h"
#include "access/secret_seal.h"
#include "access/session.h"
#include "access/user.h"
#include "account/friendship.h"
#include "api/bulk_changes.h"
#include "api/demo_host.h"
#include "api/demo_ticket.h"
#include "api/event_gathering.h"
#include "api/kept_sizes.h"
#include "api/progress.h"
#include "api/questions.h"
#include "api/seal.h"
#include "api/sight.h"
#include "api/undoings.h"
#include "api/uploads.h"
#include "audience/live_access.h"
#include "audience/stage_source.h"
#include "base/clock.h"
#include "base/random.h"
#include "base/work_pool.h"
#include "customer/erase.h"
#include "customer/remembered_keys.h"
#include "ledger/desk.h"
#include "ledger/kept_proof.h"
#include "lifecycle/value_runs.h"
#include "log/log.h"
#include "operate/backups.h"
#include "operate/disk_use.h"
#include "operate/request_counts.h"
#include "order/projection.h"
#include "store/database.h"
#include "timeline/column_histories.h"
#include "timeline/fitted_values.h"

namespace api {

// Whether what is served is the demo brand, and whether one click or a ticket enters it; and the
// demo that can be started beside what is none.
struct DemoState {
  bool is_demo = false;
  std::optional<base::Moment> made_at = std::nullopt;  // of a demo
  bool entrance = false;
  DemoTickets* tickets = nullptr;  // never in what is no demo
  DemoHost* host = nullptr;        // nothing: none is offered
};

struct Services {
  store::Database& database;
  event_log::Log& log;
  timeline::ColumnHistories& memory;
  timeline::FittedValues& fitted;
  base::WorkPool& pool;
  order::Projection& orders;
  account::Friendships& friendships;
  customer::ErasedHashes& erased_hashes;
  rights::Users& users;
  rights::Sessions& sessions;
  rights::ApiKeys& keys;
  customer::RememberedKeys& customer_keys;
  EventGathering& gathering;
  rights::Pace& pace;
  Progress& progress;
  Questions& questions;
  Sights& sights;
  KeptSizes& kept_sizes;
  const audience::StageSource& stages;
  Uploads& uploads;
  operate::Backups& backups;
  const operate::DiskUse& disk;
  operate::RequestCounts& counts;
  BulkChanges& bulk_changes;
  Undoings& undoings;
  ledger::Desk& desk;
  const ledger::KeptProof& books;
  const audience::LiveAccess& live;
  lifecycle::ValueRuns& values;
  const Seal& seal;
  rights::SecretSeal& secret_seal;
  const base::Clock& clock;
  base::Random& random;
  std::string version;
  base::Moment started_at;
  std::vector<std::string> trusted_proxies;  // of whom X-Forwarded-For and -Proto are believed
  DemoState demo = {};

  // Cookies do not know ports: a demo beside one's own program must not sign one out there.
  std::string_view session_cookie() const {
    return demo.is_demo ? rights::kDemoSessionCookie : rights::kSessionCookie;
  }
};

}  // namespace api
