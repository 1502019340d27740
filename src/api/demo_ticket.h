// Tickets into the demo: whoever starts it as a second process hands them out, the demo takes each
// one once. Both know a secret that no one else does and need no further word with each other.
//
//   ticket = end in ms "." 16 random bytes in hexadecimal "." HMAC-SHA-256 of what is before it
//
// Threads: issue_ticket is pure but for `random`; DemoTickets may be used by any.
#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "base/moment.h"
#include "base/random.h"

namespace api {

inline constexpr base::Duration kTicketTime{10 * base::kMinute.ms};
inline constexpr std::size_t kTicketsTakenMax = 10'000;  // remembered; beyond them none is taken

struct TicketIssue {
  std::string_view secret;
  base::Moment now;
};
std::string issue_ticket(const TicketIssue& issue, base::Random& random);

class DemoTickets {
 public:
  // An empty secret: there are no tickets, none is taken.
  explicit DemoTickets(std::string secret) : secret_(std::move(secret)) {}

  // False: not one of ours, too old, or taken before.
  [[nodiscard]] bool take(std::string_view ticket, base::Moment now);

 private:
  std::string secret_;
  std::mutex mutex_;
  std::map<std::string, base::Moment, std::less<>> taken_;  // until when each would be good
};

}  // namespace api
