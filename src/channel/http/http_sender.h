// The outbox's sender over HTTP channels: an effect goes out by the channel of its account and
// kind, its payload is a JSON object of the template's values.
//
// Threads: one (a sender a lane). Borrows the database, the seal and the clock.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "access/secret_seal.h"
#include "base/clock.h"
#include "channel/http/caller.h"
#include "channel/http/http_channel.h"
#include "outbox/sender.h"
#include "store/database.h"

namespace channel {

struct SenderMeans {
  store::Database& database;
  const rights::SecretSeal& seal;
  const base::Clock& clock;
};

class HttpSender final : public outbox::Sender {
 public:
  HttpSender(const SenderMeans& means, CallerOptions options)
      : means_(means), caller_(std::move(options)) {}

  std::vector<outbox::Outcome> send(std::span<const outbox::Effect> effects) override;
  std::vector<outbox::Look> look_up(std::span<const outbox::Effect> effects) override;

 private:
  // What a channel sends by, read anew for every batch.
  struct Route {
    HttpMeans means;
    Values secrets;
  };
  // Nothing: why it cannot be sent by is in `problem`.
  std::optional<Route> route_of(const outbox::Effect& effect, outbox::Outcome& problem) const;
  [[nodiscard]] base::Result<FilledRequest, TemplateFault> filled(
      const Route& route, const RequestTemplate& request, const outbox::Effect& effect) const;

  SenderMeans means_;
  Caller caller_;
};

}  // namespace channel
