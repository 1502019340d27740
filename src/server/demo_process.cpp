#include "server/demo_process.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <cerrno>
#include <span>

#include "api/demo_ticket.h"
#include "base/diagnostics.h"
#include "base/text.h"
#include "net/http.h"

extern char** environ;

namespace server {
namespace {

namespace json = boost::json;

constexpr std::size_t kLineBytesMax = 4096;
constexpr std::size_t kSecretBytes = 32;

using Pipe = std::array<int, 2>;  // read end, write end

void close_both(const Pipe& pipe) {
  for (const int end : pipe) {
    if (end >= 0) ::close(end);
  }
}

std::string new_secret(base::Random& random) {
  std::array<std::byte, kSecretBytes> bytes{};
  random.fill(bytes);
  return base::to_hex(bytes);
}

// 0: it could not be started.
pid_t spawn_with(std::vector<std::string>& command, const Pipe& input, const Pipe& output) {
  std::vector<char*> arguments;
  for (std::string& each : command) arguments.push_back(each.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t files;
  ::posix_spawn_file_actions_init(&files);
  ::posix_spawn_file_actions_adddup2(&files, input[0], STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&files, output[1], STDOUT_FILENO);
  // This process keeps the signals that end it from its threads; the other one must not inherit
  // that.
  posix_spawnattr_t attributes;
  ::posix_spawnattr_init(&attributes);
  sigset_t none;
  ::sigemptyset(&none);
  ::posix_spawnattr_setsigmask(&attributes, &none);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  pid_t process = 0;
  const int failed =
      ::posix_spawn(&process, arguments[0], &files, &attributes, arguments.data(), environ);
  ::posix_spawnattr_destroy(&attributes);
  ::posix_spawn_file_actions_destroy(&files);
  return failed == 0 ? process : 0;
}

bool write_line(int file, const std::string& line) {
  const std::string whole = line + "\n";  // less than a pipe takes at once
  return ::write(file, whole.data(), whole.size()) == static_cast<ssize_t>(whole.size());
}

std::int64_t number_in(const json::object& line, std::string_view name) {
  const json::value* value = line.if_contains(name);
  return value != nullptr && value->is_int64() ? value->get_int64() : 0;
}

}  // namespace

DemoProcess::DemoProcess(std::vector<std::string> command, const Means& means)
    : command_(std::move(command)), means_(means) {}

DemoProcess::~DemoProcess() {
  (void)stop();
  if (thread_.joinable()) thread_.join();
}

api::DemoStanding DemoProcess::start() {
  const std::lock_guard lock(mutex_);
  using enum api::DemoProcessState;
  if (standing_.state != stopped && standing_.state != failed) return standing_;
  // The thread before is at its end: it has said so.
  if (thread_.joinable()) thread_.join();
  Ends ends;
  standing_ = {.state = spawn(ends) ? starting : failed};
  if (standing_.state == starting) thread_ = std::thread([this, ends] { follow(ends); });
  return standing_;
}

api::DemoStanding DemoProcess::stop() {
  const std::lock_guard lock(mutex_);
  if (input_ >= 0) standing_ = {.state = api::DemoProcessState::ending};
  close_input();
  return standing_;
}

api::DemoStanding DemoProcess::standing() const {
  const std::lock_guard lock(mutex_);
  return standing_;
}

std::string DemoProcess::new_ticket() {
  const std::lock_guard lock(mutex_);
  return api::issue_ticket({secret_, means_.clock.now()}, means_.random);
}

bool DemoProcess::spawn(Ends& ends) {
  Pipe input{-1, -1};
  Pipe output{-1, -1};
  const bool has_pipes =
      ::pipe2(input.data(), O_CLOEXEC) == 0 && ::pipe2(output.data(), O_CLOEXEC) == 0;
  if (has_pipes) ends.process = spawn_with(command_, input, output);
  if (ends.process == 0) {
    base::log_error("the demo cannot be started");
    close_both(input);
    close_both(output);
    return false;
  }
  ::close(input[0]);
  ::close(output[1]);
  ends.output = output[0];
  input_ = input[1];
  secret_ = new_secret(means_.random);
  // One that is gone already is found by its thread.
  (void)write_line(input_, secret_);
  return true;
}

void DemoProcess::close_input() {
  if (input_ >= 0) ::close(input_);
  input_ = -1;
}

void DemoProcess::follow(const Ends& ends) {
  read_lines(ends.output);
  ::close(ends.output);
  int status = 0;
  while (::waitpid(ends.process, &status, 0) < 0 && errno == EINTR) continue;
  const std::lock_guard lock(mutex_);
  const bool asked = input_ < 0;
  close_input();
  standing_ = {.state = asked ? api::DemoProcessState::stopped : api::DemoProcessState::failed};
  if (!asked) base::log_error("the demo has ended by itself");
}

void DemoProcess::read_lines(int output) {
  std::string line;
  char next = 0;
  while (true) {
    const ssize_t read = ::read(output, &next, 1);
    if (read < 0 && errno == EINTR) continue;
    if (read <= 0) return;
    if (next == '\n') {
      take(line);
      line.clear();
    } else if (line.size() < kLineBytesMax) {
      line.push_back(next);
    }
  }
}

void DemoProcess::take(const std::string& line) {
  boost::system::error_code failure;
  const json::value value = json::parse(line, failure);
  if (failure || !value.is_object()) return;
  const json::object& said = value.get_object();
  const std::lock_guard lock(mutex_);
  if (standing_.state != api::DemoProcessState::starting) return;
  if (said.contains("demo_making")) {
    standing_.customers_made = number_in(said, "demo_making");
    standing_.customers = number_in(said, "of");
    return;
  }
  const json::value* address = said.if_contains("address");
  if (address == nullptr || !address->is_string()) return;
  const std::string_view text = address->get_string();
  const auto place = net::host_port_from(text.substr(text.rfind(':')));
  if (!place) return;
  standing_.state = api::DemoProcessState::running;
  standing_.port = place->port;
}

}  // namespace server
