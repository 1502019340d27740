// The compiled half of ./bench: makes the work, loads it through the product, answers questions.
//
// Every command prints one JSON object on one line (ask: one for every line it reads);
// benchmark/run.py tells what they are for.
#include <CLI/CLI.hpp>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <iostream>
#include <string>
#include <thread>

#include "benchmark/asking.h"
#include "benchmark/counting.h"
#include "benchmark/disk_pace.h"
#include "benchmark/live.h"
#include "benchmark/membership.h"
#include "benchmark/memory_pace.h"
#include "benchmark/peer_tables.h"
#include "benchmark/stopwatch.h"
#include "benchmark/value.h"
#include "benchmark/workload.h"
#include "benchmark/workspace.h"

namespace {

namespace json = boost::json;

struct Arguments {
  std::uint64_t events = 1'000'000;
  std::string place;
  int seconds = 10;
  std::int64_t customers = 1'000'000;
};

void print(const json::object& figures) { std::cout << json::serialize(figures) << std::endl; }

std::vector<bench::Event> events_of(const bench::Workload& workload) {
  return workload.events(std::thread::hardware_concurrency());
}

// What the peers' queries need to know of the numbers in their tables.
void print_words(const Arguments&) {
  const auto list = [](const auto& names) {
    json::array words;
    for (const std::string_view name : names) words.push_back(json::string(name));
    return words;
  };
  print({{"start", bench::kStart.ms},
         {"end", bench::kEnd.ms},
         {"names", list(bench::kEventNames)},
         {"channels", list(bench::kChannels)},
         {"cities", list(bench::kCities)}});
}

void make_tables(const Arguments& arguments) {
  const bench::Stopwatch watch;
  const bench::Workload workload(bench::sizes_of(arguments.events));
  bench::write_peer_tables(workload, events_of(workload), arguments.place);
  print({{"seconds", watch.wall_seconds()}});
}

void make_file(const Arguments& arguments) {
  const bench::Workload workload(bench::sizes_of(arguments.events));
  bench::write_import_file(events_of(workload), arguments.place);
  print({{"events", arguments.events}});
}

void load_folder(const Arguments& arguments) {
  const bench::Workload workload(bench::sizes_of(arguments.events));
  const std::vector<bench::Event> events = events_of(workload);
  bench::Workspace workspace(arguments.place);
  const bench::Loaded loaded = bench::load(workspace, workload, events);
  print({{"customers", workload.sizes().customers},
         {"customers_seconds", loaded.customers_seconds},
         {"changes", loaded.changes},
         {"events", workload.sizes().events},
         {"events_seconds", loaded.events_seconds}});
}

void write_plain(const Arguments& arguments) {
  const bench::Workload workload(bench::sizes_of(arguments.events));
  const bench::PlainRows plain = bench::write_plain_rows(events_of(workload), arguments.place);
  print({{"rows", plain.rows}, {"seconds", plain.seconds}});
}

void sync_disk(const Arguments& arguments) {
  print({{"fdatasync_ms", bench::fdatasync_ms(arguments.place)}});
}

void read_memory(const Arguments&) {
  print({{"one", bench::memory_read_rate(1)}, {"two", bench::memory_read_rate(2)}});
}

void ask(const Arguments& arguments) {
  bench::answer_questions({arguments.place, arguments.events}, std::cin, std::cout);
}

void measure_counting(const Arguments& arguments) {
  print(bench::measure_counting({.place = arguments.place, .seconds = arguments.seconds}));
}

void measure_membership(const Arguments& arguments) {
  bench::MembershipOptions options{arguments.place, arguments.events};
  options.seconds = arguments.seconds;
  print(bench::measure_membership(options));
}
void measure_value(const Arguments& arguments) { print(bench::measure_value(arguments.customers)); }

// The rules are read from the input, one a line.
void ask_live(const Arguments& arguments) {
  bench::LiveOptions options{arguments.place, arguments.events, {}};
  options.seconds = arguments.seconds;
  for (std::string rule; std::getline(std::cin, rule);) options.rules.push_back(rule);
  print(bench::ask_live(options));
}

}  // namespace

int main(int count, char** words) {
  CLI::App app("The compiled half of ./bench");
  app.require_subcommand(1);
  Arguments arguments;
  const auto command = [&](const char* name, const char* what, void (*run)(const Arguments&)) {
    CLI::App* added = app.add_subcommand(name, what);
    added->add_option("place", arguments.place, "file or folder");
    added->add_option("--events", arguments.events, "how many events");
    added->callback([&arguments, run] { run(arguments); });
    return added;
  };
  command("words", "what the numbers in the tables stand for", print_words);
  command("tables", "the CSV files of the peers into a folder", make_tables);
  command("file", "a CSV file for siyu import events", make_file);
  command("load", "a new data folder through the product's modules", load_folder);
  command("plain", "the same events into one plain SQLite table", write_plain);
  command("sync", "how long the folder's disk takes to sync a page", sync_disk);
  command("read", "bytes a second that the machine's memory gives to one thread and to two",
          read_memory);
  command("live", "questions while events come in", ask_live)
      ->add_option("--seconds", arguments.seconds, "for how long they do");
  command("counting", "the ledger, its timers and the outbox, in a new folder or database",
          measure_counting)
      ->add_option("--seconds", arguments.seconds, "for how long each of the ledger's");
  command("membership", "live membership under load, in a folder that was loaded",
          measure_membership)
      ->add_option("--seconds", arguments.seconds, "for how long events come in");
  command("value", "the value of customers: fits, calibration, everybody assessed", measure_value)
      ->add_option("--customers", arguments.customers, "how many");
  command("ask", "answers questions about a data folder, a JSON object a line", ask);
  CLI11_PARSE(app, count, words);
  return 0;
}
