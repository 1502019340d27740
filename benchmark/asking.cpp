#include "benchmark/asking.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <filesystem>
#include <fstream>
#include <functional>
#include <istream>
#include <ostream>
#include <stdexcept>
#include <unordered_map>

#include "access/viewer.h"
#include "audience/audience.h"
#include "audience/catalog.h"
#include "audience/evaluate.h"
#include "audience/explain.h"
#include "audience/question.h"
#include "base/calendar.h"
#include "base/check.h"
#include "base/work_pool.h"
#include "benchmark/stopwatch.h"
#include "benchmark/workspace.h"
#include "timeline/column_histories.h"

namespace bench {
namespace {

namespace json = boost::json;

constexpr int kRepeats = 2'000;  // of what takes microseconds
constexpr std::string_view kSnapshot = "/memory.snapshot";

// Of this process, so far.
std::int64_t resident_bytes_max() {
  rusage used{};
  CHECK(getrusage(RUSAGE_SELF, &used) == 0);
  return used.ru_maxrss * 1024;
}

// Of this process, now.
std::int64_t resident_bytes() {
  std::ifstream file("/proc/self/statm");
  std::int64_t pages = 0;
  std::int64_t resident = 0;
  file >> pages >> resident;
  return resident * sysconf(_SC_PAGESIZE);
}

std::string text_of(const json::object& request, std::string_view name) {
  return std::string(request.at(name).as_string());
}

class Asking {
 public:
  explicit Asking(const AskOptions& options)
      : workload_(sizes_of(options.events)),
        workspace_(options.folder),
        zone_(*base::Zone::named("Asia/Shanghai")),
        viewer_(rights::Viewer::system("bench")),
        snapshot_(options.folder + std::string(kSnapshot)),
        alone_(0),
        both_(1) {
    const Stopwatch watch;
    memory_ = open();
    opened_seconds_ = watch.wall_seconds();
    opened_cpu_seconds_ = watch.cpu_seconds();
    memory_->fold_all();  // what the server does when nothing has come for a moment
    folded_seconds_ = watch.wall_seconds() - opened_seconds_;
    resident_bytes_ = resident_bytes();
    resident_bytes_max_ = resident_bytes_max();
    ids_ = ids_of(workspace_, workload_.sizes().customers);
    for (std::uint32_t number = 1; number < ids_.size(); ++number) {
      numbers_[ids_[number]] = number;
    }
  }

  json::object answer(const json::object& request) {
    if (request.contains("save")) return save(request);
    if (request.contains("state")) return state();
    if (request.contains("snapshot")) return keep();
    const auto rule = bind(text_of(request, "rule"));
    const base::Moment at{request.at("at").to_number<std::int64_t>()};
    if (request.contains("events")) {
      return one_customer(*rule, at, request.at("events").to_number<std::uint32_t>());
    }
    const audience::Question question{.rule = *rule, .at = at, .viewer = viewer_};
    const bool one_thread = request.at("threads").to_number<int>() == 1;
    return everyone(question, one_thread ? alone_ : both_, text_of(request, "answer"));
  }

 private:
  std::unique_ptr<timeline::ColumnHistories> open() {
    auto memory = std::make_unique<timeline::ColumnHistories>(
        workspace_.database(), workspace_.log(), both_, timeline::MemoryOptions{snapshot_});
    memory->open();
    return memory;
  }

  std::shared_ptr<const audience::BoundRule> bind(const std::string& text) {
    catalog_ = workspace_.database().read([&](store::Session& session) {
      return audience::Catalog::of(session, workspace_.log().catalog());
    });
    audience::BindOptions options;
    options.zone = &zone_;
    options.saved = true;
    const auto bound = audience::compile(text, *catalog_, options);
    if (!bound) throw std::runtime_error(std::string(code_of(bound.error().fault)));
    return *bound;
  }

  json::object save(const json::object& request) {
    const base::AudienceId fresh{workspace_.random().id()};
    const rights::Actor actor{.kind = rights::ActorKind::command_line};
    const base::Moment now = workspace_.now();
    const bool saved = workspace_.database().write("bench.audience", [&](store::Unit& unit) {
      const std::string name = text_of(request, "save");
      if (audience::audience_named(unit, name)) return true;
      const audience::Saving saving{unit, workspace_.log().catalog(), zone_, actor, now};
      return audience::create(saving, fresh, {name, {text_of(request, "rule")}}).has_value();
    });
    if (!saved) throw std::runtime_error("the audience is refused");
    return {{"saved", true}};
  }

  // The caller is a thread too.
  json::object everyone(const audience::Question& question, base::WorkPool& pool,
                        const std::string& path) {
    memory_->catch_up();
    const Stopwatch watch;
    const auto persons = audience::matching(memory_->pin(), question, pool);
    const double wall = watch.wall_seconds();
    const double cpu = watch.cpu_seconds();
    CHECK(persons.has_value());
    write_numbers(*persons, path);
    return {{"wall", wall}, {"cpu", cpu}, {"count", persons->size()}};
  }

  void write_numbers(const std::vector<base::CustomerId>& persons, const std::string& path) const {
    std::vector<std::uint32_t> numbers;
    for (const base::CustomerId person : persons) numbers.push_back(numbers_.at(person));
    std::ranges::sort(numbers);
    std::ofstream file(path, std::ios::binary);
    const auto bytes = std::as_bytes(std::span(numbers));
    file.write(reinterpret_cast<const char*>(bytes.data()), std::ssize(bytes));
    file.close();
    if (!file) throw std::runtime_error("cannot write " + path);
  }

  // In CPU time: what is this short must not measure who else is on the machine.
  json::object one_customer(const audience::BoundRule& rule, base::Moment at,
                            std::uint32_t events) {
    const std::uint32_t number = customer_of(events);
    const timeline::Pin pin = memory_->pin();
    const auto place = pin.place_of(ids_[number]);
    CHECK(place.has_value());
    const auto repeated = [](const std::function<void()>& work) {
      const Stopwatch watch;
      for (int i = 0; i < kRepeats; ++i) work();
      return watch.cpu_seconds() * 1e6 / kRepeats;
    };
    int held = 0;
    const double evaluated = repeated([&] {
      held += audience::holds_at(rule, *pin.history(place->block, place->row), at) ? 1 : 0;
    });
    CHECK(held == 0 || held == kRepeats);
    const double explained =
        repeated([&] { explain(rule, *pin.history(place->block, place->row), *catalog_, at); });
    return {{"events", workload_.events_of(number)},
            {"evaluated_us", evaluated},
            {"explained_us", explained}};
  }

  // The first with as many events, or the next more.
  std::uint32_t customer_of(std::uint32_t events) const {
    std::uint32_t best = 1;
    for (std::uint32_t number = 1; number < ids_.size(); ++number) {
      const std::uint32_t here = workload_.events_of(number);
      const std::uint32_t there = workload_.events_of(best);
      if (here >= events && (there < events || here < there)) best = number;
    }
    return best;
  }

  json::object state() {
    const timeline::MemoryState state = memory_->state();
    const timeline::BlockBytes& blocks = state.bytes.blocks;
    return {{"opened_from", state.opened_from},
            {"opened_seconds", opened_seconds_},
            {"opened_cpu_seconds", opened_cpu_seconds_},
            {"folded_seconds", folded_seconds_},
            {"resident_bytes", resident_bytes_},
            {"resident_bytes_max", resident_bytes_max_},
            {"persons", state.persons},
            {"events", state.events},
            {"bytes", json::object{{"order", blocks.order},
                                   {"properties", blocks.properties},
                                   {"side", blocks.side},
                                   {"histories", blocks.histories},
                                   {"rows", blocks.rows},
                                   {"deltas", state.bytes.deltas},
                                   {"customers", state.bytes.customers},
                                   {"positions", state.positions_bytes},
                                   {"keys", state.keys_bytes}}}};
  }

  // Where the server looks for it too.
  json::object keep() {
    memory_->catch_up();
    const Stopwatch writing;
    const bool written = memory_->write_snapshot();
    const double written_seconds = writing.wall_seconds();
    if (!written) throw std::runtime_error("the snapshot is not written");
    const Stopwatch opening;
    const auto again = open();
    const double opened_seconds = opening.wall_seconds();
    if (again->state().opened_from != "snapshot") throw std::runtime_error(again->state().not_from);
    return {{"written_seconds", written_seconds},
            {"opened_seconds", opened_seconds},
            {"bytes", std::filesystem::file_size(snapshot_)}};
  }

  Workload workload_;
  Workspace workspace_;
  base::Zone zone_;
  rights::Viewer viewer_;
  std::string snapshot_;
  base::WorkPool alone_;
  base::WorkPool both_;
  std::unique_ptr<timeline::ColumnHistories> memory_;
  double opened_seconds_ = 0;
  double opened_cpu_seconds_ = 0;
  double folded_seconds_ = 0;
  std::int64_t resident_bytes_ = 0;
  std::int64_t resident_bytes_max_ = 0;
  CustomerIds ids_;
  std::unordered_map<base::CustomerId, std::uint32_t> numbers_;
  std::shared_ptr<const audience::Catalog> catalog_;
};

}  // namespace

void answer_questions(const AskOptions& options, std::istream& in, std::ostream& out) {
  Asking asking(options);
  std::string line;
  while (std::getline(in, line)) {
    json::object reply;
    try {
      reply = asking.answer(json::parse(line).as_object());
    } catch (const std::exception& error) {
      reply = {{"error", error.what()}};
    }
    out << json::serialize(reply) << std::endl;
  }
}

}  // namespace bench
