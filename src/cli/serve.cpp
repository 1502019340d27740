// serve: the HTTP server before the program, until a signal ends it.

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json/object.hpp>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <thread>

#include "api/route.h"
#include "base/calendar.h"
#include "base/check.h"
#include "base/clock.h"
#include "base/diagnostics.h"
#include "base/random.h"
#include "cli/command.h"
#include "cli/message.h"
#include "cli/output.h"
#include "net/http_server.h"
#include "server/app.h"
#include "server/demo_folder.h"
#include "server/demo_process.h"

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

constexpr unsigned kIoThreadsMax = 4;

// Half of the machine's: what event loops answer at once keeps the threads behind them as busy.
std::size_t io_threads() {
  return std::clamp(std::thread::hardware_concurrency() / 2, 1U, kIoThreadsMax);
}

net::HttpServerOptions options_of(const Target& target, const net::HostPort& listen,
                                  server::App& app) {
  net::HttpServerOptions options;
  options.tcp = listen;
  if (target.database.empty()) {
    options.socket_path = (std::filesystem::path(target.data) / kSocketName).string();
  }
  options.handle = [&app](const net::Request& request) { return app.handle(request); };
  options.handle_at_once = [&app](const net::Request& request) {
    return app.handle_at_once(request);
  };
  options.io_threads = io_threads();
  options.limits.body_bytes_max = api::kStrangersBodyBytesMax;
  options.admit_body = [&app](const net::Request& request) { return app.admit_body(request); };
  options.refuse = server::App::refuse;
  options.failed = [](std::string_view line) { base::log_error("{}", line); };
  return options;
}

constexpr std::int64_t kTellEvery = 2000;  // customers

bool is_of_this_machine(const net::HostPort& listen) {
  return listen.host == "127.0.0.1" || listen.host == "::1" || listen.host == "localhost";
}

// The folder of the demo, made where it is not there yet. Before signals are kept from ending the
// program: what is cut short is made anew.
server::DemoFolder make_demo(const Target& target) {
  if (!target.database.empty()) throw WrongUse(message("serve.demo_wants_folder"));
  base::SystemClock clock;
  base::SystemRandom random;
  server::DemoOptions options;
  options.progress = [json = target.json](std::int64_t done, std::int64_t of) {
    if (json) {
      print_json(boost::json::object{{"demo_making", done}, {"of", of}});
      std::fflush(stdout);
    }
    if (json || (done % kTellEvery != 0 && done != of)) return;
    std::fprintf(stderr, "%s\n", message("serve.demo_making", grouped(done), grouped(of)).c_str());
  };
  return server::prepare_demo({.folder = target.data}, clock, random, options);
}

// The program that has started this one holds the other end of the standard input: its first line
// is a secret, and when it ends this program does, as if asked to.
std::string attach() {
  std::string secret;
  std::getline(std::cin, secret);
  std::thread([] {
    sigset_t all;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_BLOCK, &all, nullptr);
    char more = 0;
    while (::read(STDIN_FILENO, &more, 1) != 0) continue;
    ::kill(::getpid(), SIGTERM);
  }).detach();
  return secret;
}

// The demo that can be started beside what is served, in the folder demo/ beside its own; nothing:
// there is no folder, or this is a demo itself.
std::unique_ptr<server::DemoProcess> demo_beside(const Target& target,
                                                 const ServeArguments& arguments,
                                                 const server::DemoProcess::Means& means) {
  if (arguments.demo || !target.database.empty()) return nullptr;
  const auto own = std::filesystem::absolute(target.data).lexically_normal();
  const auto folder = (own.has_filename() ? own : own.parent_path()).parent_path() / "demo";
  if (folder == own) return nullptr;
  const std::string host = arguments.listen.substr(0, arguments.listen.rfind(':'));
  std::vector<std::string> command = {"/proc/self/exe", "serve", "--demo",   "--attached", "--json",
                                      "--data",         folder,  "--listen", host + ":0"};
  if (arguments.demo_speed != 1) {
    command.insert(command.end(), {"--demo-speed", std::to_string(arguments.demo_speed)});
  }
  if (!arguments.web_folder.empty()) {
    command.insert(command.end(), {"--web-dir", arguments.web_folder});
  }
  return std::make_unique<server::DemoProcess>(std::move(command), means);
}

// How to get in: the demo by its address, one's own first by the link that makes the owner.
void tell_way_in(const std::string& address, const std::string& setup,
                 const std::optional<server::DemoFolder>& demo) {
  if (demo && demo->customers_made > 0) {
    print_line(message("serve.demo_made", grouped(demo->customers_made), address));
  } else if (demo) {
    print_line(
        message("serve.demo_again", base::to_iso8601_utc(demo->made_at).substr(0, 10), address));
  }
  if (!setup.empty()) print_line(message("serve.setup", address + setup));
}

}  // namespace

int serve(const Target& target, const ServeArguments& arguments) {
  const auto listen = net::host_port_from(arguments.listen);
  if (!listen) throw WrongUse(message("serve.bad_listen", arguments.listen));
  const std::string demo_secret = arguments.attached ? attach() : "";
  std::optional<server::DemoFolder> demo;
  if (arguments.demo) demo = make_demo(target);
  const bool demo_entrance = demo && is_of_this_machine(*listen);
  Signals signals;
  base::SystemClock clock;
  base::SystemRandom random;
  const auto beside = demo_beside(target, arguments, {clock, random});
  server::App app({.folder = target.data,
                   .database_url = target.database,
                   .key_file = target.key_file,
                   .web_folder = arguments.web_folder,
                   .demo_entrance = demo_entrance,
                   .demo_speed = arguments.demo_speed,
                   .demo_secret = demo_secret,
                   .demo_host = beside.get()},
                  clock, random);
  auto server = net::HttpServer::start(options_of(target, *listen, app));
  if (!server) throw CommandError(refusal(server.error(), arguments.listen));
  app.start_chores();
  const std::string host = listen->host.empty() ? "127.0.0.1" : listen->host;
  const std::string address = "http://" + host + ":" + std::to_string((*server)->port());
  const std::string setup = demo_entrance ? "" : app.setup_path();
  if (target.json) {
    print_json(boost::json::object{{"address", address}, {"setup", setup}});
  } else {
    print_line(message("serve.listening", address));
    tell_way_in(address, setup, demo);
  }
  std::fflush(stdout);
  signals.wait();
  print_line(message("serve.stopping"));
  app.end_questions();
  app.end_calls();
  (*server)->stop();
  app.end_posts();
  return 0;
}

}  // namespace cli
