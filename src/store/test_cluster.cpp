#include "store/test_cluster.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <libpq-fe.h>
#include <netinet/in.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <vector>

namespace store {
namespace {

constexpr const char* kBinaries = "/usr/lib/postgresql/15/bin";
constexpr std::chrono::seconds kStartMax{60};

// The user the server runs as; null: ourselves.
const passwd* server_user() {
  if (geteuid() != 0) return nullptr;
  const passwd* user = getpwnam("postgres");
  if (user == nullptr) throw std::runtime_error("there is no user postgres to run PostgreSQL as");
  return user;
}

// Starts a program as the server's user, its output in a file; it is told to end (SIGQUIT) when
// this thread does.
pid_t spawn(const std::vector<std::string>& words, const std::string& log_path) {
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  const passwd* user = server_user();
  const pid_t child = fork();
  if (child < 0) throw std::system_error(errno, std::generic_category(), "fork");
  if (child > 0) return child;
  // Only calls that are safe after fork from here on.
  if (user != nullptr &&
      (setgroups(0, nullptr) != 0 || setgid(user->pw_gid) != 0 || setuid(user->pw_uid) != 0)) {
    _exit(126);
  }
  prctl(PR_SET_PDEATHSIG, SIGQUIT);
  setsid();  // a Ctrl-C on the test is not one on the server
  const int log = open(log_path.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  dup2(log, STDOUT_FILENO);
  dup2(log, STDERR_FILENO);
  if (chdir("/") != 0) _exit(126);
  execv(arguments[0], arguments.data());
  _exit(127);
}

int free_port() {
  const int probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  const bool bound = bind(probe, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                     getsockname(probe, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  close(probe);
  if (!bound) throw std::runtime_error("no free port on loopback");
  return ntohs(address.sin_port);
}

}  // namespace

TestCluster::TestCluster(const Options& options) : options_(options), folder_(home_.path()) {
  if (access((std::string(kBinaries) + "/postgres").c_str(), X_OK) != 0) {
    throw std::runtime_error(fmt::format("PostgreSQL 15 is not installed in {}", kBinaries));
  }
  try {
    initialise();
    start();
  } catch (...) {
    if (server_ != 0) stop_immediately();
    throw;
  }
}

TestCluster::~TestCluster() {
  if (server_ != 0) stop_immediately();
}

void TestCluster::initialise() {
  const passwd* user = server_user();
  if (user != nullptr && chown(folder_.c_str(), user->pw_uid, user->pw_gid) != 0) {
    throw std::runtime_error("the folder cannot be given to the user postgres");
  }
  // Text sorts as English does, so that a query which forgets COLLATE "C" shows.
  const pid_t initdb = spawn({std::string(kBinaries) + "/initdb", "--pgdata=" + folder_ + "/data",
                              "--auth=trust", "--username=siyu", "--encoding=UTF8", "--locale=C",
                              "--locale-provider=icu", "--icu-locale=en", "--no-sync"},
                             folder_ + "/initdb.log");
  int status = 0;
  waitpid(initdb, &status, 0);
  if (status != 0) throw std::runtime_error("initdb failed: see " + folder_ + "/initdb.log");
}

std::string TestCluster::url(const std::string& database) const {
  return fmt::format("postgresql://siyu@127.0.0.1:{}/{}", port_, database);
}

void TestCluster::start() {
  if (port_ == 0) port_ = free_port();
  const std::string safe = options_.fsync ? "on" : "off";
  server_ = spawn({std::string(kBinaries) + "/postgres", "-D", folder_ + "/data", "-c",
                   fmt::format("port={}", port_), "-c", "listen_addresses=127.0.0.1", "-c",
                   "unix_socket_directories=", "-c", "max_connections=100", "-c",
                   "shared_buffers=64MB", "-c", "fsync=" + safe, "-c", "full_page_writes=" + safe},
                  folder_ + "/server.log");
  const auto until = std::chrono::steady_clock::now() + kStartMax;
  while (PQping(url("postgres").c_str()) != PQPING_OK) {
    int status = 0;
    if (waitpid(server_, &status, WNOHANG) == server_) {
      server_ = 0;
      throw std::runtime_error("PostgreSQL did not start: see " + folder_ + "/server.log");
    }
    if (std::chrono::steady_clock::now() > until) {
      throw std::runtime_error("PostgreSQL does not answer");
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

void TestCluster::wait_for_end() {
  int status = 0;
  waitpid(server_, &status, 0);
  server_ = 0;
}

void TestCluster::stop_immediately() {
  ::kill(server_, SIGQUIT);
  wait_for_end();
}

void TestCluster::kill() {
  ::kill(server_, SIGKILL);
  wait_for_end();
}

}  // namespace store
