// serve: the HTTP server before the program, until a signal ends it.

#include <signal.h>

#include <filesystem>

#include "api/route.h"
#include "base/check.h"
#include "base/clock.h"
#include "base/diagnostics.h"
#include "base/random.h"
#include "cli/command.h"
#include "cli/message.h"
#include "cli/output.h"
#include "net/http_server.h"
#include "server/app.h"

namespace cli {
namespace {

// Blocks the signals that end the server in every thread made after it, and waits for one.
class Signals {
 public:
  Signals() {
    ::sigemptyset(&set_);
    ::sigaddset(&set_, SIGINT);
    ::sigaddset(&set_, SIGTERM);
    ::pthread_sigmask(SIG_BLOCK, &set_, nullptr);
    ::signal(SIGPIPE, SIG_IGN);
  }
  void wait() {
    int signal = 0;
    ::sigwait(&set_, &signal);
  }

 private:
  sigset_t set_{};
};

// Why nobody listens on `address`, and what to do.
std::string refusal(const net::ListenError& error, const std::string& address) {
  switch (error.fault) {
    case net::ListenFault::address_in_use:
      return message("serve.address_in_use", address);
    case net::ListenFault::not_allowed:
      return message("serve.not_allowed", address);
    case net::ListenFault::bad_address:
      return message("serve.bad_address", address);
    case net::ListenFault::failed:
      return message("serve.cannot_listen", error.reason);
  }
  base::unreachable();
}

net::HttpServerOptions options_of(const Target& target, const net::HostPort& listen,
                                  server::App& app) {
  net::HttpServerOptions options;
  options.tcp = listen;
  if (target.database.empty()) {
    options.socket_path = (std::filesystem::path(target.data) / kSocketName).string();
  }
  options.handle = [&app](const net::Request& request) { return app.handle(request); };
  options.limits.body_bytes_max = api::kStrangersBodyBytesMax;
  options.admit_body = [&app](const net::Request& request) { return app.admit_body(request); };
  options.refuse = server::App::refuse;
  options.failed = [](std::string_view line) { base::log_error("{}", line); };
  return options;
}

}  // namespace

int serve(const Target& target, const ServeArguments& arguments) {
  const auto listen = net::host_port_from(arguments.listen);
  if (!listen) throw WrongUse(message("serve.bad_listen", arguments.listen));
  Signals signals;
  base::SystemClock clock;
  base::SystemRandom random;
  server::App app({.folder = target.data,
                   .database_url = target.database,
                   .key_file = target.key_file,
                   .web_folder = arguments.web_folder},
                  clock, random);
  auto server = net::HttpServer::start(options_of(target, *listen, app));
  if (!server) throw CommandError(refusal(server.error(), arguments.listen));
  app.start_chores();
  const std::string host = listen->host.empty() ? "127.0.0.1" : listen->host;
  const std::string address = "http://" + host + ":" + std::to_string((*server)->port());
  print_line(message("serve.listening", address));
  if (const std::string path = app.setup_path(); !path.empty()) {
    print_line(message("serve.setup", address + path));
  }
  std::fflush(stdout);
  signals.wait();
  print_line(message("serve.stopping"));
  app.end_questions();
  (*server)->stop();
  app.end_posts();
  return 0;
}

}  // namespace cli
