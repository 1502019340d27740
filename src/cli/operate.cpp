// check, rebuild, retry, backup, restore, migrate.

#include "server/operate.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <filesystem>

#include "base/clock.h"
#include "base/random.h"
#include "cli/command.h"
#include "cli/message.h"
#include "cli/output.h"
#include "cli/progress.h"

namespace cli {

namespace json = boost::json;

std::string message_of(const store::Failure& failure) {
  if (const auto* told = dynamic_cast<const server::OperateFailure*>(&failure)) {
    return message(server::code_of(told->fault()), told->subject());
  }
  if (dynamic_cast<const store::FolderInUse*>(&failure) != nullptr) {
    return message("operate.folder_is_served");
  }
  return message(store::code_of(failure.kind()), failure.what());
}

std::string_view code_of(const store::Failure& failure) {
  const auto* told = dynamic_cast<const server::OperateFailure*>(&failure);
  return told == nullptr ? store::code_of(failure.kind()) : server::code_of(told->fault());
}

int check(const Target& target) {
  Program program(target);
  const json::value answer = ask_question(program, {"/local/v1/check", {}});
  const json::array& problems = answer.at("problems").as_array();
  const json::array& unsettled = answer.at("unsettled").as_array();
  if (target.json) {
    print_json(answer);
  } else {
    for (const json::value& proof : answer.at("proved").as_array()) {
      print_line(message("check.proved", message(text_of(proof, "what")),
                         grouped(proof.at("rows").as_int64())));
    }
    for (const json::value& problem : problems) {
      print_line(
          message("check.problem", message(text_of(problem, "what")), text_of(problem, "where")));
    }
    for (const json::value& what : unsettled) {
      print_line(message("check.unsettled", message(std::string(what.as_string()))));
    }
  }
  if (problems.empty() && unsettled.empty()) return 0;
  if (target.json) return 1;
  if (problems.empty()) throw CommandError(message("check.again"));
  throw CommandError(message("check.failed", static_cast<std::int64_t>(problems.size())));
}

int rebuild(const Target& target, const std::string& what) {
  Program program(target);
  const json::value answer = ask_question(program, {"/local/v1/rebuild", {{"what", what}}});
  if (target.json) {
    print_json(answer);
  } else {
    print_line(message("rebuild.done_" + what, grouped(answer.at("events").as_int64())));
  }
  return 0;
}

int retry_timers(const Target& target) {
  Program program(target);
  const json::value answer = program.ask(net::Method::post, "/local/v1/retry", json::object{});
  if (target.json) {
    print_json(answer);
  } else {
    print_line(message("retry.timers", grouped(answer.at("timers").as_int64())));
  }
  return 0;
}

namespace {

// By the server that runs on the folder, else by this process, which does not ask for the schema of
// this program.
std::int64_t back_up(const Target& target, const std::string& file) {
  const std::string path = std::filesystem::absolute(file).string();
  if (!is_served(target)) return server::backup({.folder = target.data}, path);
  Program program(target);
  return program.ask(net::Method::post, "/local/v1/backup", json::object{{"file", path}})
      .at("bytes")
      .as_int64();
}

}  // namespace

int backup(const Target& target, const std::string& file) {
  if (!target.database.empty()) throw CommandError(message("backup.pg_dump"));
  require_new(file);
  require_data(target);
  const std::int64_t bytes = back_up(target, file);
  if (target.json) {
    print_json(json::object{{"bytes", bytes}});
  } else {
    print_line(message("backup.done", grouped(bytes), file));
  }
  return 0;
}

int restore(const Target& target, const std::string& file) {
  base::SystemClock clock;
  base::SystemRandom random;
  const server::Restored done =
      server::restore({.folder = target.data, .database_url = target.database, .migrate = true},
                      file, {clock, random});
  if (target.json) {
    print_json(json::object{
        {"restored", true},
        {"erased_again", done.erased_again},
        {"knew_erased", done.knew_erased ? json::value(*done.knew_erased) : json::value()}});
  } else {
    // Without the url, which holds a password.
    const std::string place = target.database.empty() ? target.data : "PostgreSQL";
    print_line(message("restore.done", place, done.erased_again));
    if (done.knew_erased == false) print_line(message("restore.without_erased"));
    print_line(message("restore.sign_in"));
  }
  return 0;
}

int migrate(const Target& target) {
  require_data(target);
  base::SystemClock clock;
  const std::vector<std::string> done =
      server::migrate({.folder = target.data, .database_url = target.database}, clock);
  if (target.json) {
    json::array names;
    for (const std::string& name : done) names.push_back(json::value(name));
    print_json(json::object{{"applied", std::move(names)}});
    return 0;
  }
  for (const std::string& name : done) print_line(message("migrate.applied", name));
  if (done.empty()) print_line(message("migrate.nothing"));
  return 0;
}

}  // namespace cli
