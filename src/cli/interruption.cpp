#include "cli/interruption.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <cstdint>

#include "base/check.h"

namespace cli {

namespace {

// A shell has background jobs ignore Ctrl+C; a blocked signal would arrive all the same.
bool is_ignored(int signal) {
  struct sigaction action{};
  return ::sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

}  // namespace

Interruption::Interruption() {
  ::sigemptyset(&signals_);
  for (const int signal : {SIGINT, SIGTERM}) {
    if (!is_ignored(signal)) ::sigaddset(&signals_, signal);
  }
  ::pthread_sigmask(SIG_BLOCK, &signals_, &before_);
  arrived_ = ::signalfd(-1, &signals_, SFD_CLOEXEC);
  ended_ = ::eventfd(0, EFD_CLOEXEC);
  CHECK(arrived_ >= 0 && ended_ >= 0);
  thread_ = std::thread([this] { wait(); });
}

Interruption::~Interruption() {
  const std::uint64_t one = 1;
  CHECK(::write(ended_, &one, sizeof one) == sizeof one);
  thread_.join();
  ::close(arrived_);
  ::close(ended_);
  ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

std::stop_token Interruption::watch() {
  const std::scoped_lock lock(mutex_);
  watched_ = true;
  return stop_.get_token();
}

void Interruption::unwatch() {
  const std::scoped_lock lock(mutex_);
  watched_ = false;
}

void Interruption::wait() {
  std::array<pollfd, 2> events = {pollfd{arrived_, POLLIN, 0}, pollfd{ended_, POLLIN, 0}};
  while (true) {
    if (::poll(events.data(), events.size(), -1) < 0) continue;
    if (events[1].revents != 0) return;
    signalfd_siginfo told{};
    if (::read(arrived_, &told, sizeof told) == sizeof told) take(static_cast<int>(told.ssi_signo));
  }
}

void Interruption::take(int signal) {
  {
    const std::scoped_lock lock(mutex_);
    if (watched_ && stop_.request_stop()) return;
  }
  ::signal(signal, SIG_DFL);
  ::pthread_sigmask(SIG_UNBLOCK, &signals_, nullptr);
  ::raise(signal);
}

}  // namespace cli
