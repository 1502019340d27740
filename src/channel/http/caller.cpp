#include "channel/http/caller.h"

#include <algorithm>
#include <atomic>
#include <charconv>
#include <chrono>
#include <system_error>
#include <thread>
#include <utility>

#include "base/check.h"

namespace channel {
namespace {

using outbox::Outcome;
using outbox::Sent;

constexpr std::size_t kClientsMax = 4;  // of one thread: a lane leads to one place, or two

struct Place {
  std::string base_url;  // scheme, host and port
  std::string target;
};

// Of a URL that a template was filled into.
Place place_of(const std::string& url) {
  const std::size_t host = url.find("://");
  CHECK(host != std::string::npos);
  const std::size_t path = std::min(url.find_first_of("/?", host + 3), url.size());
  const std::string rest = url.substr(path);
  return {url.substr(0, path), rest.starts_with('/') ? rest : "/" + rest};
}

std::int64_t retry_after_of(const net::Response& response) {
  const auto written = response.headers.find("Retry-After");
  std::int64_t seconds = 0;
  if (!written) return 0;
  const auto [end, failure] =
      std::from_chars(written->data(), written->data() + written->size(), seconds);
  return failure == std::errc{} && end == written->data() + written->size() ? seconds : 0;
}

Outcome outcome_of(net::ClientFault fault) {
  switch (fault) {
    case net::ClientFault::cannot_connect:
      return {.sent = Sent::unavailable, .problem = "channel.cannot_connect"};
    case net::ClientFault::not_begun:
      return {.sent = Sent::not_begun};
    case net::ClientFault::given_up:
      return {.sent = Sent::unknown, .problem = "channel.given_up"};
    case net::ClientFault::not_trusted:
      return {.sent = Sent::unavailable, .problem = "channel.not_trusted"};
    case net::ClientFault::forbidden_address:
      return {.sent = Sent::refused, .problem = "channel.forbidden_address"};
    case net::ClientFault::timed_out:
      return {.sent = Sent::unknown, .problem = "channel.timed_out"};
    case net::ClientFault::connection_lost:
    case net::ClientFault::answer_too_large:
    case net::ClientFault::failed:
      return {.sent = Sent::unknown, .problem = "channel.no_answer"};
  }
  base::unreachable();
}

}  // namespace

std::vector<Outcome> Caller::call(std::span<const HttpCall> calls) {
  using Clock = std::chrono::steady_clock;
  const auto begin_until = Clock::now() + std::chrono::milliseconds(options_.begin_time_max.ms);
  std::vector<Outcome> outcomes(calls.size(), outcome_of(net::ClientFault::not_begun));
  std::atomic<std::size_t> next = 0;
  std::atomic<bool> slower = false;  // the receiver has asked for it
  const auto may_begin = [&] {
    return Clock::now() < begin_until && !slower && !options_.stop.stop_requested();
  };
  const auto work = [&](Clients& clients) {
    for (std::size_t i = next++; i < calls.size() && may_begin(); i = next++) {
      outcomes[i] = call_one(clients, calls[i]);
      if (outcomes[i].sent == Sent::too_often) slower = true;
    }
  };
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 1; i < std::min(calls.size(), kCallsAtOnce); ++i) {
      try {
        threads.emplace_back([&work, &clients = clients_[i]] { work(clients); });
      } catch (const std::system_error&) {
        break;  // no more threads here: those there are do the work
      }
    }
    work(clients_[0]);
  }
  return outcomes;
}

Outcome Caller::call_one(Clients& clients, const HttpCall& call) const {
  const Place place = place_of(call.request.url);
  net::ClientRequest request{.method = net::method_named(call.request.method),
                             .target = place.target,
                             .headers = {},
                             .body = call.request.body};
  for (const auto& [name, value] : call.request.headers) request.headers.add(name, value);
  const auto answer = client_of(clients, place.base_url).send(request);
  if (!answer) return outcome_of(answer.error().fault);
  return meaning_of({.status = answer->status,
                     .body = answer->body,
                     .retry_after_seconds = retry_after_of(*answer)},
                    *call.meaning);
}

net::HttpClient& Caller::client_of(Clients& clients, const std::string& base_url) const {
  const auto known = clients.find(base_url);
  if (known != clients.end()) return *known->second;
  if (clients.size() >= kClientsMax) clients.clear();
  auto client = std::make_unique<net::HttpClient>(net::HttpClientOptions{
      .base_url = base_url,
      .ca_file = options_.ca_file,
      .connect_time_max = kConnectTimeMax,
      .total_time_max = options_.call_time_max,
      .response_bytes_max = kAnswerBytesMax,
      .may_connect =
          [allowed = options_.allowed](std::span<const std::uint8_t> address) {
            return !is_internal(address) || allowed.contains(address);
          },
      .written_once = true,
      .stop = options_.stop,
      .stop_time_max = options_.stop_time_max});
  return *clients.emplace(base_url, std::move(client)).first->second;
}

}  // namespace channel
