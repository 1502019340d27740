#include "cli/program.h"

#include <sys/stat.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <filesystem>

#include "base/clock.h"
#include "base/json.h"
#include "base/random.h"
#include "cli/command.h"
#include "cli/interruption.h"
#include "cli/message.h"
#include "cli/output.h"
#include "net/http_client.h"
#include "server/app.h"
#include "store/failure.h"

namespace cli {
namespace {

namespace json = boost::json;

constexpr base::Duration kAnswerTimeMax{24 *
                                        base::kHour.ms};  // an import takes as long as it takes

std::string socket_of(const Target& target) {
  return (std::filesystem::path(target.data) / kSocketName).string();
}

bool is_socket(const std::string& path) {
  struct stat status{};
  return ::stat(path.c_str(), &status) == 0 && S_ISSOCK(status.st_mode);
}

// "here (2:5), expected …, did you mean …": what the problem tells beside its sentence.
std::string line_of(const json::object& problem) {
  std::string line(problem.at("detail").as_string());
  if (problem.contains("line") && problem.contains("column")) {
    line += " " + message("program.at_place", json::serialize(problem.at("line")),
                          json::serialize(problem.at("column")));
  } else if (const auto* offset = problem.if_contains("offset")) {
    line += " " + message("program.at_offset", json::serialize(*offset));
  }
  const auto add = [&](std::string_view member, std::string_view key) {
    const auto* value = problem.if_contains(member);
    if (value == nullptr || !value->is_string() || value->get_string().empty()) return;
    line += " " + message(key, std::string(value->get_string()));
  };
  add("path", "program.at_path");
  add("expected", "program.expected");
  add("nearest", "program.nearest");
  return line + " [" + std::string(problem.at("code").as_string()) + "]";
}

}  // namespace

Interrupted::Interrupted() : CommandError(message("program.interrupted")) {}

void require_postgresql(const std::string& url) {
  if (url.empty() || url.starts_with("postgresql://") || url.starts_with("postgres://")) return;
  throw WrongUse(message("use.bad_database"));
}

void require_data(const Target& target) {
  const std::filesystem::path folder(target.data);
  if (target.database.empty() && !std::filesystem::exists(folder / "siyu.db")) {
    throw CommandError(message("program.no_data", target.data));
  }
}

class Program::Local {
 public:
  explicit Local(const Target& target)
      : app_({.folder = target.data, .database_url = target.database, .key_file = target.key_file},
             clock_, random_) {}

  net::Response send(net::Request request) {
    request.remote = "local";
    request.local = true;
    bool watched = false;  // other requests may be sent beside one that is
    request.watch_sender = [&] {
      watched = true;
      return interruption_.watch();
    };
    net::Response response = app_.handle(request);
    if (!watched) return response;
    interruption_.unwatch();
    if (interruption_.interrupted()) throw Interrupted();
    return response;
  }

 private:
  Interruption interruption_;  // before the threads of the program
  base::SystemClock clock_;
  base::SystemRandom random_;
  server::App app_;
};

class Program::Remote {
 public:
  explicit Remote(const std::string& socket) : socket_(socket) {}

  base::Result<net::Response, net::ClientError> send(const net::ClientRequest& request) {
    net::HttpClient client({.socket_path = socket_, .total_time_max = kAnswerTimeMax});
    return client.send(request);
  }

 private:
  std::string socket_;
};

bool is_served(const Target& target) {
  const std::string socket = socket_of(target);
  if (!target.database.empty() || !is_socket(socket)) return false;
  net::HttpClient client({.socket_path = socket, .total_time_max = kAnswerTimeMax});
  const auto health = client.send({.target = "/api/v1/health", .headers = {}, .body = {}});
  if (health) return true;
  if (health.error().fault != net::ClientFault::cannot_connect) {
    throw CommandError(message("program.no_answer", target.data, health.error().reason));
  }
  return false;  // a socket nobody listens on was left by a crash
}

Program::Program(const Target& target, Missing missing) : target_(target) {
  if (is_served(target)) {
    remote_ = std::make_unique<Remote>(socket_of(target));
    return;
  }
  if (missing == Missing::is_error) require_data(target);
  if (target.database.empty() && !std::filesystem::exists(target.data)) {
    print_note(message("program.new_folder", target.data));
  }
  try {
    local_ = std::make_unique<Local>(target);
  } catch (const store::Failure& failure) {
    throw CommandError(message_of(failure), {{"code", code_of(failure)}});
  }
}

Program::~Program() = default;

bool Program::remote() const { return remote_ != nullptr; }

net::Response Program::send(net::Method method, const std::string& target, std::string body) {
  net::Headers headers;
  headers.set("Content-Type", "application/json");
  headers.set("Accept-Language", target_.chinese ? "zh" : "en");
  if (remote_) {
    auto answer = remote_->send({method, target, std::move(headers), std::move(body)});
    if (!answer)
      throw CommandError(message("program.no_answer", target_.data, answer.error().reason));
    return std::move(*answer);
  }
  net::Request request;
  request.method = method;
  if (!net::set_target(request, target)) throw CommandError(message("program.bad_target"));
  request.headers = std::move(headers);
  request.body = std::move(body);
  return local_->send(std::move(request));
}

json::value Program::ask(net::Method method, const std::string& target, const json::value& body) {
  const net::Response response =
      send(method, target, body.is_null() ? std::string() : json::serialize(body));
  const std::string_view text =
      response.fixed_body.empty() ? std::string_view(response.body) : response.fixed_body;
  const auto value =
      text.empty() ? std::optional(json::value(nullptr)) : base::parse_stored_json(text);
  if (response.status < 300 && value) return *value;
  if (!value || !value->is_object()) {
    throw CommandError(message("program.status", response.status));
  }
  throw CommandError(line_of(value->get_object()), value->get_object());
}

base::Zone zone_of(Program& program) {
  const json::value answer = program.ask(net::Method::get, "/api/v1/settings");
  for (const json::value& setting : answer.at("settings").as_array()) {
    if (setting.at("name").as_string() != "time_zone") continue;
    if (auto zone = base::Zone::named(setting.at("value").as_string())) return *zone;
  }
  return base::Zone::utc();
}

std::string in_zone(const std::string& moment, const base::Zone& zone) {
  const auto written = base::parse_moment(moment);
  return written ? base::to_iso8601(base::resolve(*written, zone), zone) : moment;
}

}  // namespace cli
