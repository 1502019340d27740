#include "benchmark/membership.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <boost/json/array.hpp>
#include <chrono>
#include <memory>
#include <random>
#include <stdexcept>
#include <thread>
#include <vector>

#include "audience/catalog.h"
#include "audience/live_access.h"
#include "audience/question.h"
#include "base/calendar.h"
#include "base/work_pool.h"
#include "benchmark/disk_pace.h"
#include "benchmark/stopwatch.h"
#include "benchmark/workload.h"
#include "benchmark/workspace.h"
#include "server/live_work.h"
#include "timeline/column_histories.h"

namespace bench {
namespace {

namespace json = boost::json;
using audience::SubjectId;
using audience::SubjectKind;
using base::CustomerId;
using base::Moment;
using Steady = std::chrono::steady_clock;

constexpr int kUnitsASecond = 50;
constexpr std::uint32_t kSeed = 20261123;
constexpr SubjectId kProbe{SubjectKind::audience, 1'000'000};
constexpr SubjectId kAlone{SubjectKind::audience, 1'000'001};
constexpr SubjectId kFlips{SubjectKind::audience, 1'000'002};
constexpr std::int64_t kProbeMilliseconds = 20;
constexpr std::int64_t kFlips_ = 1'000'000;
constexpr double kPatienceSeconds = 120;

double seconds_since(Steady::time_point begun) {
  return std::chrono::duration<double>(Steady::now() - begun).count();
}

// The end of the load, and going on from there.
class LoadClock final : public base::Clock {
 public:
  Moment now() const override {
    return kEnd +
           base::Duration{ahead_.load() + static_cast<std::int64_t>(seconds_since(begun_) * 1000)};
  }
  void jump(base::Duration by) { ahead_ += by.ms; }

 private:
  const Steady::time_point begun_ = Steady::now();
  std::atomic<std::int64_t> ahead_ = 0;
};

// A third with windows, a tenth with sequences, the others without time; all of them different.
std::string rule_of(int number) {
  const auto name = [&](int more) {
    return kEventNames[static_cast<std::size_t>(number * 7 + more * 3) % kEventNames.size()];
  };
  const auto city = kCities[static_cast<std::size_t>(number) % kCities.size()];
  if (number % 10 == 0) {
    return fmt::format("did {} then {} within {}h and city = \"{}\"", name(0), name(1),
                       1 + number % 48, city);
  }
  if (number % 3 == 0) {
    return fmt::format("did {} >= {} times in last {}d and did not {} in last {}h", name(0),
                       1 + number % 4, 1 + number % 30, name(2), 1 + number % 72);
  }
  if (number % 3 == 1) {
    return fmt::format("city = \"{}\" and did {} where (sku starts with \"{}\")", city, name(0),
                       number % 10);
  }
  return fmt::format("tag \"level/VIP\" and did {} >= {} times", name(0), 1 + number % 20);
}

constexpr std::string_view kTenTests =
    "tag \"level/VIP\" and city in (\"Shanghai\", \"Beijing\", \"Hangzhou\", \"Chengdu\") and "
    "did order_paid >= 2 times in last 60d and did not order_refunded in last 30d and "
    "(did product_viewed in last 7d or did cart_added in last 14d or did live_attended in last "
    "30d) and did not message_clicked in last 3d and did app_opened >= 5 times in last 30d and "
    "did checked_in on >= 1 days in last 90d";

class Rules final : public audience::LiveSource {
 public:
  explicit Rules(event_log::EventCatalog& events) : events_(events) {}
  void add(SubjectId id, std::string text) {
    const std::scoped_lock lock(mutex_);
    texts_[id] = std::move(text);
  }
  void remove(SubjectId id) {
    const std::scoped_lock lock(mutex_);
    texts_.erase(id);
  }
  std::vector<audience::LiveSubject> subjects(store::Session& session) const override {
    const auto names = audience::Catalog::of(session, events_);
    audience::BindOptions options;
    options.zone = &zone_;
    std::vector<audience::LiveSubject> subjects;
    const std::scoped_lock lock(mutex_);
    for (const auto& [id, text] : texts_) {
      const auto rule = audience::compile(text, *names, options);
      if (!rule) throw std::runtime_error("no rule: " + text);
      if ((*rule)->matches_nobody()) throw std::runtime_error("unknown names: " + text);
      audience::LiveSubject subject;
      subject.id = id;
      subject.name = std::to_string(id.id);
      subject.states = {"out", "in"};
      subject.rules = {*rule};
      subjects.push_back(std::move(subject));
    }
    return subjects;
  }

 private:
  event_log::EventCatalog& events_;
  base::Zone zone_ = base::Zone::utc();
  mutable std::mutex mutex_;
  std::map<SubjectId, std::string> texts_;
};

json::object spread_of(std::vector<double> seconds) {
  if (seconds.empty()) return {};
  std::ranges::sort(seconds);
  const auto at = [&](double share) {
    const auto last = static_cast<double>(seconds.size() - 1);
    return seconds[static_cast<std::size_t>(share * last)] * 1000;
  };
  return {
      {"median_ms", at(0.5)}, {"p99_ms", at(0.99)}, {"max_ms", at(1)}, {"times", seconds.size()}};
}

class Membership {
 public:
  explicit Membership(const MembershipOptions& options)
      : options_(options),
        workspace_(options.folder),
        workload_(sizes_of(options.events)),
        memory_(workspace_.database(), workspace_.log(), pool_,
                {.snapshot = options.folder + "/memory.snapshot"}),
        rules_(workspace_.log().catalog()) {
    workspace_.log().set_customer_rows(&memory_);
    memory_.open();
    memory_.fold_all();
    memory_.start();
    ids_ = ids_of(workspace_, workload_.sizes().customers);
    make_probe_names();
    work_.emplace(
        server::LiveWork::Means{{workspace_.database(), workspace_.log(), memory_, pool_, rules_},
                                access_,
                                clock_,
                                workspace_.random()});
    work_->start();
    while (!access_.engine()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }

  json::object run() {
    json::object told;
    told["customers"] = memory_.pin().persons();
    told["events"] = memory_.pin().events();
    told["alone_seconds"] = until_live([&] { rules_.add(kAlone, std::string(kTenTests)); }, kAlone);
    told["all_seconds"] = until_live(
        [&] {
          for (int i = 0; i < options_.rules - 2; ++i) {
            rules_.add({SubjectKind::audience, i + 1}, rule_of(i));
          }
          rules_.add(kProbe, "did bench_probe in last 1h");
        },
        kProbe);
    told["load"] = load();
    const auto memory = access_.engine()->memory();
    told["rules"] = options_.rules;
    told["bytes_states"] = memory.states;
    told["bytes_people"] = memory.people;
    told["bytes_due"] = memory.due;
    told["bytes_per_customer_and_rule"] =
        static_cast<double>(memory.states + memory.people + memory.due) /
        static_cast<double>(memory.persons) / options_.rules;
    told["compared"] = compare();
    told["flips"] = flips();
    return told;
  }

 private:
  void append(std::span<const event_log::NewEvent> events,
              event_log::Liveness liveness = event_log::Liveness::live) {
    event_log::Origin origin;
    origin.source = "bench";
    origin.liveness = liveness;
    origin.now = clock_.now();
    const auto done = workspace_.database().write("bench.append", [&](store::Unit& unit) {
      return workspace_.log().append(unit, origin, events);
    });
    if (!done) throw std::runtime_error("an event was refused");
  }
  event_log::NewEvent event(std::string name, CustomerId customer, Moment time) const {
    event_log::NewEvent made;
    made.name = std::move(name);
    made.customer = customer;
    made.time = time;
    return made;
  }
  void make_probe_names() {
    const std::vector<event_log::NewEvent> events{
        event("bench_probe", ids_[1], clock_.now() - base::Duration{base::kDay.ms}),
        event("bench_flip", ids_[1], clock_.now() - base::Duration{base::kDay.ms})};
    append(events, event_log::Liveness::history);
  }

  bool is_live(SubjectId id) const {
    return access_.engine()->members(id, {1, {}, clock_.now(), {}}).has_value();
  }
  double until_live(const std::function<void()>& make, SubjectId last) {
    make();
    const auto begun = Steady::now();
    access_.engine()->refresh();
    while (!is_live(last)) {
      if (seconds_since(begun) > kPatienceSeconds) throw std::runtime_error("never live");
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return seconds_since(begun);
  }

  // Events like those of the load, of customers as the load has them, as of now.
  std::vector<event_log::NewEvent> some_events(std::mt19937& random, std::size_t count) {
    std::uniform_int_distribution<std::size_t> any(0, examples_.size() - 1);
    std::vector<event_log::NewEvent> events;
    events.reserve(count);
    const Moment now = clock_.now();
    for (std::size_t i = 0; i < count; ++i) {
      auto [customer, made] = examples_[any(random)];
      event_log::NewEvent event = to_log(made, ids_[customer]);
      event.time = now;
      events.push_back(std::move(event));
    }
    return events;
  }
  void make_examples(std::mt19937& random) {
    std::vector<double> shares;
    for (std::uint32_t number = 1; number < ids_.size(); ++number) {
      shares.push_back(workload_.events_of(number));
    }
    std::discrete_distribution<std::uint32_t> anybody(shares.begin(), shares.end());
    while (examples_.size() < 200'000) {
      const std::uint32_t customer = anybody(random) + 1;
      workload_.visit_events(customer, [&](const Event& event) {
        if (random() % 50 == 0) examples_.emplace_back(anybody(random) + 1, event);
      });
    }
  }

  json::object load() {
    std::mt19937 random(kSeed);
    make_examples(random);
    std::atomic<bool> ended = false;
    std::atomic<double> generator_cpu = 0;
    std::atomic<std::int64_t> appended = 0;
    const auto before = access_.engine()->figures();
    const Stopwatch whole;
    const auto begun = Steady::now();
    std::jthread generator([&] {
      const Stopwatch own;
      const auto unit = static_cast<std::size_t>(options_.events_a_second / kUnitsASecond);
      for (int number = 0; number < options_.seconds * kUnitsASecond; ++number) {
        std::this_thread::sleep_until(begun +
                                      std::chrono::milliseconds(number * 1000 / kUnitsASecond));
        append(some_events(random, unit));
        appended += static_cast<std::int64_t>(unit);
      }
      generator_cpu = own.thread_cpu_seconds();
      ended = true;
    });
    std::vector<double> listed;
    std::vector<double> durable;
    std::vector<double> disk;
    for (std::size_t number = 2; !ended; ++number) {
      probe(ids_[number], listed, durable);
      if (number % 100 == 0) disk.push_back(fdatasync_ms(options_.folder) / 1000);
      std::this_thread::sleep_for(std::chrono::milliseconds(kProbeMilliseconds));
    }
    const double seconds = seconds_since(begun);
    std::int64_t evaluations = 0;
    std::int64_t nanoseconds = 0;
    std::int64_t recorded = 0;
    for (const auto& figures : access_.engine()->figures()) {
      evaluations += figures.evaluations;
      nanoseconds += figures.nanoseconds;
      recorded += figures.recorded;
    }
    for (const auto& figures : before) {
      evaluations -= figures.evaluations;
      nanoseconds -= figures.nanoseconds;
      recorded -= figures.recorded;
    }
    return {{"events_a_second", static_cast<double>(appended) / seconds},
            {"listed", spread_of(listed)},
            {"durable", spread_of(durable)},
            {"fdatasync", spread_of(disk)},
            {"generator_cpu_share", generator_cpu / seconds},
            {"cpu_share", (whole.cpu_seconds() - generator_cpu) / seconds},
            {"evaluations_a_second", static_cast<double>(evaluations) / seconds},
            {"microseconds_an_evaluation",
             evaluations == 0
                 ? 0.0
                 : static_cast<double>(nanoseconds) / 1000 / static_cast<double>(evaluations)},
            {"records_a_second", static_cast<double>(recorded) / seconds}};
  }

  // From COMMIT to the list, and to the record.
  void probe(CustomerId customer, std::vector<double>& listed, std::vector<double>& durable) {
    const std::vector<event_log::NewEvent> one{event("bench_probe", customer, clock_.now())};
    append(one);
    const auto committed = Steady::now();
    const auto engine = access_.engine();
    for (bool is_in = false; !is_in;) {
      const auto list = engine->members(kProbe, {1, {}, clock_.now(), base::Duration{1}});
      is_in = list && std::ranges::find(list->persons, customer) != list->persons.end();
      if (seconds_since(committed) > kPatienceSeconds) throw std::runtime_error("never listed");
    }
    listed.push_back(seconds_since(committed));
    while (!engine->is_recorded(engine->point().record)) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
      if (seconds_since(committed) > kPatienceSeconds) throw std::runtime_error("never recorded");
    }
    durable.push_back(seconds_since(committed));
  }

  // The members of every rule beside what the columns say, when nothing comes any more.
  std::int64_t compare() {
    const auto engine = access_.engine();
    const auto begun = Steady::now();
    std::int64_t compared = 0;
    std::vector<audience::LiveSubject> subjects = workspace_.database().read(
        [&](store::Session& session) { return rules_.subjects(session); });
    const rights::Viewer viewer = rights::Viewer::system("bench");
    for (const audience::LiveSubject& subject : subjects) {
      for (;;) {
        const Moment now = clock_.now();
        const auto pin = memory_.fresh_pin();
        const auto members = engine->members(
            subject.id, {1, pin ? pin->position() : event_log::Position{}, now, {1000}});
        if (pin && members) {
          const auto expected = audience::matching(
              *pin, {.rule = *subject.rules.front(), .at = now, .viewer = viewer}, pool_);
          auto found = members->persons;
          std::ranges::sort(found);
          if (found == *expected) break;
        }
        // A moment may have come in between.
        if (seconds_since(begun) > kPatienceSeconds) {
          throw std::runtime_error("the members differ: rule " + subject.name);
        }
      }
      ++compared;
    }
    return compared;
  }

  // A million leave within one minute, an hour after they came.
  json::object flips() {
    const std::size_t count =
        std::min<std::size_t>(kFlips_, static_cast<std::size_t>(ids_.size() - 1));
    const Moment first = clock_.now() - base::Duration{10 * base::kMinute.ms};
    std::vector<event_log::NewEvent> events;
    for (std::size_t i = 0; i < count; ++i) {
      const auto into = static_cast<std::int64_t>(i * 60'000 / count);
      events.push_back(event("bench_flip", ids_[i + 1], first + base::Duration{into}));
      if (events.size() < event_log::kAppendEventsMax && i + 1 < count) continue;
      append(events, event_log::Liveness::history);
      events.clear();
    }
    (void)memory_.fresh_pin();
    // They are due eleven minutes after they came: in one minute from now.
    const auto minutes = (clock_.now() - first).ms / base::kMinute.ms + 1;
    const double live_seconds = until_live(
        [&] { rules_.add(kFlips, fmt::format("did bench_flip in last {}m", minutes)); }, kFlips);
    const auto engine = access_.engine();
    const Moment due = first + base::Duration{minutes * base::kMinute.ms};
    while (clock_.now() < due) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    const Stopwatch watch;
    double worst = 0;
    for (std::int64_t left = 1; left > 0;) {
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
      const auto figures = engine->figures_of(kFlips);
      left = figures->in_state[1];
      const auto passed = static_cast<double>((clock_.now() - due).ms) / 60'000;
      const double expected = static_cast<double>(count) * (1 - std::min(passed, 1.0));
      worst =
          std::max(worst, (static_cast<double>(left) - expected) / static_cast<double>(count) * 60);
      if (watch.wall_seconds() > kPatienceSeconds) throw std::runtime_error("they never leave");
    }
    const double left_seconds = watch.wall_seconds();
    while (!engine->is_recorded(engine->point().record)) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return {{"flips", count},
            {"live_seconds", live_seconds},
            {"left_seconds", left_seconds},
            {"recorded_seconds", watch.wall_seconds()},
            {"worst_lag_seconds", worst},
            {"cpu_seconds", watch.cpu_seconds()}};
  }

  const MembershipOptions options_;
  Workspace workspace_;
  Workload workload_;
  base::WorkPool pool_{base::WorkPool::machine_threads() - 1};
  timeline::ColumnHistories memory_;
  Rules rules_;
  LoadClock clock_;
  audience::LiveAccess access_;
  std::optional<server::LiveWork> work_;
  CustomerIds ids_;
  std::vector<std::pair<std::uint32_t, Event>> examples_;
};

}  // namespace

json::object measure_membership(const MembershipOptions& options) {
  return Membership(options).run();
}

}  // namespace bench
