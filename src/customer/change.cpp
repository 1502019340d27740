#include "customer/change.h"

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "access/audit.h"
#include "base/check.h"
#include "base/text.h"
#include "customer/known.h"
#include "customer/person_sql.h"
#include "log/log.h"

namespace customer {
namespace {

// Names share one lock: they are made seldom, and their ids are dense.
inline constexpr store::LockKey kNamesLock{600, 0};
inline constexpr store::LockKey kMergesLock{600, 1};

event_log::NewEvent event_of(const Writing& writing, const Change& change) {
  event_log::NewEvent event;
  event.customer = change.customer;
  event.name = change.event;
  event.time = change.time;
  boost::json::object& properties = event.properties;
  if (!change.changed.empty()) properties["changed"] = change.changed;
  if (change.from) properties["from"] = *change.from;
  if (change.to) properties["to"] = *change.to;
  if (change.ref != 0) properties["ref"] = change.ref;
  for (const auto& [name, text] : change.more) properties[name] = text;
  properties["by"] = writing.by();
  return event;
}

// {"changed":"city","value":"上海"}
std::string audited(const Change& change, const std::optional<std::string>& value) {
  boost::json::object object;
  if (!change.changed.empty()) object["changed"] = change.changed;
  if (value) object["value"] = *value;
  return boost::json::serialize(object);
}

bool is_import(const Writing& writing) { return writing.actor().kind == rights::ActorKind::import; }

rights::AuditEntry entry_of(const Writing& writing, std::string_view noun, std::string_view verb) {
  rights::AuditEntry entry;
  entry.actor = writing.actor();
  entry.at = writing.now();
  entry.noun = std::string(noun);
  entry.verb = std::string(verb);
  return entry;
}

void audit(Writing& writing, const Change& change) {
  rights::AuditEntry entry = entry_of(writing, "customer", change.event);
  entry.subject = std::to_string(change.customer.value);
  entry.customer = change.customer;
  const bool gone = change.event.ends_with("_removed") || change.event.ends_with("_left");
  if (change.from || gone) entry.before = audited(change, change.from);
  if (change.to || !(change.from || gone)) entry.after = audited(change, change.to);
  rights::record(writing.unit(), entry);
}

Error error_of(event_log::EventFault fault) {
  switch (fault) {
    case event_log::EventFault::before_1970:
    case event_log::EventFault::too_far_ahead:
      return {Fault::time_refused, {}};
    case event_log::EventFault::batch_closed:
      return {Fault::import_closed, {}};
    case event_log::EventFault::too_large:
      return {Fault::text_too_long, {}};
    case event_log::EventFault::too_many_events:
    case event_log::EventFault::bad_name:
    case event_log::EventFault::bad_key:
    case event_log::EventFault::too_many_properties:
    case event_log::EventFault::bad_property_name:
    case event_log::EventFault::reserved_property:
    case event_log::EventFault::not_text:
    case event_log::EventFault::too_many_types:
    case event_log::EventFault::bad_source:
      break;
  }
  base::unreachable();  // our events have standard names and texts that were checked
}

}  // namespace

Stamp stamp_at(const store::Row& row, int first) {
  return {{row.integer(first)},
          {row.integer(first + 1), row.integer(first + 2), row.integer(first + 3)}};
}

base::Result<base::Moment, Error> time_of(const Writing& writing,
                                          std::optional<base::Moment> given) {
  const base::Moment time = given.value_or(writing.now());
  if (time.ms < 0 || time > writing.now() + event_log::kAheadMax) {
    return base::unexpected(Error{Fault::time_refused, {}});
  }
  const bool moved =
      writing.live() && time > writing.now() && time <= writing.now() + event_log::kLiveAheadMax;
  return moved ? writing.now() : time;
}

base::Result<void, Error> check(const Writing& writing, const Change& change) {
  const auto refused = event_log::error_of(event_of(writing, change), writing.now());
  if (!refused) return {};
  Error error = error_of(refused->fault);
  if (error.fault == Fault::text_too_long) error.subject = change.changed;
  return base::unexpected(std::move(error));
}

base::Result<std::vector<event_log::Position>, ChangeError> append_all(
    Writing& writing, std::span<const Change> changes) {
  event_log::Origin origin;
  origin.source = writing.source();
  origin.liveness = writing.live() ? event_log::Liveness::live : event_log::Liveness::history;
  origin.now = writing.now();
  if (writing.batch()) origin.batch = writing.batch();
  std::vector<event_log::Position> positions;
  positions.reserve(changes.size());
  while (positions.size() < changes.size()) {
    const std::size_t first = positions.size();
    const auto some =
        changes.subspan(first, std::min(event_log::kAppendEventsMax, changes.size() - first));
    std::vector<event_log::NewEvent> events;
    events.reserve(some.size());
    for (const Change& change : some) events.push_back(event_of(writing, change));
    const auto appended = writing.log().append(writing.unit(), origin, events);
    if (!appended) {
      return base::unexpected(
          ChangeError{first + appended.error().index, error_of(appended.error().fault)});
    }
    for (const event_log::Outcome& outcome : appended->outcomes) {
      positions.push_back(outcome.position);
    }
  }
  if (!is_import(writing)) {
    for (const Change& change : changes) audit(writing, change);
  }
  return positions;
}

base::Result<std::vector<event_log::Position>, Error> append(Writing& writing,
                                                             std::span<const Change> changes) {
  CHECK(changes.size() <= event_log::kAppendEventsMax);
  auto positions = append_all(writing, changes);
  if (!positions) return base::unexpected(std::move(positions.error().error));
  return std::move(*positions);
}

base::Result<event_log::Position, Error> append(Writing& writing, const Change& change) {
  const auto positions = append(writing, std::span(&change, 1));
  if (!positions) return base::unexpected(positions.error());
  return positions->front();
}

std::optional<std::int64_t> batch_of(const Writing& writing) {
  if (!writing.batch()) return std::nullopt;
  return writing.batch().value;
}

Judgement judge(const std::optional<Standing>& own, const std::optional<Standing>& person,
                const Said& said) {
  const bool late_for_person = person && person->stamp.since > said.time;
  const bool person_says_so = person ? person->same : said.same_as_nothing;
  const bool own_says_so = own ? own->same : said.same_as_nothing;
  const bool stands_exactly = own && own->same && own->stamp.since == said.time;
  Judgement judgement;
  judgement.today = !late_for_person && !person_says_so;
  if (own && own->stamp.since > said.time) {
    judgement.change = true;  // about the past: what stood then is in the log alone
  } else if (said.dated && !stands_exactly) {
    judgement.change = true;
  } else {
    judgement.change = judgement.today || !own_says_so;
  }
  return judgement;
}

base::Result<std::string, Error> name_from(std::string_view text, Slash slash) {
  const auto refused = [] { return base::unexpected(Error{Fault::name_invalid, {}}); };
  if (text.size() > kNameBytesMax || !base::is_utf8(text)) return refused();
  std::string name = base::to_nfc(text);
  const auto from = name.find_first_not_of(' ');
  if (from == std::string::npos) return refused();
  name = name.substr(from, name.find_last_not_of(' ') - from + 1);
  if (name.size() > kNameBytesMax) return refused();
  const bool wrong = std::ranges::any_of(name, [&](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f || (c == '/' && slash == Slash::refused);
  });
  if (wrong) return refused();
  return name;
}

void audit(Writing& writing, const NameChange& change) {
  if (is_import(writing)) return;
  rights::AuditEntry entry = entry_of(writing, change.noun, change.verb);
  entry.subject = std::to_string(change.id);
  const auto named = [](const std::string& name) {
    return boost::json::serialize(boost::json::object{{"name", name}});
  };
  if (!change.before.empty()) entry.before = named(change.before);
  if (!change.after.empty()) entry.after = named(change.after);
  rights::record(writing.unit(), entry);
}

void tell_persons_changed(Writing& writing, std::initializer_list<base::CustomerId> customers) {
  const std::vector<event_log::NoticeSubject> subjects(customers.begin(), customers.end());
  writing.log().notify(writing.unit(), subjects, writing.now());
  writing.known().persons.clear();
}

void lock_merges(Writing& writing) { writing.unit().lock({kMergesLock}); }

void lock_removals(Writing& writing) {
  if (writing.unit().dialect() == store::Dialect::sqlite) return;  // one unit at a time
  writing.unit().query(sql::kLockRemovals, {}, [](const store::Row&) {});
}

void lock_names(Writing& writing) { writing.unit().lock({kNamesLock}); }

}  // namespace customer
