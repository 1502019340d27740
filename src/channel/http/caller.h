// Calls over HTTP, several at once, each written to the network at most once.
//
// Addresses of one's own networks are refused unless allowed; redirects are not followed, no proxy
// is used. A call ends within kCallTimeMax. One that was not begun within kBeginTimeMax of its
// batch (a receiver is slow), before another one was told that it is too often, or before a stop
// was requested, has not been made. Those under way then end within kStopTimeMax: not begun where
// nothing was written, else with an unknown outcome, channel.given_up.
// Threads: one at a time; it starts up to kCallsAtOnce of its own for a batch.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "channel/http/address.h"
#include "channel/http/answer.h"
#include "channel/http/request_template.h"
#include "net/http_client.h"
#include "outbox/sender.h"

namespace channel {

inline constexpr std::size_t kCallsAtOnce = 8;
inline constexpr base::Duration kConnectTimeMax{5 * base::kSecond.ms};
inline constexpr base::Duration kCallTimeMax{10 * base::kSecond.ms};
inline constexpr base::Duration kBeginTimeMax = base::kSecond;
inline constexpr base::Duration kStopTimeMax{2 * base::kSecond.ms};
inline constexpr std::size_t kAnswerBytesMax = 1024 * 1024;  // beyond, its outcome is unknown

struct CallerOptions {
  AllowedNetworks allowed = {};
  std::string ca_file = {};  // "": the system's
  base::Duration call_time_max = kCallTimeMax;
  base::Duration begin_time_max = kBeginTimeMax;
  std::stop_token stop = {};  // of the program
  base::Duration stop_time_max = kStopTimeMax;
};

struct HttpCall {
  FilledRequest request;
  const AnswerMeaning* meaning = nullptr;  // outlives the call
};

class Caller {
 public:
  explicit Caller(CallerOptions options) : options_(std::move(options)) {}

  // One outcome for each, in their order. Does not throw.
  std::vector<outbox::Outcome> call(std::span<const HttpCall> calls);

 private:
  // Connections kept open, by where they lead; of one thread.
  using Clients = std::map<std::string, std::unique_ptr<net::HttpClient>, std::less<>>;

  outbox::Outcome call_one(Clients& clients, const HttpCall& call) const;
  net::HttpClient& client_of(Clients& clients, const std::string& base_url) const;

  CallerOptions options_;
  std::vector<Clients> clients_ = std::vector<Clients>(kCallsAtOnce);
};

}  // namespace channel
