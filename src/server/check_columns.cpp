#include "server/check_columns.h"

#include <xxhash.h>

#include <algorithm>
#include <string>
#include <unordered_map>
#include <utility>

#include "base/value.h"
#include "customer/person.h"
#include "log/reader.h"
#include "timeline/change.h"
#include "timeline/change_proof.h"

namespace server {
namespace {

using base::CustomerId;
using event_log::Position;

// What an event comes to, in whatever order events are added up.
struct Sum {
  std::uint64_t sum = 0;
  std::int64_t events = 0;
  friend bool operator==(const Sum&, const Sum&) = default;
};
using Sums = std::unordered_map<CustomerId, Sum>;

void append_number(std::string& bytes, std::int64_t number) {
  bytes.append(reinterpret_cast<const char*>(&number), sizeof number);
}

// An event as both sides see it.
struct Seen {
  Position position;
  base::EventTypeId type;
  base::Moment time;
  timeline::Origin origin;
};

void add(Sum& sum, const Seen& event, std::span<const event_log::KnownProperty> properties) {
  std::string bytes;
  for (const std::int64_t number :
       {event.position.epoch, event.position.transaction, event.position.sequence, event.type.value,
        event.time.ms, event.origin.source,
        event.origin.batch ? event.origin.batch->value : std::int64_t{0}}) {
    append_number(bytes, number);
  }
  std::uint64_t of_properties = 0;  // in any order
  for (const event_log::KnownProperty& property : properties) {
    std::string text;
    append_number(text, property.id.value);
    text += base::to_text(property.value);
    of_properties += XXH3_64bits(text.data(), text.size());
  }
  append_number(bytes, static_cast<std::int64_t>(of_properties));
  sum.sum += XXH3_64bits(bytes.data(), bytes.size());
  ++sum.events;
}

// The memory's own, and who has attributes or memberships that their events do not come to.
struct Held {
  Sums sums;
  std::vector<CustomerId> wrong;
};

Held held_by(const timeline::ColumnHistories& memory, const timeline::Pin& pin,
             const timeline::ChangeTypes& changes, Sweep& sweep) {
  Held held;
  const auto origins = pin.origins();
  for (std::size_t block = 0; block < pin.blocks(); ++block) {
    if (!sweep.step(pin.block(block).event_count())) break;
    pin.rows(block).each([&](std::size_t row) {
      timeline::Rows rows;
      pin.read_row(block, row, rows);
      const timeline::Pin::Place place{static_cast<std::uint32_t>(block),
                                       static_cast<std::uint32_t>(row)};
      if (!timeline::changes_agree(pin, place, rows, changes)) {
        held.wrong.push_back(pin.person(block, row));
      }
      Sum& sum = held.sums[pin.person(block, row)];
      for (const timeline::RowEvent& event : rows.events) {
        const auto properties =
            std::span(rows.properties).subspan(event.first_property, event.property_count);
        add(sum,
            {memory.position_of(event.slot), event.type, event.time, origins->of(event.origin)},
            properties);
      }
    });
  }
  return held;
}

// The log's own up to a position, and whether who is who may have changed behind it.
struct Told {
  Sums sums;
  bool moved = false;
};

class LogSums {
 public:
  LogSums(store::Database& database, event_log::Log& log, Sweep& sweep)
      : database_(database), log_(log), sweep_(sweep) {}

  Told up_to(const Position& last) {
    std::unordered_map<CustomerId, CustomerId> persons;
    database_.read_whole([&](store::Session& session) {
      customer::each_customer(session, [&](const customer::Customer& customer) {
        persons.emplace(customer.id, customer.person);
        told_.sums.try_emplace(customer.person);
      });
      types_ = log_.catalog().of(session);
    });
    Position at;
    for (bool more = true; more;) {
      const auto reading = database_.read([&](store::Session& session) {
        return event_log::read_after(session, at, event_log::kReadEventsMax);
      });
      for (const event_log::Event& event : reading.events) {
        if (event.position <= last) add_event(persons, event);
      }
      for (const event_log::Notice& notice : reading.notices) {
        told_.moved = told_.moved || notice.position > last;
      }
      at = reading.through;
      more = reading.more && sweep_.step(static_cast<std::int64_t>(reading.events.size()));
    }
    return std::move(told_);
  }

 private:
  void add_event(const std::unordered_map<CustomerId, CustomerId>& persons,
                 const event_log::Event& event) {
    const auto person = persons.find(event.customer);
    const event_log::EventType* type = types_->find(event.type);
    if (person == persons.end() || type == nullptr) return;  // other proofs name these
    add(told_.sums[person->second],
        {event.position, event.type, event.time, {event.source, event.batch}},
        event_log::known_properties(*type, event.properties));
  }

  store::Database& database_;
  event_log::Log& log_;
  Sweep& sweep_;
  std::shared_ptr<const event_log::EventTypes> types_;
  Told told_;
};

std::vector<CustomerId> differing(Held held, const Sums& log) {
  std::vector<CustomerId> found = std::move(held.wrong);
  for (const auto& [person, sum] : held.sums) {
    const auto other = log.find(person);
    if (other == log.end() || other->second != sum) found.push_back(person);
  }
  for (const auto& [person, sum] : log) {
    // Somebody made since has no event before the position.
    if (sum.events > 0 && !held.sums.contains(person)) found.push_back(person);
  }
  std::ranges::sort(found);
  const auto again = std::ranges::unique(found);
  found.erase(again.begin(), again.end());
  return found;
}

}  // namespace

ColumnsCheck check_columns(store::Database& database, event_log::Log& log,
                           const timeline::ColumnHistories& memory, Sweep& sweep) {
  ColumnsCheck check;
  for (int tries = 0; tries < kColumnsTriesMax; ++tries) {
    const auto fresh = memory.fresh_pin();
    const timeline::Pin pin = fresh ? *fresh : memory.pin();
    if (!sweep.step(0)) break;
    const Told told = LogSums(database, log, sweep).up_to(pin.position());
    const auto changes = database.read([&](store::Session& session) {
      return timeline::ChangeTypes::of(session, *log.catalog().of(session));
    });
    check.events = pin.events();
    check.differing = differing(held_by(memory, pin, *changes, sweep), told.sums);
    check.settled = check.differing.empty() || !told.moved;
    if (check.settled || sweep.stopped()) break;
  }
  return check;
}

}  // namespace server
