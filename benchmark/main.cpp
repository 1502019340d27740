// The compiled half of ./bench: makes the work, loads it through the product, answers questions.
//
// Every command prints one JSON object on one line; benchmark/run.py tells what they are for.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>
#include <thread>

#include "benchmark/peer_tables.h"
#include "benchmark/workload.h"

namespace {

struct Arguments {
  std::uint64_t events = 1'000'000;
  std::string place;
};

void make_tables(const Arguments& arguments) {
  const bench::Workload workload(bench::sizes_of(arguments.events));
  const std::vector<bench::Event> events = workload.events(std::thread::hardware_concurrency());
  bench::write_peer_tables(workload, events, arguments.place);
}

void make_file(const Arguments& arguments) {
  const bench::Workload workload(bench::sizes_of(arguments.events));
  bench::write_import_file(workload.events(std::thread::hardware_concurrency()), arguments.place);
}

}  // namespace

int main(int count, char** words) {
  CLI::App app("The compiled half of ./bench");
  app.require_subcommand(1);
  Arguments arguments;
  const auto command = [&](const char* name, const char* what, void (*run)(const Arguments&)) {
    CLI::App* added = app.add_subcommand(name, what);
    added->add_option("place", arguments.place, "file or folder")->required();
    added->add_option("--events", arguments.events, "how many events");
    added->callback([&arguments, run] { run(arguments); });
  };
  command("tables", "the CSV files of the peers into a folder", make_tables);
  command("file", "a CSV file for siyu import events", make_file);
  CLI11_PARSE(app, count, words);
  return 0;
}
