#include "server/app.h"

#include <filesystem>
#include <optional>

#include "account/friendship.h"
#include "api/dispatch.h"
#include "api/problem.h"
#include "api/route.h"
#include "audience/live_audiences.h"
#include "audience/live_move.h"
#include "base/diagnostics.h"
#include "channel/http/http_sender.h"
#include "customer/name_index.h"
#include "demo/fill.h"
#include "lease/lease.h"
#include "lifecycle/live_models.h"
#include "lifecycle/model.h"
#include "lifecycle/rfm_run.h"
#include "lifecycle/shipped.h"
#include "lifecycle/value_runs.h"
#include "log/batch.h"
#include "order/projection.h"
#include "server/assets.h"
#include "server/carriers.h"
#include "server/chores.h"
#include "server/demo_living.h"
#include "server/due_timers.h"
#include "server/key_expiry.h"
#include "server/live_sources.h"
#include "server/live_work.h"
#include "server/local.h"
#include "server/operate.h"
#include "server/order_persons.h"
#include "server/probes.h"
#include "setting/setting.h"
#include "store/migration.h"
#include "store/scrub.h"
#include "webhook/follower.h"
#include "webhook/webhook_sender.h"

namespace server {
namespace {

constexpr base::Duration kScrubEvery{5 * base::kMinute.ms};
constexpr std::string_view kUploadsFolder = "uploads";
constexpr base::Duration kForgetUploadsEvery{15 * base::kMinute.ms};
constexpr base::Duration kNamesLookedForEvery{base::kHour.ms};
constexpr base::Duration kScoresLookedAtEvery{10 * base::kMinute.ms};
constexpr std::string_view kSnapshotFile = "memory.snapshot";
constexpr std::int64_t kTellEvery = 1'000'000;
constexpr base::Duration kFollowedAtOnce{10 * base::kSecond.ms};  // of a chore's turn

bool is_below(const net::Request& request, std::string_view first, std::string_view second) {
  return request.segments.size() > 2 && request.segments[0] == first &&
         request.segments[1] == second;
}

bool is_api(const net::Request& request) {
  return !request.segments.empty() && request.segments[0] == "api";
}

bool is_local(const net::Request& request) {
  return !request.segments.empty() && request.segments[0] == "local";
}

base::Zone zone_of(store::Session& session) { return setting::read(session).zone; }

std::unique_ptr<store::Database> open_migrated(const AppOptions& options,
                                               const base::Clock& clock) {
  auto database = open_database(options);
  bring_forward(*database, options.migrate, clock.now());
  return database;
}

timeline::MemoryOptions memory_options(const AppOptions& options,
                                       std::shared_ptr<const timeline::FittedReader> fitted) {
  timeline::MemoryOptions memory;
  memory.fitted = std::move(fitted);
  if (!options.folder.empty()) {
    memory.snapshot = (std::filesystem::path(options.folder) / kSnapshotFile).string();
  }
  memory.disk = options.disk;
  return memory;
}

std::string uploads_folder(const AppOptions& options) {
  if (options.folder.empty()) return {};
  return (std::filesystem::path(options.folder) / kUploadsFolder).string();
}

std::string secret_key_path(const AppOptions& options) {
  if (!options.key_file.empty() || options.folder.empty()) return options.key_file;
  return (std::filesystem::path(options.folder) / rights::kSecretKeyFile).string();
}

// Reading the whole log takes a while when it is large and no snapshot is there.
auto telling_of_progress() {
  return [told = std::int64_t{0}](std::int64_t read, std::int64_t expected) mutable {
    if (read - told < kTellEvery) return;
    told = read;
    base::log_info("reading the log into memory: {} of about {} events", read, expected);
  };
}

// One scrub for all who were erased meanwhile; what was left by a failure or a crash is done at the
// start.
Chore scrubbing(store::Database& database) {
  return {"cleaning the database's file of erased people", kScrubEvery, kScrubEvery,
          [&](const std::stop_token&) {
            if (store::scrub_if_due(database)) base::log_info("the database's file is rewritten");
          }};
}

// Customers who were there before names could be searched; done when the program ends it, or when
// there are none left, which is told by one look.
Chore indexing_names(store::Database& database) {
  return {"making customers' names searchable", kNamesLookedForEvery, kScrubEvery,
          [&](const std::stop_token& stop) {
            while (!stop.stop_requested() && customer::index_more_names(database)) continue;
          }};
}

// Whoever asks for what is made from events brings it up to date by themselves; this keeps that
// short.
Chore following(const std::string& what, event_log::Projection& projection) {
  return {"following the events of " + what, base::kSecond, kScrubEvery,
          [&](const std::stop_token& stop) { projection.follow(kFollowedAtOnce, stop); }};
}

// What the forecast of the disk is made from.
Chore sampling_disk(operate::DiskUse& disk, const base::Clock& clock) {
  return {"keeping how large the data are", base::kHour, kScrubEvery,
          [&](const std::stop_token&) { disk.sample(clock.now()); }};
}

// Imports and bulk changes whose writers are no more.
void close_cut_off(store::Database& database, base::Moment silent_since) {
  const bool any = database.read(
      [&](store::Session& session) { return event_log::is_any_silent(session, silent_since); });
  if (!any) return;
  const std::int64_t closed = database.write("batch.close_silent", [&](store::Unit& unit) {
    return event_log::close_silent(unit, silent_since);
  });
  base::log_warning("{} imports or bulk changes were cut off", closed);
}

// Of other programs on the same PostgreSQL, and those whose end could not be written.
Chore closing_cut_off(store::Database& database, const base::Clock& clock) {
  return {"closing imports that were cut off", base::kMinute, base::kMinute,
          [&](const std::stop_token&) {
            close_cut_off(database, clock.now() - event_log::kBatchSilenceMax);
          }};
}

// Files that were sent and left lie a day, also when nobody asks for them.
Chore forgetting_uploads(api::Uploads& uploads, const base::Clock& clock) {
  return {"forgetting files that were sent", kForgetUploadsEvery, kForgetUploadsEvery,
          [&](const std::stop_token&) { uploads.forget_old(clock.now()); }};
}

// Whether the books balance, for Home.
Chore proving_books(store::Database& database, const base::Clock& clock, ledger::KeptProof& books) {
  return {"proving the ledger's books", base::kHour, kScrubEvery,
          [&](const std::stop_token& stop) { books.prove(database, clock, stop); }};
}

// Once a local day; what other programs on the same PostgreSQL have computed is read, too.
Chore scoring_customers(const lifecycle::RfmMeans& means, const base::Clock& clock) {
  return {"scoring recency, frequency and money", kScoresLookedAtEvery, base::kHour,
          [means, &clock](const std::stop_token&) {
            means.fitted.open();
            const auto zone = means.database.read(
                [](store::Session& session) { return setting::read(session).zone; });
            if (lifecycle::is_rfm_due(means.fitted, zone, clock.now())) {
              lifecycle::run_rfm(means, clock.now());
            }
          }};
}

Chore forgetting_moves(store::Database& database, const base::Clock& clock) {
  return {"forgetting old moves of live audiences", base::kHour, kScrubEvery,
          [&](const std::stop_token& stop) {
            const base::Moment before = clock.now() - audience::kMovesKept;
            bool more = true;
            while (more && !stop.stop_requested()) {
              more = database.write("live.forget_moves", [&](store::Unit& unit) {
                return audience::forget_moves(unit, before);
              });
            }
          }};
}

// Once a day, at the hour of the settings; on a thread of its own, since it may take a while.
Chore valuing_customers(lifecycle::ValueRuns& values) {
  return {"computing the value of customers", base::kMinute, kScrubEvery,
          [&](const std::stop_token& stop) { values.run_if_due(stop); }};
}

// Events that happen, as intents of webhooks.
Chore telling_webhooks(webhook::Follower& webhooks) {
  return {"following events for webhooks", base::kSecond, base::kSecond,
          [&](const std::stop_token& stop) { webhooks.follow(stop); }};
}

}  // namespace

class App::State {
 public:
  State(const AppOptions& options, const base::Clock& clock, base::Random& random)
      : database_(open_migrated(options, clock)),
        log_(*database_),
        pool_(base::WorkPool::machine_threads() - 1),
        fitted_(std::make_shared<timeline::FittedValues>(*database_)),
        memory_(*database_, log_, pool_, memory_options(options, fitted_)),
        orders_({*database_, log_, order_persons_}),
        friendships_(*database_, log_),
        hashes_(open_hashes(options, random)),
        secret_seal_(secret_key_path(options), random),
        means_{*database_, clock, random, secret_seal_},
        users_(means_),
        sessions_(means_),
        keys_(means_),
        questions_(clock, options.after_slice),
        uploads_(uploads_folder(options), random),
        backups_({*database_, clock, random, options.folder}),
        disk_(*database_, options.database_url.empty() ? options.folder : ""),
        counts_(api::routes().size()),
        bulk_changes_(*database_, log_, clock),
        undoings_(*database_, log_, clock),
        seal_(random),
        demo_tickets_(options.demo_secret),
        gathering_({*database_, log_, customer_keys_}),
        desk_(*database_, clock),
        due_timers_(*database_, clock, random),
        webhooks_({*database_, log_, clock, random}),
        values_({*database_, log_, memory_, pool_, clock, random, *fitted_}),
        services_{*database_, log_,         memory_,      *fitted_,
                  pool_,      orders_,      friendships_, *hashes_,
                  users_,     sessions_,    keys_,        customer_keys_,
                  gathering_, pace_,        progress_,    questions_,
                  sights_,    kept_sizes_,  stages_,      uploads_,
                  backups_,   disk_,        counts_,      bulk_changes_,
                  undoings_,  desk_,        books_,       live_,
                  values_,    seal_,        secret_seal_, clock,
                  random,     SIYU_VERSION, clock.now(),  {},
                  {}},
        assets_(options.web_folder, random),
        carriers_({*database_, clock, random,
                   [this](const outbox::Lane& lane, const std::stop_token& stop) {
                     return sender_of(lane, stop);
                   }}),
        live_audiences_(log_.catalog(), &stages_, zone_of),
        live_models_(log_.catalog(), zone_of),
        live_sources_({&live_audiences_, &live_models_}),
        live_work_({{*database_, log_, memory_, pool_, live_sources_, fitted_.get()},
                    live_,
                    clock,
                    random}) {
    log_.prepare(clock.now(), random);
    log_.set_customer_rows(&memory_);
    const base::Zone zone =
        database_->read([](store::Session& session) { return setting::read(session).zone; });
    lifecycle::ship({*database_, log_.catalog(), zone, clock.now(), random});
    // Nobody else has a folder open; to PostgreSQL others may be writing.
    const bool alone = options.database_url.empty();
    if (alone) database_->write("lease.free", [](store::Unit& unit) { lease::release_all(unit); });
    close_cut_off(*database_, alone ? base::kMomentMax : clock.now() - event_log::kBatchSilenceMax);
    fitted_->open();
    memory_.open(telling_of_progress());
    services_.demo.made_at = database_->read(demo::made_at);
    services_.demo.is_demo = services_.demo.made_at.has_value();
    services_.demo.host = options.demo_host;
    demo_speed_ = options.demo_speed;
    if (services_.demo.is_demo) {
      services_.demo.entrance = options.demo_entrance;
      services_.demo.tickets = &demo_tickets_;
    }
    services_.trusted_proxies = database_->read(
        [](store::Session& session) { return setting::read(session).trusted_proxies; });
  }

  // An import in the background works with what is destroyed before it; calls to receivers end
  // while it is waited for.
  ~State() {
    end_calls();
    values_.end();
    uploads_.end();
    bulk_changes_.end();
    undoings_.end();
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  net::Response handle(const net::Request& request) {
    if (is_below(request, "api", "v1")) return api::dispatch(request, services_);
    if (request.local && is_below(request, "local", "v1")) return answer_local(request, services_);
    if (is_api(request) || is_local(request)) {
      return api::guarded(request,
                          []() -> net::Response { throw api::Refusal("api.no_such_route"); });
    }
    if (auto probed = answer_probe(request, services_)) return std::move(*probed);
    return assets_.answer(request);
  }

  std::optional<net::Response> handle_at_once(const net::Request& request) {
    if (!is_below(request, "api", "v1")) return std::nullopt;
    return api::dispatch_at_once(request, services_);
  }

  net::Admission admit_body(const net::Request& request) {
    if (is_below(request, "api", "v1")) return api::admit_body(request, services_);
    return {.body_bytes_max = request.local ? api::kBodyBytesMax : api::kStrangersBodyBytesMax};
  }

  void end_questions() { questions_.end(); }
  void end_calls() { carriers_.stop(); }
  void end_posts() { gathering_.end(); }

  void start_chores() {
    memory_.start();
    backups_.start();
    undoings_.resume();
    chores_.emplace(std::vector<Chore>{
        forgetting_keys(*database_, log_, services_.clock),
        scrubbing(*database_),
        closing_cut_off(*database_, services_.clock),
        following("orders", orders_),
        following("friendships", friendships_),
        indexing_names(*database_),
        sampling_disk(disk_, services_.clock),
        forgetting_uploads(uploads_, services_.clock),
        forgetting_moves(*database_, services_.clock),
    });
    // On threads of their own: what is due does not wait for a chore that takes long.
    due_chores_.emplace(std::vector<Chore>{firing_timers(due_timers_)});
    telling_.emplace(std::vector<Chore>{telling_webhooks(webhooks_)});
    proving_.emplace(std::vector<Chore>{proving_books(*database_, services_.clock, books_)});
    scoring_.emplace(std::vector<Chore>{scoring_customers(
        {*database_, log_, memory_, *fitted_, pool_, services_.random}, services_.clock)});
    values_.start();
    valuing_.emplace(std::vector<Chore>{valuing_customers(values_)});
    carriers_.start();
    live_work_.start();
    if (services_.demo.is_demo && demo_speed_ > 0) {
      demo_living_.emplace(DemoLiving::Means{*database_, log_, services_.clock}, demo_speed_);
    }
  }

  void settle_live() { live_work_.settle(); }

  std::int64_t carry_outbox() {
    webhooks_.follow();
    return carriers_.carry();
  }

  std::string setup_path() {
    const auto token = users_.make_owner_link();
    return token ? "/setup#token=" + *token : "";
  }

 private:
  // What goes out by a lane: a webhook has its own, everything else an HTTP channel.
  std::unique_ptr<outbox::Sender> sender_of(const outbox::Lane& lane, const std::stop_token& stop) {
    channel::CallerOptions options;
    options.stop = stop;
    const std::string allowed = database_->read(
        [](store::Session& session) { return setting::read(session).reachable_networks; });
    options.allowed = channel::AllowedNetworks::parse(allowed).value_or(channel::AllowedNetworks{});
    if (const auto webhook = webhook::webhook_of(lane)) {
      return std::make_unique<webhook::WebhookSender>(
          webhook::WebhookSender::Means{*database_, log_, secret_seal_, services_.clock}, *webhook,
          std::move(options));
    }
    return std::make_unique<channel::HttpSender>(
        channel::SenderMeans{*database_, secret_seal_, services_.clock}, std::move(options));
  }

  customer::RememberedKeys customer_keys_;  // outlives the database
  std::unique_ptr<store::Database> database_;
  event_log::Log log_;
  base::WorkPool pool_;
  std::shared_ptr<timeline::FittedValues> fitted_;
  timeline::ColumnHistories memory_;
  OrderPersons order_persons_;
  order::Projection orders_;
  account::Friendships friendships_;
  std::unique_ptr<customer::ErasedHashes> hashes_;
  rights::SecretSeal secret_seal_;
  rights::Means means_;
  rights::Users users_;
  rights::Sessions sessions_;
  rights::ApiKeys keys_;
  rights::Pace pace_;
  api::Progress progress_;
  api::Questions questions_;
  api::Sights sights_;
  api::KeptSizes kept_sizes_;
  lifecycle::Stages stages_;
  api::Uploads uploads_;
  operate::Backups backups_;
  operate::DiskUse disk_;
  operate::RequestCounts counts_;
  api::BulkChanges bulk_changes_;
  api::Undoings undoings_;
  api::Seal seal_;
  api::DemoTickets demo_tickets_;
  api::EventGathering gathering_;
  ledger::Desk desk_;
  ledger::KeptProof books_;
  audience::LiveAccess live_;
  DueTimers due_timers_;
  webhook::Follower webhooks_;
  lifecycle::ValueRuns values_;
  api::Services services_;
  Assets assets_;
  Carriers carriers_;
  audience::LiveAudiences live_audiences_;
  lifecycle::LiveModels live_models_;
  LiveSources live_sources_;
  LiveWork live_work_;
  std::optional<Chores> chores_;
  std::optional<Chores> due_chores_;
  std::optional<Chores> telling_;
  std::optional<Chores> proving_;
  std::optional<Chores> scoring_;
  std::optional<Chores> valuing_;
  std::int64_t demo_speed_ = 0;
  std::optional<DemoLiving> demo_living_;
};

App::App(const AppOptions& options, const base::Clock& clock, base::Random& random)
    : state_(std::make_unique<State>(options, clock, random)) {}

App::~App() = default;

net::Response App::handle(const net::Request& request) {
  net::Response response = state_->handle(request);
  set_security_headers(response);
  return response;
}

std::optional<net::Response> App::handle_at_once(const net::Request& request) {
  auto response = state_->handle_at_once(request);
  if (response) set_security_headers(*response);
  return response;
}

net::Admission App::admit_body(const net::Request& request) {
  net::Admission admission = state_->admit_body(request);
  if (admission.refusal) set_security_headers(*admission.refusal);
  return admission;
}

net::Response App::refuse(net::Refusal refusal) {
  net::Response response = net::response_of(refusal);
  response.headers.set("Content-Language", "en");
  response.headers.set("Cache-Control", "no-store");
  set_security_headers(response);
  return response;
}

std::string App::setup_path() { return state_->setup_path(); }

void App::end_questions() { state_->end_questions(); }

void App::end_calls() { state_->end_calls(); }

void App::end_posts() { state_->end_posts(); }

std::int64_t App::carry_outbox() { return state_->carry_outbox(); }

void App::settle_live() { state_->settle_live(); }

void App::start_chores() { state_->start_chores(); }

}  // namespace server
