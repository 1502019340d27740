// The outbox's sender of one webhook: POST with a signed JSON body.
//
//   Siyu-Effect-Id: webhook/7/4711          the same at every try: the receiver does it once
//   Siyu-Signature: t=1760000000,v1=…       channel/http/signature.h; for kOldKeyFor after the key
//                                           was renewed also ,v1=… of the old one, behind the new
//   {"effect_id": …, "event": "order_paid", "customer": "c_12", "time": …, "arrived_at": …,
//    "properties": {…}}
//
// A 2xx is done, 410 ends it as a dead letter. Everything else, and no answer, is tried again with
// the same effect id, which is what the receiver knows a repeat by.
// Threads: one (a sender a lane). Borrows its means.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "access/secret_seal.h"
#include "base/clock.h"
#include "channel/http/caller.h"
#include "log/log.h"
#include "outbox/sender.h"
#include "store/database.h"
#include "webhook/webhook.h"

namespace webhook {

class WebhookSender final : public outbox::Sender {
 public:
  struct Means {
    store::Database& database;
    event_log::Log& log;
    const rights::SecretSeal& seal;
    const base::Clock& clock;
  };
  WebhookSender(const Means& means, WebhookId id, channel::CallerOptions options)
      : means_(means), id_(id), caller_(std::move(options)) {}

  std::vector<outbox::Outcome> send(std::span<const outbox::Effect> effects) override;
  std::vector<outbox::Look> look_up(std::span<const outbox::Effect> effects) override;

 private:
  struct Batch;
  Batch batch_of(std::span<const outbox::Effect> effects) const;

  Means means_;
  WebhookId id_;
  channel::Caller caller_;
};

}  // namespace webhook
