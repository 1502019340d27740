#include "cli/program.h"

#include <sys/stat.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <filesystem>

#include "base/clock.h"
#include "base/json.h"
#include "base/random.h"
#include "cli/command.h"
#include "cli/message.h"
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

}  // namespace

class Program::Local {
 public:
  explicit Local(const Target& target)
      : app_({.folder = target.data, .database_url = target.database}, clock_, random_) {}

  net::Response send(net::Request request) {
    request.remote = "local";
    request.local = true;
    return app_.handle(request);
  }

 private:
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

Program::Program(const Target& target) : target_(target) {
  const std::string socket = socket_of(target);
  if (target.database.empty() && is_socket(socket)) {
    auto remote = std::make_unique<Remote>(socket);
    const auto health = remote->send({.target = "/api/v1/health", .headers = {}, .body = {}});
    if (health) {
      remote_ = std::move(remote);
      return;
    }
    if (health.error().fault != net::ClientFault::cannot_connect) {
      throw CommandError("the server on " + target.data +
                         " does not answer: " + health.error().reason);
    }
    // A socket nobody listens on was left by a crash.
  }
  try {
    local_ = std::make_unique<Local>(target);
  } catch (const store::Failure& failure) {
    throw CommandError(message_of(failure));
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
  std::string line = "status " + std::to_string(response.status);
  if (value && value->is_object()) {
    const json::object& problem = value->get_object();
    line = std::string(problem.at("detail").as_string());
    if (const auto* offset = problem.if_contains("offset")) {
      line += " " + message("program.at_offset", json::serialize(*offset));
    }
    if (const auto* nearest = problem.if_contains("nearest")) {
      line += " " + message("program.nearest", std::string(nearest->as_string()));
    }
    line += " [" + std::string(problem.at("code").as_string()) + "]";
  }
  throw CommandError(line);
}

}  // namespace cli
