#include "benchmark/live.h"

#include <algorithm>
#include <atomic>
#include <boost/json/array.hpp>
#include <chrono>
#include <memory>
#include <random>
#include <stdexcept>
#include <thread>
#include <utility>

#include "access/viewer.h"
#include "audience/catalog.h"
#include "audience/everyone.h"
#include "audience/question.h"
#include "base/calendar.h"
#include "base/check.h"
#include "base/work_pool.h"
#include "benchmark/stopwatch.h"
#include "benchmark/workload.h"
#include "benchmark/workspace.h"
#include "log/batch.h"
#include "timeline/column_histories.h"

namespace bench {
namespace {

namespace json = boost::json;
using Clock = std::chrono::steady_clock;

constexpr int kUnitsASecond = 20;
constexpr int kFoldedRepeats = 5;
constexpr std::uint32_t kSeed = 20261122;
constexpr int kExamples = 500;  // customers of whose events those that come in are made

struct Asked {
  std::size_t found = 0;
  double cpu = 0;
  double changed = 0;
};

struct LiveRule {
  std::string text;
  std::shared_ptr<const audience::BoundRule> rule;
  Asked folded;
  std::vector<double> cpu;
  double changed = 0;  // summed up
};

class Live {
 public:
  explicit Live(const LiveOptions& options)
      : options_(options),
        workload_(sizes_of(options.events)),
        workspace_(options.folder),
        memory_(workspace_.database(), workspace_.log(), alone_,
                timeline::MemoryOptions{options.folder + "/memory.snapshot"}) {
    memory_.open();
    memory_.fold_all();
    for (const std::string& text : options.rules) rules_.push_back(bind(text));
  }

  json::object run() {
    for (LiveRule& rule : rules_) rule.folded = least_of(rule);
    const std::vector<std::vector<event_log::NewEvent>> units = make_units();
    begin_batch();
    memory_.start();
    double seconds = 0;
    {
      std::atomic<bool> ended = false;
      std::jthread writer([&] {
        seconds = write(units);
        ended = true;
      });
      while (!ended) ask_all();
    }
    compare_folded();
    take_back();
    return told(static_cast<double>(units.size() * units.front().size()) / seconds);
  }

 private:
  LiveRule bind(const std::string& text) {
    const auto catalog = workspace_.database().read([&](store::Session& session) {
      return audience::Catalog::of(session, workspace_.log().catalog());
    });
    audience::BindOptions options;
    options.zone = &zone_;
    options.saved = true;
    const auto bound = audience::compile(text, *catalog, options);
    if (!bound) throw std::runtime_error(std::string(code_of(bound.error().fault)));
    return {text, *bound, {}, {}, 0};
  }

  Asked ask(const LiveRule& rule) {
    const timeline::Pin pin = memory_.pin();
    audience::Profile profile;
    audience::Question question{.rule = *rule.rule, .at = kEnd, .viewer = viewer_};
    question.profile = &profile;
    const Stopwatch watch;
    const auto rows = audience::matching_rows(pin, question, alone_);
    const double cpu = watch.thread_cpu_seconds();
    CHECK(rows.has_value());
    Asked asked{0, cpu,
                static_cast<double>(profile.changed) / static_cast<double>(profile.persons)};
    for (const timeline::RowMask& mask : *rows) asked.found += mask.count();
    return asked;
  }
  Asked least_of(const LiveRule& rule) {
    Asked least = ask(rule);
    for (int i = 1; i < kFoldedRepeats; ++i) {
      const Asked again = ask(rule);
      if (again.cpu < least.cpu) least = again;
    }
    return least;
  }
  void ask_all() {
    unfolded_ += static_cast<double>(memory_.state().delta_events);
    ++rounds_;
    for (LiveRule& rule : rules_) {
      const Asked asked = ask(rule);
      rule.cpu.push_back(asked.cpu);
      rule.changed += asked.changed;
    }
  }

  // Of customers by how much they do, each like any event of such a customer, a moment ago.
  std::vector<std::vector<event_log::NewEvent>> make_units() {
    const CustomerIds ids = ids_of(workspace_, workload_.sizes().customers);
    std::vector<double> shares;
    for (std::uint32_t number = 1; number < ids.size(); ++number) {
      shares.push_back(workload_.events_of(number));
    }
    std::mt19937 random(kSeed);
    std::discrete_distribution<std::uint32_t> anybody(shares.begin(), shares.end());
    std::uniform_int_distribution<std::int64_t> ago(1, base::kHour.ms);
    std::vector<Event> examples;
    for (int i = 0; i < kExamples; ++i) {
      workload_.visit_events(anybody(random) + 1,
                             [&](const Event& event) { examples.push_back(event); });
    }
    std::vector<std::vector<event_log::NewEvent>> units(
        static_cast<std::size_t>(options_.seconds * kUnitsASecond));
    for (auto& unit : units) {
      for (int i = 0; i < options_.events_a_second / kUnitsASecond; ++i) {
        event_log::NewEvent made =
            to_log(examples[random() % examples.size()], ids[anybody(random) + 1]);
        made.time = kEnd - base::Duration{ago(random)};
        unit.push_back(std::move(made));
      }
    }
    return units;
  }

  void begin_batch() {
    origin_.source = "csv bench.csv";
    origin_.now = workspace_.now();
    origin_.batch = base::BatchId{workspace_.random().id()};
    workspace_.database().write("bench.batch", [&](store::Unit& unit) {
      event_log::begin_batch(unit, {.id = *origin_.batch,
                                    .kind = "events",
                                    .file_name = "bench.csv",
                                    .who = "bench",
                                    .now = origin_.now});
    });
  }
  // At its pace; answers how long it took.
  double write(const std::vector<std::vector<event_log::NewEvent>>& units) {
    const Stopwatch watch;
    auto next = Clock::now();
    for (const auto& events : units) {
      std::this_thread::sleep_until(next);
      next += std::chrono::milliseconds(1000 / kUnitsASecond);
      const auto appended = workspace_.database().write("bench.events", [&](store::Unit& unit) {
        return workspace_.log().append(unit, origin_, events);
      });
      CHECK(appended.has_value());
    }
    return watch.wall_seconds();
  }

  // What has arrived and what became of it when it was folded must tell the same.
  void compare_folded() {
    await_all();
    std::vector<std::size_t> found;
    for (const LiveRule& rule : rules_) found.push_back(ask(rule).found);
    memory_.fold_all();
    for (std::size_t i = 0; i < rules_.size(); ++i) expect(rules_[i], found[i]);
  }
  void take_back() {
    const auto undo = [&](auto work) {
      const auto done = workspace_.database().write("bench.undo", work);
      CHECK(done.has_value());
      return *done;
    };
    undo([&](store::Unit& unit) -> base::Result<bool, event_log::BatchFault> {
      const auto begun =
          event_log::begin_undo(workspace_.log(), unit, *origin_.batch, workspace_.now());
      if (!begun) return base::unexpected(begun.error());
      return true;
    });
    for (std::optional<event_log::Position> next = event_log::Position{}; next;) {
      next = undo([&](store::Unit& unit) {
        return event_log::undo_step(unit, *origin_.batch, {.after = *next});
      });
    }
    await_all();
    memory_.fold_all();
    for (const LiveRule& rule : rules_) expect(rule, rule.folded.found);
  }
  void await_all() {
    while (!memory_.fresh_pin()) {
    }
  }
  void expect(const LiveRule& rule, std::size_t found) {
    if (ask(rule).found != found) throw std::runtime_error("answers differ: " + rule.text);
  }

  json::object told(double rate) {
    json::array rules;
    for (LiveRule& rule : rules_) {
      std::ranges::sort(rule.cpu);
      const auto asked = rule.cpu.size();
      rules.push_back(json::object{{"rule", rule.text},
                                   {"asked", asked},
                                   {"folded_cpu", rule.folded.cpu},
                                   {"live_cpu", rule.cpu[asked / 2]},
                                   {"live_cpu_max", rule.cpu.back()},
                                   {"changed", rule.changed / static_cast<double>(asked)}});
    }
    return {{"rate", rate}, {"unfolded", unfolded_ / rounds_}, {"rules", std::move(rules)}};
  }

  const LiveOptions& options_;
  Workload workload_;
  Workspace workspace_;
  const base::Zone zone_ = *base::Zone::named("Asia/Shanghai");
  const rights::Viewer viewer_ = rights::Viewer::system("bench");
  base::WorkPool alone_{0};
  timeline::ColumnHistories memory_;
  std::vector<LiveRule> rules_;
  event_log::Origin origin_;
  double unfolded_ = 0;
  double rounds_ = 0;
};

}  // namespace

json::object ask_live(const LiveOptions& options) { return Live(options).run(); }

}  // namespace bench
