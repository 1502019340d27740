// The program without its sockets: opens the database, builds every module, answers requests.
//
// `siyu serve` puts an HTTP server before it; the other commands ask it in process when no server
// runs on the folder; the scenarios ask it with a made clock. Owns everything, in the order of the
// members; whoever borrows is destroyed first.
//
// Threads: handle(), handle_at_once() and admit_body() from any number of threads.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/random.h"
#include "net/http_server.h"

namespace api {
class DemoHost;
}
namespace store {
class Disk;
}

namespace server {

struct AppOptions {
  // Of the data: holds siyu.db and memory.snapshot. With `database_url` the snapshot only; empty:
  // there is none, and every start reads the whole log.
  std::string folder;
  std::string database_url = {};      // postgresql://…
  std::string key_file = {};          // of second factors; empty: in the folder, if there is one
  bool migrate = false;               // bring an older database forward; an empty one always is
  std::string web_folder = {};        // serve the console from here instead of the embedded files
  const store::Disk* disk = nullptr;  // the seam under SQLite, for tests; outlives the program
  // A demo may be entered with one click (POST /demo/session): served to this machine alone.
  bool demo_entrance = false;
  // Of tickets into the demo (api/demo_ticket.h); empty: there are none.
  std::string demo_secret = {};
  // The demo that can be started beside this program, outliving it; nothing: none is offered.
  api::DemoHost* demo_host = nullptr;
  // The seam in questions, for tests: called after every slice of one, by its threads.
  std::function<void()> after_slice = {};
};

class App {
 public:
  // Throws store::Failure when the database cannot be opened, is older (unless `migrate`) or newer.
  // Clock and randomness must outlive it.
  App(const AppOptions& options, const base::Clock& clock, base::Random& random);
  ~App();
  App(const App&) = delete;
  App& operator=(const App&) = delete;

  // Never throws. Requests that came over the UNIX socket, or are made in process, are `local`:
  // they need no sign-in and reach /local/v1 as well.
  net::Response handle(const net::Request& request);
  // The same where none of it blocks: on a thread that must not. Nothing: handle() is to be asked.
  std::optional<net::Response> handle_at_once(const net::Request& request);
  // How large a body this request may have, of which everything but the body is known: more than
  // api::kStrangersBodyBytesMax only for who is signed in, has a key or is local. Never throws.
  net::Admission admit_body(const net::Request& request);

  // The answer to what the HTTP server refuses by itself, with the headers of all others.
  static net::Response refuse(net::Refusal refusal);

  // Ends the heavy questions that run and wait, and refuses those to come: before the server is
  // stopped, which waits for its handlers.
  void end_questions();
  // Nothing more goes out; calls to receivers that are under way end within channel::kStopTimeMax.
  // Does not wait for them: with the questions.
  void end_calls();
  // Answers the small posts of events that still wait: after the server is stopped and before it
  // goes.
  void end_posts();

  // Nobody has signed in yet: the path with the one-time token that makes the owner
  // ("/setup#token=…"), a new one each time; "" once there is an owner.
  std::string setup_path();

  // Everything that may go out now, in this thread, events for webhooks first; answers how much
  // that was. start_chores() does the same by itself.
  std::int64_t carry_outbox();

  // Brings live audiences and lifecycle models up to now, in this thread. start_chores() does the
  // same by itself.
  void settle_live();

  // From now on until the end: what has to be done now and then (old keys of events are
  // forgotten, erased people taken out of the file). `siyu serve` calls it once; commands that
  // answer one request do not.
  void start_chores();

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace server
