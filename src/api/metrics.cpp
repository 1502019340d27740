#include "api/metrics.h"

#include <algorithm>
#include <vector>

#include "api/route.h"
#include "log/reader.h"
#include "operate/metrics.h"

namespace api {
namespace {

using operate::Metric;
using operate::MetricKind;

constexpr const char* kClasses[] = {"1xx", "2xx", "3xx", "4xx", "5xx"};

std::string name_of_route(std::size_t number) {
  if (number >= routes().size()) return "none";
  const Route& route = routes()[number];
  return std::string(net::name_of(route.method)) + " " + std::string(route.pattern);
}

double figure(auto number) { return static_cast<double>(number); }

// Routes that nobody has asked are left out.
void add_requests(std::vector<Metric>& metrics, const operate::RequestCounts& counts) {
  Metric answered{.name = "siyu_http_requests_total",
                  .help = "Requests answered, by route and class of the status.",
                  .kind = MetricKind::counter};
  Metric seconds{.name = "siyu_http_request_duration_seconds",
                 .help = "From the whole request to its answer, by route.",
                 .kind = MetricKind::histogram};
  const auto routes_counted = counts.routes();
  for (std::size_t number = 0; number < routes_counted.size(); ++number) {
    const operate::RouteCount& count = routes_counted[number];
    if (count.all() == 0) continue;
    const std::string route = name_of_route(number);
    for (std::size_t i = 0; i < operate::kStatusClasses; ++i) {
      if (count.by_status[i] == 0) continue;
      answered.figures.push_back(
          {{{"route", route}, {"status", kClasses[i]}}, figure(count.by_status[i])});
    }
    operate::Histogram histogram{.labels = {{"route", route}}, .sum = count.seconds};
    for (std::size_t i = 0; i < count.by_latency.size(); ++i) {
      histogram.count += count.by_latency[i];
      if (i == operate::kLatencyBounds.size()) break;
      histogram.buckets.push_back({figure(operate::kLatencyBounds[i]) / 1000, histogram.count});
    }
    seconds.histograms.push_back(std::move(histogram));
  }
  metrics.push_back(std::move(answered));
  metrics.push_back(std::move(seconds));
  metrics.push_back({.name = "siyu_sign_ins_failed_total",
                     .help = "Sign-ins refused.",
                     .kind = MetricKind::counter,
                     .figures = {{{}, figure(counts.sign_ins_failed())}}});
}

void add_store(std::vector<Metric>& metrics, const store::Database& database) {
  const store::Database::Health health = database.health();
  const auto add = [&](const char* name, const char* help, MetricKind kind, auto number) {
    metrics.push_back(
        {.name = name, .help = help, .kind = kind, .figures = {{{}, figure(number)}}});
  };
  add("siyu_store_available", "1: units are written.", MetricKind::gauge, health.available ? 1 : 0);
  add("siyu_units_committed_total", "Units written.", MetricKind::counter, health.units_committed);
  add("siyu_commits_total", "Commits, of one or more units.", MetricKind::counter,
      health.groups_committed);
  add("siyu_units_slow_total", "Units that took longer than a second.", MetricKind::counter,
      health.units_slow);
  add("siyu_units_queued", "Units that wait to be written.", MetricKind::gauge,
      health.queued_units);
  add("siyu_wal_bytes", "SQLite's write-ahead log.", MetricKind::gauge, health.wal_bytes);
}

void add_log(std::vector<Metric>& metrics, Services& services,
             const event_log::Position& memory_position) {
  Metric events{.name = "siyu_reader_lag_events",
                .help = "Rows of the log behind each reader's position, 100000 at most.",
                .figures = {}};
  Metric seconds{.name = "siyu_reader_lag_seconds",
                 .help = "Since the first row behind each reader's position arrived.",
                 .figures = {}};
  const base::Moment now = services.clock.now();
  const event_log::Position newest = services.database.read([&](store::Session& session) {
    const auto tell = [&](const std::string& name, const event_log::Position& position) {
      const event_log::Lag lag = event_log::lag_behind(session, position);
      const std::int64_t ms = lag.since ? std::max<std::int64_t>((now - *lag.since).ms, 0) : 0;
      events.figures.push_back({{{"reader", name}}, figure(lag.rows)});
      seconds.figures.push_back({{{"reader", name}}, figure(ms) / 1000});
    };
    tell("memory", memory_position);
    for (const auto& reader : event_log::readers(session)) tell(reader.name, reader.position);
    return services.log.newest(session);
  });
  metrics.push_back({.name = "siyu_log_position",
                     .help = "The newest position of the log: its last number.",
                     .figures = {{{}, figure(newest.sequence)}}});
  metrics.push_back({.name = "siyu_events_appended_total",
                     .help = "Events appended by this process.",
                     .kind = MetricKind::counter,
                     .figures = {{{}, figure(services.log.events_appended())}}});
  metrics.push_back(std::move(events));
  metrics.push_back(std::move(seconds));
}

void add_memory(std::vector<Metric>& metrics, const timeline::MemoryState& state) {
  const timeline::BlockBytes& blocks = state.bytes.blocks;
  const std::pair<const char*, std::size_t> parts[] = {{"order", blocks.order},
                                                       {"properties", blocks.properties},
                                                       {"side", blocks.side},
                                                       {"histories", blocks.histories},
                                                       {"rows", blocks.rows},
                                                       {"deltas", state.bytes.deltas},
                                                       {"customers", state.bytes.customers},
                                                       {"positions", state.positions_bytes},
                                                       {"keys", state.keys_bytes}};
  Metric bytes{.name = "siyu_memory_bytes", .help = "Memory of histories, by part.", .figures = {}};
  for (const auto& [part, count] : parts) {
    bytes.figures.push_back({{{"part", part}}, figure(count)});
  }
  metrics.push_back(std::move(bytes));
  metrics.push_back({.name = "siyu_memory_events",
                     .help = "Events in memory.",
                     .figures = {{{}, figure(state.events)}}});
  metrics.push_back({.name = "siyu_memory_persons",
                     .help = "Persons in memory.",
                     .figures = {{{}, figure(state.persons)}}});
}

void add_questions(std::vector<Metric>& metrics, const Questions& questions) {
  const auto all = questions.all();
  const auto running = std::ranges::count_if(
      all, [](const QuestionState& question) { return question.began.has_value(); });
  metrics.push_back(
      {.name = "siyu_questions",
       .help = "Heavy questions, by whether they run or wait.",
       .figures = {{{{"state", "running"}}, figure(running)},
                   {{{"state", "waiting"}}, figure(std::ssize(all)) - figure(running)}}});
}

void add_backups(std::vector<Metric>& metrics, const operate::Backups& backups) {
  const operate::BackupStanding standing = backups.standing();
  const std::int64_t ms = standing.last_good ? standing.last_good->started_at.ms : 0;
  metrics.push_back({.name = "siyu_backup_last_good_timestamp_seconds",
                     .help = "When the newest good backup was begun; 0: there is none.",
                     .figures = {{{}, figure(ms / 1000)}}});
}

}  // namespace

std::string metrics_text(Services& services) {
  std::vector<Metric> metrics;
  const timeline::MemoryState memory = services.memory.state();
  add_requests(metrics, services.counts);
  add_store(metrics, services.database);
  add_log(metrics, services, memory.position);
  add_memory(metrics, memory);
  add_questions(metrics, services.questions);
  add_backups(metrics, services.backups);
  metrics.push_back({.name = "siyu_start_timestamp_seconds",
                     .help = "When the program was started.",
                     .figures = {{{}, figure(services.started_at.ms) / 1000}}});
  return operate::metrics_text(metrics);
}

}  // namespace api
