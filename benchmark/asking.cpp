#include "benchmark/asking.h"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fstream>
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
#include "benchmark/stopwatch.h"
#include "benchmark/workspace.h"
#include "timeline/sql_histories.h"

namespace bench {
namespace {

namespace json = boost::json;

constexpr int kRepeats = 2'000;  // of what takes microseconds

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
        histories_(workspace_.database(), workspace_.log()),
        ids_(ids_of(workspace_, workload_.sizes().customers)) {
    for (std::uint32_t number = 1; number < ids_.size(); ++number) {
      numbers_[ids_[number]] = number;
    }
  }

  json::object answer(const json::object& request) {
    if (request.contains("save")) return save(request);
    if (request.contains("state")) return state();
    const auto rule = bind(text_of(request, "rule"));
    const base::Moment at{request.at("at").to_number<std::int64_t>()};
    if (request.contains("events")) {
      return one_customer(*rule, at, request.at("events").to_number<std::uint32_t>());
    }
    return everyone(*rule, at, text_of(request, "answer"));
  }

 private:
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

  json::object everyone(const audience::BoundRule& rule, base::Moment at, const std::string& path) {
    const audience::Question question{.rule = rule, .at = at, .viewer = viewer_};
    const Stopwatch watch;
    const auto persons = audience::matching(histories_, question);
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

  json::object one_customer(const audience::BoundRule& rule, base::Moment at,
                            std::uint32_t events) {
    const std::uint32_t number = customer_of(events);
    const base::CustomerId customer = ids_[number];
    int held = 0;
    Stopwatch watch;
    for (int i = 0; i < kRepeats; ++i) {
      held += audience::holds_at(rule, *histories_.of(customer), at) ? 1 : 0;
    }
    const double evaluated = watch.wall_seconds();
    CHECK(held == 0 || held == kRepeats);
    watch = {};
    for (int i = 0; i < kRepeats; ++i) {
      explain(rule, *histories_.of(customer), *catalog_, at);
    }
    const double microseconds = 1e6 / kRepeats;
    return {{"events", workload_.events_of(number)},
            {"evaluated_us", evaluated * microseconds},
            {"explained_us", watch.wall_seconds() * microseconds}};
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

  json::object state() { return {{"persons", histories_.persons()}}; }

  Workload workload_;
  Workspace workspace_;
  base::Zone zone_;
  rights::Viewer viewer_;
  timeline::SqlHistories histories_;
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
