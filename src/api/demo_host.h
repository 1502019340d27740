// The demo beside one's own program, as the routes ask for it; `server` implements it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace api {

//   stopped ──start──▶ starting ──▶ running ──stop──▶ ending ──▶ stopped
//                          └──▶ failed: it went by itself; it may be started again
enum class DemoProcessState : std::uint8_t { stopped, starting, running, ending, failed };
std::string_view name_of(DemoProcessState state);  // "stopped", …

struct DemoStanding {
  DemoProcessState state = DemoProcessState::stopped;
  std::int64_t customers_made = 0;  // while it is being made: how many …
  std::int64_t customers = 0;       // … of how many; 0: not known yet
  std::uint16_t port = 0;           // while it runs
};

// Threads: any.
class DemoHost {
 public:
  virtual ~DemoHost() = default;
  // Starts it unless it is there already, or just going; returns at once.
  virtual DemoStanding start() = 0;
  // Asks it to end; returns at once.
  virtual DemoStanding stop() = 0;
  virtual DemoStanding standing() const = 0;
  // A ticket with which the demo that runs is entered once (demo_ticket.h).
  virtual std::string new_ticket() = 0;
};

}  // namespace api
