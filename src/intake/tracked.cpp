#include "intake/tracked.h"

#include <algorithm>
#include <optional>
#include <span>

#include "customer/attribute.h"
#include "customer/identity.h"
#include "customer/merge.h"
#include "intake/event_row.h"
#include "intake/given_value.h"

namespace intake {
namespace {

using Coded = std::string_view;

// A message with what it becomes, and the ids customers get that are new.
struct Ready {
  std::size_t index = 0;
  const TrackedMessage* message = nullptr;
  std::optional<event_log::NewEvent> event;
  base::CustomerId fresh;
};

base::unexpected<Coded> refused(const customer::Error& error) {
  return base::unexpected<Coded>(customer::code_of(error.fault));
}

bool is_public_event(const event_log::EventTypes& types, std::string_view name) {
  const event_log::EventType* type = types.find(name);
  if (type == nullptr) return types.all().size() < kPublicTypesMax;
  return !type->standard || std::ranges::find(kPublicEvents, name) != std::end(kPublicEvents);
}

void leave_new_properties(const event_log::EventTypes& types, event_log::NewEvent& event) {
  const event_log::EventType* type = types.find(event.name);
  const std::size_t known = type == nullptr ? 0 : type->properties.size();
  std::size_t room = kPublicPropertiesMax - std::min(known, kPublicPropertiesMax);
  for (auto at = event.properties.begin(); at != event.properties.end();) {
    if (type != nullptr && type->find(at->key()) != nullptr) {
      ++at;
    } else if (room > 0) {
      --room;
      ++at;
    } else {
      at = event.properties.erase(at);
    }
  }
}

// The event of a message, or why it is left out.
base::Result<event_log::NewEvent, Coded> event_of(const TrackedSender& sender,
                                                  const TrackedMessage& message,
                                                  const event_log::EventTypes& types) {
  event_log::NewEvent event;
  event.name = message.event;
  event.time = message.time;
  event.properties = message.properties;
  if (!message.id.empty()) {
    event.key = rights::to_text(sender.writing.actor) + " message/" + message.id;
  }
  if (is_own_record(event.name)) return base::unexpected(Coded("intake.record_of_the_product"));
  if (sender.is_public) {
    if (!is_public_event(types, event.name)) {
      return base::unexpected(Coded("intake.not_from_public_key"));
    }
    leave_new_properties(types, event);
  }
  if (const auto error = event_log::error_of(event, sender.writing.now)) {
    return base::unexpected(event_log::code_of(error->fault));
  }
  return event;
}

bool is_anonymous(store::Session& session, base::CustomerId person) {
  const auto identities = customer::identities_of(session, person);
  return std::ranges::all_of(identities,
                             [](const auto& identity) { return identity.kind_name == "device"; });
}

customer::IdentityRef device_of(const TrackedMessage& message) {
  return {.kind = "device", .value = message.device};
}
customer::IdentityRef user_of(const TrackedMessage& message) {
  return {.kind = "customer", .value = message.user};
}

// The table in the header.
base::Result<base::CustomerId, Coded> identified(customer::Writing& writing, const Ready& ready) {
  const TrackedMessage& message = *ready.message;
  const auto device = customer::find(writing.unit(), device_of(message));
  bool anonymous = false;
  if (device) {
    if (const auto locked = writing.lock(device->person); !locked) return refused(locked.error());
    anonymous = is_anonymous(writing.unit(), device->person);
  }
  if (anonymous && !customer::find_by_key(writing.unit(), message.user)) {
    const auto added =
        customer::add_identity(writing, device->person, user_of(message), std::nullopt);
    if (!added) return refused(added.error());
    return device->person;
  }
  const auto known = customer::find_or_create(writing, user_of(message), ready.fresh, std::nullopt);
  if (!known) return refused(known.error());
  if (!device) {
    const auto added =
        customer::add_identity(writing, known->found.customer, device_of(message), std::nullopt);
    // Who has used too many devices is known without one more.
    if (!added && added.error().fault != customer::Fault::too_many_identities) {
      return refused(added.error());
    }
  } else if (anonymous && device->person != known->found.person) {
    const auto merged = customer::merge(writing, known->found.person, device->person);
    if (!merged) return refused(merged.error());
  }
  return known->found.customer;
}

base::Result<base::CustomerId, Coded> customer_of(customer::Writing& writing, const Ready& ready) {
  const TrackedMessage& message = *ready.message;
  const bool identifies = message.kind == TrackedKind::identify;
  if (identifies && !message.user.empty() && !message.device.empty()) {
    return identified(writing, ready);
  }
  const auto identity = message.user.empty() ? device_of(message) : user_of(message);
  const auto found = customer::find_or_create(writing, identity, ready.fresh, std::nullopt);
  if (!found) return refused(found.error());
  return found->found.customer;
}

// One customer's attributes from traits.
base::Result<void, Coded> put_traits(customer::Writing& writing, const TrackedSender& sender,
                                     const Ready& ready, base::CustomerId customer) {
  store::Unit& unit = writing.unit();
  std::vector<customer::NewValue> values;
  std::optional<std::size_t> attributes;
  for (const auto& trait : ready.message->properties) {
    if (sender.is_public && !customer::attribute_named(unit, trait.key())) {
      if (!attributes) attributes = customer::attributes(unit).size();
      if (++*attributes > kPublicAttributesMax) continue;
    }
    values.push_back(given_value(unit, trait.key(), trait.value()));
    values.back().since = ready.message->time;
  }
  if (values.empty()) return {};
  const auto set = customer::set_attributes(writing, customer, values);
  if (!set) return refused(set.error());
  return {};
}

class Taking {
 public:
  Taking(const TrackedMeans& means, const TrackedSender& sender) : means_(means), sender_(sender) {
    origin_.source = sender.writing.source;
    origin_.liveness = event_log::Liveness::live;
    origin_.now = sender.writing.now;
    origin_.key_window = sender.key_window;
  }

  // Of all or, when one of them cannot be taken, of none.
  base::Result<event_log::Appended, Coded> take(std::span<const Ready> messages) {
    std::vector<event_log::NewEvent> events;
    for (const Ready& each : messages) {
      if (each.event) events.push_back(*each.event);
    }
    const auto prepared =
        event_log::prepare(events, *means_.log.catalog().known(), sender_.writing.now);
    if (!prepared) return base::unexpected(event_log::code_of(prepared.error().fault));
    return means_.database.write(
        "intake.tracked", [&](store::Unit& unit) { return write(unit, messages, *prepared); });
  }

 private:
  base::Result<event_log::Appended, Coded> write(store::Unit& unit, std::span<const Ready> messages,
                                                 const event_log::PreparedEvents& prepared) {
    customer::Writing writing(unit, means_.log, sender_.writing);
    writing.hold_customers();
    const auto repeats = means_.log.find_repeats(unit, origin_, prepared);
    std::vector<base::CustomerId> customers(prepared.events.size());
    std::size_t event = 0;
    for (const Ready& each : messages) {
      const bool repeated = each.event && repeats[event];
      if (!repeated) {
        const auto customer = customer_of(writing, each);
        if (!customer) return base::unexpected(customer.error());
        if (each.event) {
          customers[event] = *customer;
        } else if (auto put = put_traits(writing, sender_, each, *customer); !put) {
          return base::unexpected(put.error());
        }
      }
      event += each.event ? 1 : 0;
    }
    if (prepared.events.empty()) return event_log::Appended{};
    auto done = means_.log.append(unit, origin_, prepared, {customers, &repeats});
    if (!done) return base::unexpected(event_log::code_of(done.error().fault));
    return std::move(*done);
  }

  const TrackedMeans& means_;
  const TrackedSender& sender_;
  event_log::Origin origin_;
};

void add(TrackedReport& report, std::size_t messages, const event_log::Appended& appended) {
  report.accepted += static_cast<std::int64_t>(messages) - appended.repeated;
  report.repeated += appended.repeated;
}

}  // namespace

void take_tracked(const TrackedMeans& means, const TrackedSender& sender,
                  const std::vector<TrackedPlace>& messages, TrackedReport& report) {
  // As they are now: what a public key may write depends on them.
  const auto types =
      means.database.read([&](store::Session& session) { return means.log.catalog().of(session); });
  std::vector<Ready> ready;
  for (const TrackedPlace& place : messages) {
    Ready next{place.index, &place.message, std::nullopt, base::CustomerId{means.random.id()}};
    if (place.message.kind != TrackedKind::identify) {
      auto event = event_of(sender, place.message, *types);
      if (!event) {
        report.left_out.push_back({place.index, event.error()});
        continue;
      }
      next.event = std::move(*event);
    }
    ready.push_back(std::move(next));
  }
  Taking taking(means, sender);
  if (const auto all = taking.take(ready)) {
    add(report, ready.size(), *all);
  } else {
    for (const Ready& each : ready) {
      const auto one = taking.take({&each, 1});
      if (one) {
        add(report, 1, *one);
      } else {
        report.left_out.push_back({each.index, one.error()});
      }
    }
  }
  std::ranges::sort(report.left_out, {}, &TrackedLeftOut::index);
}

}  // namespace intake
