// Runs one scenario against one program in process, with a made clock and seeded randomness.
//
// Before the first line the owner is made through the one-time link, or enters the demo. Bodies may
// hold ⟦COUNT|SEPARATOR|TEXT⟧: the text so many times, "#" in it being the number from 0 and
// "#{A,B,C}" one of these in turn, and ⟦code|SECRET⟧: the code an app with this secret (base32)
// shows now. A body whose first line is "hex" is given as hexadecimal digits; "text/csv cut" is a
// file without its last line end. Every answer is written to the recorder.
#pragma once

#include <atomic>
#include <condition_variable>
#include <fstream>
#include <functional>
#include <future>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/random.h"
#include "net/http.h"
#include "scenario.h"
#include "server/app.h"

namespace scenario {

// Stands until it is moved; at first at 2026-01-31T08:00+08:00.
class MadeClock final : public base::Clock {
 public:
  base::Moment now() const override { return base::Moment{ms_.load()}; }
  void set(base::Moment moment) { ms_ = moment.ms; }

 private:
  std::atomic<std::int64_t> ms_ = 1'769'817'600'000;
};

class LockedRandom final : public base::Random {
 public:
  explicit LockedRandom(std::uint64_t seed) : random_(seed) {}
  void fill(std::span<std::byte> bytes) override {
    const std::lock_guard hold(mutex_);
    random_.fill(bytes);
  }

 private:
  std::mutex mutex_;
  base::SeededRandom random_;
};

// Every answer as one line of JSON: {method, pattern, target, request, status, content_type, body,
// where};
// pattern is null below no route, body null where there is none.
class Recorder {
 public:
  // "": nothing is written. Appends.
  explicit Recorder(const std::string& path);
  void record(const net::Request& request, const net::Response& response, std::string_view where);

 private:
  std::mutex mutex_;
  std::ofstream out_;
};

// Where a held question stands (AppOptions::after_slice).
class Gate {
 public:
  // Called by the threads of questions: the first one that comes to the closed gate stands.
  void pass();
  void close();
  void open();
  // Until somebody stands at it, or there is nobody to wait for.
  void wait_until_held();
  void nobody_comes();

 private:
  enum class State : unsigned char { open, closed, held };
  std::mutex mutex_;
  std::condition_variable changed_;
  State state_ = State::open;
};

// The recorder named by SIYU_ANSWERS.
Recorder& answers();

// A signed-in person's cookie and token.
struct SignedIn {
  std::string cookie;
  std::string csrf;
};

class Runner {
 public:
  using Complain = std::function<void(std::size_t line, const std::string& what)>;

  struct Means {
    server::App& app;
    MadeClock& clock;
    Gate& gate;  // of the app
    bool is_demo = false;
  };
  Runner(const Means& means, std::string name);

  // `complain` is told of everything that is not as the scenario says.
  void run(std::string_view text, const Complain& complain);

  // One request as the owner; the answer as it is.
  net::Response ask(net::Method method, const std::string& target, const std::string& body);

 private:
  void make_owner();
  void enter_demo();
  void obey(const Command& command, const Complain& complain);
  void become(const std::string& who);
  SignedIn sign_in(const std::string& name, const std::string& password);
  net::Response send(net::Request request, const std::string& target, const std::string& where);
  net::Request request_of(const Exchange& exchange);
  void exchange(const Exchange& exchange, const Complain& complain);
  void judge(const Exchange& exchange, const net::Response& response, const Complain& complain);

  // A question that stands at the gate.
  struct Held {
    Exchange exchange;
    std::future<net::Response> answer;
  };

  server::App& app_;
  MadeClock& clock_;
  Gate& gate_;
  std::string name_;
  std::map<std::string, std::string> variables_;
  std::map<std::string, SignedIn> people_;
  std::map<std::string, std::string> headers_;       // of who asks now
  std::map<std::string, std::string> more_headers_;  // of the next request only
  bool local_ = false;
  bool holds_next_ = false;
  std::optional<Held> held_;
};

}  // namespace scenario
